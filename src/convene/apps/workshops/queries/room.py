"""Who should be in this room, and whose voice is absent."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from convene.apps.communities.models import Membership, Stakeholder
from convene.apps.people.models import Person
from convene.apps.workshops.models import Facilitation, Invitee, MissingView, Workshop


@dataclass(frozen=True)
class Absent:
    """Whose voice is absent: a stakeholder nobody invited, or a view nobody was invited for."""

    name: str
    is_view: bool


def invitees(workshop: Workshop) -> QuerySet[Invitee]:
    return workshop.invitees.select_related("person", "view").order_by("state", "person__name")


def uninvited_members(workshop: Workshop) -> QuerySet[Person]:
    """Active members not yet on the list and not facilitating."""
    members = Membership.objects.filter(community_id=workshop.community_id, state=Membership.State.ACTIVE)
    taken = Invitee.objects.filter(workshop=workshop, person=OuterRef("pk"))
    leading = Facilitation.objects.filter(workshop=workshop, person=OuterRef("pk"))
    return Person.objects.filter(
        ~Exists(taken), ~Exists(leading), pk__in=members.values("person_id"), erased_at=None
    ).order_by("name")


def stakeholders_with_invitation(workshop: Workshop) -> QuerySet[Stakeholder]:
    """The community's stakeholders, each with `is_listed` and `is_invited`."""
    listed = Invitee.objects.filter(workshop=workshop, stakeholder_id=OuterRef("pk"))
    return (
        Stakeholder.objects.filter(community_id=workshop.community_id, ended_on=None)
        .annotate(is_listed=Exists(listed), is_invited=Exists(listed.exclude(state=Invitee.State.LISTED)))
        .select_related("contact")
        .order_by("name")
    )


def views_with_invitees(workshop: Workshop) -> QuerySet[MissingView]:
    return workshop.missing_views.prefetch_related(
        Prefetch("invitees", Invitee.objects.select_related("person").order_by("person__name"))
    )


def absent_voices(workshop: Workshop) -> list[Absent]:
    """Names of bodies and of views. Two queries."""
    invited = Invitee.objects.filter(workshop=workshop, view=OuterRef("pk"))
    views = workshop.missing_views.filter(~Exists(invited.exclude(state=Invitee.State.LISTED)))
    stakeholders = [s for s in stakeholders_with_invitation(workshop) if not getattr(s, "is_invited", False)]
    return [
        *(Absent(stakeholder.name, is_view=False) for stakeholder in stakeholders),
        *(Absent(view.text, is_view=True) for view in views),
    ]


def possible_facilitators(workshop: Workshop) -> QuerySet[Person]:
    """Active members who are not asked already, or who declined."""
    members = Membership.objects.filter(community_id=workshop.community_id, state=Membership.State.ACTIVE)
    asked = Facilitation.objects.filter(
        workshop=workshop,
        person=OuterRef("pk"),
        state__in=[Facilitation.State.INVITED, Facilitation.State.ACCEPTED],
    )
    return Person.objects.filter(~Exists(asked), pk__in=members.values("person_id"), erased_at=None).order_by(
        "name"
    )
