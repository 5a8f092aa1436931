"""Targets that no panel can meet: which of them clash, and the least one would have to give way."""

from collections.abc import Collection, Mapping, Sequence
from itertools import combinations

import numpy as np

from convene.engines.allotment.checks import check
from convene.engines.allotment.clashes import Elastic, least_relaxation, smallest_clash
from convene.engines.allotment.entries import Applicant, Kind, Pool, Quota, gather
from convene.engines.allotment.errors import PLAIN_NO, AllotmentError, InputError
from convene.engines.allotment.limits import Change, Limit, keeping, rules_of
from convene.engines.allotment.panels import Box, PanelFinder

TRIES = 30


class InfeasibleError(AllotmentError):
    """No panel meets the targets.

    ``clash``: limits that cannot all be met, but can without any one of them (for these people,
    seats and held seats), as few as can be if ``smallest``. ``relaxation``: changes with the least sum of
    seats after which a panel exists. ``alone``: for each limit of the clash that can mend everything by
    itself, the least change that does.
    """

    def __init__(
        self,
        clash: Sequence[Limit],
        relaxation: Sequence[Change],
        alone: Sequence[Change],
        held: int = 0,
        *,
        smallest: bool = True,
    ) -> None:
        self.smallest = smallest
        self.clash, self.relaxation, self.alone, self.held = (
            tuple(clash),
            tuple(relaxation),
            tuple(alone),
            held,
        )
        texts = "; ".join(limit.text for limit in self.clash)
        super().__init__(f"no panel meets all targets; these clash: {texts}")


def check_feasible(
    applicants: Sequence[Applicant],
    quotas: Sequence[Quota],
    seats: int,
    *,
    held: Collection[str] = (),
    exclude: Collection[str] = (),
    tries: int = TRIES,
) -> None:
    """Return if some panel meets the targets, else raise `InfeasibleError`, or `InputError` for bad input.

    ``tries`` to find the smallest of all clashes; with 0 the answer is quicker (a tenth of a second for some
    hundred people) and the clash one of which no limit can be spared, though there may be a smaller one
    elsewhere.
    """
    check(applicants, quotas, seats, held=held, exclude=exclude)
    pool = gather(applicants, quotas, seats, held=held, exclude=exclude)
    if not _some_panel(pool):
        raise explain(pool, tries)


def has_panel(
    applicants: Sequence[Applicant],
    quotas: Sequence[Quota],
    seats: int,
    *,
    held: Collection[str] = (),
    exclude: Collection[str] = (),
) -> bool:
    """Whether some panel meets the targets; fast, and without reasons (those give `check_feasible`).

    Raises `InputError` only where the question has no sense; too few people, say, is a plain no.
    """
    try:
        check(applicants, quotas, seats, held=held, exclude=exclude)
    except InputError as error:
        if set(error.codes) <= PLAIN_NO:
            return False
        raise
    return _some_panel(gather(applicants, quotas, seats, held=held, exclude=exclude))


def _some_panel(pool: Pool) -> bool:
    return PanelFinder(pool).find(np.zeros(len(pool.types)), Box.whole(pool)) is not None


def explain(pool: Pool, tries: int = TRIES) -> InfeasibleError:
    """What to tell the steward of a pool that has no panel.

    Households and teams are named only if they are needed for a clash: it is looked for among as few of these
    rules as clash with all quotas.
    """
    rules = rules_of(pool)
    kinds = next(
        kinds
        for number in range(len(rules) + 1)
        for kinds in combinations(sorted(rules), number)
        if not _some_panel(keeping(pool, kinds))
    )
    elastic = Elastic(keeping(pool, kinds))
    quotas, smallest = smallest_clash(elastic, tries)
    clash = (*quotas, *(rules[kind].limit for kind in kinds))
    whole = elastic if len(kinds) == len(rules) else Elastic(pool)
    alone = [change for limit in quotas if (change := _mend_alone(whole, limit)) is not None]
    alone += [rules[kind] for kind in kinds if _some_panel(keeping(pool, set(rules) - {kind}))]
    return InfeasibleError(
        clash, _relaxation(pool, whole, rules), alone, held=int(pool.spans @ pool.floors), smallest=smallest
    )


def _relaxation(pool: Pool, elastic: Elastic, rules: Mapping[Kind, Change]) -> tuple[Change, ...]:
    """The least relaxation of the quotas; rules are given up only if no quotas at all would do with them."""
    changes = least_relaxation(elastic)
    if changes is not None:
        return changes
    for number in range(1, len(rules) + 1):
        for given_up in combinations(sorted(rules), number):
            changes = least_relaxation(Elastic(keeping(pool, set(rules) - set(given_up))))
            if changes is not None:
                return (*changes, *(rules[kind] for kind in given_up))
    raise AssertionError("there are enough people for the seats, and held seats keep the maxima")


def _mend_alone(elastic: Elastic, limit: Limit) -> Change | None:
    """The least change of one limit after which a panel exists, if there is one."""
    changes = least_relaxation(elastic, [other for other in elastic.limits if other != limit])
    return changes[0] if changes else None
