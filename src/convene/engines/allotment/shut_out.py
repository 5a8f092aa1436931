"""People whom the targets leave without any chance: who they are, and which targets do it."""

from collections.abc import Collection, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np

from convene.engines.allotment.checks import check
from convene.engines.allotment.clashes import Elastic, clash_of
from convene.engines.allotment.columns import coverable
from convene.engines.allotment.entries import Applicant, BoolArray, Pool, Quota, gather
from convene.engines.allotment.infeasible import explain
from convene.engines.allotment.limits import Limit, keeping, rules_of
from convene.engines.allotment.outcome import Caution, CautionCode
from convene.engines.allotment.panels import Box, PanelFinder
from convene.engines.allotment.relaxation import hopeless_types


def shut_out(
    applicants: Sequence[Applicant],
    quotas: Sequence[Quota],
    seats: int,
    *,
    held: Collection[str] = (),
    exclude: Collection[str] = (),
) -> tuple[Caution, ...]:
    """Those who are in no panel that meets the quotas, to be told before entries close; a caution for each
    type.

    Raises `InputError`, or `InfeasibleError` if there is no panel at all.
    """
    check(applicants, quotas, seats, held=held, exclude=exclude)
    pool = gather(applicants, quotas, seats, held=held, exclude=exclude)
    hopeless = hopeless_types(pool)
    if hopeless is None:
        raise explain(pool)
    open_ = pool.drawn & ~hopeless
    finder, whole = PanelFinder(pool), Box.whole(pool)
    found = finder.find(np.zeros(len(pool.types)), whole)
    if found is None:
        raise explain(pool)
    covered, _ = coverable(finder, open_, [found.counts], whole)
    return shut_out_cautions(pool, pool.drawn & ~covered)


def shut_out_cautions(pool: Pool, types: BoolArray) -> tuple[Caution, ...]:
    """One for each of the ``types`` (T), with limits that shut it out, none of which can be spared."""
    known: list[tuple[Limit, ...]] = []
    cautions = []
    for at in np.flatnonzero(types & pool.drawn).tolist():
        limits = _reason(pool, at, known)
        ids = pool.types[at].ids
        cautions.append(Caution(CautionCode.SHUT_OUT, {"people": len(ids)}, ids, limits))
    return tuple(cautions)


def _reason(pool: Pool, at: int, known: list[tuple[Limit, ...]]) -> tuple[Limit, ...]:
    """Limits that leave no seat for type ``at``: its households' held seats, quotas (a reason ``known`` from
    another type if it will do), or these with households and teams.
    """
    each = pool.types[at]
    if any(other.group == each.group >= 0 and other.held for other in pool.types):
        return tuple(Limit("", name, "most", 1, "household") for name in each.names)
    floors = pool.floors.copy()
    floors[at] = 1
    pool, rules = replace(pool, floors=floors), rules_of(pool)
    for number in range(len(rules) + 1):
        for kinds in combinations(sorted(rules), number):
            if each.kind == "team" and "team" not in kinds:
                continue
            elastic = Elastic(keeping(pool, kinds))
            for reason in known:
                same = clash_of(elastic, reason)
                if same is not None:
                    return (*same, *(rules[kind].limit for kind in kinds))
            found = clash_of(elastic)
            if found is not None:
                known.append(found)
                return (*found, *(rules[kind].limit for kind in kinds))
    raise AssertionError("the type was found to be in no panel")
