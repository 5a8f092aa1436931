"""Who belonged in a quarter, in which groups, and who of them met; and the pictures that were published."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Min, Q

from convene.apps.communities.models import Community, Feature, Membership
from convene.apps.communities.rules import FeatureName
from convene.apps.connections.models import Picture
from convene.apps.equity.periods import Period, closed
from convene.apps.rooms.models import Room
from convene.apps.rooms.queries.meetings import Scope, meetings
from convene.foundation.times import zone_or

NONE = "none"
ORGANISATION, SINCE, TIER = "organisation", "since", "tier"
Pairs = frozenset[frozenset[Hashable]]


@dataclass(frozen=True)
class Quarter:
    """`groups`: by what, key of the group -> its people; `labels`: names of groups where they have one."""

    members: frozenset[Hashable]
    groups: Mapping[str, Mapping[str, frozenset[Hashable]]]
    labels: Mapping[str, str]
    met: Pairs
    before: Pairs


def quarter_of(community: Community, period: Period) -> Quarter:
    """Three to five queries."""
    start, end = period.bounds(zone_or(community.zone))
    rows = (
        Membership.objects.filter(community=community, since__lt=period.after, person__erased_at=None)
        .exclude(state=Membership.State.INVITED)
        .filter(Q(ended_on=None) | Q(ended_on__gte=period.first_day))
        .select_related("organisation")
        .order_by("since")
    )
    of = {row.person_id: row for row in rows}
    groups: dict[str, dict[str, set[Hashable]]] = {
        key: defaultdict(set) for key in (ORGANISATION, SINCE, TIER)
    }
    labels: dict[str, str] = {}
    for person_id, row in of.items():
        place = str(row.organisation_id or NONE)
        labels[place] = row.organisation.name if row.organisation else ""
        for by, key in ((ORGANISATION, place), (SINCE, str(row.since.year)), (TIER, row.tier)):
            groups[by][key].add(person_id)
    last = end - dt.timedelta(microseconds=1)
    found = meetings(Scope(community_id=community.pk, since=start, until=last, people=list(of)))
    earlier = meetings(Scope(until=start, people=list(of)))
    return Quarter(
        members=frozenset(of),
        groups={by: {key: frozenset(people) for key, people in each.items()} for by, each in groups.items()},
        labels=labels,
        met=frozenset(frozenset(one.pair) for one in found),
        before=frozenset(frozenset(one.pair) for one in earlier),
    )


def periods_due(community: Community, now: dt.datetime) -> list[Period]:
    """Closed and settled quarters since the first session that ended, without a picture."""
    first = Room.objects.filter(
        session__workshop__community=community, state=Room.State.OVER, ended_at__isnull=False
    ).aggregate(first=Min("ended_at"))["first"]
    if first is None:
        return []
    zone = zone_or(community.zone)
    done = set(Picture.objects.filter(community=community).values_list("period", flat=True))
    every = closed(first.astimezone(zone).date(), now.astimezone(zone).date())
    return [period for period in every if not period.is_year and period.key not in done]


def communities_due(now: dt.datetime) -> list[Community]:
    on = Feature.objects.filter(name=FeatureName.CONNECTIONS, on=True)
    communities = Community.objects.filter(pk__in=on.values("community_id"))
    return [community for community in communities if periods_due(community, now)]


def pictures_of(community_id: UUID) -> list[Picture]:
    """Newest first; without those in which nothing could be shown."""
    return [one for one in Picture.objects.filter(community_id=community_id) if one.facts]
