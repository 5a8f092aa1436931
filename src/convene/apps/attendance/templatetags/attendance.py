"""What presence adds to other apps' pages."""

from __future__ import annotations

from typing import Any

from django import template
from django.urls import reverse
from django.utils import timezone

from convene.apps.attendance import queries
from convene.apps.seats.links import version_of
from convene.apps.seats.models import Registration
from convene.apps.seats.rules import State
from convene.foundation.access import links

register = template.Library()


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
