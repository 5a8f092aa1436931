"""The same way of giving seats for another date of a series."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

from django.db import transaction

from convene.apps.people.models import Person
from convene.apps.seats.models import Pool, Quota, SeatPolicy
from convene.apps.seats.services.policies import PoolTerms, set_policy, terms_of
from convene.apps.workshops.models import Workshop
from convene.foundation.calendars.zones import zone_of


@transaction.atomic
def copy_policy(
    *, source: Workshop, target: Workshop, days_on: int, zone: str, actor: Person, now: dt.datetime
) -> None:
    """Terms, pools and targets of `source`; every deadline `days_on` days later at the same wall time.

    A source without a stored policy leaves the target as open as it is itself.
    """
    policy = SeatPolicy.objects.filter(workshop=source).first()
    if policy is None:
        return

    def later(moment: dt.datetime | None) -> dt.datetime | None:
        return None if moment is None else _days_on(moment, days_on, zone)

    pools = [
        PoolTerms(
            name=pool.name,
            capacity=pool.capacity,
            who=pool.who,
            organisation_id=pool.organisation_id,
            opens_at=later(pool.opens_at),
            merges_at=later(pool.merges_at),
        )
        for pool in Pool.objects.filter(policy=policy, merged=False)
    ]
    terms = replace(terms_of(policy), closes_at=later(policy.closes_at))
    people = [row.person_id for row in policy.witnesses.all() if row.person_id is not None]
    copied = set_policy(
        workshop=target, terms=terms, pools=pools, witnesses=people or None, actor=actor, now=now
    )
    Quota.objects.bulk_create(
        Quota(policy=copied, question_id=row.question_id, value=row.value, least=row.least, most=row.most)
        for row in policy.quotas.all()
    )


def _days_on(moment: dt.datetime, days: int, zone: str) -> dt.datetime:
    """A deadline may fall into the hour that the clocks skip; then it is an hour later, as clocks show it."""
    local = moment.astimezone(zone_of(zone) or dt.UTC)
    return (local.replace(fold=0) + dt.timedelta(days=days)).astimezone(dt.UTC)
