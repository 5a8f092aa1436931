"""Rows of the privacy registry as something a person can read."""

from __future__ import annotations

import datetime as dt
import re
from typing import Any

from django import template
from django.utils import formats, timezone
from django.utils.dateparse import parse_datetime
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import pgettext_lazy

from convene.apps.people.queries import Held

register = template.Library()
SHOWN = 200
_CODE = re.compile(r"[a-z]+(_[a-z]+)+")
_WORDS = {
    "at": pgettext_lazy("my data", "when"),
    "community": pgettext_lazy("my data", "community"),
    "decent_from": pgettext_lazy("my data", "decent hours from"),
    "decent_until": pgettext_lazy("my data", "decent hours until"),
    "detail": pgettext_lazy("my data", "in your words"),
    "details": pgettext_lazy("my data", "with"),
    "email": pgettext_lazy("my data", "mail address"),
    "given_at": pgettext_lazy("my data", "given"),
    "kept_until": pgettext_lazy("my data", "kept until"),
    "kind": pgettext_lazy("my data", "kind"),
    "known_since": pgettext_lazy("my data", "known here since"),
    "language": pgettext_lazy("my data", "language"),
    "last_login": pgettext_lazy("my data", "last signed in"),
    "name": pgettext_lazy("my data", "name"),
    "offers": pgettext_lazy("my data", "what I can offer"),
    "reason": pgettext_lazy("my data", "reason"),
    "scope": pgettext_lazy("my data", "limited to"),
    "seen_by": pgettext_lazy("my data", "seen by"),
    "send_at": pgettext_lazy("my data", "to leave"),
    "sent_at": pgettext_lazy("my data", "left"),
    "signed_in_until": pgettext_lazy("my data", "signed in until"),
    "state": pgettext_lazy("my data", "state"),
    "subject": pgettext_lazy("my data", "subject"),
    "text": pgettext_lazy("my data", "text"),
    "to": pgettext_lazy("my data", "to"),
    "wants": pgettext_lazy("my data", "what I want to learn"),
    "what": pgettext_lazy("my data", "what"),
    "withdrawn_at": pgettext_lazy("my data", "taken back"),
    "workshop": pgettext_lazy("my data", "workshop"),
    "zone": pgettext_lazy("my data", "time zone"),
}


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
        ((_word(name), _plain(value)) for name, value in row.items() if value not in ("", None)),
    )


def _word(name: str) -> str:
    """The name of a field as people say it; of one we do not list, its words."""
    return str(_WORDS.get(name) or name.replace("_", " "))


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return str(_("yes") if value else _("no"))
    if isinstance(value, dict):
        return "; ".join(
            f"{_word(name)}: {_plain(inner)}" for name, inner in value.items() if inner not in ("", None)
        )
    if isinstance(value, list | tuple):
        return ", ".join(_plain(inner) for inner in value)
    moment = _moment(value)
    if moment is not None:
        zone = timezone.get_current_timezone_name()
        return f"{formats.date_format(timezone.localtime(moment), 'DATETIME_FORMAT')} ({zone})"
    text = str(value)
    return text.replace("_", " ") if _CODE.fullmatch(text) else text


def _moment(value: object) -> dt.datetime | None:
    if not isinstance(value, str) or "T" not in value:
        return None
    try:
        moment = parse_datetime(value)
    except ValueError:
        return None
    return moment if moment is not None and timezone.is_aware(moment) else None
