"""How the value of chance becomes known, by source; recorded once, for good."""

from __future__ import annotations

import datetime as dt

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from convene.apps.people.models import Person
from convene.apps.seats import events
from convene.apps.seats.chance import drand
from convene.apps.seats.chance.drand import Beacon
from convene.apps.seats.models import Draw, SealedDraw
from convene.apps.seats.permissions import Permission, can_confirm_chance, can_manage_seats
from convene.apps.seats.rules import ChanceSource
from convene.apps.seats.rules.chance import read_dice
from convene.apps.seats.services.draws.recording import record_value, waiting_draw
from convene.apps.seats.services.draws.steps import draw_event
from convene.apps.seats.services.draws.witnesses import end_reveals
from convene.apps.seats.services.gate import Gate
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish
from convene.foundation.jobs import services as jobs

_SOONEST, _LATEST = dt.timedelta(seconds=15), dt.timedelta(minutes=15)


@transaction.atomic
def throw_dice(*, draw: Draw, actor: Person, now: dt.datetime, values: str) -> Draw:
    """What was read out in the room decides, as soon as it is typed; it stays as it is typed.

    Raises RuleBroken: not_waiting, other_source, too_late, dice_range, dice_number, already_drawn.
    """
    gate, row = _waiting(draw, ChanceSource.DICE, now=now, steward=actor)
    said = read_dice(values, count=row.source["dice"], sides=row.source["sides"])
    return record_value(gate, row, said, {}, actor=actor)


@transaction.atomic
def paste_beacon(*, draw: Draw, actor: Person, now: dt.datetime, beacon: str) -> Draw:
    """The announced round, brought by a steward when this site cannot fetch it; verified like a fetched one.

    Raises RuleBroken: not_waiting, other_source, too_late, beacon_early, beacon_shape, beacon_round,
    beacon_false, no_verifier, already_drawn.
    """
    gate, row = _waiting(draw, ChanceSource.DRAND, now=now, steward=actor)
    _check_due(row, now)
    found = drand.read(beacon, wanted=row.source["round"])
    return _by_beacon(gate, row, found, actor=actor)


def fetch_beacon(*, draw: Draw, now: dt.datetime) -> bool:
    """Ask the relays for the announced round; whether it is known now. No lock is held while they answer."""
    row = Draw.objects.get(pk=draw.pk)
    if row.state != Draw.State.COMMITTED or row.source_kind != ChanceSource.DRAND:
        return True
    _check_due(row, now)
    try:
        found = drand.fetch(row.source["round"])
    except drand.NotThere:
        return False
    with transaction.atomic():
        gate, row = _waiting(draw, ChanceSource.DRAND, now=now)
        _by_beacon(gate, row, found, actor=None)
    return True


@transaction.atomic
def open_own_value(*, draw: Draw, now: dt.datetime) -> Draw:
    """The site's own value, which it sealed with the draw.

    Raises RuleBroken: not_waiting, other_source, too_late, chance_early, already_drawn.
    """
    gate, row = _waiting(draw, ChanceSource.SITE, now=now)
    _check_due(row, now)
    return record_value(gate, row, SealedDraw.objects.get(draw=row).secret, {}, actor=None)


def take_chance(*, draw: Draw, now: dt.datetime) -> bool:
    """What the worker does when chance is due; whether that is settled. Else it tries again by itself.

    The waits between tries grow with the time passed, from seconds to a quarter of an hour.
    """
    row = Draw.objects.select_related("policy__workshop").get(pk=draw.pk)
    if row.state != Draw.State.COMMITTED or row.chance_due_at is None:
        return True
    try:
        match row.source_kind:
            case ChanceSource.DRAND:
                done = fetch_beacon(draw=row, now=now)
            case ChanceSource.SITE:
                done = open_own_value(draw=row, now=now).state != Draw.State.COMMITTED
            case ChanceSource.WITNESSES:
                done = end_reveals(draw=row, now=now).state != Draw.State.COMMITTED
            case _:
                return False
    except RuleBroken as error:
        if error.code in {"not_waiting", "already_drawn", "workshop_cancelled"}:
            return True
        if error.code == "too_late" and row.policy.workshop.state == Workshop.State.PUBLISHED:
            return True  # no seat can be offered any more; a postponed one may still get its time
        done = False
    if not done:
        _try_again(row, now)
    return done


def _try_again(row: Draw, now: dt.datetime) -> None:
    due = row.chance_due_at or now
    wait = min(max((now - due) / 4, _SOONEST), _LATEST)
    with transaction.atomic():
        jobs.schedule(
            key=f"draw-chance:{row.pk}",
            task="convene.apps.seats.tasks.take_chance",
            args={"draw_id": str(row.pk)},
            due_at=max(now + wait, due),
        )


@transaction.atomic
def confirm_chance(*, draw: Draw, actor: Person, now: dt.datetime) -> Draw:
    """A second person, not the one who typed it, says that the value is what the dice showed.

    Raises RuleBroken: nothing_to_confirm, own_value.
    """
    row = Draw.objects.select_related("policy__workshop").get(pk=draw.pk)
    if not can_confirm_chance(actor, row.policy):
        raise NotAllowed(Permission.CONFIRM_CHANCE)
    if row.source_kind != ChanceSource.DICE or not row.seed:
        raise RuleBroken(_("There are no dice to confirm."), code="nothing_to_confirm")
    if row.chance_by_id == actor.pk:
        raise RuleBroken(_("Someone else than who typed it confirms it."), code="own_value")
    first = Draw.objects.filter(pk=row.pk, confirmed_at=None).update(confirmed_by=actor, confirmed_at=now)
    if first:
        publish(draw_event(events.ChanceConfirmed, row), actor=actor, now=now)
    row.refresh_from_db()
    return row


def _waiting(
    draw: Draw, source: ChanceSource, *, now: dt.datetime, steward: Person | None = None
) -> tuple[Gate, Draw]:
    if steward is not None and not can_manage_seats(steward, draw.policy.workshop):
        raise NotAllowed(Permission.DRAW_SEATS)
    gate, row = waiting_draw(draw, now=now)
    if row.source_kind != source:
        raise RuleBroken(_("Another source of chance was announced."), code="other_source")
    return gate, row


def _by_beacon(gate: Gate, row: Draw, found: Beacon, *, actor: Person | None) -> Draw:
    return record_value(gate, row, found.randomness, found.evidence(), actor=actor)


def _check_due(row: Draw, now: dt.datetime) -> None:
    if row.chance_due_at is not None and now < row.chance_due_at:
        raise RuleBroken(
            _("It is too early: this value is not to be known yet."),
            code="beacon_early" if row.source_kind == ChanceSource.DRAND else "chance_early",
            field="beacon" if row.source_kind == ChanceSource.DRAND else "",
        )
