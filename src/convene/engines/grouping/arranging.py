"""`arrange`: groups for all rounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convene.engines.grouping.building import Task, build, harder
from convene.engines.grouping.checks import check
from convene.engines.grouping.errors import ClashError
from convene.engines.grouping.people import IntArray, Met, Mix, Person, Rule, Table
from convene.engines.grouping.plan import Plan, plan_of
from convene.engines.grouping.presolve import clashes
from convene.engines.grouping.relabelling import relabelled
from convene.engines.grouping.search import Chains, anneal
from convene.engines.grouping.seating import start

_STEP, _SEAT = 1.3e-4, 3.3e-8  # CPU seconds of a step, and for each exchange it prices; on a slow machine

_TRIES, _HOTTER, _HARDER = 4, 2.0, 4.0


def arrange(
    people: Sequence[Person],
    groups: int | Sequence[Table],
    rounds: int,
    *,
    mix: Mix | None = None,
    rules: Sequence[Rule] = (),
    met: Sequence[Met] = (),
    meet: float = 0.5,
    seconds: float = 1,
    seed: int = 0,
) -> Plan:
    """Seat everybody in every round, at ``groups`` tables (their number, or what is known of each).

    ``meet`` says what counts when both cannot be had: 0 mixing, 1 meeting someone new. ``seconds`` chooses
    how many steps the search makes (`steps_for`); no clock is read, so the same input and seed give the same
    plan. A rule that no seating of these people was found to keep is among the plan's violations.

    Raises `InputError` for faulty input, `ClashError` for rules that cannot hold together.
    """
    mix = mix or Mix()
    named = [Table(str(at + 1)) for at in range(groups)] if isinstance(groups, int) else list(groups)
    check(people, len(named), rounds, mix=mix, rules=rules, met=met)
    named = named[: len(people)]
    task = build(people, named, rounds, mix=mix, rules=rules, met=met, meet=meet)
    found = clashes(task)
    if found:
        raise ClashError(found, rules)
    rng = np.random.default_rng(seed)
    fitted = relabelled(task, seconds, rng)
    if fitted is not None:
        return plan_of(task, fitted, seed)
    chains = chains_for(task)
    steps = steps_for(task, chains, seconds)
    seats = anneal(task.model, start(task, chains, rng), steps, rng)
    return plan_of(task, _mended(task, seats, steps, rng), seed)


def _mended(task: Task, seats: Chains, steps: int, rng: np.random.Generator) -> IntArray:
    """The best chain's seats; where rules are broken, those rounds are sought again while the rest stays,
    broken rules ever dearer.
    """
    best = seats[best_of(task, seats)]
    for _ in range(_TRIES):
        wrong = sorted({each.round for each in plan_of(task, best, 0).violations})
        if not wrong:
            break
        task = harder(task, _HARDER)
        again = np.repeat(best[None], len(seats), 0)
        share = max(len(wrong), steps * len(wrong) // (2 * task.rounds))
        again = anneal(task.model, again, share, rng, open_rounds=np.array(wrong), hot=_HOTTER)
        again = np.concatenate([again, best[None]])
        best = again[best_of(task, again)]
    return np.asarray(best)


def chains_for(task: Task) -> int:
    """Small rooms are searched many times side by side, which costs little more."""
    return max(1, min(32, 40 // max(len(task.tables) // 2, 1)))


def steps_for(task: Task, chains: int, seconds: float) -> int:
    """How many steps take about so many CPU seconds on a slow machine."""
    model = task.model
    exchanges = chains * (len(task.tables) // 2) * task.places**2
    each = _STEP + _SEAT * exchanges
    each *= 1 + model.count / 2000  # prices of many people fall out of the cache
    each *= 1 + 0.35 * len(model.counts) + 0.2 * (model.unary is not None)
    each += 5e-4 * (model.languages is not None) + 1e-4 * bool(model.units)
    return max(task.rounds, int(seconds / each))


def best_of(task: Task, seats: Chains) -> int:
    """The chain with the fewest broken rules, then the lowest price."""
    return min(range(len(seats)), key=lambda chain: _price(task, seats[chain]))


def _price(task: Task, seats: np.ndarray) -> tuple[int, float]:
    plan = plan_of(task, seats, 0)
    return len(plan.violations), task.model.again * (plan.repeats + plan.again) - plan.mixing
