"""Targets of a draw: set before entries close, and relaxed when no choice of people could meet them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import TraitQuestion
from convene.apps.people.models import Person
from convene.apps.seats import allotting, candidates, events, following, rules
from convene.apps.seats.allotting import PASSED_OVER, Finding
from convene.apps.seats.models import Draw, Quota, SeatPolicy
from convene.apps.seats.permissions import Permission, can_manage_seats
from convene.apps.seats.rules import Reason
from convene.apps.seats.services.draws import go_on_after_relaxing, look_for_faults
from convene.apps.seats.services.gate import Gate, lock
from convene.apps.seats.services.offers import pass_on
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish


@dataclass(frozen=True)
class TargetTerms:
    """Least and most seats for one answer, as wished."""

    question_id: UUID
    value: str
    least: int
    most: int


@transaction.atomic
def set_targets(
    *, workshop: Workshop, targets: Sequence[TargetTerms], actor: Person, now: dt.datetime
) -> None:
    """Raises RuleBroken, with the target as its field where there is one (`field_of`)."""
    gate = _managed(workshop, actor, now)
    policy = gate.policy
    if policy.kind != rules.Kind.DRAW:
        raise RuleBroken(_("Targets belong to a draw."), code="not_a_draw")
    if policy.draws.exists():
        raise RuleBroken(_("Entries are closed, so the targets stand."), code="entries_closed")
    for fault in faults_of(policy, targets, community_id=gate.workshop.community_id):
        raise fault
    policy.quotas.all().delete()
    Quota.objects.bulk_create(
        Quota(
            policy=policy,
            question_id=target.question_id,
            value=target.value,
            least=target.least,
            most=target.most,
        )
        for target in targets
    )
    _tell(gate, actor)


def faults_of(
    policy: SeatPolicy, targets: Sequence[TargetTerms], *, community_id: UUID
) -> Iterator[RuleBroken]:
    """Everything that keeps these targets from being saved, each with its target as field."""
    asked = TraitQuestion.objects.filter(community_id=community_id, retired_at=None)
    known = {question.pk: question for question in asked}
    for target in targets:
        question = known.get(target.question_id)
        if question is None or target.value not in question.values:
            yield RuleBroken(_("This answer is not asked for any more."), code="unknown_question")
        yield from _broken(rules.check_target, least=target.least, most=target.most, field=field_of(target))
    for question_id in known:
        rows = [
            (field_of(target), str(question_id), target.least)
            for target in targets
            if target.question_id == question_id
        ]
        yield from _broken(rules.check_targets_fit, rows=rows, capacity=policy.capacity)


def _broken(check: Callable[..., None], **values: object) -> Iterator[RuleBroken]:
    try:
        check(**values)
    except RuleBroken as error:
        yield error


def field_of(target: TargetTerms) -> str:
    """The name under which a page shows what is wrong with a target."""
    return f"{target.question_id}:{target.value}"


@transaction.atomic
def relax_targets(*, workshop: Workshop, actor: Person, now: dt.datetime) -> Finding | None:
    """Make the smallest change after which the targets can be met, and go on. None if they can be already."""
    gate = _managed(workshop, actor, now)
    draw = gate.policy.draws.first()
    finding = fault_now(gate.policy, draw)
    if finding is None:
        return None
    for mend in finding.relaxation:
        if mend.question == PASSED_OVER:
            SeatPolicy.objects.filter(pk=gate.policy.pk).update(kept_places=mend.becomes)
            gate.policy.kept_places = mend.becomes
            continue
        row = gate.policy.quotas.get(question_id=UUID(mend.question), value=mend.value)
        setattr(row, mend.side, mend.becomes)
        row.least = min(row.least, row.most) if mend.side == "most" else row.least
        row.most = max(row.least, row.most)
        row.save(update_fields=["least", "most"])
    _tell(gate, actor)
    if draw is not None and draw.state == Draw.State.FROZEN:
        draw.policy = gate.policy
        look_for_faults(draw)
        go_on_after_relaxing(gate, draw, actor=actor)
    elif draw is not None and draw.state == Draw.State.DRAWN:
        pass_on(gate, reason=Reason.SEAT_FREED, actor=actor)
    return finding


def fault_now(policy: SeatPolicy, draw: Draw | None) -> Finding | None:
    """Why the targets cannot be met as things stand: among those asking, the entries, or those who wait."""
    if draw is not None and draw.state == Draw.State.DRAWN:
        return following.fault(candidates.situation(policy, draw))
    targets = candidates.targets_of(policy)
    people = candidates.entries_of(draw) if draw is not None else candidates.asking_now(policy)[0]
    seats, by_pool = candidates.seats_for(policy, people)
    return allotting.find_fault(people, targets, seats, pool_seats=by_pool)


def _managed(workshop: Workshop, actor: Person, now: dt.datetime) -> Gate:
    gate = lock(workshop.pk, now=now)
    if not can_manage_seats(actor, gate.workshop):
        raise NotAllowed(Permission.MANAGE_SEATS)
    gate.check_moving()
    return gate


def _tell(gate: Gate, actor: Person) -> None:
    event = events.TargetsSet(
        subject_id=gate.policy.pk,
        community_id=gate.workshop.community_id,
        workshop_id=gate.policy.workshop_id,
    )
    publish(event, actor=actor, now=gate.now)
