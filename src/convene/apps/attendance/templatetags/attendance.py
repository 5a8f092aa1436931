"""What presence adds to other apps' pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from convene.apps.attendance import queries
from convene.apps.people.models import Person
from convene.apps.seats.links import version_of
from convene.apps.seats.models import Registration
from convene.apps.seats.rules import State
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.access import links

register = template.Library()
MOST_NEXT = 10


@register.inclusion_tag("attendance/_own.html")
def own_presence(registration: Registration) -> dict[str, Any]:
    """For the page of one's own registration: ways in, the record, the three questions. Two queries."""
    if registration.state != State.CONFIRMED:
        return {"seat": False}
    now = timezone.now()
    sessions = list(registration.workshop.sessions.all())
    over = bool(sessions) and all(session.ends_at < now for session in sessions)
    ahead = [session for session in sessions if session.ends_at >= now]
    return {
        "seat": True,
        "ways_in": [(session, _join(registration, session.pk)) for session in ahead if session.join_url],
        "in_room": any(session.place for session in ahead),
        "begun": any(session.starts_at <= now for session in sessions),
        "record": reverse("record_by_link", args=[_sign("record", registration)]),
        "feedback": reverse("feedback", args=[_sign("feedback", registration)])
        if over and not queries.has_given_feedback(registration.pk)
        else "",
    }


def _sign(purpose: str, registration: Registration) -> str:
    return links.sign(purpose, registration.pk, version_of(registration))


def _join(registration: Registration, session_id: object) -> str:
    token = links.sign("join", f"{registration.pk}:{session_id}", version_of(registration))
    return reverse("join", args=[token])


@register.inclusion_tag("attendance/_next.html")
def next_sessions(person: Person) -> dict[str, Any]:
    """For the front page: one's coming sessions, the soonest first, with what is asked of one. One query."""
    found = (
        Session.objects.filter(
            workshop__state=Workshop.State.PUBLISHED,
            workshop__registrations__person=person,
            workshop__registrations__state__in=Registration.HOLDING,
            ends_at__gte=timezone.now(),
        )
        .annotate(
            registration_id=F("workshop__registrations__pk"),
            link_version=F("workshop__registrations__link_version") + person.link_version,
            seat_state=F("workshop__registrations__state"),
        )
        .select_related("workshop__community")
        .order_by("starts_at")[:MOST_NEXT]
    )
    return {
        "rows": [
            (session, links.sign("registration", session.registration_id, session.link_version))
            for session in found
        ]
    }
