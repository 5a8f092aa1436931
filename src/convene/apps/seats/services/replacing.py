"""When a drawn seat becomes free: a new lottery among those waiting, by the value that fixed the draw.

What is quick is worked out behind the lock. What may take longer is left to a task: it works without the
lock, and gives the seats only if everything still stands as it was (else it begins again).
"""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from convene.apps.people.models import Person
from convene.apps.seats import events
from convene.apps.seats.candidates import situation
from convene.apps.seats.following import Decision, Situation, decide, seats_to_fill
from convene.apps.seats.models import Draw, Offer, Registration, Replacement
from convene.apps.seats.permissions import Permission, can_manage_seats
from convene.apps.seats.rules import Reason, State
from convene.apps.seats.services import claims
from convene.apps.seats.services.gate import Gate, lock
from convene.apps.seats.services.moves import make_offers, move_all, tell
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish

AT_ONCE = 100
"""Up to so many people, holding or waiting, it is worked out behind the lock (well under a second)."""
TRIES = 5


def may_replace(gate: Gate) -> Draw | None:
    """The draw if it has been made; before that nobody is offered a seat of it."""
    return Draw.objects.filter(policy=gate.policy, state=Draw.State.DRAWN).first()


def follow(gate: Gate, *, reason: Reason, actor: Person | None) -> list[Offer]:
    """Behind the lock: offer free seats of a draw that was made, now or by a task."""
    draw = may_replace(gate)
    if draw is None:
        return []
    gate.policy.refresh_from_db(fields=["taken", "capacity"])
    policy = gate.policy
    if policy.capacity is not None and policy.taken >= policy.capacity:
        return []
    now_is = situation(policy, draw)
    if not seats_to_fill(now_is):
        return []
    if len(now_is.held) + len(now_is.waiting) > AT_ONCE:
        event = events.DrawnSeatsFreed(
            subject_id=draw.pk, community_id=gate.workshop.community_id, workshop_id=gate.policy.workshop_id
        )
        publish(event, actor=actor, now=gate.now)
        return []
    return _give(gate, draw, now_is, decide(now_is), reason=reason, actor=actor)


@transaction.atomic
def draw_anew(*, workshop: Workshop, actor: Person, now: dt.datetime) -> list[Offer]:
    """A steward's press: fill what is free now. It mostly has been done already; then nothing happens."""
    gate = lock(workshop.pk, now=now)
    if not can_manage_seats(actor, gate.workshop):
        raise NotAllowed(Permission.DRAW_SEATS)
    gate.check_moving()
    if not gate.may_offer():
        raise RuleBroken(_("It is too late: no seat can be offered so shortly before."), code="too_late")
    return follow(gate, reason=Reason.SEAT_FREED, actor=actor)


def replace_seats(*, draw: Draw, now: dt.datetime) -> list[Offer]:
    """Fill what is free, worked out without a lock and given behind it. Harmless to repeat."""
    for _try in range(TRIES):
        row = Draw.objects.select_related("policy__workshop").get(pk=draw.pk)
        if row.state != Draw.State.DRAWN or not Gate(row.policy, now).may_offer():
            return []
        seen = situation(row.policy, row)
        if not seats_to_fill(seen):
            return []
        offers = _give_if_unchanged(row, seen, decide(seen), now=now)
        if offers is not None:
            return offers
    return follow_later(draw, now=now)


@transaction.atomic
def follow_later(draw: Draw, *, now: dt.datetime) -> list[Offer]:
    """People came and went all the while: once more, after whatever else waits."""
    gate = lock(draw.policy.workshop_id, now=now)
    event = events.DrawnSeatsFreed(
        subject_id=draw.pk, community_id=gate.workshop.community_id, workshop_id=gate.policy.workshop_id
    )
    publish(event, actor=None, now=now)
    return []


@transaction.atomic
def _give_if_unchanged(
    draw: Draw, seen: Situation, decision: Decision, *, now: dt.datetime
) -> list[Offer] | None:
    gate = lock(draw.policy.workshop_id, now=now)
    if not gate.may_offer():
        return []
    if situation(gate.policy, draw) != seen:
        return None
    return _give(gate, draw, seen, decision, reason=Reason.SEAT_FREED, actor=None)


def _give(
    gate: Gate,
    draw: Draw,
    seen: Situation,
    decision: Decision,
    *,
    reason: Reason,
    actor: Person | None,
) -> list[Offer]:
    if not decision.chosen:
        return []
    _write_down(gate, draw, seen, decision, actor=actor)
    rows = Registration.objects.select_related("person").in_bulk([UUID(each) for each, _ in decision.chosen])
    offers: list[Offer] = []
    by_pool: dict[str, list[Registration]] = {}
    for each, pool in decision.chosen:
        by_pool.setdefault(pool, []).append(rows[UUID(each)])
    for pool, chosen in sorted(by_pool.items()):
        pool_id = UUID(pool) if pool else None
        if not claims.take(gate.policy, pool_id, len(chosen)):
            raise RuntimeError("seats to replace are not free: seats moved behind the lock")
        Registration.objects.filter(pk__in=[row.pk for row in chosen]).update(pool=pool_id)
        for row in chosen:
            row.pool_id = pool_id
        move_all(chosen, State.OFFERED, reason, gate=gate, actor=actor)
        offers += make_offers(chosen, gate=gate)
    for offer in offers:
        tell(events.SeatOffered, offer.registration, gate=gate, actor=actor, offer_id=offer.pk)
    return offers


def _write_down(gate: Gate, draw: Draw, seen: Situation, decision: Decision, *, actor: Person | None) -> None:
    Replacement.objects.create(
        draw=draw,
        number=seen.number,
        made_at=gate.now,
        seats=len(decision.chosen),
        waiting=len(seen.waiting),
        chances=dict(decision.chances),
        chosen=[each for each, _ in decision.chosen],
        record=dict(decision.record),
    )
    event = events.SeatsReplaced(
        subject_id=draw.pk,
        community_id=gate.workshop.community_id,
        workshop_id=gate.policy.workshop_id,
        number=seen.number,
        seats=len(decision.chosen),
    )
    publish(event, actor=actor, now=gate.now)
