"""Plain functions that make rows for tests; each fills in what the test does not care about."""

from __future__ import annotations

import datetime as dt
import itertools
from typing import Any

from django.utils import timezone

from convene.apps.capabilities.models import Need, NeedSource, Outcome
from convene.apps.communities.models import (
    Application,
    Community,
    Feature,
    Membership,
    RoleTerm,
    Stakeholder,
    TraitQuestion,
)
from convene.apps.communities.services import Reported, report_conduct
from convene.apps.people.models import Person
from convene.apps.rooms.models import Group, Grouping, Participant, Placement, Room
from convene.apps.seats.models import Registration, SeatPolicy
from convene.apps.stewardship.models import Audience, AudienceDecision
from convene.apps.workshops.models import Facilitation, Invitee, Session, Slot, Workshop

_count = itertools.count(1)


def make_person(name: str = "", **fields: Any) -> Person:
    n = next(_count)
    fields.setdefault("email", f"person{n}@example.org")
    return Person.objects.create_user(name=name or f"Person {n}", **fields)


def make_community(*, steward: Person | None = None, **fields: Any) -> Community:
    n = next(_count)
    fields.setdefault("name", f"Community {n}")
    fields.setdefault("slug", f"community-{n}")
    fields.setdefault("domain", "Keeping patients safe from infection.")
    community = Community.objects.create(**fields)
    if steward is not None:
        make_member(community, steward, tier="core")
        make_role(community, steward, RoleTerm.Role.STEWARD)
    return community


def make_member(community: Community, person: Person | None = None, **fields: Any) -> Person:
    person = person or make_person()
    fields.setdefault("since", timezone.now().date())
    Membership.objects.create(community=community, person=person, **fields)
    return person


def make_role(community: Community, person: Person, role: str, **fields: Any) -> RoleTerm:
    fields.setdefault("starts_on", timezone.now().date() - dt.timedelta(days=1))
    return RoleTerm.objects.create(community=community, person=person, role=role, **fields)


def make_feature(community: Community, name: str, **fields: Any) -> Feature:
    fields.setdefault("changed_at", timezone.now())
    return Feature.objects.create(community=community, name=name, **fields)


def make_question(community: Community, **fields: Any) -> TraitQuestion:
    n = next(_count)
    fields.setdefault("key", f"question-{n}")
    fields.setdefault("label", f"Question {n}?")
    fields.setdefault("purpose", "So that a draw can be mixed.")
    fields.setdefault("values", ["one", "two"])
    return TraitQuestion.objects.create(community=community, **fields)


def make_application(community: Community, person: Person | None = None, **fields: Any) -> Application:
    fields.setdefault("state", Application.State.RECEIVED)
    fields.setdefault("practice", "I read studies.")
    fields.setdefault("bring", "A method.")
    fields.setdefault("time", "two hours a month")
    fields.setdefault("submitted_at", timezone.now())
    fields.setdefault("received_at", timezone.now())
    return Application.objects.create(community=community, person=person or make_person(), **fields)


def make_stakeholder(community: Community, **fields: Any) -> Stakeholder:
    fields.setdefault("name", f"Stakeholder {next(_count)}")
    fields.setdefault("stake", "Fewer infections on their wards.")
    return Stakeholder.objects.create(community=community, **fields)


def make_report(community: Community, contact: Person, **fields: Any) -> Reported:
    fields.setdefault("text", "Something was said that should not have been.")
    fields.setdefault("now", timezone.now())
    return report_conduct(community=community, contact_id=contact.pk, **fields)


def make_workshop(community: Community | None = None, *, days: float = 14, **fields: Any) -> Workshop:
    """Published, one two-hour online session `days` from now, unless told otherwise."""
    community = community or make_community(steward=make_person())
    fields.setdefault("title", f"Workshop {next(_count)}")
    fields.setdefault("state", Workshop.State.PUBLISHED)
    fields.setdefault("audience", Workshop.Audience.EVERYONE)
    if fields["state"] == Workshop.State.PUBLISHED:
        fields.setdefault("published_at", timezone.now())
    workshop = Workshop.objects.create(community=community, **fields)
    make_session(workshop, days=days)
    return workshop


def make_session(workshop: Workshop, *, days: float = 14, hours: float = 2, **fields: Any) -> Session:
    fields.setdefault("starts_at", timezone.now().replace(microsecond=0) + dt.timedelta(days=days))
    fields.setdefault("ends_at", fields["starts_at"] + dt.timedelta(hours=hours))
    fields.setdefault("zone", "Europe/Berlin")
    fields.setdefault("uid", f"session-{next(_count)}@convene.invalid")
    fields.setdefault("join_url", "https://video.example.org/room")
    return Session.objects.create(workshop=workshop, **fields)


def make_facilitator(workshop: Workshop, person: Person | None = None, **fields: Any) -> Person:
    person = person or make_person()
    fields.setdefault("state", Facilitation.State.ACCEPTED)
    fields.setdefault("invited_at", timezone.now())
    Facilitation.objects.create(workshop=workshop, person=person, **fields)
    return person


def make_policy(workshop: Workshop | None = None, **fields: Any) -> SeatPolicy:
    workshop = workshop or make_workshop()
    fields.setdefault("kind", SeatPolicy.Kind.FIRST_COME)
    fields.setdefault("capacity", 10)
    return SeatPolicy.objects.create(workshop=workshop, **fields)


def make_registration(workshop: Workshop, person: Person | None = None, **fields: Any) -> Registration:
    """A bare row for reading tests; seats are moved by seats.services alone."""
    fields.setdefault("entered_at", timezone.now())
    return Registration.objects.create(workshop=workshop, person=person or make_person(), **fields)


def make_account(name: str = "", **fields: Any) -> Person:
    """A person with a confirmed address, as after a first login by code."""
    from allauth.account.models import EmailAddress

    person = make_person(name, **fields)
    EmailAddress.objects.create(user=person, email=person.email or "", verified=True, primary=True)
    return person


def make_need(community: Community | None = None, *, askers: int = 1, **fields: Any) -> Need:
    """Open, asked for by `askers` members."""
    community = community or make_community()
    fields.setdefault("title", f"Need {next(_count)}")
    need = Need.objects.create(community=community, **fields)
    for _ in range(askers):
        NeedSource.objects.create(need=need, kind=NeedSource.Kind.WISH, person=make_member(community))
    return need


def make_outcome(community: Community | None = None, **fields: Any) -> Outcome:
    n = next(_count)
    fields.setdefault("code", f"O{n}")
    fields.setdefault("title", f"Do thing {n}")
    fields.setdefault("position", n)
    fields.setdefault("changed_at", timezone.now())
    return Outcome.objects.create(community=community or make_community(), **fields)


def make_invitee(workshop: Workshop, person: Person | None = None, **fields: Any) -> Invitee:
    """Invited into the room, unless told otherwise."""
    fields.setdefault("state", Invitee.State.INVITED)
    return Invitee.objects.create(workshop=workshop, person=person or make_person(), **fields)


def make_slot(workshop: Workshop, *, days: float = 20, **fields: Any) -> Slot:
    fields.setdefault("starts_at", timezone.now().replace(microsecond=0) + dt.timedelta(days=days))
    fields.setdefault("ends_at", fields["starts_at"] + dt.timedelta(hours=1))
    fields.setdefault("zone", "Europe/Berlin")
    return Slot.objects.create(workshop=workshop, **fields)


def make_tables(
    community: Community, tables: list[list[Person]], *, at: dt.datetime | None = None, over: bool = True
) -> Room:
    """A session in which these sat at these tables, an hour ago unless told otherwise."""
    at = at or timezone.now() - dt.timedelta(hours=1)
    workshop = make_workshop(community, days=(at - timezone.now()).total_seconds() / 86400)
    state, ended = (Room.State.OVER, at + dt.timedelta(minutes=50)) if over else (Room.State.RUNNING, None)
    room = Room.objects.create(session=workshop.sessions.get(), state=state, started_at=at, ended_at=ended)
    grouping = Grouping.objects.create(
        room=room, state=Grouping.State.REPLACED, groups_count=len(tables), made_at=at, published_at=at
    )
    for number, people in enumerate(tables, start=1):
        group = Group.objects.create(grouping=grouping, number=number)
        for person in people:
            came = Participant.objects.create(
                room=room, person=person, state=Participant.State.HERE, arrived_at=at
            )
            Placement.objects.create(grouping=grouping, group=group, participant=came)
    return room


def make_audience(community: Community | None = None, **fields: Any) -> Audience:
    n = next(_count)
    fields.setdefault("name", f"Audience {n}")
    fields.setdefault("standing", Audience.Standing.USE)
    fields.setdefault("position", n)
    return Audience.objects.create(community=community or make_community(), **fields)


def make_decision(audience: Audience, outcome: Outcome, **fields: Any) -> AudienceDecision:
    """Can do, by a workshop, to be looked at in a year."""
    fields.setdefault("depth", "do")
    fields.setdefault("route", AudienceDecision.Route.WORKSHOP)
    fields.setdefault("reason", "They do it every day.")
    fields.setdefault("review_on", timezone.now().date() + dt.timedelta(days=365))
    fields.setdefault("decided_at", timezone.now())
    return AudienceDecision.objects.create(audience=audience, outcome=outcome, **fields)
