import pytest

from convene.engines.grouping import ClashCode, ClashError, Person, Rule, Table, arrange
from convene.engines.grouping.tests.makers import MIX, is_seating, plain
from convene.engines.grouping.tests.planted import planted, twin

APART = Rule("apart", people=("p0", "p2"))
CHAIN = [Rule("together", people=("p0", "p1")), Rule("together", people=("p1", "p2"))]


def clash(
    rules: list[Rule], people: list[Person] | None = None, groups: int | list[Table] = 3
) -> tuple[ClashCode, tuple[int, ...], tuple[str, ...]]:
    """The first, which is the smallest."""
    with pytest.raises(ClashError) as caught:
        arrange(people or plain(9), groups, 2, rules=rules)
    first = caught.value.clashes[0]
    return first.code, first.rules, first.people


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([APART, Rule("language"), *CHAIN], (ClashCode.APART_TOGETHER, (0, 2, 3), ("p0", "p2"))),
        (
            [Rule("together", people=("p0", "p1", "p2", "p3"))],
            (ClashCode.TOO_MANY_TOGETHER, (0,), ("p0", "p1", "p2", "p3")),
        ),
        (
            [Rule("apart", people=("p0", "p1", "p2", "p3"))],
            (ClashCode.TOO_MANY_APART, (0,), ("p0", "p1", "p2", "p3")),
        ),
        (
            [Rule("pinned", people=("p0",), table=0), Rule("pinned", people=("p0",), table=1, rounds=(1,))],
            (ClashCode.PINNED_TWICE, (0, 1), ("p0",)),
        ),
        (
            [Rule("pinned", people=("p0", "p1", "p2", "p3"), table=0)],
            (ClashCode.TABLE_FULL, (0,), ("p0", "p1", "p2", "p3")),
        ),
        ([Rule("at_least", flag="facilitator")], (ClashCode.TOO_FEW, (0,), ())),
    ],
    ids=["apart and joined", "too many together", "too many apart", "two places", "full", "too few"],
)
def test_rules_that_cannot_hold_together_are_named(
    rules: list[Rule], expected: tuple[ClashCode, tuple[int, ...], tuple[str, ...]]
) -> None:
    assert clash(rules) == expected


def test_the_only_one_of_a_kind_is_always_alone() -> None:
    people = [Person("odd", {"kind": "x"}), *plain(8)]
    assert clash([Rule("not_alone", trait="kind", value="x")], people) == (ClashCode.ALONE, (0,), ("odd",))


def test_two_who_sit_together_without_a_language_in_common_or_a_translator() -> None:
    people = [Person("a", languages=frozenset({"en"})), Person("b", languages=frozenset({"fr"})), *plain(7)]
    silent = [
        Person(each.id, languages=frozenset({"en"} if at else {"fr"})) for at, each in enumerate(people[2:])
    ]
    rules = [Rule("language"), Rule("together", people=("a", "b"))]
    assert clash(rules, [*people[:2], *silent]) == (ClashCode.NO_LANGUAGE, (0, 1), ("a", "b"))


def test_more_people_who_need_something_than_sit_where_it_is_offered() -> None:
    people = [Person(f"p{at}", flags=frozenset({"step-free"} if at < 4 else ())) for at in range(9)]
    tables = [Table("A", frozenset({"step-free"})), Table("B"), Table("C")]
    assert clash([Rule("needs", flag="step-free")], people, tables) == (ClashCode.NO_PLACE, (0,), ())


def test_a_kind_that_one_person_alone_has_says_nothing_where_no_value_is_named() -> None:
    people = [Person("odd", {"kind": "x"}), *(Person(f"p{at}", {"kind": "yz"[at % 2]}) for at in range(8))]
    plan = arrange(people, 2, 2, rules=[Rule("not_alone", trait="kind")], seconds=0.1)
    assert plan.violations == ()


def test_two_hosts_who_sit_together_serve_one_table_only() -> None:
    people = [Person(f"p{at}", flags=frozenset({"host"} if at < 3 else ())) for at in range(9)]
    rules = [Rule("at_least", flag="host"), Rule("together", people=("p0", "p1"))]
    assert clash(rules, people) == (ClashCode.TOO_FEW, (0, 1), ("p0", "p1"))


def test_someone_whose_language_nobody_shares() -> None:
    people = [Person(f"p{at}", languages=frozenset({"is" if at == 4 else "en"})) for at in range(9)]
    assert clash([Rule("language")], people) == (ClashCode.NO_LANGUAGE, (0,), ("p4",))


def test_three_apart_who_need_one_of_two_tables() -> None:
    people = [Person(f"p{at}", flags=frozenset({"lift"} if at < 3 else ())) for at in range(9)]
    tables = [Table("A", frozenset({"lift"})), Table("B", frozenset({"lift"})), Table("C")]
    rules = [Rule("apart", people=("p0", "p1", "p2")), Rule("needs", flag="lift")]
    assert clash(rules, people, tables) == (ClashCode.NO_PLACE, (0, 1), ("p0", "p1", "p2"))


def test_a_ring_of_five_apart_needs_three_tables_and_no_rule_more_is_named() -> None:
    ring = [Rule("apart", people=(f"p{at}", f"p{(at + 1) % 5}")) for at in range(5)]
    rules = [Rule("apart", people=("p5", "p0")), *ring]
    expected = (ClashCode.TOO_MANY_APART, (1, 2, 3, 4, 5), ("p0", "p1", "p2", "p3", "p4"))
    assert clash(rules, groups=2) == expected


@pytest.mark.parametrize("seed", range(10))
def test_a_room_spoilt_on_purpose_is_refused(seed: int) -> None:
    _, room = twin(seed)
    with pytest.raises(ClashError):
        arrange(room.people, room.tables, room.rounds, rules=room.rules)


@pytest.mark.parametrize("seed", [1, 2, 4, 8, 15, 16])
def test_rules_that_can_be_kept_are_kept(seed: int) -> None:
    room = planted(seed)
    plan = arrange(room.people, room.tables, room.rounds, mix=MIX, rules=room.rules, seconds=0.5)
    assert (plan.violations, is_seating(plan, room.people, len(room.tables))) == ((), True)
