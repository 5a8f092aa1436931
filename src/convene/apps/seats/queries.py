"""What is read about seats, filtered by who may see it. One query each, however many rows."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.contrib.auth.models import AnonymousUser
from django.db.models import Count, Exists, F, Min, OuterRef, Q, QuerySet
from django.utils import timezone

from convene.apps.communities.models import Membership
from convene.apps.people.models import Person
from convene.apps.seats import rules
from convene.apps.seats.models import (
    Correction,
    Draw,
    Movement,
    Offer,
    Pool,
    Registration,
    Replacement,
    SeatPolicy,
)
from convene.apps.seats.rules import PoolFacts, QuotaFacts, State
from convene.apps.workshops.models import Session, Workshop
from convene.apps.workshops.rules.workshop import SeatFigures, Standing
from convene.foundation.errors import RuleBroken


def confirmed_list(workshop: Workshop) -> QuerySet[Registration]:
    """THE list of who has a seat: the door, the mails, the record and the figures all read this one."""
    return (
        Registration.objects.filter(workshop=workshop, state=State.CONFIRMED)
        .select_related("person")
        .order_by("person__name", "pk")
    )


@dataclass(frozen=True)
class SeatsSummary:
    """What everyone may read about a workshop's seats. Numbers only."""

    policy: SeatPolicy
    text: list[str]
    free: int | None
    """None: no limit."""
    waiting: int

    @property
    def is_full(self) -> bool:
        return self.free == 0


def seats_summary(workshop: Workshop) -> SeatsSummary:
    """How seats are given, in words, and how many are free. At most four queries."""
    policy = (
        SeatPolicy.objects.filter(workshop=workshop)
        .annotate(
            waiting_count=Count(
                "workshop__registrations", filter=Q(workshop__registrations__state__in=rules.WAITING)
            )
        )
        .first()
    ) or SeatPolicy(workshop=workshop)
    free = None if policy.capacity is None else max(policy.capacity - policy.taken, 0)
    return SeatsSummary(
        policy=policy, text=public_text(policy), free=free, waiting=getattr(policy, "waiting_count", 0)
    )


def public_text(policy: SeatPolicy) -> list[str]:
    """The sentences made from the rule as it is stored."""
    if policy._state.adding:  # noqa: SLF001 -- a workshop without a stored policy is open
        return rules.policy_text(policy)
    pools = [
        PoolFacts(
            who=pool.who,
            capacity=pool.capacity,
            organisation=pool.organisation.name if pool.organisation else "",
            opens_at=pool.opens_at,
            merges_at=pool.merges_at,
        )
        for pool in policy.pools.filter(merged=False).select_related("organisation")
    ]
    quotas = []
    if policy.kind == rules.Kind.DRAW:
        quotas = [
            QuotaFacts(question=row.question.label, value=row.value, least=row.least, most=row.most)
            for row in policy.quotas.select_related("question").order_by(
                "question__position", "question__label", "value"
            )
        ]
    return rules.policy_text(policy, pools=pools, quotas=quotas)


def registration_of(person: Person, workshop: Workshop) -> Registration | None:
    """The live registration, else the newest past one."""
    rows = list(Registration.objects.filter(person=person, workshop=workshop).order_by("-created_at"))
    return next((row for row in rows if row.state in rules.LIVE), rows[0] if rows else None)


def registrations_of(person: Person) -> QuerySet[Registration]:
    return (
        Registration.objects.filter(person=person)
        .select_related("person", "workshop__community")
        .order_by("-created_at")
    )


def registrations_in(workshop: Workshop, *, search: str = "", state: str = "") -> QuerySet[Registration]:
    """For stewards: everyone who asked, by state of life, then by time."""
    rows = Registration.objects.filter(workshop=workshop).select_related("person", "pool")
    if search.strip():
        rows = rows.filter(
            Q(person__name__icontains=search.strip()) | Q(person__email__icontains=search.strip())
        )
    if state:
        rows = rows.filter(state=state)
    return rows.order_by("entered_at", "created_at")


def open_offer(registration: Registration) -> Offer | None:
    return registration.offers.filter(answer=Offer.Answer.NONE).first()


def place_in_line(registration: Registration) -> int | None:
    """Which place on its list, 1 is next; None when it waits on none, or chance decides who follows.

    Seats for everyone go to all who wait, other seats to those who wait for them: so is counted.
    """
    if registration.state not in rules.WAITING:
        return None
    if SeatPolicy.objects.filter(workshop_id=registration.workshop_id, kind=rules.Kind.DRAW).exists():
        return None
    rows = Registration.objects.filter(workshop_id=registration.workshop_id, state__in=rules.WAITING)
    pool = registration.pool
    if pool is not None and pool.who != rules.PoolWho.EVERYONE:
        rows = rows.filter(pool=pool)
    earlier = Q(entered_at__lt=registration.entered_at) | Q(
        entered_at=registration.entered_at, created_at__lt=registration.created_at
    )
    if registration.position is None:
        ahead = Q(position__isnull=False) | (Q(position=None) & earlier)
    else:
        ahead = Q(position__lt=registration.position)
    return rows.filter(ahead).count() + 1


def remembers(workshop: Workshop) -> bool:
    """Whether what happens here counts in a draw, or a draw here counts what happened before."""
    return SeatPolicy.objects.filter(workshop=workshop, capacity__isnull=False).exists()


def replacements_of(draw: Draw) -> QuerySet[Replacement]:
    """The later lotteries for its seats, the newest first."""
    return draw.replacements.only("number", "made_at", "seats").order_by("-number")


def was_drawn(workshop: Workshop) -> bool:
    return Draw.objects.filter(policy__workshop=workshop, state=Draw.State.DRAWN).exists()


def requests_to_approve(community_id: UUID) -> QuerySet[Registration]:
    """For Today: who waits for an answer, the longest first."""
    return (
        Registration.objects.filter(workshop__community_id=community_id, state=State.NEEDS_APPROVAL)
        .select_related("person", "workshop")
        .order_by("entered_at")
    )


def offers_ending(community_id: UUID, *, before: dt.datetime) -> QuerySet[Offer]:
    """For Today: offers whose time to answer ends soon."""
    return (
        Offer.objects.filter(
            answer=Offer.Answer.NONE,
            expires_at__lt=before,
            registration__state=State.OFFERED,
            registration__workshop__community_id=community_id,
            registration__workshop__state=Workshop.State.PUBLISHED,
        )
        .select_related("registration__person", "registration__workshop")
        .order_by("expires_at")
    )


def draws_waiting(community_id: UUID) -> QuerySet[Draw]:
    """For Today: it waits for people: feasible targets, witnesses, dice; or a beacon nobody could fetch."""
    late = timezone.now() - dt.timedelta(minutes=10)
    waits = Q(state=Draw.State.FROZEN) | Q(state=Draw.State.COMMITTED) & (
        Q(source_kind=rules.ChanceSource.DICE)
        | Q(source_kind=rules.ChanceSource.DRAND, chance_due_at__lt=late)
    )
    return (
        Draw.objects.filter(
            waits,
            policy__workshop__community_id=community_id,
            policy__workshop__state__in=(Workshop.State.PUBLISHED, Workshop.State.POSTPONED),
        )
        .select_related("policy__workshop")
        .defer("record", "evidence")
        .order_by("frozen_at")
    )


def seats_stuck(community_id: UUID) -> QuerySet[SeatPolicy]:
    """For Today: a drawn seat is free, people wait, and with none of them do the targets hold."""
    waiting = Registration.objects.filter(workshop_id=OuterRef("workshop_id"), state__in=rules.WAITING)
    return (
        SeatPolicy.objects.filter(
            Exists(waiting),
            kind=rules.Kind.DRAW,
            draws__state=Draw.State.DRAWN,
            taken__lt=F("capacity"),
            workshop__community_id=community_id,
            workshop__state=Workshop.State.PUBLISHED,
            workshop__sessions__starts_at__gt=timezone.now(),
        )
        .select_related("workshop")
        .distinct()
    )


def correctable(person: Person, *, now: dt.datetime) -> QuerySet[Workshop]:
    """Workshops of the last twelve months that someone can say they were passed over in: those that have
    begun, of communities they asked for a seat in.
    """
    asked = Registration.objects.filter(person=person, workshop__community_id=OuterRef("community_id"))
    said = Correction.objects.filter(person=person, workshop=OuterRef("pk"))
    return (
        Workshop.objects.filter(Exists(asked), ~Exists(said))
        .filter(state__in=(Workshop.State.PUBLISHED, Workshop.State.HELD))
        .annotate(first=Min("sessions__starts_at"))
        .filter(first__lte=now, first__gt=now - dt.timedelta(days=366))
        .exclude(seat_policy=None)
        .exclude(seat_policy__capacity=None)
        .order_by("-first")
    )


def steps_of(person: Person, workshop: Workshop) -> list[tuple[str, dt.datetime]]:
    """What became of someone's requests for one workshop."""
    rows = Movement.objects.filter(registration__person=person, registration__workshop=workshop)
    return [(str(rules.State(row.after).label), row.at) for row in rows.order_by("at", "id")]


def corrections_waiting(community_id: UUID) -> QuerySet[Correction]:
    """For Today: people who say that they were passed over, without an answer so far."""
    return Correction.objects.filter(
        workshop__community_id=community_id, state=Correction.State.ASKED
    ).select_related("person", "workshop")


def full_workshops(community_id: UUID) -> tuple[int, int]:
    """How many workshops filled up, and how many of them left people waiting."""
    full = SeatPolicy.objects.filter(
        workshop__community_id=community_id, capacity__isnull=False, taken__gte=F("capacity")
    )
    waiting = Registration.objects.filter(workshop_id=OuterRef("workshop_id"), state__in=rules.WAITING)
    return full.count(), full.filter(Exists(waiting)).count()


def below_minimum(community_id: UUID) -> QuerySet[SeatPolicy]:
    """For Today: published workshops with fewer seats taken than they need to run."""
    return SeatPolicy.objects.filter(
        workshop__community_id=community_id,
        workshop__state=Workshop.State.PUBLISHED,
        taken__lt=F("minimum"),
    ).select_related("workshop")


def counts_by_state(workshop: Workshop) -> list[tuple[str, int]]:
    """(label, how many), in the order of the states."""
    found = dict(
        Registration.objects.filter(workshop=workshop)
        .values_list("state")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return [(str(state.label), found[state.value]) for state in State if state.value in found]


def pools_to_choose(workshop: Workshop, actor: Person | AnonymousUser, now: dt.datetime) -> list[Pool]:
    """The pools this person could ask in now, the best first; none if there is nothing to choose."""
    pools = list(Pool.objects.filter(policy__workshop=workshop, merged=False))
    if not pools:
        return []
    if not actor.is_authenticated:
        return _choice(pools, tier="", organisation_id=None, now=now)
    member = Membership.objects.filter(
        community_id=workshop.community_id, person=actor, state=Membership.State.ACTIVE
    )
    tier, organisation = member.values_list("tier", "organisation_id").first() or ("", None)
    return _choice(pools, tier=tier, organisation_id=organisation, now=now)


def _choice(pools: list[Pool], *, tier: str, organisation_id: UUID | None, now: dt.datetime) -> list[Pool]:
    try:
        return rules.pools_for(pools, tier=tier, organisation_id=organisation_id, now=now)
    except RuleBroken:
        return []


def warm_up_of(registration: Registration) -> str:
    """The question that goes with the offer, until it was answered."""
    if registration.state != State.OFFERED or registration.warm_up:
        return ""
    found = SeatPolicy.objects.filter(workshop_id=registration.workshop_id).values_list("warm_up", flat=True)
    return found.first() or ""


def overlapping(registration: Registration) -> Session | None:
    """A session at the same hour of another workshop in which the person also holds a seat."""
    found = overlapping_sessions(registration.workshop_id, registration.person_id)
    return found.select_related("workshop").first()


def overlapping_sessions(workshop_id: UUID, person_id: UUID) -> QuerySet[Session]:
    """Sessions of other workshops in which the person holds a seat, at an hour of one of this workshop's."""
    mine = Registration.objects.filter(
        workshop_id=OuterRef("workshop_id"), person_id=person_id, state__in=rules.HOLDING
    )
    ours = Session.objects.filter(
        workshop_id=workshop_id, starts_at__lt=OuterRef("ends_at"), ends_at__gt=OuterRef("starts_at")
    )
    return (
        Session.objects.filter(Exists(mine), Exists(ours), workshop__state=Workshop.State.PUBLISHED)
        .exclude(workshop_id=workshop_id)
        .order_by("starts_at")
    )


def pools_of(policy: SeatPolicy) -> QuerySet[Pool]:
    return policy.pools.filter(merged=False).select_related("organisation")


# --- what planning asks (plugged in web/wiring.py) ---


def seat_figures(workshop_ids: Collection[UUID]) -> dict[UUID, SeatFigures]:
    """Numbers by workshop, in one query."""
    asked = Count("workshop__registrations", filter=Q(workshop__registrations__state__in=rules.LIVE))
    return {
        policy.workshop_id: SeatFigures(
            capacity=policy.capacity,
            minimum=policy.minimum,
            seated=policy.taken,
            asked=policy.asked,
        )
        for policy in SeatPolicy.objects.filter(workshop_id__in=workshop_ids).annotate(asked=asked)
    }


def people_holding_seats(workshop_id: UUID) -> list[UUID]:
    return list(
        Registration.objects.filter(workshop_id=workshop_id, state__in=rules.HOLDING).values_list(
            "person_id", flat=True
        )
    )


def standing(workshop_id: UUID, person_id: UUID) -> Standing:
    states = set(
        Registration.objects.filter(workshop_id=workshop_id, person_id=person_id).values_list(
            "state", flat=True
        )
    )
    if states & set(rules.HOLDING):
        return Standing.SEATED
    return Standing.ASKED if states else Standing.NONE
