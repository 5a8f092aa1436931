"""How seats are given: set by stewards before anyone asks, changed only where no promise breaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import asdict, dataclass, fields, replace
from uuid import UUID

from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.queries import feature_on
from convene.apps.communities.rules import FeatureName
from convene.apps.people.models import Person
from convene.apps.seats import events, rules
from convene.apps.seats.chance import drand
from convene.apps.seats.models import Draw, Pool, Registration, SeatPolicy
from convene.apps.seats.permissions import Permission, can_manage_seats
from convene.apps.seats.rules import ChanceSource, Kind, PoolWho, Reason
from convene.apps.seats.rules.chance import check_source, check_witnesses, lead_time
from convene.apps.seats.services.draws.witnesses import write_witnesses
from convene.apps.seats.services.gate import Gate, lock
from convene.apps.seats.services.offers import pass_on
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish


@dataclass(frozen=True)
class PolicyTerms:
    """What a steward decides on the seats page."""

    kind: str = Kind.OPEN
    capacity: int | None = None
    minimum: int = 0
    needs_approval: bool = False
    approver_id: UUID | None = None
    deputy_id: UUID | None = None
    closes_at: dt.datetime | None = None
    offer_hours: int = 48
    cutoff_hours: int = 2
    late_cancel_hours: int = 24
    warm_up: str = ""
    waiting_list: bool = True
    remembers: bool = True
    most_weight: int = rules.MOST_WEIGHT
    kept_places: int = 0
    kept_after: int = rules.KEPT_AFTER
    chance_source: str = ""
    """Where chance comes from; empty: the best that works here unattended."""
    chance_minutes: int = 10
    dice_count: int = 10
    dice_sides: int = 6
    reveal_hours: int = 24
    auditor_id: UUID | None = None


@dataclass(frozen=True)
class PoolTerms:
    """One pool as wished; `id` of a pool that exists, else None."""

    name: str
    capacity: int
    who: str = PoolWho.EVERYONE
    id: UUID | None = None
    organisation_id: UUID | None = None
    opens_at: dt.datetime | None = None
    merges_at: dt.datetime | None = None


@transaction.atomic
def ensure_policy(*, workshop: Workshop, now: dt.datetime) -> SeatPolicy:
    """The workshop's policy; open until a steward says otherwise."""
    return lock(workshop.pk, now=now).policy


@transaction.atomic
def set_policy(
    *,
    workshop: Workshop,
    terms: PolicyTerms,
    actor: Person,
    now: dt.datetime,
    pools: Sequence[PoolTerms] | None = None,
    witnesses: Sequence[UUID] | None = None,
) -> SeatPolicy:
    """Say how seats are given; `pools` or `witnesses` None leaves them. Added seats are offered at once.

    Raises RuleBroken: capacity_below_held, rule_promised, capacity_missing, open_has_no_limit,
    closing_missing, pools_do_not_add_up, two_pools_for_everyone, pools_promised, pool_below_held,
    weight_out_of_range, kept_above_seats, kept_without_memory, chance_minutes, reveal_hours, dice_sides,
    dice_count, dice_too_few, witnesses_number, witnesses_twice.
    """
    gate = _managed(workshop, actor, now)
    policy = gate.policy
    present = policy.chance_source if policy.kind == Kind.DRAW else default_source()
    terms = replace(terms, chance_source=terms.chance_source or present)
    asked = Registration.objects.filter(workshop_id=workshop.pk, state__in=rules.LIVE).count()
    rules.check_kind_change(before=policy.kind, after=terms.kind, asked=asked)
    rules.check_seats_stated(kind=terms.kind, capacity=terms.capacity, closes_at=terms.closes_at)
    rules.check_closes_in_time(
        kind=terms.kind,
        closes_at=terms.closes_at,
        starts_at=gate.starts_at,
        cutoff_hours=terms.cutoff_hours,
        lead=lead_time(source=terms.chance_source, minutes=terms.chance_minutes, hours=terms.reveal_hours),
    )
    _check_chance(policy, terms, witnesses, asked=asked)
    rules.check_approval_change(before=policy.needs_approval, after=terms.needs_approval, asked=asked)
    rules.check_pools(capacity=terms.capacity, pools=pools if pools is not None else gate.pools())
    rules.check_memory_change(
        before=_remembered(terms_of(policy)), after=_remembered(terms), kind=policy.kind, asked=asked
    )
    if terms.kind == Kind.DRAW:
        rules.check_memory(
            remembers=terms.remembers,
            most_weight=terms.most_weight,
            kept_places=terms.kept_places,
            kept_after=terms.kept_after,
            capacity=terms.capacity,
        )
    _write_terms(policy, terms)
    if pools is not None:
        _write_pools(gate, pools, asked=asked)
    if witnesses is not None and terms.chance_source == ChanceSource.WITNESSES:
        write_witnesses(gate, witnesses, actor=actor)
    policy.refresh_from_db()
    publish(
        events.SeatPolicySet(
            subject_id=policy.pk, community_id=gate.workshop.community_id, workshop_id=policy.workshop_id
        ),
        actor=actor,
        now=now,
    )
    pass_on(gate, reason=Reason.SEATS_ADDED, actor=actor)
    return policy


def default_source() -> ChanceSource:
    """A public beacon where this site can fetch and check it, else its own sealed value: both unattended."""
    return ChanceSource.DRAND if drand.can_fetch() else ChanceSource.SITE


def known_sources() -> set[ChanceSource]:
    """What can be chosen here: without the means to check a beacon, a beacon is no source."""
    return set(ChanceSource) if drand.can_verify() else set(ChanceSource) - {ChanceSource.DRAND}


def _check_chance(
    policy: SeatPolicy, terms: PolicyTerms, witnesses: Sequence[UUID] | None, *, asked: int
) -> None:
    if terms.kind != Kind.DRAW:
        return
    check_source(
        source=terms.chance_source,
        minutes=terms.chance_minutes,
        count=terms.dice_count,
        sides=terms.dice_sides,
        hours=terms.reveal_hours,
    )
    if policy.kind == Kind.DRAW:
        before, after = _announced(terms_of(policy)), _announced(terms)
        rules.check_source_change(before=before, after=after, asked=asked)
    if terms.chance_source == ChanceSource.WITNESSES:
        named = policy.witnesses.values_list("person_id", flat=True) if witnesses is None else witnesses
        check_witnesses(list(named))


def _announced(terms: PolicyTerms) -> tuple[object, ...]:
    """What people read about the source."""
    match terms.chance_source:
        case ChanceSource.DICE:
            return (terms.chance_source, terms.dice_count, terms.dice_sides)
        case ChanceSource.WITNESSES:
            return (terms.chance_source, terms.reveal_hours)
        case _:
            return (terms.chance_source, terms.chance_minutes)


@transaction.atomic
def give_default_seats(
    *, workshop: Workshop, capacity: int | None, minimum: int, actor: Person, now: dt.datetime
) -> None:
    """What planning asks for: seats for a new workshop, or another number for the policy it has.

    Small at first: open, or first come when there is a number; a waiting list once the community has one.
    """
    policy = SeatPolicy.objects.filter(workshop=workshop).first()
    if policy is None:
        listed = feature_on(workshop.community_id, FeatureName.WAITING_LIST)
        terms = PolicyTerms(
            kind=Kind.OPEN if capacity is None else Kind.FIRST_COME,
            capacity=capacity,
            minimum=minimum,
            waiting_list=listed,
        )
    else:
        terms = replace(terms_of(policy), capacity=capacity, minimum=minimum)
        if terms.kind in {Kind.OPEN, Kind.FIRST_COME}:
            terms = replace(terms, kind=Kind.OPEN if capacity is None else Kind.FIRST_COME)
    set_policy(workshop=workshop, terms=terms, actor=actor, now=now)


def terms_of(policy: SeatPolicy) -> PolicyTerms:
    """The terms that are stored."""
    return PolicyTerms(**{field.name: getattr(policy, field.name) for field in fields(PolicyTerms)})


def open_waiting_lists(*, community_id: UUID) -> int:
    """The community switched waiting lists on: its workshops to come have one from now. Returns how many."""
    return SeatPolicy.objects.filter(
        workshop__community_id=community_id,
        workshop__state__in=(Workshop.State.DRAFT, Workshop.State.PUBLISHED, Workshop.State.POSTPONED),
        waiting_list=False,
    ).update(waiting_list=True)


@transaction.atomic
def change_capacity(
    *, workshop: Workshop, capacity: int | None, actor: Person, now: dt.datetime, pool: Pool | None = None
) -> SeatPolicy:
    """Raise or lower the seats (of one pool, the total following); never below what is held."""
    gate = _managed(workshop, actor, now)
    policy = gate.policy
    if pool is None:
        if gate.pools():
            raise RuleBroken(_("Change the seats of a pool instead."), code="pools_stand", field="capacity")
        rules.check_seats_stated(kind=policy.kind, capacity=capacity, closes_at=policy.closes_at)
        _resize(policy, capacity)
    else:
        standing = policy.pools.filter(merged=False).get(pk=pool.pk)
        change = (capacity or 0) - standing.capacity
        _resize(policy, (policy.capacity or 0) + change)
        _resize_pool(standing, capacity or 0)
    pass_on(gate, reason=Reason.SEATS_ADDED, actor=actor)
    policy.refresh_from_db()
    return policy


def merge_pools(*, now: dt.datetime) -> int:
    """Open to everyone what is left of pools whose time has come, then offer it. Returns how many merged."""
    due = SeatPolicy.objects.filter(
        pools__merged=False, pools__merges_at__lte=now, workshop__state=Workshop.State.PUBLISHED
    ).values_list("workshop_id", flat=True)
    return sum(_merge_in(workshop_id, now) for workshop_id in list(due.distinct()))


def _managed(workshop: Workshop, actor: Person, now: dt.datetime) -> Gate:
    gate = lock(workshop.pk, now=now)
    if not can_manage_seats(actor, gate.workshop):
        raise NotAllowed(Permission.MANAGE_SEATS)
    gate.check_moving()
    rules.check_no_draw_pending(pending=gate.policy.draws.exclude(state=Draw.State.DRAWN).exists())
    return gate


def _remembered(terms: PolicyTerms) -> tuple[object, ...]:
    return terms.remembers, terms.most_weight, terms.kept_places, terms.kept_after


def _write_terms(policy: SeatPolicy, terms: PolicyTerms) -> None:
    values = asdict(terms)
    capacity = values.pop("capacity")
    SeatPolicy.objects.filter(pk=policy.pk).update(**values)
    _resize(policy, capacity)


def _resize(policy: SeatPolicy, capacity: int | None) -> None:
    """By conditional UPDATE: a seat taken in the same instant counts."""
    room = Q() if capacity is None else Q(taken__lte=capacity)
    if not SeatPolicy.objects.filter(room, pk=policy.pk).update(capacity=capacity):
        policy.refresh_from_db(fields=["taken"])
        rules.check_capacity(capacity=capacity, held=policy.taken)
    policy.capacity = capacity


def _resize_pool(pool: Pool, capacity: int) -> None:
    if not Pool.objects.filter(pk=pool.pk, taken__lte=capacity).update(capacity=capacity):
        raise RuleBroken(
            _("%(taken)d seats of “%(name)s” are already held; there cannot be fewer.")
            % {"taken": pool.taken, "name": pool.name},
            code="pool_below_held",
            field="pools",
            params={"pool_id": pool.pk},
        )


def _write_pools(gate: Gate, wished: Sequence[PoolTerms], *, asked: int) -> None:
    """Once people have asked, seats of pools may change in number, but pools neither come nor go."""
    standing = {pool.pk: pool for pool in gate.pools()}
    kept = {terms.id for terms in wished if terms.id is not None}
    changes_hands = kept != set(standing) or len(kept) != len(wished)
    if asked and changes_hands:
        raise RuleBroken(
            _("People have asked under the present pools, so none can be added or taken away."),
            code="pools_promised",
            field="pools",
        )
    gate.policy.pools.filter(merged=False).exclude(pk__in=kept).delete()
    for position, terms in enumerate(wished):
        values = {key: value for key, value in asdict(terms).items() if key not in {"id", "capacity"}}
        if terms.id in standing:
            Pool.objects.filter(pk=terms.id).update(position=position, **values)
            _resize_pool(standing[terms.id], terms.capacity)
        else:
            gate.policy.pools.create(position=position, capacity=terms.capacity, **values)


@transaction.atomic
def _merge_in(workshop_id: UUID, now: dt.datetime) -> int:
    gate = lock(workshop_id, now=now)
    if gate.policy.kind == Kind.DRAW and gate.policy.draws.exclude(state=Draw.State.DRAWN).exists():
        return 0  # a frozen draw is made with the pools it was frozen with
    due = [pool for pool in gate.pools() if pool.merges_at is not None and pool.merges_at <= now]
    for pool in due:
        _merge(gate, pool)
    pass_on(gate, reason=Reason.POOL_MERGED, actor=None)
    return len(due)


def _merge(gate: Gate, pool: Pool) -> None:
    """Seats, held ones included, and those who wait go to the pool for everyone, in order of time."""
    target = gate.policy.pools.filter(merged=False, who=PoolWho.EVERYONE).exclude(pk=pool.pk).first()
    if target is None:
        Pool.objects.filter(pk=pool.pk).update(who=PoolWho.EVERYONE, organisation=None, merges_at=None)
        return
    pool.refresh_from_db(fields=["taken", "capacity"])
    Registration.objects.filter(pool=pool).update(pool=target)
    Pool.objects.filter(pk=pool.pk).update(merged=True, capacity=0, taken=0)
    Pool.objects.filter(pk=target.pk).update(
        capacity=F("capacity") + pool.capacity, taken=F("taken") + pool.taken
    )
    publish(
        events.PoolMerged(
            subject_id=pool.pk, community_id=gate.workshop.community_id, workshop_id=gate.policy.workshop_id
        ),
        actor=None,
        now=gate.now,
    )
