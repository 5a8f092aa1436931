"""Quarters and years, and the steps from member to "came". Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

SETTLES = dt.timedelta(days=14)
"""After a period's end: time to correct the record of who came."""


class Step(TextChoices):
    """Each holds the ones after it: who came was confirmed, who was confirmed was offered a seat."""

    MEMBER = "member", gettext_lazy("members")
    ASKED = "asked", gettext_lazy("asked for a seat")
    OFFERED = "offered", gettext_lazy("were offered a seat")
    CONFIRMED = "confirmed", gettext_lazy("confirmed")
    CAME = "came", pgettext_lazy("equity", "came")


STEPS = tuple(str(step) for step in Step)
IN_ORDER_OF_WEIGHT = (Step.MEMBER, Step.ASKED, Step.OFFERED, Step.CAME, Step.CONFIRMED)
"""Where not all can be shown, the last go first."""


@dataclass(frozen=True)
class Period:
    """A calendar quarter, or a year (quarter 0)."""

    year: int
    quarter: int = 0

    @property
    def key(self) -> str:
        return f"{self.year}-Q{self.quarter}" if self.quarter else str(self.year)

    @property
    def is_year(self) -> bool:
        return not self.quarter

    @property
    def first_day(self) -> dt.date:
        return dt.date(self.year, 3 * max(self.quarter, 1) - 2, 1)

    @property
    def after(self) -> dt.date:
        """The first day that is no longer of it."""
        if self.quarter in {0, 4}:
            return dt.date(self.year + 1, 1, 1)
        return dt.date(self.year, 3 * self.quarter + 1, 1)

    @property
    def publishes_on(self) -> dt.date:
        return self.after + SETTLES

    @property
    def before(self) -> Period:
        """The one before it of the same length."""
        if self.is_year:
            return Period(self.year - 1)
        return Period(self.year, self.quarter - 1) if self.quarter > 1 else Period(self.year - 1, 4)

    def bounds(self, zone: dt.tzinfo) -> tuple[dt.datetime, dt.datetime]:
        midnight = dt.time(0, tzinfo=zone)
        return dt.datetime.combine(self.first_day, midnight), dt.datetime.combine(self.after, midnight)

    @property
    def words(self) -> str:
        if self.is_year:
            return str(self.year)
        names = {
            1: _("January to March %(year)d"),
            2: _("April to June %(year)d"),
            3: _("July to September %(year)d"),
            4: _("October to December %(year)d"),
        }
        return names[self.quarter] % {"year": self.year}


def parse(key: str) -> Period | None:
    year, _dash, quarter = key.partition("-Q")
    if not (year.isdecimal() and len(year) == 4):  # noqa: PLR2004  # four digits
        return None
    if not quarter:
        return Period(int(year)) if key == year else None
    return Period(int(year), int(quarter)) if quarter in {"1", "2", "3", "4"} else None


def quarter_of(day: dt.date) -> Period:
    return Period(day.year, (day.month + 2) // 3)


def closed(first: dt.date, today: dt.date) -> Iterator[Period]:
    """Every quarter and year from the one of `first` that is settled today, earlier ones first."""
    period = quarter_of(first)
    while period.publishes_on <= today:
        yield period
        if period.quarter == 4:  # noqa: PLR2004  # the last of a year
            yield Period(period.year)
        period = quarter_of(period.after)
