"""Moments in the reader's zone, which is always named."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django.template import TemplateSyntaxError
from django.utils import formats, timezone
from django.utils.html import format_html, strip_tags
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _
from django.utils.translation import ngettext, pgettext

from convene.foundation.times import clock, day, day_and_clock, ends_the_day, until, with_zone
from convene.foundation.times import zone_name as name_of_zone
from convene.web.ui.library import NOTHING, one_of, register

STYLES = ("long", "short", "day", "time")


def _zone(name: str) -> dt.tzinfo:
    if not name:
        return timezone.get_current_timezone()
    try:
        return zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError) as error:
        raise TemplateSyntaxError(f"There is no time zone {name!r}.") from error


def _local(value: dt.datetime, zone: str) -> dt.datetime:
    if timezone.is_naive(value):
        raise TemplateSyntaxError(f"{value!r} has no time zone; a time without one helps nobody.")
    return value.astimezone(_zone(zone))


def text_of(
    value: dt.datetime | dt.date, *, style: str = "long", zone: str = "", name_zone: bool = True
) -> str:
    """The moment in words."""
    if not isinstance(value, dt.datetime):
        return day(value, short=style == "short")
    local = _local(value, zone)
    if style == "day":
        return day(local)
    words = clock(local) if style == "time" else day_and_clock(local, short=style == "short")
    return with_zone(words, _zone(zone)) if name_zone else words


@register.simple_tag
def when(
    value: dt.datetime | dt.date | None, style: str = "long", zone: str = "", name_zone: bool = True
) -> SafeString:
    """A moment or a day. Leave the zone unnamed only where a caption names it once for all rows."""
    one_of(style, STYLES, tag="when", argument="style")
    if value is None:
        return NOTHING
    exact = _local(value, zone) if isinstance(value, dt.datetime) else value
    stamp = exact.date() if style == "day" and isinstance(exact, dt.datetime) else exact
    return format_html(
        '<time datetime="{}">{}</time>',
        stamp.isoformat(),
        text_of(value, style=style, zone=zone, name_zone=name_zone),
    )


@register.simple_tag
def when_range(
    start: dt.datetime | None,
    end: dt.datetime | None,
    style: str = "long",
    zone: str = "",
    name_zone: bool = True,
) -> SafeString:
    """From when to when; says the second day only if it is another one."""
    one_of(style, ("long", "short", "time"), tag="when_range", argument="style")
    if start is None:
        return NOTHING
    if end is None:
        return when(start, style=style, zone=zone, name_zone=name_zone)
    first, last = _local(start, zone), _local(end, zone)
    same_day = first.date() == last.date() or ends_the_day(first, last)
    if not same_day:
        style = _dated(style)
    beginning = text_of(first, style=style, zone=zone, name_zone=False)
    ending = until(first, last) if same_day else text_of(last, style=style, zone=zone, name_zone=False)
    both = format_html(
        pgettext("from and until", "{start}\u2060–\u2060{end}")
        if same_day
        else pgettext("from and until", "{start} – {end}"),
        start=format_html('<time datetime="{}">{}</time>', first.isoformat(), beginning),
        end=format_html('<time datetime="{}">{}</time>', last.isoformat(), ending),
    )
    if not name_zone:
        return both
    return format_html("{} {}", both, name_of_zone(_zone(zone)))


@register.simple_tag
def date_block(value: dt.datetime | dt.date) -> SafeString:
    """The day as a leaf of a calendar, unheard: the words beside it say it too."""
    leaf = _local(value, "").date() if isinstance(value, dt.datetime) else value
    return format_html(
        '<span class="date-block" aria-hidden="true"><span class="date-block__weekday">{}</span>'
        '<span class="date-block__day">{}</span><span class="date-block__month">{}</span></span>',
        formats.date_format(leaf, "D"),
        formats.date_format(leaf, "j"),
        formats.date_format(leaf, "M"),
    )


@register.simple_tag
def when_text(value: dt.datetime | dt.date | None, style: str = "long", zone: str = "") -> str:
    """`when` without HTML, for mails in plain text."""
    one_of(style, STYLES, tag="when_text", argument="style")
    return mark_safe(strip_tags(when(value, style=style, zone=zone)))  # noqa: S308 - only dates and zones


@register.simple_tag
def when_range_text(
    start: dt.datetime | None, end: dt.datetime | None, style: str = "long", zone: str = ""
) -> str:
    """`when_range` without HTML."""
    return mark_safe(strip_tags(when_range(start, end, style=style, zone=zone)))  # noqa: S308 - as above


def _dated(style: str) -> str:
    return "short" if style == "time" else style


@register.simple_tag
def zone_name(zone: str = "") -> str:
    """The reader's zone (or the given one) as it is named beside times."""
    return name_of_zone(_zone(zone))


@register.simple_tag
def duration(minutes: int) -> str:
    """ "2 hours 30 minutes"."""
    hours, rest = divmod(int(minutes), 60)
    parts = []
    if hours:
        parts.append(ngettext("%(count)s hour", "%(count)s hours", hours) % {"count": hours})
    if rest or not hours:
        parts.append(ngettext("%(count)s minute", "%(count)s minutes", rest) % {"count": rest})
    if len(parts) == 1:
        return parts[0]
    return _("%(hours)s %(minutes)s") % {"hours": parts[0], "minutes": parts[1]}
