"""Decide for audiences; make drafts of what follows; say what a workshop aims at."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from convene.apps.capabilities.models import Outcome
from convene.apps.capabilities.outcomes.queries import on_the_map
from convene.apps.communities.models import Community
from convene.apps.stewardship import permissions, queries, rules
from convene.apps.stewardship.events import (
    AimsChanged,
    AudienceAdded,
    AudienceChanged,
    AudienceDecided,
    AudiencePutAway,
    DecisionWithdrawn,
    ProposalPlanned,
)
from convene.apps.stewardship.models import Aim, Audience, AudienceDecision
from convene.apps.stewardship.permissions import Permission
from convene.apps.stewardship.rules import Line
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.services import create_workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish

if TYPE_CHECKING:
    from convene.apps.people.models import Person


def _may(actor: Person, community_id: UUID) -> None:
    if not permissions.can_decide(actor, community_id):
        raise NotAllowed(Permission.DECIDE)


@transaction.atomic
def add_audience(
    *,
    community: Community,
    name: str,
    standing: str,
    about: str = "",
    size: int | None = None,
    actor: Person,
    now: datetime,
) -> Audience:
    _may(actor, community.pk)
    Community.objects.select_for_update().get(pk=community.pk)
    known = list(queries.audiences_of(community.pk))
    name = rules.tidy(name)
    rules.check_audience(name, [one.name for one in known])
    rules.check_room(len(known) + 1)
    audience = Audience.objects.create(
        community=community,
        name=name,
        about=rules.tidy(about),
        standing=standing,
        size=size,
        position=max((one.position for one in known), default=0) + 1,
    )
    publish(AudienceAdded(subject_id=audience.pk, community_id=community.pk), actor=actor, now=now)
    return audience


@transaction.atomic
def change_audience(
    *,
    audience: Audience,
    name: str,
    standing: str,
    about: str = "",
    size: int | None = None,
    actor: Person,
    now: datetime,
) -> None:
    _may(actor, audience.community_id)
    Community.objects.select_for_update().get(pk=audience.community_id)
    others = queries.audiences_of(audience.community_id).exclude(pk=audience.pk)
    name = rules.tidy(name)
    rules.check_audience(name, others.values_list("name", flat=True))
    changed = Audience.objects.filter(pk=audience.pk, put_away_at=None).update(
        name=name, about=rules.tidy(about), standing=standing, size=size
    )
    if changed != 1:
        raise RuleBroken(_("This audience has been put away."), code="audience_gone")
    publish(AudienceChanged(subject_id=audience.pk, community_id=audience.community_id), actor=actor, now=now)


@transaction.atomic
def put_away(*, audience: Audience, actor: Person, now: datetime) -> None:
    """No longer decided for; what was decided is kept."""
    _may(actor, audience.community_id)
    if Audience.objects.filter(pk=audience.pk, put_away_at=None).update(put_away_at=now):
        publish(
            AudiencePutAway(subject_id=audience.pk, community_id=audience.community_id), actor=actor, now=now
        )


@transaction.atomic
def decide(
    *,
    audience: Audience,
    lines: Sequence[Line],
    reason: str = "",
    owner: Person | None,
    review_on: date,
    actor: Person,
    now: datetime,
) -> None:
    """Write these lines and no others; all or none. `reason`: for lines that have none of their own."""
    _may(actor, audience.community_id)
    rules.check_review(review_on, now.date())
    Audience.objects.select_for_update().get(pk=audience.pk)
    known = queries.decisions_for(audience)
    standing = set(on_the_map(audience.community_id).values_list("pk", flat=True))
    for written in lines:
        line = replace(written, reason=rules.tidy(written.reason) or rules.tidy(reason))
        if line.outcome_id not in standing:
            raise RuleBroken(_("An outcome has been taken off the map. Look again."), code="outcome_gone")
        rules.check_line(line)
        _claim(line, known.get(line.outcome_id))
        if line.is_withdrawn:
            _withdraw(audience, line, actor, now)
        else:
            _write(audience, line, owner, review_on, now)
            publish(
                AudienceDecided(
                    subject_id=audience.pk, community_id=audience.community_id, outcome_id=line.outcome_id
                ),
                actor=actor,
                now=now,
            )


def _claim(line: Line, known: AudienceDecision | None) -> None:
    """What they saw must be what there is."""
    if (known.revision if known else 0) != line.seen:
        raise RuleBroken(
            _("Someone has just decided this. Look at it again."),
            code="decision_changed",
            field=f"route-{line.outcome_id}",
        )


def _withdraw(audience: Audience, line: Line, actor: Person, now: datetime) -> None:
    gone, _models = AudienceDecision.objects.filter(audience=audience, outcome_id=line.outcome_id).delete()
    if gone:
        publish(
            DecisionWithdrawn(
                subject_id=audience.pk, community_id=audience.community_id, outcome_id=line.outcome_id
            ),
            actor=actor,
            now=now,
        )


def _write(audience: Audience, line: Line, owner: Person | None, review_on: date, now: datetime) -> None:
    depth = "" if line.route == rules.NONE else line.depth
    AudienceDecision.objects.update_or_create(
        audience=audience,
        outcome_id=line.outcome_id,
        defaults={
            "depth": depth,
            "route": line.route,
            "reason": line.reason[:300],
            "owner": owner,
            "review_on": review_on,
            "decided_at": now,
            "revision": line.seen + 1,
        },
    )


@transaction.atomic
def plan_proposal(
    *, community: Community, decision_ids: Collection[UUID], actor: Person, now: datetime
) -> Workshop:
    """A draft for these decisions, as long as they are still one proposal; of two stewards one makes it."""
    _may(actor, community.pk)
    Community.objects.select_for_update().get(pk=community.pk)
    found = [
        one
        for one in queries.proposals(community.pk, now)
        if set(one.proposal.decisions) == set(decision_ids)
    ]
    if not found:
        raise RuleBroken(
            _("These are served by now, or decided differently. Look again."), code="proposal_gone"
        )
    shown, proposal = found[0], found[0].proposal
    everyone = Workshop.Audience.EVERYONE if proposal.for_everyone else Workshop.Audience.MEMBERS
    workshop = create_workshop(
        community=community,
        template=proposal.template,
        title=_title(shown, community)[:160],
        audience=everyone,
        depth=proposal.depth,
        outcomes="\n".join(one.title for one in shown.outcomes),
        actor=actor,
        now=now,
    )
    Aim.objects.bulk_create(Aim(workshop=workshop, outcome=one) for one in shown.outcomes)
    AudienceDecision.objects.filter(pk__in=proposal.decisions).update(workshop=workshop)
    publish(
        ProposalPlanned(
            subject_id=workshop.pk, community_id=community.pk, decision_ids=tuple(proposal.decisions)
        ),
        actor=actor,
        now=now,
    )
    return workshop


def _title(shown: queries.Shown, community: Community) -> str:
    if not shown.proposal.informative:
        return shown.outcomes[0].title
    with translation.override(community.language):
        return _("For %(audience)s: what to know") % {"audience": shown.audiences[0].name}


@transaction.atomic
def set_aims(*, workshop: Workshop, outcome_ids: Collection[UUID], actor: Person, now: datetime) -> None:
    """What it aims at; outcomes of another community are left out. Said again it changes nothing."""
    _may(actor, workshop.community_id)
    Workshop.objects.select_for_update().get(pk=workshop.pk)
    wanted = set(
        Outcome.objects.filter(community_id=workshop.community_id, pk__in=outcome_ids).values_list(
            "pk", flat=True
        )
    )
    known = queries.aims_of(workshop)
    if wanted == known:
        return
    Aim.objects.filter(workshop=workshop).exclude(outcome_id__in=wanted).delete()
    Aim.objects.bulk_create(Aim(workshop=workshop, outcome_id=one) for one in sorted(wanted - known, key=str))
    publish(
        AimsChanged(
            subject_id=workshop.pk,
            community_id=workshop.community_id,
            outcome_ids=tuple(sorted(wanted, key=str)),
        ),
        actor=actor,
        now=now,
    )
