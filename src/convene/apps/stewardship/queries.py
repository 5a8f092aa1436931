"""The grid, the gaps and what follows from them; a number of queries that does not grow."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Max, QuerySet
from django.urls import reverse

from convene.apps.capabilities.models import Depth, Outcome
from convene.apps.capabilities.outcomes.queries import on_the_map
from convene.apps.communities.models import Community, Membership
from convene.apps.people.models import Person
from convene.apps.stewardship import rules
from convene.apps.stewardship.models import Aim, Audience, AudienceDecision
from convene.apps.workshops.models import Facilitation, Workshop

_GIVEN = (Workshop.State.DRAFT, Workshop.State.PUBLISHED, Workshop.State.POSTPONED, Workshop.State.HELD)


def audiences_of(community_id: UUID) -> QuerySet[Audience]:
    return Audience.objects.filter(community_id=community_id, put_away_at=None).order_by("position", "name")


def decisions_of(community_id: UUID) -> QuerySet[AudienceDecision]:
    """Of audiences and outcomes that still stand."""
    return AudienceDecision.objects.filter(
        audience__community_id=community_id, audience__put_away_at=None, outcome__taken_off_at=None
    )


@dataclass(frozen=True)
class Cell:
    """`href`: where it is decided; empty for those who may not."""

    depth: str
    route: str
    reason: str
    due: bool
    href: str
    label: str

    @property
    def decided(self) -> bool:
        return bool(self.route)


@dataclass(frozen=True)
class Grid:
    audiences: Sequence[Audience]
    rows: Sequence[tuple[Outcome, Sequence[Cell]]]
    undecided: int
    due: int


_DEPTHS = {choice.value: choice for choice in Depth}
_ROUTES = {choice.value: choice for choice in AudienceDecision.Route}


def grid(community: Community, today: dt.date, *, steward: bool) -> Grid:
    """Three queries, whatever its size; addresses are put together, not looked up 1,200 times."""
    audiences = list(audiences_of(community.pk))
    outcomes = list(on_the_map(community.pk))
    rows = decisions_of(community.pk).values_list(
        "outcome_id", "audience_id", "depth", "route", "reason", "review_on"
    )
    found = {(row[0], row[1]): row[2:] for row in rows}
    base = reverse("decisions", args=[community.slug]) if steward else ""
    depths = {value: str(choice.label) for value, choice in _DEPTHS.items()}
    routes = {value: str(choice.label) for value, choice in _ROUTES.items()}
    made, due = [], 0
    for outcome in outcomes:
        cells = []
        for audience in audiences:
            depth, route, reason, review_on = found.get((outcome.pk, audience.pk), ("", "", "", None))
            late = review_on is not None and review_on <= today
            due += late
            cells.append(
                Cell(
                    depths.get(depth, ""),
                    routes.get(route, ""),
                    reason,
                    late,
                    f"{base}{audience.pk}/{outcome.pk}/" if steward else "",
                    f"{outcome.code}, {audience.name}",
                )
            )
        made.append((outcome, cells))
    return Grid(audiences, made, len(outcomes) * len(audiences) - len(found), due)


def decisions_for(audience: Audience) -> dict[UUID, AudienceDecision]:
    return {one.outcome_id: one for one in AudienceDecision.objects.filter(audience=audience)}


def possible_owners(community_id: UUID) -> QuerySet[Person]:
    active = Membership.objects.filter(community_id=community_id, state=Membership.State.ACTIVE)
    return Person.objects.filter(pk__in=active.values("person_id")).order_by("name", "pk")


# --- what follows ------------------------------------------------------------


def open_gaps(community_id: UUID, now: dt.datetime) -> list[rules.Decided]:
    """Three queries."""
    return rules.gaps(_decided(community_id), _given(community_id), now)


def _decided(community_id: UUID) -> list[rules.Decided]:
    rows = (
        decisions_of(community_id)
        .filter(route__in=rules.PLANNED_ROUTES)
        .select_related("audience", "outcome")
    )
    return [
        rules.Decided(
            pk=row.pk,
            audience_id=row.audience_id,
            outcome_id=row.outcome_id,
            depth=row.depth,
            route=row.route,
            standing=row.audience.standing,
            size=row.audience.size or 0,
            position=(row.outcome.position, row.audience.position),
            workshop_id=row.workshop_id,
        )
        for row in rows
    ]


def _given(community_id: UUID) -> list[rules.Given]:
    aims: dict[UUID, set[UUID]] = {}
    for workshop_id, outcome_id in Aim.objects.filter(
        workshop__community_id=community_id, workshop__state__in=_GIVEN
    ).values_list("workshop_id", "outcome_id"):
        aims.setdefault(workshop_id, set()).add(outcome_id)
    workshops = Workshop.objects.filter(community_id=community_id, state__in=_GIVEN, aims__isnull=False)
    return [
        rules.Given(
            pk=one.pk,
            outcome_ids=frozenset(aims[one.pk]),
            depth=one.depth,
            conversation=one.kind == Workshop.Kind.CONVERSATION,
            for_everyone=one.audience == Workshop.Audience.EVERYONE,
            ends_at=ends_at,
        )
        for one in workshops.distinct().annotate(ends=Max("sessions__ends_at"))
        for ends_at in [getattr(one, "ends", None)]
    ]


@dataclass(frozen=True)
class Shown:
    """A proposal with its rows."""

    proposal: rules.Proposal
    audiences: Sequence[Audience]
    outcomes: Sequence[Outcome]
    depth: str
    title: str


def proposals(community_id: UUID, now: dt.datetime) -> list[Shown]:
    """Five queries."""
    audiences = {one.pk: one for one in audiences_of(community_id)}
    outcomes = {one.pk: one for one in on_the_map(community_id)}
    return [show(one, audiences, outcomes) for one in rules.proposals(open_gaps(community_id, now))]


def show(
    proposal: rules.Proposal, audiences: Mapping[UUID, Audience], outcomes: Mapping[UUID, Outcome]
) -> Shown:
    whom = [audiences[one] for one in proposal.audiences]
    what = [outcomes[one] for one in proposal.outcomes]
    title = what[0].title if not proposal.informative or len(what) == 1 else whom[0].name
    return Shown(proposal, whom, what, str(_DEPTHS[proposal.depth].label), title)


# --- workshops ---------------------------------------------------------------


def aims_of(workshop: Workshop) -> set[UUID]:
    return set(Aim.objects.filter(workshop=workshop).values_list("outcome_id", flat=True))


def last_taught(community_id: UUID) -> dict[tuple[UUID, UUID], dt.date]:
    """(person, outcome) -> the last day of the last workshop held that aimed at it; one query."""
    rows = (
        Aim.objects.filter(
            outcome__community_id=community_id,
            workshop__state=Workshop.State.HELD,
            workshop__facilitations__state=Facilitation.State.ACCEPTED,
        )
        .values_list("workshop__facilitations__person_id", "outcome_id")
        .annotate(last=Max("workshop__sessions__ends_at"))
    )
    return {(person_id, outcome_id): last.date() for person_id, outcome_id, last in rows if last}
