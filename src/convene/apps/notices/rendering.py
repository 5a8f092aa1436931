"""A notice in the reader's language and zone: values for the placeholders, the footer, the calendar body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from convene.apps.notices.models import NoticeText
from convene.apps.notices.rules import BY_KIND, NoticeKind, fill
from convene.apps.notices.texts import default_text
from convene.apps.people.links import my_data_url
from convene.apps.seats.links import registration_path
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.access import links
from convene.foundation.mail.urls_absolute import absolute, absolute_to
from convene.foundation.times import moment, span, zone_or

if TYPE_CHECKING:
    from convene.apps.people.models import Person
    from convene.apps.seats.models import Registration


@dataclass(frozen=True)
class Reading:
    """Whom a notice is for and what it is about; everything a text may need, already loaded."""

    person: Person
    workshop: Workshop
    sessions: Sequence[Session]
    registration: Registration | None = None
    deadline: datetime | None = None
    extra: dict[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        known = {code for code, _name in settings.LANGUAGES}
        wanted = self.person.language or self.workshop.community.language
        return wanted if wanted in known else settings.LANGUAGE_CODE

    @property
    def zone(self) -> ZoneInfo:
        return zone_or(self.person.zone, self.sessions[0].zone if self.sessions else "UTC")


@dataclass(frozen=True)
class Rendered:
    subject: str
    text: str
    unsubscribe_url: str = ""


def render(kind: NoticeKind, reading: Reading, *, custom: NoticeText | None) -> Rendered:
    """The mail's words. A steward's own words win over ours, in every language."""
    with translation.override(reading.language):
        subject, body = default_text(kind)
        if custom is not None and custom.text:
            subject, body = custom.subject or subject, custom.text
        values = values_of(reading)
        unsubscribe = unsubscribe_url(reading) if kind in BY_KIND and BY_KIND[kind].optional else ""
        text = f"{fill(body, values)}\n\n{footer(reading, unsubscribe)}\n"
        return Rendered(fill(subject, values), text, unsubscribe)


def values_of(reading: Reading) -> dict[str, str]:
    workshop, zone = reading.workshop, reading.zone
    values = {
        "name": reading.person.name or _("there"),
        "title": workshop.title,
        "community": workshop.community.name,
        "when": "; ".join(span(item.starts_at, item.ends_at, zone) for item in reading.sessions),
        "where": where(reading),
        "deadline": moment(reading.deadline, zone) if reading.deadline else "",
        "reason": workshop.state_reason,
        "link": link(reading),
    }
    return values | reading.extra


def where(reading: Reading) -> str:
    """The place; for a session online, that the way in comes by mail. Never the raw join link."""
    session = reading.sessions[0] if reading.sessions else None
    if session is None:
        return ""
    online = reading.workshop.format != Workshop.Format.IN_PERSON
    parts = [session.place] if session.place else []
    if online:
        parts.append(_("online; your own join link is on your page"))
    return ", ".join(parts)


def link(reading: Reading) -> str:
    if reading.registration is None:
        return absolute_to("workshop_page", reading.workshop.pk)
    return absolute(registration_path(reading.registration))


def unsubscribe_url(reading: Reading) -> str:
    subject = f"{reading.person.pk}:{reading.workshop.community_id}"
    return absolute_to("unsubscribe", links.sign("unsubscribe", subject, reading.person.link_version))


def footer(reading: Reading, unsubscribe: str) -> str:
    """Why this mail, and every way out of it."""
    lines = ["--", reason_line(reading)]
    if unsubscribe:
        lines.append(_("No reminders from this community any more: %(url)s") % {"url": unsubscribe})
    lines.append(_("What we hold about you, and erasing it: %(url)s") % {"url": my_data_url(reading.person)})
    return "\n".join(lines)


def reason_line(reading: Reading) -> str:
    words = {"community": reading.workshop.community.name, "title": reading.workshop.title}
    if "asker" in reading.extra:
        return (
            _("You get this because you approve requests for a seat in “%(title)s” of %(community)s.") % words
        )
    match reading.extra.get("duty"):
        case "auditor":
            return _("You get this because you audit the draw of “%(title)s” of %(community)s.") % words
        case "witness":
            return _("You get this because you were named a witness of the draw of “%(title)s”.") % words
    if reading.registration is None:
        return _("You get this because you lead, or are invited to, “%(title)s” of %(community)s.") % words
    return _("You get this because you asked for a seat in “%(title)s” of %(community)s.") % words
