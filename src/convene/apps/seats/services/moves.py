"""A step of a registration: legal by the graph, claimed by conditional UPDATE, written down as a Movement."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.people.models import Person
from convene.apps.seats import rules
from convene.apps.seats.models import Movement, Offer, Registration
from convene.apps.seats.rules import Reason, State
from convene.apps.seats.services.gate import Gate
from convene.foundation.errors import RuleBroken
from convene.foundation.events import Event, publish

Path = Sequence[tuple[str, Reason]]
"""States entered one after the other in the same moment, each with its reason."""


def begin(gate: Gate, person: Person, path: Path, *, actor: Person | None, **fields: Any) -> Registration:
    """A new registration that has walked `path`, with a movement for each step."""
    registration = Registration(
        workshop=gate.workshop, person=person, state=path[-1][0], entered_at=gate.now, **fields
    )
    registration.save(force_insert=True)
    _write_down(registration, "", path, actor=actor, at=gate.now)
    return registration


def walk(registration: Registration, path: Path, *, gate: Gate, actor: Person | None, **changes: Any) -> None:
    """Move one registration along `path` from the state it was read in; `changes` go into the same UPDATE."""
    before = registration.state
    _check_path(before, path)
    changes["state"] = path[-1][0]
    claimed = Registration.objects.filter(pk=registration.pk, state=before).update(**changes)
    if claimed != 1:
        raise changed_meanwhile()
    for name, value in changes.items():
        setattr(registration, name, value)
    _write_down(registration, before, path, actor=actor, at=gate.now)


def move_all(
    registrations: Sequence[Registration], after: str, reason: Reason, *, gate: Gate, actor: Person | None
) -> None:
    """The same step for many, in three statements; all of them move, or none."""
    if not registrations:
        return
    movements = []
    for registration in registrations:
        rules.check_move(registration.state, after, reason)
        movements.append(_movement(registration, registration.state, after, reason, actor, gate.now))
    befores = {registration.state for registration in registrations}
    claimed = Registration.objects.filter(
        pk__in=[registration.pk for registration in registrations], state__in=befores
    ).update(state=after)
    if claimed != len(registrations):
        raise changed_meanwhile()
    for registration in registrations:
        registration.state = after
    Movement.objects.bulk_create(movements)


def make_offers(registrations: Sequence[Registration], *, gate: Gate) -> list[Offer]:
    deadline = gate.deadline()
    return Offer.objects.bulk_create(
        Offer(registration=registration, made_at=gate.now, expires_at=deadline)
        for registration in registrations
    )


def answer_offer(registration_ids: Sequence[UUID], answer: str, *, now: dt.datetime) -> None:
    Offer.objects.filter(registration_id__in=registration_ids, answer=Offer.Answer.NONE).update(
        answer=answer, answered_at=now
    )


def tell(
    kind: type[Any], registration: Registration, *, gate: Gate, actor: Person | None, **more: object
) -> None:
    """Publish an event about one registration."""
    event: Event = kind(
        subject_id=registration.pk,
        community_id=gate.workshop.community_id,
        workshop_id=gate.policy.workshop_id,
        **more,
    )
    publish(event, actor=actor, now=gate.now)


def changed_meanwhile() -> RuleBroken:
    return RuleBroken(
        _("This has changed in the meantime. Look at it again, please."), code="changed_meanwhile"
    )


def _check_path(before: str, path: Path) -> None:
    for after, reason in path:
        rules.check_move(before, after, reason)
        before = after


def _write_down(
    registration: Registration, before: str, path: Path, *, actor: Person | None, at: dt.datetime
) -> None:
    _check_path(before, path)
    movements = []
    for after, reason in path:
        movements.append(_movement(registration, before, after, reason, actor, at))
        before = after
    Movement.objects.bulk_create(movements)


def _movement(
    registration: Registration,
    before: str,
    after: str,
    reason: Reason,
    actor: Person | None,
    at: dt.datetime,
) -> Movement:
    return Movement(
        registration=registration,
        before=before,
        after=State(after),
        at=at,
        actor_id=actor.pk if actor is not None else None,
        reason=reason,
    )
