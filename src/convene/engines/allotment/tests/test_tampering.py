"""Every kind of tampering is refused, with a reason, on records of each kind.

A forger who only changes a field is caught by the seal over it. So most forgeries here also make the seals anew,
as far as a forger can who holds all secrets of the site: what then remains is caught by the rules themselves, or
by the commitment that was published before.
"""

import copy
import hashlib
import json
from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest

from convene.engines.allotment import Applicant, Quota, solve_lottery, verifier
from convene.engines.allotment.sealing import auditor_rows, finish, public, seal

Record = dict[str, Any]
KEY = bytes(range(32))
# drand, network "quicknet"
BEACON = {
    "round": 1000,
    "signature": "b44679b9a59af2ec876b1a6b1ad52ea9b1615fc3982b19576350f93447cb1125e342b73a8dd2bacbe47e4b6b63ed5e39",
    "randomness": "fe290beca10872ef2fb164d2aa4442de4566183ec51c56ff3cd603d930e54fdd",
}
OTHER_BEACON = {
    "round": 657413,
    "signature": "b713718a38ae728dfd477991af2822e08d2f305e47718cef9f7848ce4050e7be41076862b98fad56e91a6b85b89cd97b",
    "randomness": "fc1873a13f3545aeade8401532ef5519920652eee6b0d2b19ca12643b87b3587",
}
REVEALS = ["rain on the third of May", "4f1d9c", "a long walk"]
SOURCES: dict[str, tuple[Record, str, Record]] = {
    "drand": ({"kind": "drand", "round": 1000}, BEACON["randomness"], BEACON),
    "dice": ({"kind": "dice", "dice": 3, "sides": 10}, "4 2 10", {}),
    "witnesses": (
        {
            "kind": "witnesses",
            "witnesses": [
                {"name": f"W{n}", "sealed": hashlib.sha256(text.encode()).hexdigest()}
                for n, text in enumerate(REVEALS)
            ],
        },
        "\n".join(REVEALS),
        {},
    ),
    "site": ({"kind": "site", "sealed": hashlib.sha256(b"hush").hexdigest()}, "hush", {}),
}


def pool() -> tuple[list[Applicant], list[Quota]]:
    people = [
        Applicant(
            f"p{n:02}",
            {"age": ("young", "old")[n % 3 > 0], "place": "ABC"[n % 4 % 3]},
            weight=1 + n % 2,
            held=n == 20,
            household=f"home{n // 2}" if n < 6 else "",
            team=f"team{n // 2}" if 6 <= n < 10 else "",
        )
        for n in range(22)
    ]
    return people, [
        Quota("age", "young", 2, 3),
        Quota("age", "old", 3, 4),
        Quota("place", "A", 2, 3),
        Quota("place", "B", 1, 2),
        Quota("place", "C", 1, 2),
    ]


def triangle() -> tuple[list[Applicant], list[Quota]]:
    """Two seats for four people, of whom only the first goes with any other: split panels promise 1/2."""
    looks = ["yyy", "yxx", "xyx", "xxy"]
    people = [Applicant(f"p{n}", dict(zip("abc", look, strict=True))) for n, look in enumerate(looks)]
    return people, [Quota(f, v, 0, 1 if v == "x" else 2) for f in "abc" for v in "xy"]


def nearly() -> tuple[list[Applicant], list[Quota]]:
    """Split panels would have p0 and p3 in, whole ones cannot."""
    looks = ["xxy", "xyx", "yyy", "yxx"]
    people = [Applicant(f"p{n}", dict(zip("abc", look, strict=True))) for n, look in enumerate(looks)]
    limits = {"ax": (1, 1), "bx": (0, 1), "cx": (1, 1)}
    return people, [Quota(f, v, *limits.get(f + v, (0, 2))) for f in "abc" for v in "xy"]


def drawn(
    source: str = "dice", *, tickets: int | None = 40, of: Callable[[], Any] = pool, seats: int = 6
) -> Record:
    people, quotas = of()
    announced, value, evidence = SOURCES[source]
    lottery = solve_lottery(people, quotas, seats)
    full = seal(lottery, quotas, seats, tickets=tickets, key=KEY, source=announced, version="1")
    return dict(json.loads(json.dumps(finish(full, value, evidence))))


def people_file(full: Record) -> list[dict[str, str]]:
    header, rows = auditor_rows(full)
    return [dict(zip(header, row, strict=True)) for row in rows]


def sealed_anew(record: Record) -> Record:
    """Every seal that follows from the rest, and the commitment, as the forger would make them."""
    committed, private = record["committed"], record["private"]
    entries = private["entries"]
    count = verifier.padded(len(entries)) - len(entries)
    private["padding"] = (private["padding"] + [f"more{n}" for n in range(8)])[:count]
    committed["leaves"] = sorted(
        [*map(verifier.leaf_of, entries), *map(verifier.padding_leaf, private["padding"])]
    )
    if committed["stages"] == 1:
        tokens = {entry["id"]: verifier.token_of(entry["salt"]) for entry in entries}
        committed["ticket_hashes"] = [
            verifier.ticket_hash(number, [tokens[person] for person in panel])
            for number, panel in enumerate(verifier.panels_of(committed["tickets"], entries))
        ]
    else:
        committed["lottery"] = verifier.lottery_seal(
            private["lottery_salt"], record["types"], record["lottery"]
        )
    if "sealed" in committed["certificate"]:
        seal_ = verifier.sealed_hash(private["certificate_salt"], private["certificate"])
        committed["certificate"] = {"sealed": seal_}
    else:
        committed["certificate"] = private["certificate"]
    record["commitment"] = verifier.commitment_of(committed)
    return record


# --- by anyone who passes a record on: no seal is made anew -------------------------------------------------


def put(*path: Any, value: Any) -> Callable[[Record], None]:
    def change(record: Record) -> None:
        at: Any = record
        for name in path[:-1]:
            at = at[name]
        assert at[path[-1]] != value
        at[path[-1]] = value

    return change


def add_entry(record: Record) -> None:
    more = {**record["private"]["entries"][12], "id": "zz", "salt": "00", "tickets": []}
    record["private"]["entries"].append(more)


def remove_entry(record: Record) -> None:
    del record["private"]["entries"][12]


def swap_tickets(record: Record) -> None:
    hashes = record["committed"]["ticket_hashes"]
    hashes[0], hashes[1] = hashes[1], hashes[0]


def double_ticket(record: Record) -> None:
    record["committed"]["ticket_hashes"][0] = record["committed"]["ticket_hashes"][1]


def drop_ticket(record: Record) -> None:
    record["committed"]["ticket_hashes"].pop()


def swap_entries_tickets(record: Record) -> None:
    one, other = record["private"]["entries"][12], record["private"]["entries"][13]
    one["tickets"], other["tickets"] = other["tickets"], one["tickets"]


def open_another(record: Record) -> None:
    record["opening"][0] = "0" * 64


def shorten_opening(record: Record) -> None:
    record["opening"].pop()


def drop_padding(record: Record) -> None:
    record["private"]["padding"].pop()


def change_padding_leaf(record: Record) -> None:
    filling = verifier.padding_leaf(record["private"]["padding"][0])
    leaves = record["committed"]["leaves"]
    leaves[leaves.index(filling)] = "f" * 64
    leaves.sort()


def drop_leaf(record: Record) -> None:
    record["committed"]["leaves"].pop()


def disorder_leaves(record: Record) -> None:
    record["committed"]["leaves"].reverse()


def swap_reserve(record: Record) -> None:
    reserve = record["reserve"]
    reserve[0], reserve[1] = reserve[1], reserve[0]


def select_another(record: Record) -> None:
    record["selected"][-1] = record["reserve"][0]
    record["selected"].sort()


ON_EVERY_RECORD: dict[str, Callable[[Record], None]] = {
    "format": put("format", value="convene-draw-record/1"),
    "rule": put("committed", "rule", value="convene-allotment/3"),
    "stream": put("committed", "stream", value="convene-stream/2"),
    "version": put("committed", "version", value="2"),
    "objective": put("committed", "objective", value="nash"),
    "seats": put("committed", "seats", value=5),
    "target's minimum": put("committed", "quotas", 0, "min", value=1),
    "target's maximum": put("committed", "quotas", 0, "max", value=6),
    "target's value": put("committed", "quotas", 0, "value", value="D"),
    "target left out": lambda record: record["committed"]["quotas"].pop(),
    "source of chance": put("committed", "source", value={"kind": "seed"}),
    "number of tickets": put("committed", "tickets", value=41),
    "number of stages": lambda record: record["committed"].update(stages=3 - record["committed"]["stages"]),
    "seal left out": drop_leaf,
    "seals disordered": disorder_leaves,
    "seal of nobody": change_padding_leaf,
    "bound raised": put("committed", "minimum_chance", "bound", value="1/2"),
    "bound lowered": put("committed", "minimum_chance", "bound", value="1/100"),
    "least chance raised": put("committed", "minimum_chance", "achieved", value="1/3"),
    "commitment": put("commitment", value="0" * 64),
    "drawn ticket": lambda record: record.update(ticket=(record["ticket"] + 1) % 40),
    "value of chance": lambda record: record["chance"].update(value=record["chance"]["value"] + "1"),
}
ON_FULL_RECORDS: dict[str, Callable[[Record], None]] = {
    "entry added": add_entry,
    "entry removed": remove_entry,
    "id": put("private", "entries", 12, "id", value="p99"),
    "salt": put("private", "entries", 12, "salt", value="00"),
    "trait": put("private", "entries", 12, "traits", "place", value="C"),
    "trait invented": put("private", "entries", 12, "traits", value={"age": "young"}),
    "weight": put("private", "entries", 12, "weight", value="3"),
    "household": put("private", "entries", 0, "household", value=""),
    "team": put("private", "entries", 6, "team", value=""),
    "held seat": put("private", "entries", 20, "held", value=False),
    "price": put("private", "entries", 12, "price", value=7),
    "filling dropped": drop_padding,
    "rule's price": put("private", "certificate", "tree", "rule_prices", 0, value=123),
    "chance": put("chances", "p12", value=0.9),
    "someone's chance left out": lambda record: record["chances"].pop("p12"),
    "selected": select_another,
    "reserve list": swap_reserve,
    "reserve list cut": lambda record: record["reserve"].pop(),
    "seed": put("seed", value="6 6 6"),
    "readable target": put("quotas", 0, "min", value=1),
    "readable seats": put("seats", value=7),
    "readable objective": put("objective", value="maximin"),
    "readable least chance": put("minimum_chance", "gap", value=0.0001),
    "composition": lambda record: record["lottery"][0]["counts"].reverse(),
    "composition's tickets": lambda record: record["lottery"][0].update(
        tickets=record["lottery"][0]["tickets"] + 1
    ),
    "type": lambda record: record["types"][0]["ids"].append("p12"),
    "type's trait": put("types", 0, "traits", "place", value="C"),
    "person opened": open_another,
    "person not opened": shorten_opening,
}
ON_TICKETS: dict[str, Callable[[Record], None]] = {
    "person opened": open_another,
    "person not opened": shorten_opening,
    "tickets swapped": swap_tickets,
    "ticket doubled": double_ticket,
    "ticket dropped": drop_ticket,
    "tickets of two people swapped": swap_entries_tickets,
    "tickets of one person": lambda record: record["private"]["entries"][12]["tickets"].append(39),
}
KINDS = [
    pytest.param(source, tickets, id=f"{source}-{tickets or 'exact'}")
    for source, tickets in (("drand", 40), ("dice", 40), ("witnesses", 40), ("dice", None), ("site", None))
]


@pytest.mark.parametrize(("source", "tickets"), KINDS)
def test_what_nobody_touched_holds(source: str, tickets: int | None) -> None:
    full = drawn(source, tickets=tickets)
    for record in (full, public(full)):
        assert verifier.check(record) == []
        assert verifier.check(record, people_file(full)) == []


@pytest.fixture(scope="module")
def records() -> Callable[[str, int | None], Record]:
    made: dict[tuple[str, int | None], Record] = {}

    def copy_of(source: str, tickets: int | None) -> Record:
        if (source, tickets) not in made:
            made[source, tickets] = drawn(source, tickets=tickets)
        return copy.deepcopy(made[source, tickets])

    return copy_of


@pytest.mark.parametrize("change", ON_EVERY_RECORD.values(), ids=ON_EVERY_RECORD)
@pytest.mark.parametrize(("source", "tickets"), KINDS)
def test_a_changed_record_is_refused(records: Any, source: str, tickets: int | None, change: Any) -> None:
    full = records(source, tickets)
    change(full)
    assert verifier.check(full) != []
    assert verifier.check(public(full)) != []


@pytest.mark.parametrize("change", ON_FULL_RECORDS.values(), ids=ON_FULL_RECORDS)
@pytest.mark.parametrize(("source", "tickets"), KINDS)
def test_a_changed_full_record_is_refused(
    records: Any, source: str, tickets: int | None, change: Any
) -> None:
    full = records(source, tickets)
    change(full)
    assert verifier.check(full) != []


@pytest.mark.parametrize("change", ON_TICKETS.values(), ids=ON_TICKETS)
def test_changed_tickets_are_refused(records: Any, change: Any) -> None:
    full = records("dice", 40)
    change(full)
    assert verifier.check(full) != []


def test_any_change_at_all_inside_the_committed_block_is_refused(records: Any) -> None:
    """Every number and text in it, one after the other."""
    untouched = public(records("witnesses", 40))
    changed = 0
    for path, value in leaves(untouched["committed"]):
        record = copy.deepcopy(untouched)
        put("committed", *path, value=value + 1 if isinstance(value, int) else f"{value}x")(record)
        assert verifier.check(record) != [], path
        changed += 1
    assert changed > 80


def leaves(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[tuple[Any, ...], Any]]:
    if isinstance(value, dict):
        return [each for name, inner in value.items() for each in leaves(inner, (*path, name))]
    if isinstance(value, list):
        return [each for at, inner in enumerate(value) for each in leaves(inner, (*path, at))]
    return [(path, value)] if isinstance(value, int | str) else []


# --- the people file of the auditor ----------------------------------------------------------------------

ROWS: dict[str, tuple[str, str]] = {
    "id": ("id", "p99"),
    "salt": ("salt", "00"),
    "weight": ("weight", "5"),
    "household": ("household", "home0"),
    "team": ("team", "team3"),
    "held": ("held", "yes"),
    "price": ("price", "3"),
    "tickets": ("tickets", "1 2"),
    "trait": ("age", "other"),
}


@pytest.mark.parametrize(("column", "value"), ROWS.values(), ids=ROWS)
def test_a_changed_people_file_is_refused(records: Any, column: str, value: str) -> None:
    full = records("dice", 40)
    people = people_file(full)
    people[12][column] = value
    assert verifier.check(public(full), people) != []
    assert verifier.check(full, people) != []


def test_a_person_more_or_less_in_the_people_file_is_refused(records: Any) -> None:
    full = records("dice", 40)
    people = people_file(full)
    assert verifier.check(public(full), people[1:]) != []
    assert verifier.check(public(full), [*people, {**people[0], "id": "p99"}]) != []
    assert verifier.check(public(full), []) != []


# --- the source of chance ----------------------------------------------------------------------------------


def redrawn(source: str, value: str, evidence: Record) -> list[str]:
    """A record that follows all rules, but from this value."""
    return verifier.check(public(finish(drawn(source), value, evidence)))


def test_a_beacon_of_another_round_is_refused() -> None:
    assert redrawn("drand", OTHER_BEACON["randomness"], OTHER_BEACON) == [
        "the beacon is of round 657413, announced was round 1000"
    ]


def test_a_value_that_does_not_come_from_the_beacon_is_refused() -> None:
    assert redrawn("drand", OTHER_BEACON["randomness"], BEACON) == [
        "the value is not the SHA-256 of the beacon's signature"
    ]


@pytest.mark.parametrize(
    "value", ["4 2", "4 2 6 6", "0 1 2", "4 2 11", "4  2 6", "4 2 06", "4, 2, 6", "４ 2 6"]
)
def test_throws_that_such_dice_cannot_show_are_refused(value: str) -> None:
    assert redrawn("dice", value, {}) == ["the value is not 3 throws of a die with 10 sides"]


@pytest.mark.parametrize(
    "reveals", [REVEALS[:2], REVEALS[::-1], [*REVEALS, "more"], [REVEALS[0], "other", REVEALS[2]], [""]]
)
def test_what_a_witness_did_not_seal_is_refused(reveals: list[str]) -> None:
    assert redrawn("witnesses", "\n".join(reveals), {}) == [
        "what the witnesses revealed is not what they sealed"
    ]


def test_what_the_site_did_not_seal_is_refused() -> None:
    assert redrawn("site", "whisper", {}) == ["what the site revealed is not what it sealed"]


def test_a_source_that_nobody_knows_is_refused() -> None:
    record = drawn("dice")
    record["committed"]["source"] = {"kind": "a friend"}
    assert "there is no source of chance 'a friend'" in verifier.check(sealed_anew(record))


# --- by a site that makes all its seals anew ---------------------------------------------------------------


def forge(change: Callable[[Record], None], *, tickets: int | None = 40) -> list[str]:
    """Tamper, make every seal anew, and let chance decide again: what is left is what the rules forbid."""
    record = drawn("dice", tickets=tickets)
    change(record)
    return verifier.check(finish(sealed_anew(record), record["chance"]["value"]))


def test_a_commitment_made_anew_is_not_the_published_one(records: Any) -> None:
    full = records("dice", 40)
    published = full["commitment"]
    full["private"]["entries"][12]["salt"] = "00"
    assert sealed_anew(full)["commitment"] != published


def test_a_ticket_that_breaks_a_target_is_refused() -> None:
    assert any("breaks the target" in reason for reason in forge(swap_entries_tickets))


def test_a_ticket_without_someone_whose_seat_is_held_is_refused() -> None:
    def change(record: Record) -> None:
        record["private"]["entries"][20]["tickets"].pop()

    reasons = forge(change)
    assert any("leaves out someone whose seat is held" in reason for reason in reasons)
    assert any("does not have 6 different people" in reason for reason in reasons)


def test_a_ticket_with_half_a_team_is_refused() -> None:
    def change(record: Record) -> None:
        record["private"]["entries"][6]["tickets"] = []

    assert any("splits a team" in reason for reason in forge(change))


def test_a_ticket_with_two_of_a_household_is_refused() -> None:
    def change(record: Record) -> None:
        entries = record["private"]["entries"]
        entries[0]["tickets"] = entries[1]["tickets"] = [*range(40)]

    assert any("two people of one household" in reason for reason in forge(change))


def test_a_person_twice_on_a_ticket_is_refused() -> None:
    def change(record: Record) -> None:
        tickets = record["private"]["entries"][12]["tickets"]
        tickets.append(tickets[0])

    assert any("different people" in reason for reason in forge(change))


def test_a_bound_that_the_prices_do_not_prove_is_refused() -> None:
    def change(record: Record) -> None:
        record["committed"]["minimum_chance"]["bound"] = "2/3"

    assert any("(bound) comes out as" in reason for reason in forge(change))


def test_prices_that_prove_another_bound_are_refused() -> None:
    def change(record: Record) -> None:
        record["private"]["certificate"]["tree"]["rule_prices"][0] += 10**11

    assert any("(bound) comes out as" in reason for reason in forge(change))


def test_negative_prices_of_people_prove_nothing() -> None:
    def change(record: Record) -> None:
        for each in record["private"]["entries"]:
            each["price"] = -1

    assert any("the prices prove nothing" in reason for reason in forge(change))


def test_a_least_chance_that_the_tickets_do_not_give_is_refused() -> None:
    def change(record: Record) -> None:
        record["committed"]["minimum_chance"]["achieved"] = "1/4"

    assert any("(achieved) comes out as" in reason for reason in forge(change))


def test_leaving_someone_out_of_the_least_chance_without_a_proof_is_refused() -> None:
    def change(record: Record) -> None:
        worthless = {"rule_prices": [0] * 6}
        record["private"]["certificate"]["shut_out"] = [{"group": ["p12"], "price": 10, "tree": worthless}]

    assert any("that no panel can have ['p12'] is not proven" in reason for reason in forge(change))


def test_compositions_that_break_a_target_are_refused() -> None:
    def change(record: Record) -> None:
        counts = record["lottery"][0]["counts"]
        free = [
            at for at, each in enumerate(record["types"]) if each["kind"] == "people" and not each["held"]
        ]
        more = next(at for at in free if counts[at] < len(record["types"][at]["ids"]))
        less = next(
            at
            for at in free
            if counts[at] and record["types"][at]["traits"] != record["types"][more]["traits"]
        )
        counts[more], counts[less] = counts[more] + 1, counts[less] - 1

    assert any("composition 0 breaks the target" in reason for reason in forge(change, tickets=None))


def test_types_of_people_who_are_not_alike_are_refused() -> None:
    def change(record: Record) -> None:
        one = record["types"][0]
        other = next(each for each in record["types"] if each["traits"] != one["traits"])
        one["ids"][0], other["ids"][0] = other["ids"][0], one["ids"][0]

    assert any("are not alike" in reason for reason in forge(change, tickets=None))


def test_a_household_taken_apart_into_single_people_is_refused() -> None:
    def change(record: Record) -> None:
        each = next(each for each in record["types"] if each["kind"] == "household")
        each["kind"], each["units"] = "people", []

    assert any("households and teams of the entries" in reason for reason in forge(change, tickets=None))


# --- a proof by cases ---------------------------------------------------------------------------------------


def test_a_proof_by_cases_holds_and_is_exact() -> None:
    full = drawn(of=triangle, seats=2, tickets=30)
    assert full["minimum_chance"] == verifier.readable_minimum(Fraction(1, 3), Fraction(1, 3))
    assert "group" in full["private"]["certificate"]["tree"]
    assert set(full["committed"]["certificate"]) == {"sealed"}
    assert verifier.check(full) == []
    assert verifier.check(public(full), people_file(full)) == []
    assert "it is in the full record only" in verifier.notes(public(full), people_file(full))[-1]


def drop_a_case(record: Record) -> None:
    record["private"]["certificate"]["tree"] = record["private"]["certificate"]["tree"]["fewer"]


def forget_a_case(record: Record) -> None:
    del record["private"]["certificate"]["tree"]["others"]


def overlook_a_case(record: Record) -> None:
    """Fewer than 1, or at least 2: nobody looks at exactly 1."""
    record["private"]["certificate"]["tree"]["others"] = {"empty": True, "rule_prices": [0, 0, 0, 0, 0]}


def spoil_a_case(record: Record) -> None:
    record["private"]["certificate"]["tree"]["others"]["rule_prices"][0] += 5 * 10**11


@pytest.mark.parametrize("change", [drop_a_case, forget_a_case, overlook_a_case, spoil_a_case])
def test_a_proof_by_cases_with_a_case_missing_is_refused(change: Callable[[Record], None]) -> None:
    record = drawn(of=triangle, seats=2, tickets=30)
    change(record)
    assert verifier.check(record) != []
    assert verifier.check(finish(sealed_anew(record), "1 2 3")) != []


def test_people_proven_to_be_in_no_panel_do_not_count_for_the_least_chance() -> None:
    full = drawn(of=nearly, seats=2, tickets=30)
    assert full["private"]["certificate"]["shut_out"][0]["group"] == ["p0", "p3"]
    assert (full["minimum_chance"]["achieved"], full["chances"]["p0"]) == (1.0, 0.0)
    assert verifier.check(full) == []


def test_that_someone_is_in_no_panel_must_be_proven() -> None:
    record = drawn(of=nearly, seats=2, tickets=30)
    record["private"]["certificate"]["shut_out"][0]["tree"]["fewer"]["rule_prices"][1] = 0
    assert verifier.check(finish(sealed_anew(record), "1 2 3")) != []
