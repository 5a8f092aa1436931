"""The fairest lottery, its tickets and their seal: what is published before chance is known."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from importlib import metadata
from typing import Any

from django.db import transaction

from convene.apps.seats import allotting, events
from convene.apps.seats.allotting import Candidate
from convene.apps.seats.candidates import entries_of, seats_for, targets_of
from convene.apps.seats.models import Draw, SealedDraw, SeatPolicy, Witness
from convene.apps.seats.rules import ChanceSource
from convene.apps.seats.rules.chance import QUICKNET, lead_time, sealed
from convene.apps.seats.services.draws.finishing import give_all, give_none
from convene.apps.seats.services.draws.freezing import look_for_faults
from convene.apps.seats.services.draws.naming import lottery_of
from convene.apps.seats.services.draws.steps import draw_event, step
from convene.apps.seats.services.gate import lock
from convene.engines.allotment import InfeasibleError, InputError
from convene.engines.allotment.sealing import public, seal
from convene.foundation.events import publish
from convene.foundation.jobs import services as jobs

TICKETS = 1000


def prepare_draw(*, draw: Draw, now: dt.datetime) -> Draw:
    """Work out the lottery, seal it and publish the seal. Harmless to repeat: only the first seal counts.

    Where there is a seat for everyone, or for nobody, nothing is left to chance, and it is over.
    """
    row = Draw.objects.select_related("policy__workshop").get(pk=draw.pk)
    if row.state != Draw.State.PREPARING:
        return row
    entries = entries_of(row)
    row.seats, by_pool = seats_for(row.policy, entries)
    if allotting.find_fault(entries, targets_of(row.policy), row.seats, pool_seats=by_pool) is not None:
        return _wait_again(row)  # someone withdrew since closing, and now no panel meets the targets
    if row.seats < 1:
        return give_none(row, now=now)
    if row.seats >= len(entries):
        return give_all(row, now=now)
    return _seal(row, entries, by_pool, now=now)


def _seal(
    row: Draw, entries: Sequence[Candidate], by_pool: dict[str, int] | None, *, now: dt.datetime
) -> Draw:
    announced = announce(row.policy, now=now)
    try:
        lottery, quotas = lottery_of(row, entries, by_pool)
    except (InfeasibleError, InputError):
        return _wait_again(row)
    full = seal(
        lottery,
        quotas,
        row.seats,
        tickets=TICKETS,
        key=secrets.token_bytes(32),  # used here and never kept: what it made is kept, and can be forgotten
        source=announced.source,
        version=metadata.version("convene-community"),
    )
    return _commit(row, full, announced, now=now)


@dataclass(frozen=True)
class Announced:
    """A source of chance as it is published, when it is due, and what the site keeps to itself until then."""

    kind: str
    source: dict[str, Any]
    due_at: dt.datetime | None = None
    secret: str = field(default="", repr=False)


def announce(policy: SeatPolicy, *, now: dt.datetime) -> Announced:
    """Which chance will decide, named so closely that nobody can choose another later."""
    kind = ChanceSource(policy.chance_source)
    due_at = now + lead_time(source=kind, minutes=policy.chance_minutes, hours=policy.reveal_hours)
    match kind:
        case ChanceSource.DRAND:
            number = QUICKNET.round_at(due_at)
            source = {
                "kind": "drand",
                "network": QUICKNET.name,
                "chain": QUICKNET.chain_hash,
                "public_key": QUICKNET.public_key,
                "round": number,
                "time": QUICKNET.time_of(number).isoformat(),
            }
            return Announced(kind, source, QUICKNET.time_of(number))
        case ChanceSource.DICE:
            return Announced(kind, {"kind": "dice", "dice": policy.dice_count, "sides": policy.dice_sides})
        case ChanceSource.WITNESSES:
            own = secrets.token_hex(32)
            rows = Witness.objects.filter(policy=policy).exclude(sealed_hash="")
            named = [{"name": f"witness {row.number}", "sealed": row.sealed_hash} for row in rows]
            named.append({"name": "site", "sealed": sealed(own)})
            source = {"kind": "witnesses", "witnesses": named, "until": due_at.isoformat()}
            return Announced(kind, source, due_at, own)
        case ChanceSource.SITE:
            own = secrets.token_hex(32)
            source = {"kind": "site", "sealed": sealed(own), "time": due_at.isoformat()}
            return Announced(kind, source, due_at, own)


@transaction.atomic
def _commit(row: Draw, full: dict[str, Any], announced: Announced, *, now: dt.datetime) -> Draw:
    gate = lock(row.policy.workshop_id, now=now)
    shown = public(full)
    if not gate.is_published or not step(
        row,
        Draw.State.PREPARING,
        Draw.State.COMMITTED,
        seats=row.seats,
        record=shown,
        commitment=full["commitment"],
        committed_at=now,
        source_kind=announced.kind,
        source=announced.source,
        chance_due_at=announced.due_at,
    ):
        row.refresh_from_db()
        return row
    SealedDraw.objects.create(
        draw=row,
        private={name: value for name, value in full.items() if name not in shown},
        secret=announced.secret,
    )
    publish(draw_event(events.DrawCommitted, row, commitment=row.commitment), actor=None, now=now)
    if announced.due_at is not None:
        jobs.schedule(
            key=f"draw-chance:{row.pk}",
            task="convene.apps.seats.tasks.take_chance",
            args={"draw_id": str(row.pk)},
            due_at=announced.due_at,
        )
    return row


@transaction.atomic
def _wait_again(draw: Draw) -> Draw:
    step(draw, Draw.State.PREPARING, Draw.State.FROZEN)
    draw.refresh_from_db(fields=["state"])
    look_for_faults(draw)
    return draw
