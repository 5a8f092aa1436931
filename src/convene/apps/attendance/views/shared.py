"""What the pages have in common: who asks, and which seat a signed link stands for."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest

from convene.apps.attendance import permissions, queries
from convene.apps.people.models import Person
from convene.apps.seats.links import version_of
from convene.apps.seats.models import Registration
from convene.apps.workshops.models import Session
from convene.foundation.access import links


def actor_of(request: HttpRequest) -> Person:
    assert isinstance(request.user, Person)  # behind login_required
    return request.user


def door_session(request: HttpRequest, session_id: UUID) -> Session:
    """The session, for those who keep its door; 404 for everyone else."""
    session = queries.session_for_door(session_id)
    if session is None or not permissions.can_keep_door(actor_of(request), session.workshop):
        raise Http404
    return session


def linked_registration(purpose: str, token: str) -> Registration:
    """The registration behind a signed link; 404 when the link is damaged or was revoked."""
    try:
        registration_id, version = links.read(purpose, token)
    except links.BadLink as error:
        raise Http404 from error
    found = (
        Registration.objects.select_related("workshop__community", "person")
        .filter(pk=registration_id, person__erased_at=None)
        .first()
    )
    if found is None or version_of(found) != version:
        raise Http404
    return found


def linked_seat(token: str) -> tuple[Registration, Session]:
    """A join link stands for one registration and one session."""
    try:
        subject, version = links.read("join", token)
        registration_id, session_id = subject.split(":")
    except (links.BadLink, ValueError) as error:
        raise Http404 from error
    registration = (
        Registration.objects.select_related("workshop__community", "person")
        .filter(pk=registration_id, person__erased_at=None)
        .first()
    )
    session = queries.session_for_door(session_id)
    if registration is None or version_of(registration) != version:
        raise Http404
    if session is None or session.workshop_id != registration.workshop_id:
        raise Http404
    return registration, session
