"""One lock a workshop: every movement first takes the row of its seat policy, then reads, then moves.

On PostgreSQL that is SELECT … FOR UPDATE; on SQLite the transaction itself is IMMEDIATE. What is read after
the lock is therefore true until the transaction ends.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Min
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import Membership
from convene.apps.seats import rules
from convene.apps.seats.models import Pool, Registration, SeatPolicy
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.errors import RuleBroken


@dataclass
class Gate:
    """A locked policy and what the rules ask about its workshop."""

    policy: SeatPolicy
    now: dt.datetime

    @property
    def workshop(self) -> Workshop:
        return self.policy.workshop

    @property
    def starts_at(self) -> dt.datetime | None:
        """The first session's start; asked once, after the lock."""
        if not hasattr(self, "_starts_at"):
            self._starts_at: dt.datetime | None = Session.objects.filter(
                workshop_id=self.policy.workshop_id
            ).aggregate(first=Min("starts_at"))["first"]
        return self._starts_at

    @starts_at.setter
    def starts_at(self, value: dt.datetime | None) -> None:
        self._starts_at = value

    @property
    def is_published(self) -> bool:
        return self.workshop.state == Workshop.State.PUBLISHED

    def may_offer(self) -> bool:
        return self.is_published and rules.may_offer(
            now=self.now, starts_at=self.starts_at, cutoff_hours=self.policy.cutoff_hours
        )

    def deadline(self) -> dt.datetime:
        return rules.offer_deadline(
            now=self.now,
            starts_at=self.starts_at,
            cutoff_hours=self.policy.cutoff_hours,
            offer_hours=self.policy.offer_hours,
        )

    def pools(self) -> list[Pool]:
        """The pools that still stand, fresh."""
        return list(self.policy.pools.filter(merged=False))

    def check_moving(self) -> None:
        """A cancelled workshop moves no seat, even before the task that voids its registrations has run."""
        if self.workshop.state == Workshop.State.CANCELLED:
            raise RuleBroken(_("This was cancelled, so no seat moves any more."), code="workshop_cancelled")


def lock(workshop_id: UUID, *, now: dt.datetime) -> Gate:
    """Take the lock; a workshop without a policy is open. Call it first in the transaction."""
    found = (
        SeatPolicy.objects.select_for_update(of=("self",))
        .select_related("workshop__community")
        .filter(workshop_id=workshop_id)
        .first()
    )
    if found is None:
        SeatPolicy.objects.bulk_create([SeatPolicy(workshop_id=workshop_id)], ignore_conflicts=True)
        return lock(workshop_id, now=now)
    return Gate(found, now)


def fresh(registration: Registration) -> Registration:
    """The registration as it is now, behind the lock."""
    return Registration.objects.select_related("person", "pool").get(pk=registration.pk)


def standing(gate: Gate, person_id: UUID) -> tuple[str, UUID | None]:
    """The person's tier (empty: no member) and organisation in the workshop's community."""
    row = (
        Membership.objects.filter(
            community_id=gate.workshop.community_id, person_id=person_id, state=Membership.State.ACTIVE
        )
        .values_list("tier", "organisation_id")
        .first()
    )
    return row or ("", None)
