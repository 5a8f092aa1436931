"""Publishing how groups met in a closed quarter, once and for good."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.db import transaction

from convene.apps.communities.models import Community
from convene.apps.connections.events import PicturePublished
from convene.apps.connections.models import Picture
from convene.apps.connections.queries import picture as queries
from convene.apps.connections.rules import picture as rules
from convene.apps.equity.periods import Period
from convene.foundation.disclosure import Column, K, protect, protect_counts
from convene.foundation.events import publish

MOST = 12
"""Groups in a picture; the smallest beyond that are counted together."""


def publish_due(*, community: Community, now: dt.datetime) -> int:
    """Every settled quarter that has no picture yet; how many. Idempotent.

    Figured out outside any transaction: the proof that a figure gives nobody away takes time.
    """
    return sum(_publish(community, period, now) for period in queries.periods_due(community, now))


def _publish(community: Community, period: Period, now: dt.datetime) -> bool:
    facts = facts_of(queries.quarter_of(community, period))
    with transaction.atomic():
        picture, new = Picture.objects.get_or_create(
            community=community, period=period.key, defaults={"facts": facts, "published_at": now}
        )
        if new and facts:
            publish(
                PicturePublished(subject_id=picture.pk, community_id=community.pk, period=period.key),
                actor=None,
                now=now,
            )
    return new


def facts_of(quarter: queries.Quarter) -> dict[str, Any]:
    """{members, figures: {new, known, nobody: people or null}, median, views: [{by, nodes, links}]}.

    Empty where nobody met, or there are too few to say anything.
    """
    if not quarter.met or len(quarter.members) < K:
        return {}
    said = rules.whom_each_met(quarter.members, quarter.met, quarter.before)
    table = protect(said, [Column("members", quarter.members)], rules.ANSWERS)
    alone = {row.answers[0]: row.counts["members"] for row in table.rows if len(row.answers) == 1}
    return {
        "members": len(quarter.members),
        "figures": {answer: alone.get(answer) for answer in rules.ANSWERS},
        "median": rules.median_met(quarter.met),
        "views": [view for by in quarter.groups if (view := _view(quarter, by))],
    }


def _view(quarter: queries.Quarter, by: str) -> dict[str, Any] | None:
    """None: fewer than two groups could be told apart."""
    groups = _shown(quarter, by)
    if len(groups) < 2:  # noqa: PLR2004 - a picture of one group shows nothing
        return None
    names = list(groups)
    links = [
        [place, place + further, span]
        for place, one in enumerate(names)
        for further, other in enumerate(names[place:])
        if (span := rules.link(groups[one], groups[other], quarter.met))
    ]
    nodes = [
        {"key": name, "label": quarter.labels.get(name, ""), "size": len(groups[name])} for name in names
    ]
    return {"by": by, "nodes": nodes, "links": links}


TOGETHER = "together"


def _shown(quarter: queries.Quarter, by: str) -> dict[str, frozenset[Any]]:
    """Groups with a name, the largest first; the rest as one, named only by its count, or not at all."""
    every = quarter.groups[by]
    sizes = {key: len(every[key]) for key in rules.largest_first({k: len(v) for k, v in every.items()})}
    table = protect_counts(sizes)
    alone = [
        row.answers[0] for row in table.rows if len(row.answers) == 1 and row.counts["people"] is not None
    ]
    alone = [key for key in sizes if key in alone and sizes[key] >= K][:MOST]
    rest = frozenset[Any]().union(*(people for key, people in every.items() if key not in alone))
    while rest and len(rest) < K and alone:
        rest |= every[alone.pop()]
    groups: dict[str, frozenset[Any]] = {key: every[key] for key in alone}
    return groups | ({TOGETHER: rest} if len(rest) >= K else {})
