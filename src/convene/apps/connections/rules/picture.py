"""From meetings to a picture that names nobody: groups of five or more, and how many of their pairs met.

**What may be shown of a link.** Only in which of three spans the share of met pairs lies, never how many
met; nothing below a tenth, so that "few" and "none" look alike; and only if five people or more took part.
Then for each person there is a world that agrees with what is shown and in which they met nobody: the
others alone can make up the share (`safe`). No figure of a link adds up with another to a third.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Mapping, Sequence
from statistics import median

from convene.foundation.disclosure import K

SPANS = (0.1, 0.25, 0.5)
"""A link is in the first, second or third span from here on."""
Pairs = Collection[frozenset[Hashable]]


def span_of(share: float) -> int:
    """0: fewer than a tenth, or none."""
    return sum(share >= least for least in SPANS)


def link(one: frozenset[Hashable], other: frozenset[Hashable], met: Pairs) -> int:
    """The span of two groups, or of one with itself; 0 also where nothing may be shown."""
    inside = one == other
    pairs = [pair for pair in met if (pair <= one if inside else len(pair & one) == 1 == len(pair & other))]
    took_part = frozenset[Hashable]().union(*pairs)
    possible = _possible(len(one), len(other), inside=inside)
    span = span_of(len(pairs) / possible) if possible else 0
    return span if len(took_part) >= K and safe(len(one), len(other), span, inside=inside) else 0


def _possible(one: int, other: int, *, inside: bool) -> int:
    return one * (one - 1) // 2 if inside else one * other


def safe(one: int, other: int, span: int, *, inside: bool) -> bool:
    """Without any one person the others can still be five, and make up the least share of the span."""
    if span == 0:
        return True
    sizes = [(one - 1, one - 1)] if inside else [(one - 1, other), (one, other - 1)]
    whole = SPANS[span - 1] * _possible(one, other, inside=inside)
    people = one - 1 if inside else one + other - 1
    return people >= K and all(_possible(*size, inside=inside) >= whole for size in sizes)


NEW, KNOWN, NOBODY = "new", "known", "nobody"
ANSWERS = (NEW, KNOWN, NOBODY)


def whom_each_met(members: Collection[Hashable], met: Pairs, before: Pairs) -> dict[Hashable, str]:
    """Somebody new, only people met before, or nobody."""
    known = set(before)
    found: dict[Hashable, str] = dict.fromkeys(members, NOBODY)
    for pair in met:
        for person in pair:
            if found.get(person) != NEW and person in found:
                found[person] = KNOWN if pair in known else NEW
    return found


def median_met(met: Pairs) -> int | None:
    """How many the one in the middle met, of those who met anyone; None of fewer than twice five."""
    counts: dict[Hashable, int] = {}
    for pair in met:
        for person in pair:
            counts[person] = counts.get(person, 0) + 1
    return round(median(counts.values())) if len(counts) >= 2 * K else None


def largest_first(sizes: Mapping[str, int]) -> Sequence[str]:
    return sorted(sizes, key=lambda key: (-sizes[key], key))
