"""A record is sealed before chance, finished after it, and holds."""

import hashlib
import json
import random
from typing import Any

import pytest

from convene.engines.allotment import AllotmentError, Applicant, Objective, Quota, solve_lottery, verifier
from convene.engines.allotment.sealing import auditor_rows, finish, public, receipt, seal
from convene.engines.allotment.tests.makers import crowd, halves

KEY = bytes(range(32))
SEED = {"kind": "seed"}


def sealed(people: list[Applicant], quotas: list[Quota], seats: int, **rest: Any) -> dict[str, Any]:
    lottery = solve_lottery(people, quotas, seats)
    options: dict[str, Any] = {"tickets": 100, "key": KEY, "source": SEED, "version": "1", **rest}
    return seal(lottery, quotas, seats, **options)


def through_json(record: dict[str, Any]) -> dict[str, Any]:
    return dict(json.loads(json.dumps(record)))


def people_file(full: dict[str, Any]) -> list[dict[str, str]]:
    header, rows = auditor_rows(full)
    return [dict(zip(header, row, strict=True)) for row in rows]


@pytest.mark.parametrize("tickets", [1, 7, 100, 1000, None])
def test_a_record_holds_before_and_after_chance(tickets: int | None) -> None:
    people, quotas = crowd()
    full = sealed(people, quotas, 8, tickets=tickets)
    done = finish(full, "4 2 6")
    for record in (full, done, public(full), public(done)):
        assert verifier.check(through_json(record)) == []
        assert verifier.check(through_json(record), people_file(full)) == []
    assert len(done["selected"]) == 8
    assert sorted(done["selected"] + done["reserve"]) == sorted(person.id for person in people)


def test_the_same_lottery_and_key_give_the_same_record_in_whatever_order_people_are_given() -> None:
    people, quotas = crowd()
    mixed = random.Random(1).sample(people, len(people))
    assert sealed(people, quotas, 8) == {
        **sealed(mixed, quotas, 8),
        "quotas": sealed(people, quotas, 8)["quotas"],
    }


def test_another_key_gives_another_commitment() -> None:
    people, quotas = crowd()
    assert sealed(people, quotas, 8)["commitment"] != sealed(people, quotas, 8, key=bytes(32))["commitment"]


def test_the_public_record_names_nobody_and_tells_no_trait() -> None:
    people, quotas = crowd()
    text = json.dumps(public(finish(sealed(people, quotas, 8), "x")))
    assert [person.id for person in people if f'"{person.id}"' in text] == []
    assert '"private"' not in text


@pytest.mark.parametrize(("people", "seals"), [(4, 16), (16, 16), (17, 24), (24, 24)])
def test_the_list_of_seals_does_not_tell_how_many_asked(people: int, seals: int) -> None:
    applicants = [Applicant(f"p{n}", {"a": "x"}) for n in range(people)]
    full = sealed(applicants, [Quota("a", "x", 0, 2)], 2)
    assert len(full["committed"]["leaves"]) == seals


def test_a_receipt_leads_to_a_seal_and_to_the_tickets() -> None:
    people, quotas = halves(women=5, men=5)
    full = sealed(people, quotas, 4)
    before, after = receipt(full, "w1"), receipt(finish(full, "7"), "w1")
    assert (before["selected"], before["chance"], len(before["tickets"])) == (None, "2/5", 40)
    assert before["leaf"] in full["committed"]["leaves"]
    assert after["selected"] is (finish(full, "7")["ticket"] in after["tickets"])
    assert (after["token"] in finish(full, "7")["opening"]) is after["selected"]
    assert after["token"] == hashlib.sha256(f"token\n{after['salt']}".encode()).hexdigest()
    with pytest.raises(KeyError):
        receipt(full, "nobody")


def test_everyone_of_a_type_is_on_as_many_tickets_give_or_take_one() -> None:
    people, quotas = crowd()
    full = sealed(people, quotas, 8, tickets=1000)
    numbers = {entry["id"]: len(entry["tickets"]) for entry in full["private"]["entries"]}
    for each in full["types"]:
        own = [numbers[person] for person in each["ids"]]
        assert max(own) - min(own) <= 1


def test_households_teams_weights_and_held_seats_are_in_the_record_and_kept() -> None:
    people = [
        *(Applicant(f"h{n}", {"a": "xy"[n % 2]}, household=f"home{n // 2}") for n in range(6)),
        *(Applicant(f"t{n}", {"a": "x"}, team=f"team{n // 2}", weight=1 + n % 2) for n in range(4)),
        *(Applicant(f"p{n}", {"a": "y"}, weight=1.5, held=n == 0) for n in range(6)),
    ]
    quotas = [Quota("a", "x", 2, 4), Quota("a", "y", 2, 4)]
    for tickets in (200, None):
        done = finish(sealed(people, quotas, 6, tickets=tickets), "s")
        assert verifier.check(through_json(done)) == []
        assert done["minimum_chance"]["gap"] < 0.01
        assert "p0" in done["selected"]


def test_below_a_seat_for_a_thousand_people_tickets_are_compositions() -> None:
    people = [Applicant(f"p{n:04}", {"a": "xy"[n % 2]}) for n in range(2002)]
    full = sealed(people, [Quota("a", "x", 1, 1), Quota("a", "y", 1, 1)], 2, tickets=50)
    assert (full["committed"]["stages"], full["committed"]["tickets"]) == (2, 50)
    done = finish(full, "s")
    assert verifier.check(through_json(done)) == []
    assert len(done["reserve"]) == 2000


def test_of_fewer_than_five_people_the_public_record_tells_no_chance_and_the_full_one_still_proves_it() -> (
    None
):
    people = [Applicant(f"p{n}", {"a": "x"}) for n in range(4)]
    full = sealed(people, [Quota("a", "x", 0, 2)], 2)
    done = finish(full, "4 2 6")
    assert set(done["committed"]["minimum_chance"]) == {"sealed"}
    assert set(done["committed"]["certificate"]) == {"sealed"}
    assert "1/2" not in json.dumps(public(done))
    assert full["minimum_chance"]["achieved"] == 0.5
    for record in (full, done, public(full), public(done)):
        assert verifier.check(through_json(record)) == []
        assert verifier.check(through_json(record), people_file(full)) == []
    changed = through_json(done)
    changed["committed"]["minimum_chance"] = {"sealed": "0" * 64}
    changed["commitment"] = verifier.commitment_of(changed["committed"])
    assert "the least chance is not the one that was sealed" in verifier.check(changed)


OBJECTIVES: tuple[Objective, ...] = ("leximin", "maximin", "nash", "goldilocks")


def anything(number: int) -> tuple[list[Applicant], list[Quota], int]:
    """A small pool with households, teams, weights and held seats, as the number will have it."""
    chance = random.Random(number)
    count = chance.randint(5, 16)
    seats = chance.randint(2, min(6, count - 1))
    people = [
        Applicant(
            f"p{n:02}",
            {feature: chance.choice("xyz"[: chance.randint(2, 3)]) for feature in "ab"},
            weight=chance.choice([1, 1, 2, 1.5]),
            held=chance.random() < 0.05,
            household=f"h{chance.randint(0, 3)}" if n < 6 and chance.random() < 0.6 else "",
            team=f"t{n // 2}" if 6 <= n < 10 and number % 3 == 0 else "",
        )
        for n in range(count)
    ]
    quotas = []
    for feature in "ab":
        for value in "xyz":
            least = chance.randint(0, seats // 2)
            most = chance.randint(max(least, 1), seats)
            quotas.append(Quota(feature, value, least if chance.random() < 0.4 else 0, most))
    return people, quotas, seats


@pytest.mark.parametrize("number", range(160))
def test_whatever_the_pool_its_record_holds_and_its_proof_is_exact(number: int) -> None:
    people, quotas, seats = anything(number)
    objective = OBJECTIVES[number % 4]
    try:
        lottery = solve_lottery(people, quotas, seats, objective=objective)
    except AllotmentError:
        return
    for tickets in (None, 50):
        full = seal(lottery, quotas, seats, tickets=tickets, key=KEY, source=SEED, version="1")
        assert verifier.check(through_json(finish(full, "x"))) == []
        assert [each for each in full["warnings"] if each["code"] == "uneven_tickets"] == []
        if objective in {"leximin", "maximin"} and tickets is None:
            assert full["minimum_chance"]["gap"] < 1e-6
