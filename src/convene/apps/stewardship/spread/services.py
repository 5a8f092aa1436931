"""Publish a closed quarter, once and for good."""

from __future__ import annotations

import datetime as dt

from django.db import transaction

from convene.apps.communities.models import Community
from convene.apps.equity.periods import Period
from convene.apps.stewardship.models import Spread
from convene.apps.stewardship.rules import DEPTHS
from convene.apps.stewardship.spread import queries
from convene.apps.stewardship.spread.events import SpreadPublished
from convene.foundation.disclosure import NOTHING_SAID, protect
from convene.foundation.events import publish

SECONDS = 30.0


def publish_due(*, community: Community, now: dt.datetime) -> int:
    """Every settled quarter that is not published yet; how many. Idempotent.

    How deep someone took part in one quarter says nothing of another, so quarters are not held against each
    other. The proof that figures give nobody away takes time, so it is done outside the transaction.
    """
    return sum(_publish(community, period, now) for period in queries.periods_due(community, now))


def _publish(community: Community, period: Period, now: dt.datetime) -> bool:
    found = queries.reached(community, period)
    table = protect(found.answers, found.columns, [*DEPTHS, NOTHING_SAID], seconds=SECONDS)
    with transaction.atomic():
        made, new = Spread.objects.get_or_create(
            community=community,
            period=period.key,
            defaults={
                "units": [
                    {"key": one.name, "name": found.names.get(one.name, ""), "total": table.totals[one.name]}
                    for one in found.columns
                ],
                "rows": [{"answers": list(row.answers), "counts": dict(row.counts)} for row in table.rows],
                "published_at": now,
            },
        )
        if new:
            publish(
                SpreadPublished(subject_id=made.pk, community_id=community.pk, period=period.key),
                actor=None,
                now=now,
            )
    return new
