"""From draft to held: publish, postpone, cancel; `claim` lets only one of two at once go on."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from convene.apps.people.models import Person
from convene.apps.workshops import ports
from convene.apps.workshops.events import (
    WorkshopCancelled,
    WorkshopHeld,
    WorkshopPostponed,
    WorkshopPublished,
)
from convene.apps.workshops.models import Facilitation, OddHour, Workshop
from convene.apps.workshops.queries.checking import check_before_publishing
from convene.apps.workshops.rules import checks, times
from convene.apps.workshops.rules import workshop as rules
from convene.apps.workshops.services.claims import claim, must_plan
from convene.apps.workshops.services.due import cancel_due, schedule_due
from convene.foundation.errors import RuleBroken
from convene.foundation.events import publish


@transaction.atomic
def publish_workshop(*, workshop: Workshop, actor: Person, now: datetime) -> None:
    """Let its audience see it. Raises RuleBroken with the first error of the check before publishing."""
    must_plan(actor, workshop)
    rules.check_state(workshop.state, {rules.DRAFT})
    for finding in check_before_publishing(workshop, now, public_address=settings.PUBLIC_ADDRESS):
        if finding.level == checks.Level.ERROR:
            raise RuleBroken(finding.text, code=finding.code)
    claim(workshop, {rules.DRAFT}, state=rules.PUBLISHED, published_at=now)
    schedule_due(workshop, now)
    publish(
        WorkshopPublished(subject_id=workshop.pk, community_id=workshop.community_id), actor=actor, now=now
    )


@transaction.atomic
def cancel_workshop(*, workshop: Workshop, reason: str, actor: Person, now: datetime) -> None:
    """Call it off for good; a draft simply goes, without anyone being told."""
    must_plan(actor, workshop)
    was_draft = workshop.state == Workshop.State.DRAFT
    if not was_draft:
        rules.check_reason(reason)
    states = {rules.DRAFT} if was_draft else {rules.PUBLISHED, rules.POSTPONED}
    claim(workshop, states, state=rules.CANCELLED, state_reason=reason.strip()[:300])
    cancel_due(workshop)
    publish(
        WorkshopCancelled(subject_id=workshop.pk, community_id=workshop.community_id), actor=actor, now=now
    )


@transaction.atomic
def postpone_workshop(*, workshop: Workshop, reason: str, actor: Person, now: datetime) -> None:
    """Off for now, with a new time to come: `change_sessions` puts it on again."""
    must_plan(actor, workshop)
    rules.check_reason(reason)
    claim(workshop, {rules.PUBLISHED}, state=rules.POSTPONED, state_reason=reason.strip()[:300])
    cancel_due(workshop)
    publish(
        WorkshopPostponed(subject_id=workshop.pk, community_id=workshop.community_id), actor=actor, now=now
    )


@transaction.atomic
def mark_held(*, workshop: Workshop, actor: Person | None, now: datetime) -> None:
    """It took place. `actor` None: the worker, after the last session. Odd hours borne are remembered."""
    if actor is not None:
        must_plan(actor, workshop)
    rules.check_over(list(workshop.sessions.values_list("ends_at", flat=True)), now)
    claim(workshop, {rules.PUBLISHED}, state=rules.HELD)
    cancel_due(workshop)
    _remember_odd_hours(workshop, now)
    publish(WorkshopHeld(subject_id=workshop.pk, community_id=workshop.community_id), actor=actor, now=now)


def _remember_odd_hours(workshop: Workshop, now: datetime) -> None:
    """One row for each person with a seat or who facilitated, and each session outside their decent hours."""
    leading = Facilitation.objects.filter(workshop=workshop, state=Facilitation.State.ACCEPTED)
    ids = {*ports.people_holding_seats(workshop.pk), *leading.values_list("person_id", flat=True)}
    people = Person.objects.filter(pk__in=ids).exclude(zone="")
    OddHour.objects.bulk_create(
        [
            OddHour(session=session, community_id=workshop.community_id, person=person, borne_at=now)
            for session in workshop.sessions.all()
            for person in people
            if not times.is_decent(
                session.starts_at,
                session.ends_at,
                times.Clock(person.zone, person.decent_from, person.decent_until),
            )
        ],
        ignore_conflicts=True,
    )
