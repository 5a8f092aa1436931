from collections import Counter

import pytest

from convene.engines.allotment import Applicant, CautionCode, Progress, Quota, allot, replace
from convene.engines.allotment.drawing import solve
from convene.engines.allotment.entries import gather
from convene.engines.allotment.lottery import draw, in_tickets
from convene.engines.allotment.tests.brute import misses
from convene.engines.allotment.tests.makers import crowd, halves


def test_held_people_are_in_and_the_quotas_still_hold() -> None:
    applicants, quotas = halves(women=4, men=6)
    for seed in range(20):
        outcome = allot(applicants, quotas, 4, seed=seed, held=["w0"])
        assert "w0" in outcome.selected
        assert not misses([person for person in applicants if person.id in outcome.selected], quotas)
    assert (outcome.chances["w0"], outcome.chances["w1"]) == (1.0, pytest.approx(1 / 3))
    assert outcome.minimum_chance.achieved == pytest.approx(1 / 3)


def test_held_in_the_entry_is_as_held_by_the_call() -> None:
    applicants, quotas = halves(women=4, men=6)
    entered = [Applicant(each.id, each.traits, held=each.id == "w0") for each in applicants]
    assert allot(entered, quotas, 4, seed="s") == allot(applicants, quotas, 4, seed="s", held=["w0"])


def test_a_replacement_keeps_those_who_stay_and_passes_over_those_gone() -> None:
    applicants, quotas = crowd()
    first = allot(applicants, quotas, 8, seed="s")
    gone, staying = first.selected[:2], first.selected[2:]
    second = replace(applicants, quotas, 8, staying=staying, gone=gone, seed="t")
    assert set(staying) < set(second.selected)
    assert not set(gone) & {*second.selected, *second.reserve}
    assert {second.chances[person] for person in gone} == {0.0}
    assert not misses([person for person in applicants if person.id in second.selected], quotas)


def test_everyone_held_needs_no_chance() -> None:
    applicants, quotas = halves(women=2, men=2)
    outcome = allot(applicants, quotas, 4, seed="s", held=[person.id for person in applicants])
    assert (outcome.selected, outcome.reserve) == (("m0", "m1", "w0", "w1"), ())


def test_the_reserve_list_holds_everyone_else_and_follows_their_chances() -> None:
    applicants = [Applicant(f"p{n}", {"x": "a"}, weight=3 if n < 2 else 1) for n in range(8)]
    pool = gather(applicants, [Quota("x", "a", 1, 1)], 1)
    rows = in_tickets(solve(pool, objective="leximin").mixture)
    drawn: Counter[str] = Counter()
    first: Counter[str] = Counter()
    for seed in range(2000):
        selected, reserve = draw(pool, rows, str(seed))
        assert sorted(selected + reserve) == sorted(person.id for person in applicants)
        drawn[selected[0]] += 1
        first[reserve[0]] += 1
    # A chance of 3 in 12; and of being first on the list: 1/4 x 3/9 when the other heavy one is in, 6/12 x 3/11 else.
    assert 420 < drawn["p0"] < 580
    assert 370 < first["p0"] < 530
    assert 2 * first["p7"] < first["p0"]


def test_weight_raises_the_chance_in_proportion() -> None:
    applicants = [Applicant(f"p{n}", {"x": "a"}, weight=2 if n < 2 else 1) for n in range(6)]
    chances = allot(applicants, [Quota("x", "a", 0, 2)], 2, seed="s").chances
    assert (chances["p0"], chances["p5"]) == (pytest.approx(0.5), pytest.approx(0.25))


def test_a_run_can_be_stopped_with_the_best_so_far() -> None:
    applicants, quotas = crowd()
    steps: list[Progress] = []

    def watch(step: Progress) -> bool:
        steps.append(step)
        return len(steps) < 4

    outcome = allot(applicants, quotas, 8, seed="s", progress=watch)
    whole = allot(applicants, quotas, 8, seed="s")
    assert [step.steps for step in steps] == [1, 2, 3, 4]
    assert [each.code for each in outcome.warnings] == [CautionCode.STOPPED]
    assert outcome.minimum_chance.bound == whole.minimum_chance.bound
    assert 0 < outcome.minimum_chance.achieved <= whole.minimum_chance.achieved
    assert not misses([person for person in applicants if person.id in outcome.selected], quotas)


def test_a_run_stopped_at_once_still_draws_a_panel() -> None:
    applicants, quotas = crowd()
    outcome = allot(applicants, quotas, 8, seed="s", progress=lambda _: False)
    assert not misses([person for person in applicants if person.id in outcome.selected], quotas)


def test_a_draw_without_quotas_is_a_plain_lottery() -> None:
    outcome = allot([Applicant(each, {}) for each in "abcde"], [], 2, seed="s")
    assert set(outcome.chances.values()) == {0.4}


def test_a_pool_is_a_feature_like_any_other() -> None:
    applicants, quotas = crowd()
    pooled = [
        Applicant(person.id, {**person.traits, "pool": "inside" if at % 3 else "outside"})
        for at, person in enumerate(applicants)
    ]
    outcome = allot(
        pooled, [*quotas, Quota("pool", "inside", 5, 5), Quota("pool", "outside", 3, 3)], 8, seed="s"
    )
    assert sum(person.traits["pool"] == "outside" for person in pooled if person.id in outcome.selected) == 3


def test_the_same_draw_gives_the_same_outcome() -> None:
    applicants, quotas = crowd()
    assert allot(applicants, quotas, 8, seed="s") == allot(applicants, quotas, 8, seed="s")
    assert allot(applicants, quotas, 8, seed="s").selected != allot(applicants, quotas, 8, seed="t").selected


def test_weights_too_far_apart_for_tickets_are_not_passed_over_in_silence() -> None:
    applicants = [Applicant(f"p{n}", {"x": "a"}, weight=10.0 ** (6 * (n % 3) - 6)) for n in range(9)]
    outcome = allot(applicants, [Quota("x", "a", 0, 2)], 2, seed="s")
    assert [each.code for each in outcome.warnings] == [CautionCode.NOT_PROVEN]
