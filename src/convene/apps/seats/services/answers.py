"""What a person says about their own seat: yes, no, I must give it back, I leave the list."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from convene.apps.people.models import Person
from convene.apps.seats import events, rules
from convene.apps.seats.models import Offer, Registration
from convene.apps.seats.permissions import Permission, can_move
from convene.apps.seats.rules import Reason, State
from convene.apps.seats.services import claims
from convene.apps.seats.services.gate import Gate, fresh, lock
from convene.apps.seats.services.knowing import check_overlap, hold_still, what_is_known
from convene.apps.seats.services.moves import answer_offer, tell, walk
from convene.apps.seats.services.offers import pass_on
from convene.foundation.errors import NotAllowed


@transaction.atomic
def confirm_offer(
    *,
    registration: Registration,
    actor: Person,
    now: dt.datetime,
    warm_up: str = "",
    overlap_ok: bool = False,
) -> Registration:
    """ "I'll be there." Pressed twice it stays yes.

    Raises RuleBroken: no_offer, offer_expired, workshop_cancelled, overlap (confirm again with `overlap_ok`).
    """
    gate, row = _own(registration, actor, now)
    if row.state == State.CONFIRMED:
        return row
    offer = row.offers.filter(answer=Offer.Answer.NONE).first()
    rules.check_answerable(state=row.state, expires_at=offer.expires_at if offer else None, now=now)
    rules.check_not_begun(starts_at=gate.starts_at, now=now)
    if not overlap_ok:
        hold_still(row.person)
        check_overlap(what_is_known(gate, row.person))
    changes = {"warm_up": warm_up.strip()} if warm_up.strip() else {}
    reason = Reason.YES if actor.pk == row.person_id else Reason.BY_HAND
    walk(row, [(State.CONFIRMED, reason)], gate=gate, actor=actor, **changes)
    answer_offer([row.pk], Offer.Answer.CONFIRMED, now=now)
    tell(events.SeatConfirmed, row, gate=gate, actor=actor)
    return row


@transaction.atomic
def decline_offer(*, registration: Registration, actor: Person, now: dt.datetime) -> Registration:
    """ "I can't after all": the seat goes on at once. Pressed twice it stays no."""
    gate, row = _own(registration, actor, now)
    if row.state in {State.DECLINED, State.EXPIRED}:
        return row
    rules.check_answerable(state=row.state, expires_at=None, now=now)
    _end(gate, row, actor=actor, reason=Reason.NO if actor.pk == row.person_id else Reason.BY_STEWARD)
    pass_on(gate, reason=Reason.SEAT_FREED, actor=actor)
    return row


@transaction.atomic
def cancel(*, registration: Registration, actor: Person, now: dt.datetime, note: str = "") -> Registration:
    """Give a seat back, early or late; or pass an offer on; or leave a list. Twice is once.

    Raises RuleBroken(begun) for a seat whose workshop has begun: then it is an apology, not a cancellation.
    """
    gate, row = _own(registration, actor, now)
    if row.state not in rules.LIVE:
        return row
    if row.state in rules.HOLDING:
        rules.check_not_begun(starts_at=gate.starts_at, now=now)
    _end(gate, row, actor=actor, reason=None if actor.pk == row.person_id else Reason.BY_STEWARD, note=note)
    pass_on(gate, reason=Reason.SEAT_FREED, actor=actor)
    return row


def person_leaves(*, person: Person, now: dt.datetime) -> int:
    """Someone leaves the site: every live registration ends and its seat goes on. Returns how many.

    Workshops are locked in the order of their ids, so that two who leave never wait for each other.
    """
    live = Registration.objects.filter(person=person, state__in=rules.LIVE).order_by("workshop_id")
    count = 0
    with transaction.atomic():
        for registration in live:
            gate = lock(registration.workshop_id, now=now)
            row = fresh(registration)
            if row.state in rules.LIVE:
                _end(gate, row, actor=None, reason=Reason.PERSON_LEFT)
                pass_on(gate, reason=Reason.SEAT_FREED, actor=None)
                count += 1
    return count


def _own(registration: Registration, actor: Person, now: dt.datetime) -> tuple[Gate, Registration]:
    """The lock, then the registration as it is now; the actor may move it, and its workshop lives."""
    gate = lock(registration.workshop_id, now=now)
    row = fresh(registration)
    row.workshop = gate.workshop
    if not can_move(actor, row):
        raise NotAllowed(Permission.OWN_REGISTRATION)
    if row.state in rules.LIVE:
        gate.check_moving()
    return gate, row


def _end(
    gate: Gate, row: Registration, *, actor: Person | None, reason: Reason | None, note: str = ""
) -> None:
    """From any live state to the end that belongs to it, giving back what was held."""
    before = row.state
    late = rules.is_late(
        now=gate.now, starts_at=gate.starts_at, late_cancel_hours=gate.policy.late_cancel_hours
    )
    after, own_reason = _ending(before, late=late)
    changes = {"note": note.strip()} if note.strip() else {}
    walk(row, [(after, reason or own_reason)], gate=gate, actor=actor, **changes)
    if before in rules.HOLDING:
        claims.give_back(gate.policy, row.pool_id)
        answer_offer([row.pk], Offer.Answer.DECLINED, now=gate.now)
    tell(
        events.OfferDeclined if before == State.OFFERED else events.SeatCancelled,
        row,
        gate=gate,
        actor=actor,
    )


def _ending(before: str, *, late: bool) -> tuple[State, Reason]:
    if before == State.OFFERED:
        return State.DECLINED, Reason.NO
    if before == State.CONFIRMED:
        return (State.CANCELLED_LATE if late else State.CANCELLED_EARLY), Reason.CANCELLED
    return State.WITHDRAWN, Reason.WITHDREW
