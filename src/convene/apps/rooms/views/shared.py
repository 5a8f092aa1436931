"""Who asks: someone who facilitates, or a participant by account or by their own link."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import timezone

from convene.apps.attendance.views.shared import linked_seat
from convene.apps.people.models import Person
from convene.apps.rooms import permissions
from convene.apps.rooms.models import Participant, Room
from convene.apps.rooms.queries import rooms as queries
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.errors import RuleBroken

Act = Callable[[HttpRequest, Room, Person, datetime], HttpResponse | None]
"""A button of those who facilitate; it answers itself only where the page must be asked something."""


def actor_of(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # behind login_required
    return request.user


def led_session(request: HttpRequest, session_id: UUID) -> Session:
    """The session, for those who facilitate it; 404 for everyone else."""
    session = queries.session_of(session_id)
    if session is None or not permissions.can_prepare(actor_of(request), session.workshop):
        raise Http404
    return session


def led_room(request: HttpRequest, session_id: UUID) -> Room:
    """Its room; 404 also before somebody opened it."""
    led_session(request, session_id)
    room = queries.room_of(session_id)
    if room is None:
        raise Http404
    return room


def press(request: HttpRequest, session_id: UUID, name: str, acts: Mapping[str, Act]) -> HttpResponse | None:
    """What was pressed is done, for one who facilitates; what a rule refuses is said at the page's head."""
    room = led_room(request, session_id)
    if name not in acts:
        raise Http404
    try:
        return acts[name](request, room, actor_of(request), timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    return None


@dataclass(frozen=True)
class Phone:
    """A participant's way in. Neither room nor participant is there until the room was opened."""

    session: Session
    person: Person
    room: Room | None
    participant: Participant | None
    token: str = ""

    @property
    def address(self) -> str:
        if self.token:
            return reverse("phone_link", args=[self.token])
        return reverse("phone", args=[self.session.pk])

    @property
    def acts(self) -> str:
        """Where its buttons post to, before the name of the act."""
        return f"{self.address}do/"


def phone_of(request: HttpRequest, *, session_id: UUID | None = None, token: str = "") -> Phone:
    """By link, or by account with a seat or part in the session; 404 for everyone else."""
    if token:
        registration, session = linked_seat(token)
        if registration.state != registration.State.CONFIRMED:
            raise Http404
        person = registration.person
    else:
        found = queries.session_of(session_id) if session_id else None
        if found is None or not isinstance(request.user, Person):
            raise Http404
        session, person = found, request.user
    if session.workshop.state not in {Workshop.State.PUBLISHED, Workshop.State.HELD}:
        raise Http404
    room = queries.room_of(session.pk)
    participant = queries.participant_of(room, person) if room else None
    if participant is None and not queries.takes_part(session, person):
        raise Http404
    return Phone(session, person, room, participant, token)
