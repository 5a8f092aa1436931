"""Witnesses: each seals a value before the draw is sealed, and reveals it after.

The order is what makes it fair. Seals are in before the tickets are, so no value is chosen with the tickets
in sight; values come out after the tickets are sealed, so no ticket is chosen with the values in sight. The
site seals one value too and opens it last: so nobody who still hesitates can know what revealing, or not
revealing, would bring about.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext_lazy as _

from convene.apps.people.models import Person
from convene.apps.seats import events
from convene.apps.seats.models import Draw, SealedDraw, SeatPolicy, Witness
from convene.apps.seats.permissions import Permission, can_manage_seats
from convene.apps.seats.rules import ChanceSource
from convene.apps.seats.rules.chance import (
    check_enough_witnesses,
    check_opens,
    check_value,
    check_witnesses,
    join_values,
    read_hash,
)
from convene.apps.seats.services.draws.freezing import go_on, start_preparing
from convene.apps.seats.services.draws.recording import record_value, waiting_draw
from convene.apps.seats.services.gate import Gate, lock
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish


@transaction.atomic
def name_witnesses(
    *, workshop: Workshop, people: Sequence[UUID], actor: Person, now: dt.datetime
) -> list[Witness]:
    """Say who witnesses; those who stay keep their number and seal. Until the draw is being prepared.

    Raises RuleBroken: witnesses_number, witnesses_twice, sealed_already.
    """
    gate = lock(workshop.pk, now=now)
    if not can_manage_seats(actor, gate.workshop):
        raise NotAllowed(Permission.MANAGE_SEATS)
    gate.check_moving()
    return write_witnesses(gate, people, actor=actor)


def write_witnesses(gate: Gate, people: Sequence[UUID], *, actor: Person) -> list[Witness]:
    policy = gate.policy
    check_witnesses(people)
    _check_not_sealed(policy)
    policy.witnesses.exclude(person_id__in=people).delete()
    there = set(policy.witnesses.values_list("person_id", flat=True))
    last = policy.witnesses.aggregate(last=Max("number"))["last"] or 0
    new = [person for person in people if person not in there]
    made = Witness.objects.bulk_create(
        Witness(policy=policy, person_id=person, number=number)
        for number, person in enumerate(new, start=last + 1)
    )
    for witness in made:
        publish(_event(events.WitnessNamed, witness, gate), actor=actor, now=gate.now)
    return list(policy.witnesses.all())


@transaction.atomic
def seal_value(*, witness: Witness, sealed_hash: str, actor: Person, now: dt.datetime) -> Witness:
    """The witness's own seal; the last one sets the waiting draw going. It may be changed until then.

    Raises RuleBroken: not_a_hash, seal_taken, sealed_already, workshop_cancelled.
    """
    gate, row = _own(witness, actor, now)
    found = read_hash(sealed_hash)
    _check_not_sealed(gate.policy)
    if gate.policy.witnesses.filter(sealed_hash=found).exclude(pk=row.pk).exists():
        raise RuleBroken(
            _("Another witness sealed just this. Choose a value of your own."),
            code="seal_taken",
            field="sealed_hash",
        )
    row.sealed_hash, row.sealed_at = found, now
    row.save(update_fields=["sealed_hash", "sealed_at"])
    publish(_event(events.ValueSealed, row, gate), actor=actor, now=now)
    draw = gate.policy.draws.filter(state=Draw.State.FROZEN).first()
    if draw is not None:
        draw.policy = gate.policy
        go_on(gate, draw, actor=actor)
    return row


@transaction.atomic
def go_on_without(*, draw: Draw, actor: Person, now: dt.datetime) -> Draw:
    """A steward goes on with the witnesses who have sealed, at least two; the others are witnesses no more.

    Raises RuleBroken: witnesses_missing, sealed_already, infeasible, too_late.
    """
    gate = lock(draw.policy.workshop_id, now=now)
    if not can_manage_seats(actor, gate.workshop):
        raise NotAllowed(Permission.DRAW_SEATS)
    gate.check_moving()
    row = Draw.objects.get(pk=draw.pk)
    row.policy = gate.policy
    _check_not_sealed(gate.policy)
    named, sealed = gate.policy.witnesses.count(), gate.policy.witnesses.exclude(sealed_hash="").count()
    check_enough_witnesses(sealed_values=sealed, named=named, may_miss=True)
    if row.problem:
        raise RuleBroken(_("With these entries no choice of people meets all targets."), code="infeasible")
    if not gate.may_offer():
        raise RuleBroken(_("It is too late: no seat can be offered so shortly before."), code="too_late")
    gate.policy.witnesses.filter(sealed_hash="").delete()
    start_preparing(gate, row, actor=actor)
    return row


@transaction.atomic
def reveal_value(*, witness: Witness, value: str, actor: Person, now: dt.datetime) -> Witness:
    """What was sealed, after the draw was. The last reveal decides the draw; after the deadline none counts.

    Raises RuleBroken: not_waiting, other_source, reveal_late, value_shape, wrong_reveal, too_late.
    """
    gate, row = _own(witness, actor, now)
    if row.revealed_at is not None:
        return row
    draw = _waiting_for_witnesses(gate.policy, now)
    if draw.chance_due_at is not None and now >= draw.chance_due_at:
        raise RuleBroken(_("The time to reveal is over; the draw goes on without it."), code="reveal_late")
    said = value.strip("\r\n")
    check_opens(value=said, sealed_hash=row.sealed_hash)
    check_value(said)
    Witness.objects.filter(pk=row.pk, revealed_at=None).update(value=said, revealed_at=now)
    row.value, row.revealed_at = said, now
    publish(_event(events.ValueRevealed, row, gate), actor=actor, now=now)
    if not gate.policy.witnesses.filter(revealed_at=None).exists():
        _record(gate, draw)
    return row


@transaction.atomic
def end_reveals(*, draw: Draw, now: dt.datetime) -> Draw:
    """The deadline: the values that were revealed decide, with the site's own. That is the published rule.

    Raises RuleBroken: not_waiting, other_source, chance_early, too_late.
    """
    gate, row = waiting_draw(draw, now=now)
    if row.source_kind != ChanceSource.WITNESSES:
        raise RuleBroken(_("Another source of chance was announced."), code="other_source")
    if row.chance_due_at is not None and now < row.chance_due_at:
        raise RuleBroken(_("Witnesses may still reveal."), code="chance_early")
    return _record(gate, row)


def _record(gate: Gate, draw: Draw) -> Draw:
    rows = list(gate.policy.witnesses.all())
    value = join_values([row.value for row in rows], SealedDraw.objects.get(draw=draw).secret)
    missing = [f"witness {row.number}" for row in rows if row.revealed_at is None]
    return record_value(gate, draw, value, {"missing": missing} if missing else {}, actor=None)


def _own(witness: Witness, actor: Person, now: dt.datetime) -> tuple[Gate, Witness]:
    gate = lock(witness.policy.workshop_id, now=now)
    row = Witness.objects.get(pk=witness.pk)
    if row.person_id is None or row.person_id != actor.pk:
        raise NotAllowed(Permission.WITNESS_DRAW)
    gate.check_moving()
    return gate, row


def _waiting_for_witnesses(policy: SeatPolicy, now: dt.datetime) -> Draw:
    draw = policy.draws.first()
    if draw is None:
        raise RuleBroken(_("The draw is not sealed yet, so nothing is revealed."), code="not_waiting")
    draw.policy = policy
    _gate, row = waiting_draw(draw, now=now)
    if row.source_kind != ChanceSource.WITNESSES:
        raise RuleBroken(_("Another source of chance was announced."), code="other_source")
    return row


def _check_not_sealed(policy: SeatPolicy) -> None:
    if policy.draws.exclude(state=Draw.State.FROZEN).exists():
        raise RuleBroken(
            _("The draw is sealed already, so witnesses and their seals stand."), code="sealed_already"
        )


def _event(kind: type[events.WitnessEvent], witness: Witness, gate: Gate) -> events.WitnessEvent:
    return kind(
        subject_id=witness.pk, community_id=gate.workshop.community_id, workshop_id=gate.policy.workshop_id
    )
