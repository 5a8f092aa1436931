"""Approval: a gate of its own, before and apart from whether a seat is free."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from convene.apps.people.models import Person
from convene.apps.seats import events, rules
from convene.apps.seats.models import Registration
from convene.apps.seats.permissions import Permission, can_approve
from convene.apps.seats.rules import Kind, Reason, State
from convene.apps.seats.services.gate import Gate, fresh, lock
from convene.apps.seats.services.moves import make_offers, tell, walk
from convene.apps.seats.services.offers import waiting
from convene.apps.seats.services.requests import place_path
from convene.foundation.errors import NotAllowed, RuleBroken


@transaction.atomic
def approve_request(
    *, registration: Registration, actor: Person, now: dt.datetime, note: str = ""
) -> Registration:
    """Open the gate; then the policy says what follows: a seat, an offer, the draw or the list."""
    gate, row = _awaiting(registration, actor, now)
    if row.approved_at is not None:
        return row
    _check_awaiting(row)
    rules.check_not_begun(starts_at=gate.starts_at, now=now)
    waits = waiting(gate, row.pool).exists()
    path = place_path(gate, [(State.APPROVED, Reason.APPROVED)], row.pool, someone_waits=waits)
    offered = path[-1][0] == State.CONFIRMED and gate.policy.kind == Kind.APPROVAL and gate.may_offer()
    if offered:
        path[-1] = (State.OFFERED, Reason.SEAT_FREE)
    walk(row, path, gate=gate, actor=actor, approved_at=now, entered_at=now, note=note.strip())
    if offered:
        (offer,) = make_offers([row], gate=gate)
        tell(events.SeatOffered, row, gate=gate, actor=actor, offer_id=offer.pk)
    elif row.state == State.CONFIRMED:
        tell(events.SeatConfirmed, row, gate=gate, actor=actor)
    elif row.state == State.WAITLISTED:
        tell(events.SeatWaitlisted, row, gate=gate, actor=actor)
    else:
        tell(events.SeatRequested, row, gate=gate, actor=actor)
    return row


@transaction.atomic
def decline_request(
    *, registration: Registration, actor: Person, now: dt.datetime, note: str
) -> Registration:
    """Refuse with a reason the person reads. Raises RuleBroken(reason_missing) without one."""
    gate, row = _awaiting(registration, actor, now)
    if row.state == State.DECLINED_BY_APPROVER:
        return row
    if not note.strip():
        raise RuleBroken(_("Say why, in words the person can use."), code="reason_missing", field="note")
    _check_awaiting(row)
    walk(
        row,
        [(State.DECLINED_BY_APPROVER, Reason.REFUSED)],
        gate=gate,
        actor=actor,
        note=note.strip(),
    )
    tell(events.SeatRefused, row, gate=gate, actor=actor)
    return row


def _awaiting(registration: Registration, actor: Person, now: dt.datetime) -> tuple[Gate, Registration]:
    gate = lock(registration.workshop_id, now=now)
    if not can_approve(actor, gate.policy):
        raise NotAllowed(Permission.APPROVE_REQUESTS)
    gate.check_moving()
    return gate, fresh(registration)


def _check_awaiting(row: Registration) -> None:
    if row.state != State.NEEDS_APPROVAL:
        raise RuleBroken(_("This request waits for no approval."), code="not_awaiting")
