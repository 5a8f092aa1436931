import pytest

from convene.engines.grouping import ClashCode, ClashError, Person, Rule, Table, arrange
from convene.engines.grouping.tests.makers import plain

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
    silent = [Person(each.id, languages=frozenset({"en"})) for each in people[2:]]
    rules = [Rule("language"), Rule("together", people=("a", "b"))]
    assert clash(rules, [*people[:2], *silent]) == (ClashCode.NO_LANGUAGE, (0, 1), ("a", "b"))


def test_more_people_who_need_something_than_sit_where_it_is_offered() -> None:
    people = [Person(f"p{at}", flags=frozenset({"step-free"} if at < 4 else ())) for at in range(9)]
    tables = [Table("A", frozenset({"step-free"})), Table("B"), Table("C")]
    assert clash([Rule("needs", flag="step-free")], people, tables) == (ClashCode.NO_PLACE, (0,), ())
