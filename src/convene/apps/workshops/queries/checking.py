"""The check before publishing, with the facts from the rows."""

from __future__ import annotations

from datetime import datetime

from convene.apps.communities.queries import conduct_contacts_of
from convene.apps.workshops import ports
from convene.apps.workshops.models import Facilitation, Workshop
from convene.apps.workshops.queries.preparing import late_items
from convene.apps.workshops.queries.room import absent_voices
from convene.apps.workshops.rules import checks
from convene.foundation.addresses import address_of


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
        has_conduct_contact=conduct_contacts_of(community).exists(),
        has_code_of_conduct=bool(community.conduct.strip()),
        facilitators_accepted=workshop.facilitations.filter(state=Facilitation.State.ACCEPTED).count(),
        public_address=public_address,
        figures=ports.seat_figures([workshop.pk]).get(workshop.pk),
        absent=[absent.name for absent in absent_voices(workshop)],
        late_items=len(late_items(workshop, now)),
        notices=_notices_on(workshop),
    )


def _notices_on(workshop: Workshop) -> int | None:
    lines = ports.notices_of(workshop)
    return None if lines is None else sum(line.is_on for line in lines)


def mended_at(finding: checks.Finding, workshop: Workshop) -> str:
    """The address of the page that mends it; nothing where this site has no such page."""
    if not finding.url_name:
        return ""
    return address_of(finding.url_name, workshop.community.slug if finding.by_slug else workshop.pk)
