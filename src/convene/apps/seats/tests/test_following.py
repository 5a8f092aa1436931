"""Who follows: pure decisions on situations, tried against everything that must hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from convene.apps.seats.allotting import PASSED_OVER, YES, Candidate, Target
from convene.apps.seats.following import Situation, decide, fault, seats_to_fill


def people(prefix: str, *roles: str, pool: str = "", **more) -> tuple[Candidate, ...]:
    return tuple(
        Candidate(f"{prefix}{at}", {"role": role} if role else {}, pool, **more)
        for at, role in enumerate(roles)
    )


def situation(held, waiting, *targets: Target, free: int | tuple = 1, in_time=None, **more) -> Situation:
    return Situation(
        number=more.pop("number", 1),
        value="commitment\nvalue",
        held=held,
        waiting=waiting,
        in_time=frozenset(each.id for each in waiting) if in_time is None else frozenset(in_time),
        targets=targets,
        free=free if isinstance(free, tuple) else (("", free),),
        **more,
    )


def nurses(least: int, most: int) -> Target:
    return Target("role", "nurse", least, most)


def test_everyone_who_waits_has_the_same_chance() -> None:
    found = decide(situation(people("h", "", ""), people("w", *[""] * 4)))
    assert list(found.chances.values()) == pytest.approx([0.25] * 4)
    assert len(found.chosen) == 1


def test_a_weight_counts_here_too() -> None:
    waiting = (*people("w", ""), *people("v", "", weight=3))
    assert decide(situation((), waiting)).chances == pytest.approx({"w0": 0.25, "v0": 0.75})


def test_the_seed_is_the_draws_value_and_a_counter_so_it_can_be_repeated() -> None:
    first = situation(people("h", ""), people("w", *[""] * 9))
    assert first.seed == "commitment\nvalue\nreplacement 1"
    assert decide(first) == decide(first)
    assert decide(first).record["seed"] == first.seed
    assert len({decide(replace(first, number=n)).chosen for n in range(1, 20)}) > 1


def test_all_targets_still_hold() -> None:
    found = decide(
        situation(people("h", "nurse", "doctor"), people("w", "nurse", *["doctor"] * 8), nurses(2, 2))
    )
    assert found.chosen == (("w0", ""),)


def test_with_nobody_the_targets_hold_so_the_seat_stays_and_the_change_is_told() -> None:
    now_is = situation(people("h", "nurse"), people("w", "doctor", "doctor"), nurses(2, 2))
    assert decide(now_is) == replace(decide(now_is), chosen=(), kept_free=1)
    finding = fault(now_is)
    assert finding is not None
    assert [(mend.side, mend.was, mend.becomes) for mend in finding.relaxation] == [("least", 2, 1)]


def test_of_two_free_seats_one_is_given_and_one_kept_for_the_target() -> None:
    found = decide(situation(people("h", "nurse"), people("w", *["doctor"] * 3), nurses(2, 3), free=2))
    assert (len(found.chosen), found.kept_free) == (1, 1)


def test_a_seat_is_never_given_above_the_most() -> None:
    found = decide(situation(people("h", "nurse"), people("w", "nurse", "nurse"), nurses(0, 1), free=2))
    assert (found.chosen, found.kept_free) == ((), 2)


def test_who_stood_in_the_draw_comes_before_who_asked_later() -> None:
    waiting = people("w", *[""] * 5)
    found = decide(situation((), waiting, in_time={"w1", "w3"}, free=3))
    assert {"w1", "w3"} <= {each for each, _ in found.chosen}
    assert found.chances["w0"] == pytest.approx(1 / 3)


def test_who_asked_later_follows_when_only_with_them_targets_hold() -> None:
    waiting = people("w", "doctor", "nurse")
    found = decide(situation(people("h", "nurse"), waiting, nurses(2, 2), in_time={"w0"}))
    assert found.chosen == (("w1", ""),)


def test_a_place_held_for_the_long_passed_over_goes_on_to_one_of_them() -> None:
    long = Candidate("w9", {PASSED_OVER: YES})
    kept = Target(PASSED_OVER, YES, 1, 1)
    assert decide(situation(people("h", ""), (*people("w", "", ""), long), kept)).chosen == (("w9", ""),)
    assert len(decide(situation(people("h", ""), people("w", "", ""), kept)).chosen) == 1


def test_seats_of_their_own_kind_are_filled_and_the_rest_is_for_everyone() -> None:
    waiting = (*people("o", "", "", pool="own"), *people("e", "", "", pool="all"))
    now_is = situation((), waiting, free=(("own", 1), ("all", 2)), shared="all")
    assert seats_to_fill(now_is) == 3
    found = decide(now_is)
    pools = Counter(pool for _, pool in found.chosen)
    assert pools == {"own": 1, "all": 2}
    assert all(each.startswith("o") for each, pool in found.chosen if pool == "own")
    alone = situation((), people("e", "", "", pool="all"), free=(("own", 1), ("all", 1)), shared="all")
    assert Counter(pool for _, pool in decide(alone).chosen) == {"all": 1}


roles = st.lists(st.sampled_from(["nurse", "doctor", ""]), max_size=6)


@settings(max_examples=60, deadline=None)
@given(roles, roles, st.integers(0, 4), st.integers(0, 3), st.integers(0, 3), st.data())
def test_whatever_the_situation_nobody_is_seated_twice_and_no_most_is_broken(
    holding, waits, free, least, more, data
) -> None:
    held, waiting = people("h", *holding), people("w", *waits)
    late = data.draw(st.sets(st.sampled_from([each.id for each in waiting]))) if waiting else set()
    pools = data.draw(st.sampled_from(["", "two"]))
    if pools:
        waiting = tuple(replace(each, pool=data.draw(st.sampled_from(["own", "all"]))) for each in waiting)
        held = tuple(replace(each, pool="all") for each in held)
        spread: tuple = (("own", free), ("all", 1))
    else:
        spread = (("", free),)
    target = nurses(least, least + more)
    now_is = situation(
        held,
        waiting,
        target,
        free=spread,
        shared="all" if pools else "",
        in_time={each.id for each in waiting} - late,
    )
    found = decide(now_is)
    chosen = [each for each, _ in found.chosen]
    assert len(set(chosen)) == len(chosen)
    assert set(chosen) <= {each.id for each in waiting}
    assert len(chosen) + found.kept_free == seats_to_fill(now_is)
    assert all(count <= dict(spread)[pool] for pool, count in Counter(p for _, p in found.chosen).items())
    count = sum(
        each.answers.get("role") == "nurse" for each in (*held, *waiting) if each in held or each.id in chosen
    )
    if chosen:
        assert count <= target.most
        assert target.least - count <= found.kept_free
    assert (sum(found.chances.values()) == pytest.approx(len(chosen))) or not chosen
