"""The public page of a workshop: what it is, when, for whom, how seats are given, and asking for one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django.db.models import CharField, Exists, Q, Subquery, Value
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convene.apps.communities.models import RoleTerm
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
    contacts: list[str]
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
    """All that the page shows of it but how seats are given; Http404 for those who may not see it.

    Signed in, two queries have read who it is; then sessions bring workshop, community and policy along,
    which costs more time but one query less.
    """
    about = _about_reader(actor, workshop_id, now)
    seen = visible_workshops(actor).filter(pk=workshop_id)
    sessions: list[Any] = []
    if actor.is_authenticated:
        joined = Session.objects.filter(workshop__in=seen).annotate(**about).order_by("starts_at")
        sessions = list(joined.select_related("workshop__community", "workshop__seat_policy"))
    if sessions:
        workshop, facts = sessions[0].workshop, sessions[0]
    else:
        facts = seen.select_related("community", "seat_policy").annotate(**about).first()
        if facts is None:
            raise Http404
        workshop = facts
        sessions = list(Session.objects.filter(workshop=workshop).order_by("starts_at"))
    facilitators, contacts = _people(workshop, now)
    return PublicWorkshop(
        workshop=workshop,
        sessions=sessions,
        policy=getattr(workshop, "seat_policy", None) or SeatPolicy(workshop=workshop),
        facilitators=facilitators,
        contacts=contacts,
        has_resources=getattr(facts, "has_resources", False),
        plans=getattr(facts, "plans", False),
        leads=getattr(facts, "plans", False) or getattr(facts, "leads", False),
        standing=getattr(facts, "standing", "") or "",
    )


def _about_reader(actor: Actor, workshop_id: UUID, now: dt.datetime) -> dict[str, Any]:
    """What the reader is to this workshop; expressions that do not depend on the row they join."""
    if not actor.is_authenticated:
        return {}
    mine = Registration.objects.filter(
        workshop_id=workshop_id, person_id=actor.pk, state__in=list(Registration.LIVE)
    )
    steward = _current(RoleTerm.Role.STEWARD, now).filter(
        person_id=actor.pk, community__workshops=workshop_id
    )
    leads = Facilitation.objects.filter(
        workshop_id=workshop_id, person_id=actor.pk, state=Facilitation.State.ACCEPTED
    )
    return {
        "has_resources": Exists(Resource.objects.filter(workshop_id=workshop_id)),
        "plans": Exists(steward),
        "leads": Exists(leads),
        "standing": Subquery(mine.values("state")[:1], output_field=CharField()),
    }


def _people(workshop: Workshop, now: dt.datetime) -> tuple[list[str], list[str]]:
    """Names of the facilitators who accepted, and of the conduct contacts, in one query."""
    accepted = Facilitation.objects.filter(
        workshop=workshop, state=Facilitation.State.ACCEPTED, person__erased_at=None
    ).values_list("person__name", Value("leads"))
    contacts = (
        _current(RoleTerm.Role.CONDUCT_CONTACT, now)
        .filter(community_id=workshop.community_id, person__erased_at=None)
        .values_list("person__name", Value("listens"))
    )
    rows = sorted(set(accepted.union(contacts, all=True)))
    return [name for name, what in rows if what == "leads"], [
        name for name, what in rows if what == "listens"
    ]


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
