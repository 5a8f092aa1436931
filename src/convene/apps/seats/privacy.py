"""What seats hold on a person: shown, taken along, forgotten. Counts and movements stay, words go."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.seats.models import (
    Correction,
    Draw,
    Entry,
    Movement,
    Offer,
    Registration,
    Replacement,
    SeatPolicy,
    Witness,
)
from convene.apps.seats.services.draws.forgetting import forget_entries, forget_sealed
from convene.apps.seats.unpublished import receipt_for
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
            "weight": row.weight,
            "chance": row.chance,
            "seated": row.seated,
            "reserve_position": row.reserve_position,
        }
        for row in Entry.objects.filter(registration__person_id=person_id)
    ]


def _receipts(person_id: UUID) -> Rows:
    rows = Entry.objects.filter(registration__person_id=person_id).exclude(draw__commitment="")
    found = ((row, receipt_for(row)) for row in rows.select_related("draw"))
    return [{"draw": str(row.draw_id), **receipt} for row, receipt in found if receipt is not None]


def _chances(person_id: UUID) -> Rows:
    typed = Draw.objects.filter(chance_by_id=person_id).select_related("policy__workshop")
    seen = Draw.objects.filter(confirmed_by_id=person_id).select_related("policy__workshop")
    return [
        *({"workshop": row.policy.workshop.title, "typed": row.seed} for row in typed),
        *({"workshop": row.policy.workshop.title, "confirmed": row.seed} for row in seen),
    ]


def _forget_chances(person_id: UUID) -> None:
    Draw.objects.filter(chance_by_id=person_id).update(chance_by=None)
    Draw.objects.filter(confirmed_by_id=person_id).update(confirmed_by=None)


def _witnessed(person_id: UUID) -> Rows:
    return [
        {
            "workshop": row.policy.workshop.title,
            "number": row.number,
            "sealed_hash": row.sealed_hash,
            "value": row.value,
        }
        for row in Witness.objects.filter(person_id=person_id).select_related("policy__workshop")
    ]


def _forget_witness(person_id: UUID) -> None:
    """The value is part of a published record; whose it was goes."""
    Witness.objects.filter(person_id=person_id).update(person=None)


def _duties(person_id: UUID) -> Rows:
    rows = (
        SeatPolicy.objects.filter(approver_id=person_id)
        | SeatPolicy.objects.filter(deputy_id=person_id)
        | SeatPolicy.objects.filter(auditor_id=person_id)
    )
    return [{"workshop": row.workshop.title} for row in rows.select_related("workshop")]


def _forget_duties(person_id: UUID) -> None:
    SeatPolicy.objects.filter(approver_id=person_id).update(approver=None)
    SeatPolicy.objects.filter(deputy_id=person_id).update(deputy=None)
    SeatPolicy.objects.filter(auditor_id=person_id).update(auditor=None)


def _replacements(person_id: UUID) -> Rows:
    mine = {str(pk) for pk in Registration.objects.filter(person_id=person_id).values_list("pk", flat=True)}
    draws = Entry.objects.filter(registration__person_id=person_id).values("draw")
    own = Registration.objects.filter(person_id=person_id)
    rows = Replacement.objects.filter(draw__in=draws) | Replacement.objects.filter(
        draw__policy__workshop__in=own.values("workshop")
    )
    return [
        {
            "draw": str(row.draw_id),
            "number": row.number,
            "made_at": row.made_at.isoformat(),
            "registration": each,
            "chance": row.chances[each],
            "seat_offered": each in row.chosen,
        }
        for row in rows.distinct()
        for each in sorted(mine & set(row.chances))
    ]


def _corrections(person_id: UUID) -> Rows:
    rows = Correction.objects.filter(person_id=person_id).select_related("workshop")
    return [
        {
            "workshop": row.workshop.title,
            "says": row.says,
            "state": row.state,
            "answer": row.answer,
            "asked_at": row.asked_at.isoformat(),
            "answered_at": row.answered_at.isoformat() if row.answered_at else None,
        }
        for row in rows
    ]


def _forget_corrections(person_id: UUID) -> None:
    Correction.objects.filter(person_id=person_id).update(says="", answer="")
    Correction.objects.filter(answered_by_id=person_id).update(answered_by=None)


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
    erase=forget_entries,
)
register(
    "seats.SealedDraw",
    label=_("Your receipts of draws"),
    stays=_(
        "What is published: seals that no longer lead to anyone. Until a draw is made, the seal of your "
        "entry and its tickets stay, without your answers; then they go too."
    ),
    why=_("Your seal, salt and tickets in draws, so that you can check that you were in them."),
    export=_receipts,
    erase=forget_sealed,
)
register(
    "seats.Draw",
    label=_("Chance you read out"),
    stays=_("What the dice showed, without who typed or confirmed it."),
    why=_("Draws whose dice you typed in or confirmed."),
    export=_chances,
    erase=_forget_chances,
)
register(
    "seats.Witness",
    label=_("Draws you witnessed"),
    stays=_("The value you sealed and revealed, which is part of a published record, without your name."),
    why=_("Values you sealed as a witness of a draw."),
    export=_witnessed,
    erase=_forget_witness,
)
register(
    "seats.SeatPolicy",
    label=_("Workshops you approve requests for, or whose draw you audit"),
    why=_("Workshops whose requests you approve, or whose draw you check."),
    export=_duties,
    erase=_forget_duties,
)
register(
    "seats.Replacement",
    label=_("Later lotteries for seats that became free"),
    stays=_("The chances, by a number that no longer leads to anyone."),
    why=_("The chance you had each time a drawn seat became free."),
    export=_replacements,
    erase=_keep,
)
register(
    "seats.Correction",
    label=_("What you said about being passed over"),
    stays=_("Whether it counted, without any words."),
    why=_("What you said about being passed over, and the answer."),
    export=_corrections,
    erase=_forget_corrections,
)
