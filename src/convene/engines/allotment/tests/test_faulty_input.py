from collections.abc import Callable

import pytest

from convene.engines.allotment import Applicant, Code, InputError, Quota, allot
from convene.engines.allotment.tests.makers import halves

PEOPLE, QUOTAS = halves(women=4, men=6)


def refused(call: Callable[[], object]) -> InputError:
    with pytest.raises(InputError) as caught:
        call()
    return caught.value


def draw(
    people: list[Applicant] = PEOPLE, quotas: list[Quota] = QUOTAS, seats: int = 4, **rest: object
) -> Callable[[], object]:
    return lambda: allot(people, quotas, seats, seed="s", **rest)  # type: ignore[arg-type]


MAN = {"gender": "man"}


def bound(number: int, **unit: str) -> list[Applicant]:
    return [Applicant(f"x{n}", MAN, **unit) for n in range(number)]  # type: ignore[arg-type]


def quotas(least: int, most: int) -> list[Quota]:
    return [Quota("gender", "woman", least, most), Quota("gender", "man", 0, 4)]


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (draw(seats=0), Code.NO_SEATS),
        (draw(seats=-1), Code.NO_SEATS),
        (draw(people=[]), Code.NO_APPLICANTS),
        (draw(seats=11, quotas=[]), Code.MORE_SEATS_THAN_PEOPLE),
        (draw([*PEOPLE, Applicant("", {"gender": "man"})]), Code.EMPTY_ID),
        (draw([*PEOPLE, Applicant("w0", {"gender": "man"})]), Code.DUPLICATE_ID),
        (draw([*PEOPLE, Applicant("x", {})]), Code.MISSING_FEATURE),
        (draw([*PEOPLE, Applicant("x", {"gender": ""})]), Code.EMPTY_VALUE),
        (draw([*PEOPLE, Applicant("x", {"gender": "Man"})]), Code.UNKNOWN_VALUE),
        (draw([*PEOPLE, Applicant("x", {"gender": "man"}, weight=0)]), Code.BAD_WEIGHT),
        (draw([*PEOPLE, Applicant("x", {"gender": "man"}, weight=float("nan"))]), Code.BAD_WEIGHT),
        (draw(quotas=[*QUOTAS, Quota("gender", "", 0, 1)]), Code.EMPTY_QUOTA),
        (draw(quotas=[*QUOTAS, QUOTAS[0]]), Code.DUPLICATE_QUOTA),
        (draw(quotas=quotas(-1, 4)), Code.NEGATIVE_LEAST),
        (draw(quotas=quotas(3, 2)), Code.LEAST_ABOVE_MOST),
        (draw(quotas=quotas(5, 5), seats=5), Code.TOO_FEW_PEOPLE),
        (draw(quotas=quotas(5, 5)), Code.LEASTS_ABOVE_SEATS),
        (draw(quotas=quotas(0, 1), seats=6), Code.MOSTS_BELOW_SEATS),
        (draw(held=["nobody"]), Code.UNKNOWN_HELD),
        (draw(exclude=["nobody"]), Code.UNKNOWN_EXCLUDED),
        (draw(held=["w0"], exclude=["w0"]), Code.HELD_AND_EXCLUDED),
        (draw(held=["w0", "w1", "w2"]), Code.HELD_ABOVE_MOST),
        (draw(held=[person.id for person in PEOPLE[:5]]), Code.HELD_ABOVE_SEATS),
        (draw(objective="nicest"), Code.UNKNOWN_OBJECTIVE),
        (draw([*PEOPLE, Applicant("x", MAN, weight=-1)]), Code.BAD_WEIGHT),
        (draw([*PEOPLE, Applicant("x", MAN, weight=float("inf"))]), Code.BAD_WEIGHT),
        (draw([*PEOPLE, Applicant("x", MAN, weight="2")]), Code.BAD_WEIGHT),  # type: ignore[arg-type]
        (draw([*PEOPLE, Applicant("x", MAN, weight=True)]), Code.BAD_WEIGHT),
        (draw([*PEOPLE, Applicant("x", MAN, household="h", team="t")]), Code.HOUSEHOLD_AND_TEAM),
        (draw([*PEOPLE, *bound(2, household="h")], held=["x0", "x1"]), Code.HELD_IN_ONE_HOUSEHOLD),
        (draw(bound(5, household="h"), seats=2, quotas=[]), Code.MORE_SEATS_THAN_HOUSEHOLDS),
        (draw([*PEOPLE, *bound(5, team="t")]), Code.TEAM_ABOVE_SEATS),
        (draw([*PEOPLE, *bound(3, team="t")], exclude=["x1"]), Code.TEAM_PARTLY_EXCLUDED),
        (draw([*PEOPLE, *bound(2, team="t")], held=["x1"]), Code.TEAM_PARTLY_HELD),
    ],
)
def test_each_fault_has_a_code_of_its_own(call: Callable[[], object], code: Code) -> None:
    assert code in refused(call).codes


def test_all_faults_are_named_with_their_places() -> None:
    people = [Applicant("a", {"gender": "Man"}), Applicant("a", {"gender": ""})]
    problems = refused(draw(people)).problems
    assert [(problem.code, problem.place, problem.index) for problem in problems] == [
        (Code.UNKNOWN_VALUE, "applicant", 0),
        (Code.DUPLICATE_ID, "applicant", 1),
        (Code.EMPTY_VALUE, "applicant", 1),
    ]
    assert problems[0].text == "'a': 'gender' is 'Man', which no target names"


def test_every_code_has_words() -> None:
    params = dict.fromkeys(
        [
            "seats",
            "people",
            "id",
            "feature",
            "value",
            "weight",
            "least",
            "most",
            "total",
            "held",
            "objective",
            "household",
            "team",
            "apart",
            "excluded",
        ],
        1,
    )
    from convene.engines.allotment import Problem

    assert all(Problem(code, params).text for code in Code)


def test_a_feature_without_quotas_may_hold_anything() -> None:
    people = [Applicant(person.id, {**person.traits, "shoe": str(at)}) for at, person in enumerate(PEOPLE)]
    assert allot(people, QUOTAS, 4, seed="s").chances == allot(PEOPLE, QUOTAS, 4, seed="s").chances


def test_each_code_of_input_is_raised_by_some_test() -> None:
    covered = {param[1] for param in test_each_fault_has_a_code_of_its_own.pytestmark[0].args[1]}
    assert covered == set(Code)
