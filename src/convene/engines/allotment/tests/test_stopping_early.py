from convene.engines.allotment import CautionCode, Progress, solve_lottery
from convene.engines.allotment.tests.invented import KINDS, invented

STEPS = 120


def test_a_large_draw_stopped_after_some_panels_is_nearly_the_fairest() -> None:
    applicants, quotas = invented(10_000, 100, 1, KINDS["skewed"])

    def watch(step: Progress) -> bool:
        return step.steps < STEPS

    lottery = solve_lottery(applicants, quotas, 100, objective="maximin", progress=watch)
    least = lottery.minimum_chance
    assert [each.code for each in lottery.warnings] == [CautionCode.STOPPED]
    assert 0 < least.gap < 0.01 * least.bound
