"""The auditor: one named person who may read what is not published. Each reading is written down."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from convene.apps.people.models import Person
from convene.apps.seats import events
from convene.apps.seats.models import Draw, SeatPolicy
from convene.apps.seats.permissions import Permission, can_audit, can_manage_seats
from convene.apps.seats.services.draws.steps import draw_event
from convene.apps.seats.services.gate import lock
from convene.apps.seats.unpublished import full_record
from convene.apps.workshops.models import Workshop
from convene.engines.allotment.sealing import auditor_rows
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish


@transaction.atomic
def name_auditor(*, workshop: Workshop, person: Person | None, actor: Person, now: dt.datetime) -> SeatPolicy:
    """Name who may read the full record, at any time; None: nobody. Better not the steward who runs it."""
    gate = lock(workshop.pk, now=now)
    if not can_manage_seats(actor, gate.workshop):
        raise NotAllowed(Permission.MANAGE_SEATS)
    SeatPolicy.objects.filter(pk=gate.policy.pk).update(auditor=person)
    gate.policy.auditor = person
    publish(
        events.AuditorNamed(
            subject_id=gate.policy.pk,
            community_id=gate.workshop.community_id,
            workshop_id=gate.policy.workshop_id,
            auditor_id=person.pk if person else None,
        ),
        actor=actor,
        now=now,
    )
    return gate.policy


def read_full_record(*, draw: Draw, actor: Person, now: dt.datetime) -> dict[str, Any]:
    """All of the record, with entries and salts. Raises NotAllowed; RuleBroken: not_drawn, not_sealed."""
    return _read(draw, actor, now, what="record")


def read_people_file(*, draw: Draw, actor: Person, now: dt.datetime) -> tuple[list[str], list[list[str]]]:
    """The people file: a header, and a row for each entry. Raises as `read_full_record`."""
    return auditor_rows(_read(draw, actor, now, what="people"))


@transaction.atomic
def _read(draw: Draw, actor: Person, now: dt.datetime, *, what: str) -> dict[str, Any]:
    row = Draw.objects.select_related("policy__workshop").get(pk=draw.pk)
    if not can_audit(actor, row.policy):
        raise NotAllowed(Permission.AUDIT_DRAW)
    if not row.is_sealed:
        raise RuleBroken(_("This draw was made without a seal; there is no more to read."), code="not_sealed")
    if row.state != Draw.State.DRAWN:
        # who knows the tickets before chance speaks could lend chance a hand
        raise RuleBroken(_("The full record can be read once the draw is made."), code="not_drawn")
    publish(draw_event(events.DrawAudited, row, what=what), actor=actor, now=now)
    return full_record(row)
