"""Passing seats on: who is next, and the offer that holds a seat for them.

It runs in the transaction that freed the seat (docs/decisions: a freed seat never stands free between two
transactions, where a newcomer could pass those who wait).
"""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.db.models import F, QuerySet

from convene.apps.people.models import Person
from convene.apps.seats import events, rules
from convene.apps.seats.models import Offer, Pool, Registration, SeatPolicy
from convene.apps.seats.rules import Reason, State
from convene.apps.seats.services import claims
from convene.apps.seats.services.gate import Gate, lock
from convene.apps.seats.services.moves import make_offers, move_all, tell
from convene.apps.seats.services.replacing import follow

_MANY = 1_000_000


@transaction.atomic
def offer_next(
    *, policy: SeatPolicy, now: dt.datetime, actor: Person | None = None, reason: Reason = Reason.SEAT_FREED
) -> list[Offer]:
    """Offer every free seat to whoever is next for it. Harmless to repeat."""
    return pass_on(lock(policy.workshop_id, now=now), reason=reason, actor=actor)


def pass_on(gate: Gate, *, reason: Reason, actor: Person | None) -> list[Offer]:
    """Offer free seats behind a lock already held. Never within the cut-off."""
    if not gate.may_offer():
        return []
    if gate.policy.kind == rules.Kind.DRAW:
        return follow(gate, reason=reason, actor=actor)
    gate.policy.refresh_from_db(fields=["taken", "capacity"])
    offers: list[Offer] = []
    pools: list[Pool | None] = [*gate.pools()]
    for pool in pools or [None]:
        chosen = _next_for(gate, pool)
        if chosen and claims.take(gate.policy, pool.pk if pool else None, len(chosen)):
            offers += _offer_to(gate, pool, chosen, reason=reason, actor=actor)
    return offers


def _next_for(gate: Gate, pool: Pool | None) -> list[Registration]:
    policy = gate.policy
    if pool is not None:
        free = pool.capacity - pool.taken
    else:
        free = _MANY if policy.capacity is None else policy.capacity - policy.taken
    if free <= 0:
        return []
    return list(waiting(gate, pool)[:free])


def waiting(gate: Gate, pool: Pool | None) -> QuerySet[Registration]:
    """Those a free seat of the pool is for, the longest waiting first: the reserve of a draw before the list.

    Seats for everyone are for all who wait; other seats for those who wait for them. The approval gate is
    asked again here, so that no road leads around it.
    """
    rows = Registration.objects.filter(workshop_id=gate.policy.workshop_id, state__in=rules.WAITING)
    if gate.policy.asks_approval:
        rows = rows.exclude(approved_at=None)
    if pool is not None and pool.who != rules.PoolWho.EVERYONE:
        rows = rows.filter(pool=pool)
    return rows.order_by(F("position").asc(nulls_last=True), "entered_at", "created_at", "pk")


def _offer_to(
    gate: Gate, pool: Pool | None, chosen: list[Registration], *, reason: Reason, actor: Person | None
) -> list[Offer]:
    moving_house = [registration.pk for registration in chosen if pool and registration.pool_id != pool.pk]
    if moving_house:
        Registration.objects.filter(pk__in=moving_house).update(pool=pool)
    move_all(chosen, State.OFFERED, reason, gate=gate, actor=actor)
    offers = make_offers(chosen, gate=gate)
    for offer in offers:
        tell(events.SeatOffered, offer.registration, gate=gate, actor=actor, offer_id=offer.pk)
    return offers
