"""What seats hold on a person: shown, taken along, forgotten. Counts and movements stay, words go."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.seats.models import Entry, Movement, Offer, Registration, SeatPolicy
from convene.foundation.privacy import Rows, register


def _registrations(person_id: UUID) -> Rows:
    rows = Registration.objects.filter(person_id=person_id).select_related("workshop", "pool")
    return [
        {
            "workshop": row.workshop.title,
            "state": row.state,
            "pool": row.pool.name if row.pool else None,
            "entered_at": row.entered_at.isoformat(),
            "created_at": row.created_at.isoformat(),
            "position": row.position,
            "hope": row.hope,
            "warm_up": row.warm_up,
            "note": row.note,
            "source": row.source,
        }
        for row in rows.order_by("created_at")
    ]


def _forget_words(person_id: UUID) -> None:
    """Free text goes and links in old mails stop working; that there was a registration stays, nameless."""
    Registration.objects.filter(person_id=person_id).update(hope="", warm_up="", note="")


def _movements(person_id: UUID) -> Rows:
    rows = Movement.objects.filter(registration__person_id=person_id).order_by("at", "id")
    return [
        {
            "registration": str(row.registration_id),
            "before": row.before,
            "after": row.after,
            "at": row.at.isoformat(),
            "reason": row.reason,
        }
        for row in rows
    ]


def _offers(person_id: UUID) -> Rows:
    return [
        {
            "registration": str(row.registration_id),
            "made_at": row.made_at.isoformat(),
            "expires_at": row.expires_at.isoformat(),
            "answered_at": row.answered_at.isoformat() if row.answered_at else None,
            "answer": row.answer,
        }
        for row in Offer.objects.filter(registration__person_id=person_id).order_by("made_at")
    ]


def _entries(person_id: UUID) -> Rows:
    return [
        {
            "draw": str(row.draw_id),
            "number": row.number,
            "traits": row.traits,
            "chance": row.chance,
            "seated": row.seated,
            "reserve_position": row.reserve_position,
        }
        for row in Entry.objects.filter(registration__person_id=person_id)
    ]


def _forget_traits(person_id: UUID) -> None:
    """The number in the draw stays, so that the draw can still be repeated; what was declared goes."""
    Entry.objects.filter(registration__person_id=person_id).update(traits={})


def _approvals(person_id: UUID) -> Rows:
    rows = SeatPolicy.objects.filter(approver_id=person_id) | SeatPolicy.objects.filter(deputy_id=person_id)
    return [{"workshop": row.workshop.title} for row in rows.select_related("workshop")]


def _forget_approver(person_id: UUID) -> None:
    SeatPolicy.objects.filter(approver_id=person_id).update(approver=None)
    SeatPolicy.objects.filter(deputy_id=person_id).update(deputy=None)


def _keep(_person_id: UUID) -> None:
    """Ids and times only; they keep counts true and name nobody."""


register(
    "seats.Registration",
    label=_("Your seats and requests"),
    stays=_("That a request was made and what became of it, without your words."),
    why=_("Your requests for seats and what became of them."),
    export=_registrations,
    erase=_forget_words,
)
register(
    "seats.Movement",
    label=_("Steps of your requests"),
    stays=_("The steps, by a number that no longer leads to anyone."),
    why=_("Each step of your registrations, so that every seat can be explained."),
    export=_movements,
    erase=_keep,
)
register(
    "seats.Offer",
    label=_("Seats held for you"),
    stays=_("That a seat was held, and until when."),
    why=_("Seats that were held for you."),
    export=_offers,
    erase=_keep,
)
register(
    "seats.Entry",
    label=_("Your entries in draws"),
    stays=_("The entry and its chance, without your answers."),
    why=_("Your entries in draws, with the chance you had."),
    export=_entries,
    erase=_forget_traits,
)
register(
    "seats.SeatPolicy",
    label=_("Workshops you approve requests for"),
    why=_("Workshops whose requests you approve."),
    export=_approvals,
    erase=_forget_approver,
)
