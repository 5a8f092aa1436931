"""Dates of a series, in the organiser's wall time: 15:00 stays 15:00 when the clocks change. Pure."""

from __future__ import annotations

import datetime as dt
import itertools
from dataclasses import dataclass

from dateutil import rrule
from django.db.models import TextChoices
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convene.apps.workshops.rules import times
from convene.foundation.errors import RuleBroken

MOST = 60
LONGEST = dt.timedelta(days=2 * 366)
_WEEKDAYS = (rrule.MO, rrule.TU, rrule.WE, rrule.TH, rrule.FR, rrule.SA, rrule.SU)
_FIFTH = 5


class Every(TextChoices):
    WEEK = "week", gettext_lazy("every week")
    FORTNIGHT = "fortnight", gettext_lazy("every two weeks")
    MONTH_NTH = (
        "month_nth",
        gettext_lazy("every month, on the same weekday counted from the start of the month"),
    )
    MONTH_LAST = "month_last", gettext_lazy("every month, on the last such weekday")


@dataclass(frozen=True)
class Repeat:
    """How it repeats. `count` includes the first date; of `count` and `until` exactly one is given.

    A skipped date still counts, as in RFC 5545.
    """

    every: str
    count: int | None = None
    until: dt.date | None = None
    skipped: frozenset[dt.date] = frozenset()


def check_repeat(repeat: Repeat, first_day: dt.date) -> None:
    if (repeat.count is None) == (repeat.until is None):
        raise RuleBroken(
            _("Say how many times, or until when: one of the two."), code="series_end", field="count"
        )
    if repeat.count is not None and not 2 <= repeat.count <= MOST:  # noqa: PLR2004  # one date is no series
        raise RuleBroken(
            _("A series has at least 2 and at most %(most)d dates.") % {"most": MOST},
            code="series_count",
            field="count",
        )
    if repeat.until is not None and not first_day < repeat.until <= first_day + LONGEST:
        raise RuleBroken(
            _("The last day lies after the first date, and at most two years later."),
            code="series_until",
            field="until",
        )
    if repeat.every == Every.MONTH_LAST and not is_last_of_month(first_day):
        raise RuleBroken(
            _("The first date is not the last such weekday of its month."), code="series_last", field="every"
        )


def days(repeat: Repeat, first_day: dt.date) -> list[dt.date]:
    """Every date of the rule, the first one first, skipped ones included. Raises RuleBroken."""
    check_repeat(repeat, first_day)
    start = dt.datetime.combine(first_day, dt.time())
    until = dt.datetime.combine(repeat.until, dt.time.max) if repeat.until else None
    monthly = repeat.every in {Every.MONTH_NTH, Every.MONTH_LAST}
    rule = rrule.rrule(
        rrule.MONTHLY if monthly else rrule.WEEKLY,
        dtstart=start,
        interval=2 if repeat.every == Every.FORTNIGHT else 1,
        byweekday=_weekday(repeat.every, first_day) if monthly else None,
        count=repeat.count,
        until=until,
    )
    found = [moment.date() for moment in itertools.islice(rule, MOST + 1)]
    if len(found) > MOST:
        raise RuleBroken(
            _("That is more than %(most)d dates. Choose an earlier last day.") % {"most": MOST},
            code="series_count",
            field="until",
        )
    if not set(found[1:]) - repeat.skipped:
        raise RuleBroken(_("No date is left besides the first."), code="series_empty", field="count")
    return found


def _weekday(every: str, first_day: dt.date) -> rrule.weekday:
    nth = -1 if every == Every.MONTH_LAST else (first_day.day - 1) // 7 + 1
    return _WEEKDAYS[first_day.weekday()](nth)


def is_last_of_month(day: dt.date) -> bool:
    return (day + dt.timedelta(days=7)).month != day.month


def has_gaps(repeat: Repeat, first_day: dt.date) -> bool:
    """A fifth weekday does not exist in every month: said in the preview."""
    return repeat.every == Every.MONTH_NTH and (first_day.day - 1) // 7 + 1 == _FIFTH


def rule_text(repeat: Repeat, first: dt.datetime, zone: str) -> str:
    """RFC 5545: DTSTART in the organiser's zone, and the RRULE."""
    local = first.astimezone(times.zone_named(zone))
    parts = {
        Every.WEEK: "FREQ=WEEKLY",
        Every.FORTNIGHT: "FREQ=WEEKLY;INTERVAL=2",
    }.get(Every(repeat.every))
    if parts is None:
        weekday = _weekday(repeat.every, local.date())
        names = ("MO", "TU", "WE", "TH", "FR", "SA", "SU")
        parts = f"FREQ=MONTHLY;BYDAY={weekday.n}{names[weekday.weekday]}"
    end = f"COUNT={repeat.count}" if repeat.count else f"UNTIL={_until(repeat, local)}"
    return f"DTSTART;TZID={zone}:{local:%Y%m%dT%H%M%S}\nRRULE:{parts};{end}"


def _until(repeat: Repeat, local: dt.datetime) -> str:
    """With DTSTART in a zone, UNTIL is in UTC (RFC 5545, 3.3.10)."""
    assert repeat.until is not None, "check_repeat asks for one end"
    last = dt.datetime.combine(repeat.until, dt.time(23, 59, 59), tzinfo=local.tzinfo)
    return f"{last.astimezone(dt.UTC):%Y%m%dT%H%M%SZ}"


def moved_to(starts_at: dt.datetime, zone: str, *, days_on: int, at: dt.time | None = None) -> dt.datetime:
    """The instant with the same wall time (or `at`) `days_on` days later on that zone's calendar.

    Raises RuleBroken when the clocks skip that time or show it twice.
    """
    local = starts_at.astimezone(times.zone_named(zone))
    return times.to_instant(local.date() + dt.timedelta(days=days_on), at or local.time(), zone)


def check_one_session(count: int) -> None:
    if count != 1:
        raise RuleBroken(
            _("One of these has several sessions, or none. Change those one by one."), code="series_sessions"
        )
