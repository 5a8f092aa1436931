"""Where someone sits with the notes of a session: at the cockpit, a phone, or with the link of a mail."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from convene.apps.people.models import Person
from convene.apps.rooms import permissions
from convene.apps.rooms.models import Block, Room
from convene.apps.rooms.queries import rooms as queries
from convene.apps.rooms.queries.notes import Reader
from convene.apps.rooms.services.notes import Scribe, scribe
from convene.apps.rooms.views.shared import actor_of, phone_of
from convene.apps.workshops.models import Session

_KEPT = 12 * 3600
"""Seconds a browser keeps the secret of a pen: longer than any session and the hour after it."""


@dataclass(frozen=True)
class Desk:
    """Without a `room` nothing was opened yet; without `by` they have not been in the room."""

    session: Session
    person: Person
    room: Room | None
    by: Scribe | None
    names: str
    key: str
    home: str

    @property
    def cockpit(self) -> bool:
        return self.names == "room_notes"

    def url(self, part: str = "", *more: object) -> str:
        """The address of the notes, or of a part of them, for whoever sits here."""
        return reverse(f"{self.names}_{part}" if part else self.names, args=[self.key, *more])

    def of(self, block: Block | UUID) -> str:
        """The notes at one block."""
        return f"{self.url()}#notes-{block if isinstance(block, UUID) else block.pk}"


def cockpit_desk(request: HttpRequest, session_id: UUID) -> Desk:
    """For those who keep the notes; 404 for everyone else."""
    person = actor_of(request)
    room = queries.room_of(session_id)
    if room is None or not permissions.can_keep_notes(person, room):
        raise Http404
    by = scribe(room=room, actor=person, participant=queries.participant_of(room, person))
    home = reverse("cockpit", args=[session_id])
    return Desk(room.session, person, room, by, "room_notes", str(session_id), home)


def phone_desk(request: HttpRequest, session_id: UUID | None, token: str) -> Desk:
    held = phone_of(request, session_id=session_id, token=token)
    here = held.participant is not None and permissions.can_read_notes(held.participant)
    by = scribe(room=held.room, participant=held.participant) if held.room and here else None
    names = "phone_link_notes" if token else "phone_notes"
    return Desk(held.session, held.person, held.room, by, names, token or str(held.session.pk), held.address)


def desk_of(request: HttpRequest, session_id: UUID | None, token: str, *, cockpit: bool) -> Desk:
    if cockpit and session_id is not None:
        return cockpit_desk(request, session_id)
    return phone_desk(request, session_id, token)


def seated(desk: Desk) -> tuple[Room, Scribe]:
    """Who may act; 404 for those who were not in the room."""
    if desk.room is None or desk.by is None:
        raise Http404
    return desk.room, desk.by


# --- the secret of a pen: in the browser alone, never in a session row that would name its holder -----------


def _cookie(block_id: UUID) -> str:
    return f"pen-{block_id.hex}"


def pen_of(request: HttpRequest, block_id: UUID) -> str:
    return request.COOKIES.get(_cookie(block_id), "")


def keep_pen(response: HttpResponse, desk: Desk, block_id: UUID, token: str) -> None:
    """An empty `token` forgets it."""
    if not token:
        response.delete_cookie(_cookie(block_id), path=desk.home, samesite="Lax")
        return
    response.set_cookie(
        _cookie(block_id),
        token,
        max_age=_KEPT,
        path=desk.home,
        httponly=True,
        samesite="Lax",
        secure=settings.SESSION_COOKIE_SECURE,
    )


def reader_of(request: HttpRequest, desk: Desk) -> Reader:
    room, by = seated(desk)
    pens = {block_id: pen_of(request, block_id) for block_id in room.blocks.values_list("pk", flat=True)}
    return Reader(by.participant, by.leads, pens, _uuid_or_none(request.GET.get("typing", "")))


def _uuid_or_none(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
