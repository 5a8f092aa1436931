"""Coming in: by asking, by a steward's hand, at the door."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from convene.apps.people.models import Person
from convene.apps.seats import events, rules
from convene.apps.seats.candidates import targets_of
from convene.apps.seats.models import Draw, Offer, Pool, Registration
from convene.apps.seats.permissions import Permission, can_manage_seats, can_work_door
from convene.apps.seats.rules import Kind, Reason, State
from convene.apps.seats.services import claims
from convene.apps.seats.services.gate import Gate, lock
from convene.apps.seats.services.knowing import (
    Known,
    any_pool,
    check_overlap,
    hold_still,
    pool_to_ask,
    what_is_known,
)
from convene.apps.seats.services.moves import answer_offer, begin, make_offers, tell, walk
from convene.apps.seats.services.offers import waiting
from convene.apps.seats.services.replacing import follow
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish

_FINAL_EVENT: Mapping[str, type[Any]] = {
    State.CONFIRMED: events.SeatConfirmed,
    State.WAITLISTED: events.SeatWaitlisted,
    State.POOLED: events.SeatRequested,
    State.NEEDS_APPROVAL: events.SeatRequested,
}


@transaction.atomic
def request_seat(
    *,
    workshop: Workshop,
    person: Person,
    actor: Person | None,
    now: dt.datetime,
    pool: Pool | None = None,
    hope: str = "",
    source: str = Registration.Source.SELF,
    overlap_ok: bool = False,
) -> Registration:
    """Ask for a seat. The same person again gets the registration they have.

    Raises RuleBroken: not_published, begun, closed, members_only, not_invited, no_pool, pool_not_open,
    refused_before, overlap (ask again with `overlap_ok`).
    """
    gate = lock(workshop.pk, now=now)
    gate.check_moving()
    hold_still(person)
    known = what_is_known(gate, person)
    if known.existing is not None:
        return known.existing
    rules.check_askable(
        published=gate.is_published, starts_at=known.starts_at, closes_at=gate.policy.closes_at, now=now
    )
    if known.refused:
        raise RuleBroken(
            _("A request of yours was not approved. Write to the stewards if something has changed."),
            code="refused_before",
        )
    rules.check_audience(audience=gate.workshop.audience, tier=known.tier, invited=known.invited)
    rules.check_invited(kind=gate.policy.kind, invited=known.invited)
    if not overlap_ok:
        check_overlap(known)
    reason = Reason.IMPORTED if source == Registration.Source.IMPORT else Reason.ASKED
    return _place(
        gate,
        known,
        [(State.SUBMITTED, reason)],
        pool=pool_to_ask(gate, known, wanted=pool),
        actor=actor,
        hope=hope.strip(),
        source=source,
    )


@transaction.atomic
def register_by_hand(
    *,
    workshop: Workshop,
    person: Person,
    actor: Person,
    now: dt.datetime,
    hope: str = "",
    pool: Pool | None = None,
) -> Registration:
    """A steward writes someone down, who asked by phone or on paper. Their word is the approval.

    The seat or the list is the one anybody would get now: nobody who waits is passed.
    """
    gate = lock(workshop.pk, now=now)
    if not can_manage_seats(actor, gate.workshop):
        raise NotAllowed(Permission.MANAGE_SEATS)
    gate.check_moving()
    known = what_is_known(gate, person)
    if known.existing is not None:
        return known.existing
    rules.check_not_begun(starts_at=known.starts_at, now=now)
    path = [(str(State.SUBMITTED), Reason.BY_HAND), (str(State.APPROVED), Reason.APPROVED)]
    return _place(
        gate,
        known,
        path,
        pool=pool or any_pool(gate, known),
        actor=actor,
        hope=hope.strip(),
        source=Registration.Source.STEWARD,
        approved_at=now,
    )


@transaction.atomic
def walk_in(*, workshop: Workshop, person: Person, actor: Person, now: dt.datetime) -> Registration:
    """At the door: offered and confirmed in one transaction, if a seat is free.

    Raises RuleBroken(full) when none is. Who is confirmed already stays so.
    """
    gate = lock(workshop.pk, now=now)
    if not can_work_door(actor, gate.workshop):
        raise NotAllowed(Permission.WORK_DOOR)
    gate.check_moving()
    if not gate.is_published:
        raise RuleBroken(_("There is no door open for this at the moment."), code="not_published")
    pending = gate.policy.kind == Kind.DRAW and not gate.policy.draws.filter(state=Draw.State.DRAWN).exists()
    rules.check_no_draw_pending(pending=pending)
    known = what_is_known(gate, person)
    existing = known.existing
    if existing is not None and existing.state == State.CONFIRMED:
        return existing
    steps: list[tuple[str, Reason]] = [
        (State.OFFERED, Reason.AT_THE_DOOR),
        (State.CONFIRMED, Reason.AT_THE_DOOR),
    ]
    if existing is not None and existing.state == State.OFFERED:
        walk(existing, steps[1:], gate=gate, actor=actor)
        answer_offer([existing.pk], Offer.Answer.CONFIRMED, now=now)
        registration = existing
    else:
        registration = _seat_at_door(gate, known, steps, actor=actor)
    tell(events.SeatConfirmed, registration, gate=gate, actor=actor)
    return registration


def _seat_at_door(
    gate: Gate, known: Known, steps: list[tuple[str, Reason]], *, actor: Person
) -> Registration:
    pool = any_pool(gate, known)
    existing = known.existing
    if not claims.take(gate.policy, pool.pk if pool else None):
        raise RuleBroken(_("All seats are taken or held for someone."), code="full")
    if existing is None:
        path = [(str(State.SUBMITTED), Reason.AT_THE_DOOR), *steps]
        source = Registration.Source.DOOR
        registration = begin(
            gate, known.person, path, actor=actor, pool=pool, source=source, approved_at=gate.now
        )
    else:
        registration = existing
        if existing.state == State.NEEDS_APPROVAL:
            steps = [(State.APPROVED, Reason.AT_THE_DOOR), *steps]
        walk(existing, steps, gate=gate, actor=actor, pool=pool, approved_at=gate.now)
    make_offers([registration], gate=gate)
    answer_offer([registration.pk], Offer.Answer.CONFIRMED, now=gate.now)
    return registration


def place_path(
    gate: Gate, path: list[tuple[str, Reason]], pool: Pool | None, *, someone_waits: bool
) -> list[tuple[str, Reason]]:
    """The rest of the path by the policy, taking a seat if one is given now. Nobody who waits is passed."""
    policy = gate.policy
    is_approved = path[-1][0] == State.APPROVED
    if policy.asks_approval and not is_approved:
        return [*path, (State.NEEDS_APPROVAL, Reason.APPROVAL_FIRST)]
    if policy.kind == Kind.DRAW:
        draw = Draw.objects.filter(policy=policy).first()
        if draw is None:
            return [*path, (State.POOLED, Reason.ENTERED_DRAW)]
        if draw.state == Draw.State.DRAWN and targets_of(policy):
            return [*path, (State.WAITLISTED, Reason.AFTER_DRAW)]
        someone_waits = someone_waits or draw.state != Draw.State.DRAWN
    if someone_waits or not claims.take(policy, pool.pk if pool else None):
        rules.check_may_wait(kind=policy.kind, waiting_list=policy.waiting_list, capacity=policy.capacity)
        return [*path, (State.WAITLISTED, Reason.FULL)]
    return [*path, (State.CONFIRMED, Reason.SEAT_FREE)]


def _place(
    gate: Gate,
    known: Known,
    path: list[tuple[str, Reason]],
    *,
    pool: Pool | None,
    actor: Person | None,
    **fields: Any,
) -> Registration:
    waits = known.someone_waits and (pool is None or waiting(gate, pool).exists())
    whole = place_path(gate, path, pool, someone_waits=waits)
    registration = begin(gate, known.person, whole, actor=actor, pool=pool, **fields)
    if whole[-1] == (State.WAITLISTED, Reason.AFTER_DRAW) and gate.may_offer():
        follow(gate, reason=Reason.SEAT_FREED, actor=actor)
        registration.refresh_from_db(fields=["state"])
    if registration.state in _FINAL_EVENT:  # an offer has been told
        tell(_FINAL_EVENT[registration.state], registration, gate=gate, actor=actor)
    if registration.state == State.CONFIRMED:
        _tell_if_filled(gate)
    return registration


def _tell_if_filled(gate: Gate) -> None:
    """`taken` as read behind the lock, one more by now."""
    policy = gate.policy
    if policy.capacity is None or policy.taken + 1 < policy.capacity:
        return
    event = events.SeatsFilled(
        subject_id=policy.pk, community_id=gate.workshop.community_id, workshop_id=policy.workshop_id
    )
    publish(event, actor=None, now=gate.now)
