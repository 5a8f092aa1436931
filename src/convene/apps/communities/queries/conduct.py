"""Who may read which conduct report: the contact it is entrusted to, and whoever has its code."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django.db.models import QuerySet

from convene.apps.communities import conduct_seal
from convene.apps.communities.models import ConductReport
from convene.apps.communities.queries.communities import conduct_contacts_of
from convene.apps.people.models import Person

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor


def entrusted_to(actor: Actor, community_id: UUID | None = None) -> QuerySet[ConductReport]:
    """Bound to the person, not to the role: ending somebody's role makes no report vanish."""
    if not actor.is_authenticated or not actor.is_active:
        return ConductReport.objects.none()
    rows = ConductReport.objects.filter(contact_id=actor.pk).select_related("community")
    return rows.filter(community_id=community_id) if community_id else rows


def waits_for(actor: Actor) -> bool:
    """Whether something is there to read: all that a home page says."""
    return entrusted_to(actor).filter(news_for_contact=True).exists()


def by_code(code: str) -> ConductReport | None:
    tags = conduct_seal.code_tags(code)
    return ConductReport.objects.filter(code_tag__in=tags).select_related("community", "contact").first()


def own_reports(actor: Actor) -> QuerySet[ConductReport]:
    """Made with their account, on their own wish."""
    if not actor.is_authenticated or not actor.is_active:
        return ConductReport.objects.none()
    return ConductReport.objects.filter(reporter_tag__in=conduct_seal.reporter_tags(actor.pk)).select_related(
        "community", "contact"
    )


def other_contacts(report: ConductReport) -> list[Person]:
    """To whom the reporter can take it: not the one who has it, nor who they said is involved."""
    kept_out = {*conduct_seal.contents_of(report)["excluded"], str(report.contact_id)}
    return [person for person in conduct_contacts_of(report.community_id) if str(person.pk) not in kept_out]
