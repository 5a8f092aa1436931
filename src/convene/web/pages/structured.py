"""schema.org descriptions (JSON-LD) of workshops that are open to everyone; never a join link."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from django.urls import reverse
from django.utils.safestring import SafeString, mark_safe

from convene.apps.workshops.models import Session, Workshop
from convene.foundation.calendars.zones import zone_of
from convene.foundation.mail.urls_absolute import absolute

if TYPE_CHECKING:
    import datetime as dt

    from convene.apps.communities.models import Community

COURSES = {Workshop.Kind.SKILLS, Workshop.Kind.TRAINING}
_ATTENDANCE = {
    Workshop.Format.IN_PERSON: "OfflineEventAttendanceMode",
    Workshop.Format.ONLINE: "OnlineEventAttendanceMode",
    Workshop.Format.HYBRID: "MixedEventAttendanceMode",
}
_MODE = {
    Workshop.Format.IN_PERSON: "Onsite",
    Workshop.Format.ONLINE: "Online",
    Workshop.Format.HYBRID: "Blended",
}
Thing = dict[str, Any]


def as_script(thing: Thing) -> SafeString:
    """The whole element. A data block is not run, so the content security policy lets it stand.

    `<`, `>` and `&` are escaped as JSON allows: no text of a steward can close the element.
    """
    text = json.dumps(thing, ensure_ascii=False, separators=(",", ":"))
    for letter, code in (("&", "\\u0026"), ("<", "\\u003c"), (">", "\\u003e")):
        text = text.replace(letter, code)
    return mark_safe(f'<script type="application/ld+json">{text}</script>')  # noqa: S308  # escaped above


def workshop_thing(
    workshop: Workshop,
    sessions: Sequence[Session],
    *,
    facilitators: Sequence[str] = (),
    capacity: int | None = None,
) -> Thing:
    """A Course with its instances when people learn to do something; else an event, with its sittings."""
    url = absolute(reverse("workshop_page", args=[workshop.pk]))
    instances = [_instance(workshop, session, url, facilitators, capacity) for session in sessions]
    about: Thing = {
        "@context": "https://schema.org",
        "@id": url,
        "url": url,
        "name": workshop.title,
        "description": workshop.summary or workshop.description or workshop.title,
        "inLanguage": [workshop.language, *workshop.further_languages],
    }
    if workshop.kind in COURSES:
        return about | {
            "@type": "Course",
            "provider": _organisation(workshop.community),
            "teaches": [line.strip() for line in workshop.outcomes.splitlines() if line.strip()],
            "coursePrerequisites": workshop.prerequisites or None,
            "isAccessibleForFree": True,
            "hasCourseInstance": [
                instance | {"@type": "CourseInstance", "courseMode": _MODE[Workshop.Format(workshop.format)]}
                for instance in instances
            ],
        }
    if len(instances) == 1:
        return instances[0] | about | {"@type": "Event"}
    first, last = (sessions[0], sessions[-1]) if sessions else (None, None)
    return about | {
        "@type": "Event",
        "organizer": _organisation(workshop.community),
        "startDate": _moment(first.starts_at, first.zone) if first else None,
        "endDate": _moment(last.ends_at, last.zone) if last else None,
        "eventStatus": _status(workshop, first),
        "subEvent": [instance | {"@type": "Event"} for instance in instances],
    }


def list_thing(workshops: Sequence[Workshop], *, name: str) -> Thing:
    """What is open, as a list of events with their pages."""
    return {
        "@context": "https://schema.org",
        "@type": "ItemList",
        "name": name,
        "itemListElement": [
            {
                "@type": "ListItem",
                "position": position,
                "url": absolute(reverse("workshop_page", args=[workshop.pk])),
                "name": workshop.title,
            }
            for position, workshop in enumerate(workshops, start=1)
        ],
    }


def _instance(
    workshop: Workshop, session: Session, url: str, facilitators: Sequence[str], capacity: int | None
) -> Thing:
    thing: Thing = {
        "name": workshop.title,
        "url": url,
        "startDate": _moment(session.starts_at, session.zone),
        "endDate": _moment(session.ends_at, session.zone),
        "eventStatus": _status(workshop, session),
        "eventAttendanceMode": f"https://schema.org/{_ATTENDANCE[Workshop.Format(workshop.format)]}",
        "location": _location(workshop, session, url),
        "organizer": _organisation(workshop.community),
    }
    if session.previous_starts_at is not None:
        thing["previousStartDate"] = _moment(session.previous_starts_at, session.zone)
    if facilitators:
        role = "instructor" if workshop.kind in COURSES else "performer"
        thing[role] = [{"@type": "Person", "name": name} for name in facilitators]
    if capacity is not None:
        thing["maximumAttendeeCapacity"] = capacity
    return thing


def _location(workshop: Workshop, session: Session, url: str) -> Thing | list[Thing]:
    online: Thing = {"@type": "VirtualLocation", "url": url}
    place: Thing = {"@type": "Place", "name": session.place or workshop.community.name}
    if session.place:
        place["address"] = session.place
    if workshop.format == Workshop.Format.HYBRID:
        return [place, online]
    return online if workshop.format == Workshop.Format.ONLINE else place


def _status(workshop: Workshop, session: Session | None) -> str:
    if workshop.state == Workshop.State.CANCELLED:
        status = "EventCancelled"
    elif workshop.state == Workshop.State.POSTPONED:
        status = "EventPostponed"
    elif session is not None and session.previous_starts_at is not None:
        status = "EventRescheduled"
    else:
        status = "EventScheduled"
    return f"https://schema.org/{status}"


def _organisation(community: Community) -> Thing:
    return {"@type": "Organization", "name": community.name, "description": community.domain}


def _moment(at: dt.datetime, zone: str) -> str:
    """On the organiser's clock, with its offset."""
    return at.astimezone(zone_of(zone)).isoformat() if zone_of(zone) else at.isoformat()
