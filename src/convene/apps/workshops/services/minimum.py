"""Below the minimum seven days before: a steward decides what becomes of the workshop."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.communities.queries import stewards_of
from convene.apps.people.models import Person
from convene.apps.workshops import letters, ports
from convene.apps.workshops.events import WorkshopBelowMinimum, WorkshopMinimumDecided
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.rules import workshop as rules
from convene.apps.workshops.services.claims import claim, must_plan
from convene.apps.workshops.services.planning import update_workshop
from convene.apps.workshops.services.publishing import cancel_workshop, postpone_workshop
from convene.foundation.errors import RuleBroken
from convene.foundation.events import publish


@transaction.atomic
def weigh(*, workshop_id: UUID, now: datetime) -> bool:
    """Whether a decision is due; if so the stewards are written to."""
    workshop = Workshop.objects.filter(pk=workshop_id, state=Workshop.State.PUBLISHED).first()
    figures = ports.seat_figures([workshop_id]).get(workshop_id)
    session = workshop.sessions.order_by("starts_at").first() if workshop else None
    if workshop is None or figures is None or session is None:
        return False
    decided = bool(workshop.minimum_decision)
    if not rules.needs_decision(
        figures=figures,
        first_start=session.starts_at,
        published_at=workshop.published_at or now,
        decided=decided,
        now=now,
    ):
        return False
    publish(
        WorkshopBelowMinimum(
            subject_id=workshop.pk,
            community_id=workshop.community_id,
            seated=figures.seated,
            minimum=figures.minimum,
        ),
        actor=None,
        now=now,
    )
    letters.tell_below_minimum(workshop, figures, stewards_of(workshop.community_id), now)
    return True


@transaction.atomic
def decide_minimum(
    *,
    workshop: Workshop,
    decision: str,
    actor: Person,
    now: datetime,
    reason: str = "",
    into: Workshop | None = None,
) -> None:
    """Run it small, merge it into another, postpone it, or make it an open conversation."""
    must_plan(actor, workshop)
    if decision not in rules.MinimumDecision.values:
        raise RuleBroken(_("Choose what becomes of it."), code="no_decision", field="decision")
    if decision == rules.MinimumDecision.MERGE:
        _check_target(workshop, into)
    claim(workshop, {rules.PUBLISHED}, minimum_decision=decision, merged_into=into)
    publish(
        WorkshopMinimumDecided(subject_id=workshop.pk, community_id=workshop.community_id, decision=decision),
        actor=actor,
        now=now,
    )
    if decision == rules.MinimumDecision.CONVERSATION:
        update_workshop(workshop=workshop, actor=actor, now=now, kind=Workshop.Kind.CONVERSATION)
    elif decision == rules.MinimumDecision.POSTPONE:
        postpone_workshop(workshop=workshop, reason=reason, actor=actor, now=now)
    elif decision == rules.MinimumDecision.MERGE and into is not None:
        words = _("Too few could come. It is merged into “%(title)s”: you are welcome there.")
        cancel_workshop(
            workshop=workshop, reason=reason.strip() or words % {"title": into.title}, actor=actor, now=now
        )


def _check_target(workshop: Workshop, into: Workshop | None) -> None:
    fits = (
        into is not None
        and into.pk != workshop.pk
        and into.community_id == workshop.community_id
        and into.state == Workshop.State.PUBLISHED
    )
    if not fits:
        raise RuleBroken(
            _("Choose a published workshop of this community to merge it into."),
            code="no_target",
            field="into",
        )
