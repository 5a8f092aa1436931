"""Mails after a live session: to those who were there, and to those who held it."""

from __future__ import annotations

import datetime as dt

from django.utils import timezone
from django_tasks import task

from convene.apps.communities.queries import feature_on
from convene.apps.communities.rules import FeatureName
from convene.apps.connections.mails import page_link
from convene.apps.notices import queries, services
from convene.apps.notices.rendering import Reading
from convene.apps.notices.rules import NoticeKind
from convene.apps.rooms.models import Participant, Room
from convene.apps.rooms.rules.ending import TAKEN_BACK
from convene.apps.seats.links import version_of
from convene.foundation.access import links
from convene.foundation.mail.urls_absolute import absolute_to

_STALE = dt.timedelta(days=1)
"""Of a session that ended longer ago (an import, a site that was off) nobody is told."""


def prefix_of(room_id: object) -> str:
    """What the keys of all mails after one session begin with."""
    return f"after:{room_id}:"


@task()
def tell_after_session(room_id: str) -> None:
    """One mail for each person, which leaves when the end can no longer be taken back."""
    room = queries.ended_room(room_id)
    now = timezone.now()
    if room is None or room.ended_at is None or now > room.ended_at + _STALE:
        return
    leaves = max(now, room.ended_at + TAKEN_BACK)
    key = f"{prefix_of(room.pk)}{int(room.ended_at.timestamp())}:"
    for participant in queries.those_in_room(room):
        kind = NoticeKind.DEBRIEF_DUE if participant.facilitates else NoticeKind.SESSION_OVER
        services.tell(
            kind, _reading(room, participant), key=f"{key}{participant.person_id}", now=now, send_at=leaves
        )


def _reading(room: Room, participant: Participant) -> Reading:
    session = room.session
    workshop, registration = session.workshop, participant.registration
    extra = {}
    if participant.facilitates:
        extra["debrief"] = absolute_to("room_debrief", session.pk)
        extra["notes"] = absolute_to("room_notes", session.pk)
    elif registration is not None:
        token = links.sign("join", f"{registration.pk}:{session.pk}", version_of(registration))
        extra["notes"] = absolute_to("phone_link_notes", token) if queries.has_notes(room) else ""
        met = feature_on(workshop.community_id, FeatureName.CONNECTIONS)
        extra["met"] = page_link(participant.person) if met else ""
    return Reading(participant.person, workshop, [session], registration, extra=extra)
