"""At closing: entries as they stand, and whether any choice of people meets the targets."""

from __future__ import annotations

import datetime as dt
import secrets

from django.db import transaction

from convene.apps.communities.queries import traits_of
from convene.apps.people.models import Person
from convene.apps.seats import allotting, events, rules
from convene.apps.seats.allotting import Finding
from convene.apps.seats.candidates import entries_of, questions_of, seats_for, targets_of
from convene.apps.seats.models import Draw, Entry, Registration, SeatPolicy
from convene.apps.seats.remembering import remembered
from convene.apps.seats.rules import ChanceSource, State
from convene.apps.seats.services.draws.steps import draw_event, look_again, step
from convene.apps.seats.services.gate import Gate, lock
from convene.apps.workshops.models import Workshop
from convene.foundation.events import publish


def freeze_due_draws(*, now: dt.datetime) -> int:
    """Close the entries of every draw whose time has come. Returns how many."""
    due = SeatPolicy.objects.filter(
        kind=rules.Kind.DRAW,
        closes_at__lte=now,
        draws=None,
        workshop__state=Workshop.State.PUBLISHED,
    ).select_related("workshop")
    return sum(freeze_entries(workshop=policy.workshop, now=now) is not None for policy in list(due))


@transaction.atomic
def freeze_entries(*, workshop: Workshop, now: dt.datetime) -> Draw | None:
    """Entries as they stand at closing; None if it is not time or was done. Then it is prepared, or waits.

    It waits when no panel meets the targets, and says why; and for witnesses who have not sealed their value.
    """
    gate = lock(workshop.pk, now=now)
    policy = gate.policy
    closed = policy.closes_at is not None and policy.closes_at <= now
    if policy.kind != rules.Kind.DRAW or not closed or not gate.is_published or policy.draws.exists():
        return None
    rows = list(Registration.objects.filter(workshop_id=workshop.pk, state=State.POOLED))
    draw = Draw.objects.create(policy=policy, seats=0, frozen_at=now)
    _enter(draw, rows)
    look_for_faults(draw)
    publish(draw_event(events.EntriesFrozen, draw, waits=not _is_ready(draw)), actor=None, now=now)
    go_on(gate, draw, actor=None)
    return draw


def _enter(draw: Draw, rows: list[Registration]) -> None:
    """Numbers are shuffled, so that none tells who asked early."""
    said = traits_of([row.person_id for row in rows], questions_of(draw.policy))
    known = remembered(draw.policy, rows, now=draw.frozen_at)
    numbers = list(range(1, len(rows) + 1))
    secrets.SystemRandom().shuffle(numbers)
    Entry.objects.bulk_create(
        Entry(
            draw=draw,
            registration=row,
            number=number,
            traits={**allotting.answers_by_text(said[row.person_id]), **known[row.pk].traits},
            weight=known[row.pk].weight,
        )
        for row, number in zip(rows, numbers, strict=True)
    )


def look_for_faults(draw: Draw) -> Finding | None:
    """Examine the entries as they stand: how many seats can be drawn, and whether targets can be met."""
    entries = entries_of(draw)
    draw.seats, by_pool = seats_for(draw.policy, entries)
    finding = allotting.find_fault(entries, targets_of(draw.policy), draw.seats, pool_seats=by_pool)
    draw.problem = finding.as_json() if finding else {}
    draw.save(update_fields=["problem", "seats"])
    return finding


def go_on_after_relaxing(gate: Gate, draw: Draw, *, actor: Person) -> None:
    """Targets can be met now, so the draw is prepared."""
    go_on(gate, draw, actor=actor)


def go_on(gate: Gate, draw: Draw, *, actor: Person | None) -> bool:
    """From frozen to preparing, if nothing is in the way: whether it did."""
    if not _is_ready(draw) or not gate.may_offer():
        return False
    return start_preparing(gate, draw, actor=actor)


def start_preparing(gate: Gate, draw: Draw, *, actor: Person | None) -> bool:
    if draw.seed:  # chance spoke before draws were sealed, and what it said stays
        if not step(draw, Draw.State.FROZEN, Draw.State.DRAWING):
            return False
        publish(draw_event(events.DrawStarted, draw), actor=actor, now=gate.now)
        look_again(draw, "finish_draw", gate.now)
        return True
    if not step(draw, Draw.State.FROZEN, Draw.State.PREPARING):
        return False
    publish(draw_event(events.DrawPreparing, draw), actor=actor, now=gate.now)
    look_again(draw, "prepare_draw", gate.now)
    return True


def _is_ready(draw: Draw) -> bool:
    policy = draw.policy
    if policy.chance_source == ChanceSource.WITNESSES and not draw.seed:
        named, sealed = policy.witnesses.count(), policy.witnesses.exclude(sealed_hash="").count()
        if sealed < max(named, rules.FEWEST_WITNESSES):
            return False
    return not draw.problem


def resume_draws(*, now: dt.datetime) -> int:
    """Prepare what waits without a reason: a draw frozen before draws were sealed, or while nothing could be
    offered. Returns how many.
    """
    waiting = Draw.objects.filter(
        state=Draw.State.FROZEN, problem={}, policy__workshop__state=Workshop.State.PUBLISHED
    )
    found = list(waiting.values_list("pk", "policy__workshop_id"))
    return sum(_resume(draw_id, workshop_id, now) for draw_id, workshop_id in found)


@transaction.atomic
def _resume(draw_id: object, workshop_id: object, now: dt.datetime) -> bool:
    gate = lock(workshop_id, now=now)  # type: ignore[arg-type]  # a UUID, from values_list
    draw = Draw.objects.filter(pk=draw_id, state=Draw.State.FROZEN).first()  # type: ignore[misc]  # as above
    if draw is None:
        return False
    draw.policy = gate.policy
    return go_on(gate, draw, actor=None)
