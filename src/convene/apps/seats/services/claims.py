"""Seats are taken and given back by conditional UPDATE: the database counts, never a number read before.

The CHECK constraints of policy and pool stand behind it.
"""

from __future__ import annotations

from uuid import UUID

from django.db.models import F, Q

from convene.apps.seats.models import Pool, SeatPolicy


def take(policy: SeatPolicy, pool_id: UUID | None, count: int = 1) -> bool:
    """Take `count` seats of the policy and of its pool; or take none and say False."""
    free = Q(capacity=None) | Q(taken__lte=F("capacity") - count)
    if not SeatPolicy.objects.filter(free, pk=policy.pk).update(taken=F("taken") + count):
        return False
    if pool_id is None:
        return True
    if Pool.objects.filter(pk=pool_id, taken__lte=F("capacity") - count).update(taken=F("taken") + count):
        return True
    SeatPolicy.objects.filter(pk=policy.pk).update(taken=F("taken") - count)
    return False


def give_back(policy: SeatPolicy, pool_id: UUID | None, count: int = 1) -> None:
    SeatPolicy.objects.filter(pk=policy.pk).update(taken=F("taken") - count)
    if pool_id is not None:
        Pool.objects.filter(pk=pool_id).update(taken=F("taken") - count)
