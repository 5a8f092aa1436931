"""People whom the targets leave without any chance: who they are, and which targets do it."""

from collections.abc import Collection, Sequence

import numpy as np

from convene.engines.allotment.checks import check
from convene.engines.allotment.columns import coverable
from convene.engines.allotment.entries import Applicant, BoolArray, IntArray, Pool, Quota, gather
from convene.engines.allotment.infeasible import Limit, clash_of, explain
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
        floors = pool.floors.copy()
        floors[at] = 1
        limits = _reason(pool, floors, known)
        ids = pool.types[at].ids
        cautions.append(Caution(CautionCode.SHUT_OUT, {"people": len(ids)}, ids, limits))
    return tuple(cautions)


def _reason(pool: Pool, floors: IntArray, known: list[tuple[Limit, ...]]) -> tuple[Limit, ...]:
    """Limits that clash with these ``floors`` (T): a reason ``known`` from another type if it will do."""
    for reason in known:
        same = clash_of(pool, floors, among=reason)
        if same is not None:
            return same
    found = clash_of(pool, floors)
    assert found is not None, "the type was found to be in no panel"
    known.append(found)
    return found
