"""From the value of chance to seats: the ticket it names, the offers, the reserve list."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from importlib import metadata
from typing import Any

from django.db import transaction

from convene.apps.seats import allotting, events
from convene.apps.seats.candidates import entries_of, seats_for, targets_of
from convene.apps.seats.models import Draw, Entry, Registration, SealedDraw
from convene.apps.seats.rules import Reason, State
from convene.apps.seats.services import claims
from convene.apps.seats.services.draws.forgetting import without_erased
from convene.apps.seats.services.draws.steps import draw_event, step
from convene.apps.seats.services.gate import Gate, lock
from convene.apps.seats.services.moves import make_offers, move_all, tell
from convene.apps.seats.services.offers import pass_on
from convene.apps.seats.unpublished import full_record
from convene.engines.allotment import InfeasibleError, InputError, allot
from convene.engines.allotment.record import record
from convene.engines.allotment.sealing import finish, public
from convene.foundation.events import publish


def finish_draw(*, draw: Draw, now: dt.datetime) -> Draw:
    """Give out the seats of the ticket that chance named. Harmless to repeat: the result is the value's."""
    row = Draw.objects.select_related("policy__workshop").get(pk=draw.pk)
    if row.state != Draw.State.DRAWING:
        return row
    return _open_ticket(row, now=now) if row.is_sealed else _draw_by_seed(row, now=now)


@transaction.atomic
def _open_ticket(draw: Draw, *, now: dt.datetime) -> Draw:
    """Behind the lock, as someone may be erased in the same moment; it is a matter of hashes only."""
    gate = lock(draw.policy.workshop_id, now=now)
    done = finish(full_record(draw), draw.seed, draw.evidence)
    shown = public(done)
    if not step(draw, Draw.State.DRAWING, Draw.State.DRAWN, drawn_at=now, record=shown):
        draw.refresh_from_db()
        return draw
    kept = {name: value for name, value in done.items() if name not in shown}
    SealedDraw.objects.filter(draw=draw).update(private=without_erased(draw, kept))
    _give_out(gate, draw, done["selected"], done["reserve"], done["chances"])
    return draw


def _give_out(
    gate: Gate,
    draw: Draw,
    selected: Collection[str],
    reserve: Sequence[str],
    chances: Mapping[str, float],
) -> None:
    entries = list(Entry.objects.filter(draw=draw).select_related("registration__person").order_by("number"))
    _write_results(entries, set(selected), reserve, chances)
    if not gate.is_published:
        return
    winners = [entry.registration for entry in entries if entry.seated]
    winners = [row for row in winners if row.state == State.POOLED]
    _seat(gate, winners)
    _reserve(gate, entries)
    publish(draw_event(events.SeatsDrawn, draw, seated=len(winners)), actor=None, now=gate.now)
    pass_on(gate, reason=Reason.SEAT_FREED, actor=None)  # for those who left between closing and the draw


def _write_results(
    entries: Sequence[Entry], seated: set[str], reserve: Sequence[str], chances: Mapping[str, float]
) -> None:
    places = {number: place for place, number in enumerate(reserve, start=1)}
    for entry in entries:
        number = str(entry.number)
        entry.chance = chances.get(number)  # none for who withdrew before the seal
        entry.seated = number in seated
        entry.reserve_position = places.get(number)
    Entry.objects.bulk_update(entries, ["chance", "seated", "reserve_position"], batch_size=200)


def _seat(gate: Gate, winners: list[Registration]) -> None:
    pools: dict[object, list[Registration]] = {}
    for row in winners:
        pools.setdefault(row.pool_id, []).append(row)
    for rows in pools.values():
        if not claims.take(gate.policy, rows[0].pool_id, len(rows)):
            raise RuntimeError("drawn seats are not free: seats moved behind a frozen draw")
    move_all(winners, State.OFFERED, Reason.DRAWN, gate=gate, actor=None)
    for offer in make_offers(winners, gate=gate):
        tell(events.SeatOffered, offer.registration, gate=gate, actor=None, offer_id=offer.pk)


def _reserve(gate: Gate, entries: Sequence[Entry]) -> None:
    rows = []
    for entry in entries:
        row = entry.registration
        if not entry.seated and row.state == State.POOLED:
            row.position, row.entered_at = entry.reserve_position, gate.now
            rows.append(row)
    move_all(rows, State.RESERVE, Reason.NOT_DRAWN, gate=gate, actor=None)
    Registration.objects.bulk_update(rows, ["position", "entered_at"], batch_size=200)
    for row in rows:
        tell(events.SeatNotDrawn, row, gate=gate, actor=None)


# --- where nothing is left to chance ----------------------------------------


def give_all(draw: Draw, *, now: dt.datetime) -> Draw:
    """There is a seat for everyone who asked: no value is needed, and none is waited for."""
    return _without_chance(draw, now=now, everyone=True)


def give_none(draw: Draw, *, now: dt.datetime) -> Draw:
    """Nobody asked, or no seat is free: who asked waits, in the order of the numbers, which were shuffled."""
    return _without_chance(draw, now=now, everyone=False)


@transaction.atomic
def _without_chance(draw: Draw, *, now: dt.datetime, everyone: bool) -> Draw:
    gate = lock(draw.policy.workshop_id, now=now)
    if not step(draw, Draw.State.PREPARING, Draw.State.DRAWN, drawn_at=now, seats=draw.seats):
        draw.refresh_from_db()
        return draw
    numbers = [each.id for each in sorted(entries_of(draw), key=lambda each: int(each.id))]
    _give_out(
        gate,
        draw,
        numbers if everyone else [],
        [] if everyone else numbers,
        dict.fromkeys(numbers, 1.0 if everyone else 0.0),
    )
    return draw


# --- draws that were waiting with a seed when draws began to be sealed -------


def _draw_by_seed(draw: Draw, *, now: dt.datetime) -> Draw:
    """The old rule, for a seed recorded under it: people were promised that it stays."""
    entries, targets = entries_of(draw), targets_of(draw.policy)
    draw.seats, by_pool = seats_for(draw.policy, entries)
    selected: Sequence[str] = ()
    reserve: Sequence[str] = ()
    chances: Mapping[str, float] = {}
    shown: dict[str, Any] = {}
    if draw.seats:
        quotas = allotting.quotas(entries, targets, draw.seats, by_pool)
        people = allotting.applicants(entries, targets)
        try:
            outcome = allot(people, quotas, draw.seats, seed=draw.seed, objective="leximin")
        except (InfeasibleError, InputError):
            Draw.objects.filter(pk=draw.pk, state=Draw.State.DRAWING).update(state=Draw.State.FROZEN)
            draw.refresh_from_db(fields=["state"])
            return draw
        shown = record(outcome, quotas, draw.seats, version=metadata.version("convene-community"))
        for each in shown["types"]:
            each.pop("traits")  # numbers, not what people declared: erasing a person needs no rewrite here
        selected, reserve, chances = outcome.selected, outcome.reserve, outcome.chances
    return _finish_by_seed(draw, shown, selected, reserve, chances, now=now)


@transaction.atomic
def _finish_by_seed(
    draw: Draw,
    shown: dict[str, Any],
    selected: Sequence[str],
    reserve: Sequence[str],
    chances: Mapping[str, float],
    *,
    now: dt.datetime,
) -> Draw:
    gate = lock(draw.policy.workshop_id, now=now)
    if step(draw, Draw.State.DRAWING, Draw.State.DRAWN, drawn_at=now, record=shown, seats=draw.seats):
        _give_out(gate, draw, selected, reserve, chances)
    else:
        draw.refresh_from_db()
    return draw
