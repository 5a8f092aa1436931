from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from convene.engines.allotment import AllotmentError, Applicant, Lottery, Quota, solve_lottery
from convene.engines.allotment.sealing import seal
from convene.engines.allotment.tests.makers import crowd
from convene.engines.allotment.tests.shared_data import instance
from convene.engines.allotment.tickets import in_equal_tickets, people_of


def furthest(lottery: Lottery, tickets: int) -> float:
    """By how many tickets anyone's number is away from what the lottery gives them, at most."""
    compositions = in_equal_tickets(lottery.pool, lottery.rows, tickets)
    assert len(compositions.counts) == tickets
    assert all(lottery.pool.obeys(np.array(counts)) for counts in compositions.counts)
    panels = people_of(lottery.pool, compositions.counts, "seed")
    used = Counter(person for panel in panels for person in panel)
    return max(
        float(abs(used[person] - tickets * chance))
        for each, chance in zip(lottery.types, lottery.type_chances, strict=True)
        for person in each.ids
    )


@pytest.mark.parametrize("tickets", [1, 2, 7, 100, 1000])
def test_everyones_number_of_tickets_is_less_than_one_away_from_their_chance(tickets: int) -> None:
    people, quotas = crowd()
    assert furthest(solve_lottery(people, quotas, 8), tickets) < 1


@pytest.mark.parametrize("name", ["opendlp_30", "mass_24", "sfb_20", "sfc_44", "cca_75"])
def test_measured_instances_round_to_less_than_one_ticket(name: str) -> None:
    people, quotas, seats = instance(name)
    assert furthest(solve_lottery(people, quotas, seats, objective="maximin"), 1000) < 1


@given(some.data())
@settings(max_examples=40, deadline=None)
def test_households_teams_and_weights_are_rounded_as_well(data: some.DataObject) -> None:
    count = data.draw(some.integers(8, 20))
    kinds = data.draw(some.lists(some.sampled_from(["", "", "home", "team"]), min_size=count, max_size=count))
    people = [
        Applicant(
            f"p{n:02}",
            {"a": data.draw(some.sampled_from("xy"))},
            weight=data.draw(some.sampled_from([1, 2])),
            household=f"h{n // 3}" if kind == "home" else "",
            team=f"t{n // 2}" if kind == "team" else "",
        )
        for n, kind in enumerate(kinds)
    ]
    quotas = [Quota("a", "x", 1, 3), Quota("a", "y", 1, 3)]
    try:
        lottery = solve_lottery(people, quotas, 4)
    except AllotmentError:
        return
    assert furthest(lottery, data.draw(some.sampled_from([10, 60]))) < 1


def test_the_gap_includes_the_rounding_however_few_tickets_there_are() -> None:
    people = [Applicant("a", {"f": "x"}), Applicant("b", {"f": "x"})]
    quotas = [Quota("f", "x", 1, 1)]
    lottery = solve_lottery(people, quotas, 1)
    record = seal(lottery, quotas, 1, tickets=1, key=bytes(32), source={"kind": "seed"}, version="1")
    assert (record["warnings"], record["minimum_chance"]["gap"]) == ([], 0.5)
