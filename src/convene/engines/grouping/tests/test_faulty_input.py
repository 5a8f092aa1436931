import pytest

from convene.engines.grouping import Code, InputError, Met, Mix, Person, Rule, arrange
from convene.engines.grouping.tests.makers import plain

PEOPLE = plain(6)
NAN = float("nan")


def refused(
    people: list[Person] = PEOPLE,
    groups: int = 2,
    rounds: int = 2,
    *,
    mix: Mix | None = None,
    rules: list[Rule] | None = None,
    met: list[Met] | None = None,
) -> list[tuple[Code, int | None]]:
    with pytest.raises(InputError) as caught:
        arrange(people, groups, rounds, mix=mix, rules=rules or [], met=met or [])
    return [(problem.code, problem.index) for problem in caught.value.problems]


def test_numbers_that_make_no_groups_are_refused() -> None:
    assert refused([], 0, 0) == [(Code.NO_PEOPLE, None), (Code.NO_GROUPS, None), (Code.NO_ROUNDS, None)]


def test_ids_must_be_there_and_differ() -> None:
    people = [Person("a"), Person(""), Person("a")]
    assert refused(people) == [(Code.DUPLICATE_ID, 0), (Code.EMPTY_ID, 1), (Code.DUPLICATE_ID, 2)]


def test_traits_to_mix_by_must_be_known_and_ordered_ones_numbers() -> None:
    people = [Person("a", {"years": "3"}), Person("b", {"years": "many"})]
    mix = Mix(("years", "colour"), ordinal=frozenset({"years"}))
    assert refused(people, mix=mix) == [(Code.UNKNOWN_TRAIT, None), (Code.NOT_A_NUMBER, 1)]


def test_viewpoints_are_finite_and_of_one_length() -> None:
    people = [Person("a", viewpoint=(1, 2)), Person("b", viewpoint=(1,)), Person("c", viewpoint=(1, NAN))]
    assert refused(people, mix=Mix(viewpoint=1)) == [(Code.BAD_VECTOR, 1), (Code.BAD_VECTOR, 2)]


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        (Rule("nearby", people=("p0", "p1")), Code.UNKNOWN_RULE),  # type: ignore[arg-type]
        (Rule("apart"), Code.RULE_NEEDS),
        (Rule("at_least"), Code.RULE_NEEDS),
        (Rule("not_alone"), Code.RULE_NEEDS),
        (Rule("pinned", people=("p0",)), Code.RULE_NEEDS),
        (Rule("together", people=("p0", "who")), Code.UNKNOWN_PERSON),
        (Rule("at_most", flag="x", number=-1), Code.BAD_NUMBER),
        (Rule("pinned", people=("p0",), table=2), Code.UNKNOWN_TABLE),
        (Rule("pinned", people=("p0",), table=0, rounds=(2,)), Code.UNKNOWN_ROUND),
    ],
)
def test_a_faulty_rule_is_named_by_its_place(rule: Rule, code: Code) -> None:
    assert refused(rules=[Rule("apart", people=("p0", "p1")), rule]) == [(code, 1)]


def test_meetings_are_of_known_people_and_not_negative() -> None:
    met = [Met("p0", "who"), Met("p0", "p1", -1), Met("p0", "p1", NAN)]
    assert refused(met=met) == [(Code.UNKNOWN_PERSON, 0), (Code.BAD_TIMES, 1), (Code.BAD_TIMES, 2)]


def test_problems_read_as_sentences() -> None:
    with pytest.raises(InputError, match="at least one round, not 0; 'who' is not among the people"):
        arrange(PEOPLE, 2, 0, rules=[Rule("apart", people=("p0", "who"))])
