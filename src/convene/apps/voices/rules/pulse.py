"""What a pulse may ask, and what may be said of its answers."""

from __future__ import annotations

import datetime as dt
import math
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.voices.rules.showing import Counts, K
from convene.foundation.errors import RuleBroken

MOST_ITEMS = 3
MOST_YEARLY = 40
K_WORDS = 10
"""Own words are read from so many on, in an order that says nothing."""
REST = dt.timedelta(days=30)
"""Nobody is asked twice within it, by whatever community."""
OPEN_FOR = dt.timedelta(days=7)
LOW, MIDDLE, HIGH = 2, 3, 4
FEW = 12
_YEARLY = re.compile(r"^(?:\[(?P<scale>[^\]]{1,60})\]\s*)?(?P<turned>R:\s*)?(?P<text>\S.*)$")


@dataclass(frozen=True)
class Item:
    """`answer`: scale or words."""

    text: str
    answer: str = "scale"
    scale: str = ""
    reversed: bool = False


def check_items(items: Sequence[Item], *, yearly: bool) -> None:
    most = MOST_YEARLY if yearly else MOST_ITEMS
    if not items:
        raise RuleBroken(_("Ask at least one thing."), code="empty", field="items")
    if len(items) > most:
        raise RuleBroken(
            ngettext("%(n)d item at most.", "%(n)d items at most.", most) % {"n": most},
            code="too_many",
            field="items",
        )
    for item in items:
        if len(item.text) > 200:  # noqa: PLR2004 -- the column's length
            raise RuleBroken(
                _("“%(start)s…” is too long: 200 characters at most.") % {"start": item.text[:30]},
                code="too_long",
                field="items",
            )


def read_yearly(text: str) -> list[Item]:
    """One item a line: “[scale] text”, with “R:” before the text where agreeing means less of it."""
    found = []
    for line in text.splitlines():
        match = _YEARLY.match(line.strip())
        if match:
            found.append(
                Item(
                    match["text"].strip(),
                    scale=(match["scale"] or "").strip(),
                    reversed=bool(match["turned"]),
                )
            )
    return found


def counts_of(values: Sequence[int]) -> Counts:
    """Five steps as agree (4, 5), disagree (1, 2) and neither."""
    return Counts(
        sum(value >= HIGH for value in values),
        sum(value <= LOW for value in values),
        sum(value == MIDDLE for value in values),
    )


@dataclass(frozen=True)
class Score:
    """Mean of a scale from 1 to 5, with the 95 % interval of the mean."""

    mean: float
    low: float
    high: float
    people: int


def score(sheets: Sequence[Sequence[int]]) -> Score | None:
    """Of each person's answers to a scale; None below K people. To the nearest tenth.

    The interval is Student's, by Cornish and Fisher's expansion of the quantile (error below 0.01 from five).
    """
    means = [sum(one) / len(one) for one in sheets if one]
    count = len(means)
    if count < K:
        return None
    mean = sum(means) / count
    spread = math.sqrt(sum((one - mean) ** 2 for one in means) / (count - 1))
    half = _student(count - 1) * spread / math.sqrt(count)
    return Score(round(mean, 1), round(max(1.0, mean - half), 1), round(min(5.0, mean + half), 1), count)


def _student(freedom: int) -> float:
    z = 1.959963984540054
    return (
        z
        + (z**3 + z) / (4 * freedom)
        + (5 * z**5 + 16 * z**3 + 3 * z) / (96 * freedom**2)
        + (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * freedom**3)
    )


def turned(value: int, *, is_reversed: bool) -> int:
    return 6 - value if is_reversed else value


def check_open(state: str, closes_at: dt.datetime | None, now: dt.datetime) -> None:
    if state != "open" or (closes_at is not None and now >= closes_at):
        raise RuleBroken(_("This pulse is closed."), code="closed")


def check_reply(text: str) -> str:
    tidy = text.strip()
    if not tidy:
        raise RuleBroken(_("Say what you heard, and what you do about it."), code="empty", field="reply")
    return tidy
