"""The moment chance is known: recorded once, by a conditional UPDATE, behind the lock of the workshop."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.utils.translation import gettext_lazy as _

from convene.apps.people.models import Person
from convene.apps.seats import events, rules
from convene.apps.seats.models import Draw
from convene.apps.seats.services.draws.steps import draw_event, look_again, step
from convene.apps.seats.services.gate import Gate, lock
from convene.foundation.errors import RuleBroken
from convene.foundation.events import publish
from convene.foundation.jobs import services as jobs


def record_value(
    gate: Gate, row: Draw, value: str, evidence: dict[str, Any], *, actor: Person | None
) -> Draw:
    """Of two values at once only one is recorded, and it stays. Call it behind the lock.

    Raises RuleBroken: already_drawn.
    """
    if not claim(row, value=value, evidence=evidence, now=gate.now, actor=actor):
        raise RuleBroken(_("The draw is being made already."), code="already_drawn")
    jobs.cancel(key=f"draw-chance:{row.pk}")
    publish(draw_event(events.DrawStarted, row), actor=actor, now=gate.now)
    look_again(row, "finish_draw", gate.now)
    return row


def claim(row: Draw, *, value: str, evidence: dict[str, Any], now: dt.datetime, actor: Person | None) -> bool:
    return step(
        row,
        Draw.State.COMMITTED,
        Draw.State.DRAWING,
        seed=value,
        evidence=evidence,
        chance_at=now,
        chance_by=actor,
    )


def waiting_draw(draw: Draw, *, now: dt.datetime) -> tuple[Gate, Draw]:
    """The draw behind the lock, sealed and waiting. Raises RuleBroken: not_waiting, too_late."""
    gate = lock(draw.policy.workshop_id, now=now)
    gate.check_moving()
    row = Draw.objects.get(pk=draw.pk)
    row.policy = gate.policy
    rules.check_waits_for_chance(
        committed=row.state == Draw.State.COMMITTED,
        known=bool(row.seed),
        may_offer=gate.may_offer(),
    )
    return gate, row
