"""`arrange`: groups for all rounds."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from convene.engines.grouping.building import Task, build, harder
from convene.engines.grouping.checks import check
from convene.engines.grouping.errors import ClashError
from convene.engines.grouping.people import IntArray, Met, Mix, Person, Rule, Table
from convene.engines.grouping.plan import Plan, Violation, groups_of, met_and_mixed, plan_of, violations
from convene.engines.grouping.presolve import clashes
from convene.engines.grouping.relabelling import relabelled
from convene.engines.grouping.search import Chains, anneal
from convene.engines.grouping.seating import start

# Costs in CPU seconds, measured on a shared machine of two cores and a quarter dearer than that, so that
# `seconds` holds on slower ones too. Of a step:
_STEP, _EXCHANGE, _FAR = (
    1.3e-4,
    3.6e-8,
    3.3e-11,
)  # itself; each exchange priced; the same for each person there is
_COUNT, _COUNTED = 1.8e-5, 9e-9  # each rule that counts people: itself; each exchange
_STAYS, _STAYED = 5.3e-4, 6e-8  # where some may not move alone: itself; each exchange
_WORDS, _HEARD, _EMPTY = 1.4e-4, 1.2e-6, 1.1e-4  # languages: itself; each seat; where seats stay empty
_PAIR = 3.5e-7  # and of everything else: each pair of people

_SEARCH, _AGAIN, _TRIES = 0.4, 0.2, 3  # with rules, the search's share of all steps; of each further try
_HOTTER, _HARDER = 12.0, 3.0
_FEW = 12  # people for whom the search is at least as good as a template


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
    share = 0.5 if len(people) <= _FEW else 1.0
    fitted = relabelled(task, seconds * share, rng)
    if fitted is None:
        return plan_of(task, _sought(task, seconds, rng), seed)
    if len(people) <= _FEW:
        both = np.stack([fitted, _sought(task, seconds * share, rng)])
        fitted = both[best_of(task, both)]
    return plan_of(task, fitted, seed)


def _sought(task: Task, seconds: float, rng: np.random.Generator) -> IntArray:
    """The seats that the search finds."""
    chains = chains_for(task)
    steps = steps_for(task, chains, seconds)
    first = max(task.rounds, int(_SEARCH * steps)) if task.rules else steps
    seats = anneal(task.model, start(task, chains, rng), first, rng)
    return _mended(task, seats, steps, rng)


def _mended(task: Task, seats: Chains, steps: int, rng: np.random.Generator) -> IntArray:
    """The best chain's seats; where rules are broken, those rounds are sought again while the rest stays,
    broken rules ever dearer.
    """
    best = seats[best_of(task, seats)]
    for _ in range(_TRIES):
        wrong = sorted({each.round for each in _broken(task, best)})
        if not wrong:
            break
        task = harder(task, _HARDER)
        again = np.repeat(best[None], len(seats), 0)
        share = max(len(wrong), int(_AGAIN * steps))
        again = anneal(task.model, again, share, rng, open_rounds=np.array(wrong), hot=_HOTTER)
        again = np.concatenate([again, best[None]])
        best = again[best_of(task, again)]
    return np.asarray(best)


def chains_for(task: Task) -> int:
    """Small rooms are searched many times side by side, which costs little more."""
    return max(1, min(32, 40 // max(len(task.tables) // 2, 1)))


def steps_for(task: Task, chains: int, seconds: float) -> int:
    """How many steps take about so many CPU seconds on a slow machine."""
    model, pairs = task.model, chains * (len(task.tables) // 2)
    exchanges = pairs * task.places**2
    each = _STEP + (_EXCHANGE + _FAR * model.count) * exchanges
    each += (_COUNT + _COUNTED * exchanges) * len(model.counts)
    each += (_STAYS + _STAYED * exchanges) * (model.frozen is not None)
    each += (_WORDS + _HEARD * pairs * task.places) * (model.languages is not None)
    each += _EMPTY * (len(model.static) > model.count)
    left = seconds - _PAIR * model.count**2
    return max(task.rounds, int(max(left, seconds / 4) / each))


def best_of(task: Task, seats: Chains) -> int:
    """The chain with the fewest broken rules, then the lowest price."""
    if len(seats) == 1:
        return 0
    return min(range(len(seats)), key=lambda chain: _price(task, seats[chain]))


def _price(task: Task, seats: IntArray) -> tuple[int, float]:
    meetings, mixing = met_and_mixed(task, seats)
    met = float((meetings * (meetings - 1) / 2 + meetings * task.met).sum()) / 2
    return len(_broken(task, seats)), task.model.again * met - mixing


def _broken(task: Task, seats: IntArray) -> list[Violation]:
    return violations(task, groups_of(task, seats)) if task.rules else []
