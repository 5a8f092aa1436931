"""What must be true of a workshop's seats at every instant; and what a broken seat looks like."""

from __future__ import annotations

from collections import defaultdict

from convene.apps.seats import queries
from convene.apps.seats.models import Movement, Offer, Pool, Registration, SeatPolicy
from convene.apps.seats.rules import HOLDING, LIVE, State, is_legal
from convene.apps.workshops.models import Workshop


def faults(workshop: Workshop) -> list[str]:
    """Every way in which the rows contradict each other or the rules; empty when all is well."""
    policy = SeatPolicy.objects.get(workshop=workshop)
    rows = list(Registration.objects.filter(workshop=workshop))
    return [
        *_counts(policy, rows),
        *_people(rows),
        *_door(workshop, rows),
        *_histories(workshop, rows),
        *_offers(workshop, rows),
    ]


def assert_true(workshop: Workshop) -> None:
    assert faults(workshop) == []


def _counts(policy: SeatPolicy, rows: list[Registration]) -> list[str]:
    held = [row for row in rows if row.state in HOLDING]
    found = []
    if policy.taken != len(held):
        found.append(f"{policy.taken} seats counted, {len(held)} held")
    if policy.capacity is not None and len(held) > policy.capacity:
        found.append(f"{len(held)} held of {policy.capacity}")
    pools = list(Pool.objects.filter(policy=policy))
    for pool in pools:
        own = sum(row.pool_id == pool.pk for row in held)
        if pool.taken != own:
            found.append(f"pool {pool.name}: {pool.taken} counted, {own} held")
        if own > pool.capacity:
            found.append(f"pool {pool.name}: {own} held of {pool.capacity}")
    if pools and sum(pool.capacity for pool in pools) != policy.capacity:
        found.append("pools do not add up to all seats")
    return found


def _people(rows: list[Registration]) -> list[str]:
    live = [row.person_id for row in rows if row.state in LIVE]
    return ["a person with two live registrations"] if len(live) != len(set(live)) else []


def _door(workshop: Workshop, rows: list[Registration]) -> list[str]:
    confirmed = {row.pk for row in rows if row.state == State.CONFIRMED}
    at_door = [row.pk for row in queries.confirmed_list(workshop)]
    same = set(at_door) == confirmed and len(at_door) == len(confirmed)
    return [] if same else ["the door list is not the confirmed list"]


def _histories(workshop: Workshop, rows: list[Registration]) -> list[str]:
    steps: dict[object, list[Movement]] = defaultdict(list)
    for movement in Movement.objects.filter(registration__workshop=workshop).order_by("pk"):
        steps[movement.registration_id].append(movement)
    found = []
    for row in rows:
        state = ""
        for movement in steps[row.pk]:
            if movement.before != state:
                found.append(f"a step from {movement.before} where the seat was {state}")
            if not is_legal(movement.before, movement.after, movement.reason):
                found.append(f"no such step: {movement} because {movement.reason}")
            state = movement.after
        if state != row.state:
            found.append(f"{row.state}, but the last step led to {state}")
    return found


def _offers(workshop: Workshop, rows: list[Registration]) -> list[str]:
    open_ = list(
        Offer.objects.filter(registration__workshop=workshop, answer="").values_list(
            "registration_id", flat=True
        )
    )
    offered = [row.pk for row in rows if row.state == State.OFFERED]
    return [] if sorted(open_) == sorted(offered) else ["open offers are not the offered seats"]
