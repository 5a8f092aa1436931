"""From published figures to words. Nothing here knows more than what is shown. Pure.

The test: for each answer, those who gave it against all others, in each step from the one before it, by
Fisher's exact test; a difference is spoken of when chance alone would make one so large in fewer than one
in twenty tables, however many comparisons the table holds (the limit is divided by their number).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import exp, lgamma

from convene.apps.equity.periods import Step
from convene.foundation.disclosure import K

LEVEL = 0.05
PAIRS = (
    (Step.MEMBER, Step.ASKED),
    (Step.ASKED, Step.OFFERED),
    (Step.OFFERED, Step.CAME),
)
"""What is compared: asking among members, being offered a seat among those who asked, coming among those."""
Counts = Mapping[str, int | None]


@dataclass(frozen=True)
class Shares:
    """One answer's share in a step, and that of everybody else."""

    row: int
    of: str
    step: str
    mine: int
    mine_of: int
    others: int
    others_of: int

    @property
    def share(self) -> float:
        return self.mine / self.mine_of

    @property
    def others_share(self) -> float:
        return self.others / self.others_of

    @property
    def less(self) -> bool:
        return self.share < self.others_share

    @property
    def chance(self) -> float:
        """How often chance alone makes a difference at least so unlikely."""
        return fisher(self.mine, self.mine_of, self.others, self.others_of)


def comparisons(rows: Sequence[Counts], totals: Counts) -> list[Shares]:
    """Each row against the rest of its table, where both sides are five people or more."""
    found = []
    for place, counts in enumerate(rows):
        for of, step in PAIRS:
            shares = _shares(place, counts, totals, str(of), str(step))
            if shares is not None:
                found.append(shares)
    # Of two rows that make up the table, one says it all.
    return [one for one in found if one.row == 0] if len(rows) == 2 else found  # noqa: PLR2004 -- two rows


def _shares(place: int, counts: Counts, totals: Counts, of: str, step: str) -> Shares | None:
    mine, mine_of, all_, all_of = counts[step], counts[of], totals[step], totals[of]
    if mine is None or mine_of is None or all_ is None or all_of is None or all_of - mine_of < K:
        return None
    return Shares(place, of, step, mine, mine_of, all_ - mine, all_of - mine_of)


def beyond_chance(compared: Sequence[Shares]) -> list[Shares]:
    """Those that chance alone would hardly make, the least likely first."""
    return sorted((one for one in compared if one.chance * len(compared) < LEVEL), key=lambda one: one.chance)


def fisher(a: int, of_a: int, b: int, of_b: int) -> float:
    """The two-sided exact test of a/of_a against b/of_b: how likely a table at most as likely as this is."""
    total, picked = of_a + of_b, a + b
    least, most = max(0, picked - of_b), min(picked, of_a)
    whole = _log_choose(total, picked)
    chances = [
        exp(_log_choose(of_a, x) + _log_choose(of_b, picked - x) - whole) for x in range(least, most + 1)
    ]
    mine = chances[a - least]
    return min(1.0, sum(one for one in chances if one <= mine * (1 + 1e-9)))


def _log_choose(n: int, k: int) -> float:
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)


def visible(mine_of: int, others_of: int, others_share: float, tests: int) -> int | None:
    """The smallest difference, in points of a hundred, that figures so small could show at all."""
    others = round(others_share * others_of)
    for mine in range(round(others_share * mine_of), -1, -1):
        if fisher(mine, mine_of, others, others_of) * tests < LEVEL:
            return round(100 * abs(others_share - mine / mine_of))
    return None
