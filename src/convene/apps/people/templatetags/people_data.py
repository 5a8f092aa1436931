"""Rows of the privacy registry as something a person can read."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from convene.apps.people.queries import Held

register = template.Library()
SHOWN = 200


@register.simple_tag
def held_rows(kind: Held) -> SafeString:
    """Each row as terms and values; of very many, the first two hundred, and where the rest is."""
    rows = format_html_join(
        "", '<li><dl class="facts">{}</dl></li>', ((_facts(row),) for row in kind.rows[:SHOWN])
    )
    rest = len(kind.rows) - SHOWN
    more = _("%(count)d more are in the download.") % {"count": rest} if rest > 0 else ""
    return format_html('<ol class="held">{}</ol>{}', rows, format_html("<p>{}</p>", more) if more else "")


def _facts(row: dict[str, Any]) -> SafeString:
    return format_html_join(
        "",
        '<div class="facts__row"><dt class="facts__term">{}</dt><dd class="facts__value">{}</dd></div>',
        ((name.replace("_", " "), _plain(value)) for name, value in row.items() if value not in ("", None)),
    )


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict):
        return "; ".join(f"{name}: {_plain(inner)}" for name, inner in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(_plain(inner) for inner in value)
    moment = _moment(value)
    if moment is not None:
        zone = timezone.get_current_timezone_name()
        return f"{formats.date_format(timezone.localtime(moment), 'DATETIME_FORMAT')} ({zone})"
    return str(value)


def _moment(value: object) -> dt.datetime | None:
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        moment = parse_datetime(value)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
