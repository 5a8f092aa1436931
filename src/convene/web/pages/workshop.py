"""The public page of a workshop: what it is, when, for whom, how seats are given, and asking for one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import BooleanField, CharField, Exists, OuterRef, Q, Subquery, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convene.apps.communities.models import RoleTerm
from convene.apps.people.models import Person
from convene.apps.seats.forms import SeatForm
from convene.apps.seats.models import Registration, SeatPolicy
from convene.apps.seats.queries import public_text
from convene.apps.workshops.models import Facilitation, Resource, Session, Workshop
from convene.apps.workshops.queries import visible_workshops
from convene.web.pages.structured import as_script, workshop_thing
from convene.web.pages.words import DEPTH, language_names

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor

FEW = 5


@dataclass(frozen=True)
class Seats:
    """How it stands with seats, in words, and what the reader can do about it. `code` is for tests."""

    code: str
    words: str
    label: str = ""
    """On the button by which the reader asks; empty when nobody can."""

    @property
    def can_ask(self) -> bool:
        return bool(self.label)


@dataclass(frozen=True)
class PublicWorkshop:
    workshop: Workshop
    sessions: list[Session]
    policy: SeatPolicy
    facilitators: list[str]
    contacts: list[Person]
    has_resources: bool
    plans: bool
    leads: bool
    standing: str
    """The state of the reader's own live registration, or empty."""


@require_safe
def workshop_page(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Published: its audience sees it. A draft: those who plan or lead it."""
    now = timezone.now()
    found = read_workshop(request.user, workshop_id, now)
    workshop = found.workshop
    context: dict[str, Any] = {
        "workshop": workshop,
        "community": workshop.community,
        "found": found,
        "seats": seats_state(workshop, found.policy, found.sessions, now),
        "how": public_text(found.policy),
        "ask_form": SeatForm(signed_in=request.user.is_authenticated),
        "over": bool(found.sessions) and found.sessions[-1].ends_at <= now,
        "depth_words": DEPTH.get(workshop.depth, workshop.get_depth_display()),
        "languages": language_names([workshop.language, *workshop.further_languages]),
        "outcomes": [line.strip(" -*•") for line in workshop.outcomes.splitlines() if line.strip(" -*•")],
        "moved": [session for session in found.sessions if session.previous_starts_at],
    }
    if workshop.audience == Workshop.Audience.EVERYONE and workshop.published_at is not None:
        thing = workshop_thing(
            workshop, found.sessions, facilitators=found.facilitators, capacity=found.policy.capacity
        )
        context["structured"] = as_script(thing)
    return render(request, "workshop/page.html", context)


def read_workshop(actor: Actor, workshop_id: UUID, now: dt.datetime) -> PublicWorkshop:
    """All that the page shows of it, in two queries; Http404 for those who may not see it.

    Sessions are read first and bring workshop, community and policy along; a draft without sessions
    takes one query more.
    """
    seen = visible_workshops(actor).filter(pk=workshop_id)
    sessions = list(
        Session.objects.filter(workshop__in=seen)
        .select_related("workshop__community", "workshop__seat_policy")
        .annotate(**_about_reader(actor, workshop_id, now))
        .order_by("starts_at")
    )
    first: Any = sessions[0] if sessions else None
    if first is None:
        workshop = (
            seen.select_related("community", "seat_policy").annotate(**_about_reader(actor, workshop_id, now))
        ).first()
        if workshop is None:
            raise Http404
        first = workshop
    else:
        workshop = first.workshop
    people = _people(workshop, now)
    return PublicWorkshop(
        workshop=workshop,
        sessions=sessions,
        policy=getattr(workshop, "seat_policy", None) or SeatPolicy(workshop=workshop),
        facilitators=[person.name for person in people if person.facilitates],
        contacts=[person for person in people if person.answers_for_conduct],
        has_resources=first.has_resources,
        plans=first.plans,
        leads=first.plans or first.leads,
        standing=first.standing or "",
    )


def _about_reader(actor: Actor, workshop_id: UUID, now: dt.datetime) -> dict[str, Any]:
    """What the reader is to this workshop; expressions that do not depend on the row they join."""
    about: dict[str, Any] = {"has_resources": Exists(Resource.objects.filter(workshop_id=workshop_id))}
    if not actor.is_authenticated:
        no = Value(False, output_field=BooleanField())
        return about | {"plans": no, "leads": no, "standing": Value("", output_field=CharField())}
    mine = Registration.objects.filter(
        workshop_id=workshop_id, person_id=actor.pk, state__in=list(Registration.LIVE)
    )
    steward = _current(RoleTerm.Role.STEWARD, now).filter(
        person_id=actor.pk, community__workshops=workshop_id
    )
    leads = Facilitation.objects.filter(
        workshop_id=workshop_id, person_id=actor.pk, state=Facilitation.State.ACCEPTED
    )
    return about | {
        "plans": Exists(steward),
        "leads": Exists(leads),
        "standing": Subquery(mine.values("state")[:1], output_field=CharField()),
    }


def _people(workshop: Workshop, now: dt.datetime) -> list[Any]:
    """Facilitators who accepted, and the conduct contacts, in one query; each says which it is."""
    accepted = Facilitation.objects.filter(
        person=OuterRef("pk"), workshop=workshop, state=Facilitation.State.ACCEPTED
    )
    contact = _current(RoleTerm.Role.CONDUCT_CONTACT, now).filter(
        person=OuterRef("pk"), community_id=workshop.community_id
    )
    people = Person.objects.filter(erased_at=None).annotate(
        facilitates=Exists(accepted), answers_for_conduct=Exists(contact)
    )
    return list(people.filter(Q(facilitates=True) | Q(answers_for_conduct=True)).order_by("name"))


def _current(role: str, now: dt.datetime) -> Any:
    today = now.date()
    terms = RoleTerm.objects.filter(role=role, starts_on__lte=today)
    return terms.filter(Q(ends_on=None) | Q(ends_on__gte=today))


def seats_state(
    workshop: Workshop, policy: SeatPolicy | None, sessions: list[Session], now: dt.datetime
) -> Seats:
    """In words, without a figure: how many seats are left would tell how few people come.

    A workshop without a stored policy is open.
    """
    policy = policy or SeatPolicy(workshop=workshop)
    begun = not sessions or sessions[0].starts_at <= now
    shut = {
        Workshop.State.CANCELLED: Seats("cancelled", _("It is cancelled; no seats are given.")),
        Workshop.State.POSTPONED: Seats("postponed", _("Seats are given again once the new time is known.")),
        Workshop.State.DRAFT: Seats("draft", _("Seats are given once it is published.")),
        Workshop.State.HELD: Seats("held", _("It is over; no more seats are given.")),
    }
    if workshop.state in shut:
        return shut[Workshop.State(workshop.state)]
    if begun:
        return Seats("begun", _("It has begun; no more seats are given here."))
    if policy.closes_at is not None and policy.closes_at <= now:
        return Seats("closed", _("The time for asking is over."))
    return _seats_to_ask_for(policy)


def _seats_to_ask_for(policy: SeatPolicy) -> Seats:
    ask = _("Ask for a seat")
    if policy.kind == SeatPolicy.Kind.INVITATION:
        return Seats("invitation", _("Seats are for those who were invited."), ask)
    if policy.kind == SeatPolicy.Kind.DRAW:
        return Seats("draw", _("Everyone who asks in time is in the draw."), _("Ask to be in the draw"))
    if policy.capacity is None:
        return Seats("open", _("Everyone who asks gets a seat."), ask)
    left = policy.capacity - policy.taken
    if left <= 0 and not policy.waiting_list and policy.kind != SeatPolicy.Kind.APPROVAL:
        return Seats("full", _("All seats are taken."))
    if left <= 0:
        text = _("All seats are taken; you can join the waiting list.")
        return Seats("waiting", text, _("Join the waiting list"))
    if left * FEW <= policy.capacity:
        return Seats("few", _("A few seats are left."), ask)
    return Seats("free", _("Seats are free."), ask)
