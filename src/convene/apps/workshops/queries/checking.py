"""The check before publishing, with the facts from the rows."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, OuterRef, Q

from convene.apps.communities.models import RoleTerm
from convene.apps.workshops import ports
from convene.apps.workshops.models import Facilitation, Invitee, MissingView, Workshop
from convene.apps.workshops.queries.preparing import late_items
from convene.apps.workshops.rules import checks


def check_before_publishing(
    workshop: Workshop, now: datetime, *, public_address: str
) -> list[checks.Finding]:
    """Errors, then warnings; a small gathering hears at most two warnings."""
    facts = plan_facts(workshop, now, public_address=public_address)
    return checks.findings(facts, now, ports.further_findings(workshop, now))


def plan_facts(workshop: Workshop, now: datetime, *, public_address: str) -> checks.PlanFacts:
    community = workshop.community
    sessions = list(workshop.sessions.order_by("starts_at"))
    return checks.PlanFacts(
        title=workshop.title,
        description=workshop.description,
        outcomes=workshop.outcomes,
        format=workshop.format,
        audience=workshop.audience,
        recording=workshop.recording,
        access_offered=workshop.access_offered,
        counts_minutes=workshop.counts_minutes,
        sessions=[checks.SessionFacts(s.starts_at, s.ends_at, s.zone, s.place, s.join_url) for s in sessions],
        community_zone=community.zone,
        has_conduct_contact=_has_conduct_contact(workshop, now),
        has_code_of_conduct=bool(community.conduct.strip()),
        facilitators_accepted=workshop.facilitations.filter(state=Facilitation.State.ACCEPTED).count(),
        public_address=public_address,
        figures=ports.seat_figures([workshop.pk]).get(workshop.pk),
        absent=absent_voices(workshop),
        late_items=len(late_items(workshop, now)),
    )


def _has_conduct_contact(workshop: Workshop, now: datetime) -> bool:
    today = now.date()
    return (
        RoleTerm.objects.filter(
            community_id=workshop.community_id, role=RoleTerm.Role.CONDUCT_CONTACT, starts_on__lte=today
        )
        .filter(Q(ends_on=None) | Q(ends_on__gte=today))
        .exists()
    )


def absent_voices(workshop: Workshop) -> list[str]:
    """Views that nobody was invited for. Names of views, never of people."""
    invited = Invitee.objects.filter(view=OuterRef("pk")).exclude(state=Invitee.State.LISTED)
    views = MissingView.objects.filter(~Exists(invited), workshop=workshop)
    return [view.text for view in views]
