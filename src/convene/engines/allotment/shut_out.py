"""People whom the targets leave without any chance: who they are, and which targets do it."""

from collections.abc import Collection, Sequence
from itertools import combinations

import numpy as np

from convene.engines.allotment.checks import check
from convene.engines.allotment.clashes import Elastic, clash_of
from convene.engines.allotment.columns import coverable
from convene.engines.allotment.entries import Applicant, BoolArray, Kind, Pool, Quota, gather
from convene.engines.allotment.infeasible import explain
from convene.engines.allotment.limits import Limit, keeping, limits_of, places_in, rules_of
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
    reasons, cautions = _Reasons(pool), []
    for at in np.flatnonzero(types & pool.drawn).tolist():
        ids = pool.types[at].ids
        cautions.append(Caution(CautionCode.SHUT_OUT, {"people": len(ids)}, ids, reasons.of(at)))
    return tuple(cautions)


class _Reasons:
    """Why types are in no panel; what is learned from one helps with the next."""

    def __init__(self, pool: Pool) -> None:
        self._pool, self._rules = pool, rules_of(pool)
        self._seated = {each.group for each in pool.types if each.group >= 0 and each.held}
        self._elastic: dict[tuple[Kind, ...], Elastic] = {}
        self._known: list[tuple[Limit, ...]] = []

    def of(self, at: int) -> tuple[Limit, ...]:
        """Limits that leave no seat for type ``at``: its households' held seats, quotas, or quotas together
        with households and teams.
        """
        each = self._pool.types[at]
        if each.group in self._seated:
            return tuple(Limit("", name, "most", 1, "household") for name in each.names)
        full = self._full(at)
        if full is not None:
            return (full, self._rules["team"].limit) if each.kind == "team" else (full,)
        needed: set[Kind] = {"team"} if each.kind == "team" else set()
        for number in range(len(self._rules) + 1):
            for kinds in combinations(sorted(self._rules), number):
                reason = self._clash(at, kinds) if needed <= set(kinds) else None
                if reason is not None:
                    return (*reason, *(self._rules[kind].limit for kind in kinds))
        raise AssertionError("the type was found to be in no panel")

    def _full(self, at: int) -> Limit | None:
        """A maximum that one more of the type beside the held seats would break: often that is the reason."""
        pool = self._pool
        totals = pool.marks @ pool.floors + pool.marks[:, at]
        rows = {row for row in np.flatnonzero(totals > pool.most).tolist() if row < len(pool.quotas)}
        return next((limit for limit, row in limits_of(pool) if row in rows and limit.side == "most"), None)

    def _clash(self, at: int, kinds: tuple[Kind, ...]) -> tuple[Limit, ...] | None:
        if kinds not in self._elastic:
            self._elastic[kinds] = Elastic(keeping(self._pool, kinds))
        elastic = self._elastic[kinds]
        elastic.force(places_in(self._pool, kinds, at))
        for reason in self._known:
            same = clash_of(elastic, reason)
            if same is not None:
                return same
        found = clash_of(elastic)
        if found is not None:
            self._known.append(found)
        return found
