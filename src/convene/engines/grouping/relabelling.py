"""People on the labels of a template: whatever the order nobody meets twice, so the best mixed is sought."""

from __future__ import annotations

import numpy as np

from convene.engines.grouping.building import Task
from convene.engines.grouping.people import ExactArray, IntArray
from convene.engines.grouping.templates import Rounds, template

_TIGHT = 0.5  # of the others, how many one meets: below, the search finds plans without repeats by itself
_HOT, _COLD = 0.7, 0.03
_STEP, _PAIR = 6e-5, 4e-8  # CPU seconds of a step, and for each pair it prices


def relabelled(task: Task, seconds: float, rng: np.random.Generator) -> IntArray | None:
    """Seats (rounds x tables x places), or None where no template fits or rules must be kept."""
    tables, places, count = len(task.tables), task.places, task.model.count
    tight = task.rounds * (places - 1) > _TIGHT * (count - 1)
    if task.rules or task.model.again <= 0 or not tight:
        return None
    rounds = template(tables, places)[: task.rounds]
    empty = _strangers(rounds, tables * places, tables * places - count)
    if len(rounds) < task.rounds or empty is None:
        return None
    order = np.array([*(at for at in range(tables * places) if at not in empty), *empty])
    together = np.zeros((len(order), len(order)))
    for round_ in rounds:
        for row in round_:
            together[np.ix_(row, row)] = 1
    np.fill_diagonal(together, 0)
    steps = int(seconds / (_STEP + _PAIR * count**2)) if task.model.static.any() else 0
    sits = _improved(together[np.ix_(order, order)], task, steps, rng)
    person = np.empty(len(order), dtype=np.int64)
    person[order] = sits
    return np.asarray(person[np.array(rounds)])


def _strangers(rounds: Rounds, labels: int, wanted: int) -> list[int] | None:
    """Labels to leave empty: no two of them ever share a table, so that tables stay even."""
    met = {(a, b) for round_ in rounds for row in round_ for a in row for b in row if a != b}
    found: list[int] = []
    for label in range(labels):
        if len(found) < wanted and all((label, other) not in met for other in found):
            found.append(label)
    return found if len(found) == wanted else None


def _improved(together: ExactArray, task: Task, steps: int, rng: np.random.Generator) -> IntArray:
    """Anneals who has which place of ``together``, by a heat bath over all exchanges; the best seen."""
    count, sits = task.model.count, np.arange(len(together))
    sits[:count] = rng.permutation(count)
    prices = task.model.static[:count, :count].astype(np.float64)
    together = together[:count, :count]
    # load[place, person]: the price of that person there, were all others where they are
    load = together @ prices[sits[:count]]
    price = best_price = 0.0
    best, heat = sits.copy(), _HOT * task.model.unit
    cooling = (_COLD / _HOT) ** (1 / max(steps, 1))
    above = np.triu_indices(count, 1)
    for _ in range(steps):
        who = sits[:count]
        here = load[:, who]
        own = np.diagonal(here)
        change = here + here.T - own[:, None] - own[None, :] + 2 * together * prices[np.ix_(who, who)]
        flat = change[above]
        noise = np.log(np.maximum(rng.standard_exponential(len(flat), dtype=np.float32), 1e-30))
        at = int((flat + heat * noise).argmin())
        if float(flat[at]) + heat * float(noise[at]) < heat * np.log(max(rng.standard_exponential(), 1e-30)):
            one, other = int(above[0][at]), int(above[1][at])
            shift = together[:, one] - together[:, other]
            load += shift[:, None] * (prices[who[other]] - prices[who[one]])[None, :]
            sits[one], sits[other] = sits[other], sits[one]
            price += float(flat[at])
            if price < best_price - 1e-9:
                best, best_price = sits.copy(), price
        heat *= cooling
    return best
