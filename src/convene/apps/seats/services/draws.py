"""The draw: entries frozen at closing, one seed for good, every result with its reason.

Three short transactions, and the engine between them with no lock held: freeze, start (the claim: of two
draws only one goes on, and its seed stays), finish. A worker that dies in between does no harm: the seed is
recorded, so doing it again gives the same result.
"""

from __future__ import annotations

import datetime as dt
import secrets
from importlib import metadata

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.queries import traits_of
from convene.apps.people.models import Person
from convene.apps.seats import allotting, events, rules
from convene.apps.seats.allotting import Finding
from convene.apps.seats.candidates import entries_of, questions_of, seats_for, targets_of
from convene.apps.seats.models import Draw, Entry, Registration, SeatPolicy
from convene.apps.seats.permissions import Permission, can_manage_seats
from convene.apps.seats.rules import Reason, State
from convene.apps.seats.services import claims
from convene.apps.seats.services.gate import Gate, lock
from convene.apps.seats.services.moves import make_offers, move_all, tell
from convene.apps.seats.services.offers import pass_on
from convene.apps.workshops.models import Workshop
from convene.engines.allotment import InfeasibleError, InputError, Outcome, allot
from convene.engines.allotment.record import record
from convene.foundation.errors import NotAllowed, RuleBroken
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
    """Entries as they stand at closing; None if it is not time or was done. Then the draw starts, or waits.

    It waits for a steward who makes it in the room, and when no panel meets the targets: then it says why.
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
    event = events.EntriesFrozen(
        subject_id=draw.pk,
        community_id=gate.workshop.community_id,
        workshop_id=workshop.pk,
        waits=bool(draw.problem) or not policy.draws_itself,
    )
    publish(event, actor=None, now=now)
    if policy.draws_itself and not draw.problem and gate.may_offer():
        _start(gate, draw, seed=secrets.token_hex(16), source=Draw.SeedSource.SITE, actor=None)
    return draw


def _enter(draw: Draw, rows: list[Registration]) -> None:
    """Numbers are shuffled, so that none tells who asked early."""
    said = traits_of([row.person_id for row in rows], questions_of(draw.policy))
    numbers = list(range(1, len(rows) + 1))
    secrets.SystemRandom().shuffle(numbers)
    Entry.objects.bulk_create(
        Entry(
            draw=draw,
            registration=row,
            number=number,
            traits=allotting.answers_by_text(said[row.person_id]),
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
    """Targets can be met now: a draw that makes itself starts, another waits for its dice."""
    if gate.policy.draws_itself and not draw.problem and gate.may_offer():
        seed, source = draw.seed or secrets.token_hex(16), draw.seed_source or Draw.SeedSource.SITE
        _start(gate, draw, seed=seed, source=source, actor=actor)


@transaction.atomic
def start_draw(*, draw: Draw, actor: Person, now: dt.datetime, seed: str = "") -> Draw:
    """A steward makes the draw; `seed` is what the dice in the room said, else the site makes one.

    Raises RuleBroken: already_drawn, too_late, infeasible, seed_long.
    """
    gate = lock(draw.policy.workshop_id, now=now)
    if not can_manage_seats(actor, gate.workshop):
        raise NotAllowed(Permission.DRAW_SEATS)
    gate.check_moving()
    said = " ".join(seed.split())
    source = Draw.SeedSource.ROOM if said else Draw.SeedSource.SITE
    row = Draw.objects.get(pk=draw.pk)
    row.policy = gate.policy
    rules.check_drawable(frozen=row.state == Draw.State.FROZEN, may_offer=gate.may_offer(), seed=said)
    if look_for_faults(row) is not None:
        raise RuleBroken(_("With these entries no choice of people meets all targets."), code="infeasible")
    if row.seed:  # a seed once recorded stays, so that nobody draws until they like the result
        said, source = row.seed, Draw.SeedSource(row.seed_source)
    _start(gate, row, seed=said or secrets.token_hex(16), source=source, actor=actor)
    return row


def claim(draw: Draw, *, seed: str, source: str) -> bool:
    """Of two draws at once only one gets its seed in; the conditional UPDATE decides."""
    frozen = Draw.objects.filter(pk=draw.pk, state=Draw.State.FROZEN)
    return frozen.update(state=Draw.State.DRAWING, seed=seed, seed_source=source) == 1


def _start(gate: Gate, draw: Draw, *, seed: str, source: str, actor: Person | None) -> None:
    if not claim(draw, seed=seed, source=source):
        raise RuleBroken(_("The draw is being made already."), code="already_drawn")
    draw.state, draw.seed, draw.seed_source = Draw.State.DRAWING, seed, source
    event = events.DrawStarted(
        subject_id=draw.pk, community_id=gate.workshop.community_id, workshop_id=gate.policy.workshop_id
    )
    publish(event, actor=actor, now=gate.now)


def finish_draw(*, draw: Draw, now: dt.datetime) -> Draw:
    """Draw by the recorded seed, then give out the seats. Harmless to repeat: the result is the seed's."""
    row = Draw.objects.select_related("policy__workshop").get(pk=draw.pk)
    if row.state != Draw.State.DRAWING:
        return row
    entries = entries_of(row)
    targets = targets_of(row.policy)
    row.seats, by_pool = seats_for(row.policy, entries)
    quotas = allotting.quotas(entries, targets, row.seats, by_pool)
    outcome = None
    if row.seats:
        people = allotting.applicants(entries, targets)
        try:
            outcome = allot(people, quotas, row.seats, seed=row.seed, objective="leximin")
        except (InfeasibleError, InputError):
            # someone withdrew since the start, and now no panel meets the targets: back, seed and all
            return _wait_again(row)
    published = (
        record(outcome, quotas, row.seats, version=metadata.version("convene-community")) if outcome else {}
    )
    for each in published.get("types", ()):
        each.pop("traits")  # numbers, not what people declared: erasing a person needs no rewrite here
    return _give_out(row, outcome, published, now=now)


@transaction.atomic
def _wait_again(draw: Draw) -> Draw:
    Draw.objects.filter(pk=draw.pk, state=Draw.State.DRAWING).update(state=Draw.State.FROZEN)
    draw.refresh_from_db(fields=["state"])
    look_for_faults(draw)
    return draw


@transaction.atomic
def _give_out(draw: Draw, outcome: Outcome | None, published: dict[str, object], *, now: dt.datetime) -> Draw:
    gate = lock(draw.policy.workshop_id, now=now)
    done = Draw.objects.filter(pk=draw.pk, state=Draw.State.DRAWING).update(
        state=Draw.State.DRAWN, drawn_at=now, record=published, seats=draw.seats
    )
    if not done or not gate.is_published:
        draw.refresh_from_db()
        return draw
    entries = list(Entry.objects.filter(draw=draw).select_related("registration__person").order_by("number"))
    if outcome is not None:
        _write_results(entries, outcome)
    winners = [entry.registration for entry in entries if entry.seated]
    winners = [row for row in winners if row.state == State.POOLED]
    _seat(gate, winners)
    _reserve(gate, entries)
    seated = events.SeatsDrawn(
        subject_id=draw.pk,
        community_id=gate.workshop.community_id,
        workshop_id=gate.policy.workshop_id,
        seated=len(winners),
    )
    publish(seated, actor=None, now=now)
    pass_on(gate, reason=Reason.SEAT_FREED, actor=None)  # for those who left between closing and the draw
    draw.refresh_from_db()
    return draw


def _write_results(entries: list[Entry], outcome: Outcome) -> None:
    seated = set(outcome.selected)
    places = {number: place for place, number in enumerate(outcome.reserve, start=1)}
    for entry in entries:
        number = str(entry.number)
        entry.chance = outcome.chances.get(number)  # none for who withdrew before the draw
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


def _reserve(gate: Gate, entries: list[Entry]) -> None:
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
