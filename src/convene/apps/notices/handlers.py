"""Event -> task, for notices. Each handler only enqueues; `occasion` makes its mail happen at most once."""

from __future__ import annotations

import uuid

from django.utils import timezone

from convene.apps.notices import after_tasks, draw_tasks, services, tasks
from convene.apps.notices.rules import NoticeKind
from convene.apps.rooms import events as rooms
from convene.apps.seats import events as seats
from convene.apps.workshops import events as workshops
from convene.foundation.mail.services import withdraw_mails


def _occasion() -> str:
    return uuid.uuid4().hex[:12]


def _registrant(kind: NoticeKind, registration_id: uuid.UUID, offer_id: uuid.UUID | None = None) -> None:
    tasks.tell_registrant.enqueue(
        kind=str(kind),
        registration_id=str(registration_id),
        occasion=_occasion(),
        offer_id=str(offer_id) if offer_id else "",
    )


def seat_requested(event: seats.SeatRequested) -> None:
    _registrant(NoticeKind.SEAT_REQUESTED, event.subject_id)
    tasks.ask_approvers.enqueue(registration_id=str(event.subject_id))


def seat_waitlisted(event: seats.SeatWaitlisted) -> None:
    _registrant(NoticeKind.SEAT_WAITLISTED, event.subject_id)


def seat_offered(event: seats.SeatOffered) -> None:
    _registrant(NoticeKind.SEAT_OFFERED, event.subject_id, event.offer_id)


def seat_confirmed(event: seats.SeatConfirmed) -> None:
    _registrant(NoticeKind.SEAT_CONFIRMED, event.subject_id)


def seat_refused(event: seats.SeatRefused) -> None:
    _registrant(NoticeKind.SEAT_REFUSED, event.subject_id)


def offer_declined(event: seats.OfferDeclined) -> None:
    _registrant(NoticeKind.SEAT_CANCELLED, event.subject_id)


def offer_expired(event: seats.OfferExpired) -> None:
    _registrant(NoticeKind.OFFER_EXPIRED, event.subject_id)


def seat_cancelled(event: seats.SeatCancelled) -> None:
    _registrant(NoticeKind.SEAT_CANCELLED, event.subject_id)


def draw_committed(event: seats.DrawCommitted) -> None:
    draw_tasks.tell_draw_sealed.enqueue(draw_id=str(event.subject_id))
    draw_tasks.call_witnesses.enqueue(draw_id=str(event.subject_id))


def witness_named(event: seats.WitnessNamed) -> None:
    draw_tasks.ask_witness.enqueue(witness_id=str(event.subject_id))


def seat_not_drawn(event: seats.SeatNotDrawn) -> None:
    _registrant(NoticeKind.SEAT_NOT_DRAWN, event.subject_id)


def choice_reopened(event: seats.ChoiceReopened) -> None:
    _registrant(NoticeKind.CHOICE_REOPENED, event.subject_id, event.offer_id)


def registration_voided(event: seats.RegistrationVoided) -> None:
    _registrant(NoticeKind.WORKSHOP_CANCELLED, event.subject_id)


def _workshop(kind: NoticeKind, workshop_id: uuid.UUID) -> None:
    tasks.tell_workshop.enqueue(kind=str(kind), workshop_id=str(workshop_id), occasion=_occasion())


def workshop_published(event: workshops.WorkshopPublished) -> None:
    tasks.plan_timed_notices.enqueue(workshop_id=str(event.subject_id))
    tasks.welcome_facilitators.enqueue(workshop_id=str(event.subject_id), occasion=_occasion())


def times_changed(event: workshops.WorkshopTimesChanged) -> None:
    _workshop(NoticeKind.TIME_CHANGED, event.subject_id)
    tasks.plan_timed_notices.enqueue(workshop_id=str(event.subject_id))


def details_changed(event: workshops.WorkshopDetailsChanged) -> None:
    _workshop(NoticeKind.DETAILS_CHANGED, event.subject_id)


def session_removed(event: workshops.SessionRemoved) -> None:
    """The mails are rows of the same transaction: a task would find the session gone."""
    services.cancel_entries(session_id=event.session_id, now=timezone.now())


def workshop_cancelled(event: workshops.WorkshopCancelled) -> None:
    _workshop(NoticeKind.WORKSHOP_CANCELLED, event.subject_id)


def workshop_postponed(event: workshops.WorkshopPostponed) -> None:
    _workshop(NoticeKind.WORKSHOP_POSTPONED, event.subject_id)


def session_ended(event: rooms.SessionEnded) -> None:
    after_tasks.tell_after_session.enqueue(room_id=str(event.subject_id))


def session_resumed(event: rooms.SessionResumed) -> None:
    """In the same transaction: they would leave within minutes."""
    withdraw_mails(prefix=after_tasks.prefix_of(event.subject_id))


def facilitator_answered(event: workshops.FacilitatorAnswered) -> None:
    tasks.greet_if_accepted.enqueue(facilitation_id=str(event.facilitation_id), occasion=_occasion())
