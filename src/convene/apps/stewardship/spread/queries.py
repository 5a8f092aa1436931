"""Who took part how deep in a quarter; and what was published."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext as _

from convene.apps.attendance.models import Attendance
from convene.apps.attendance.rules import PRESENT
from convene.apps.capabilities.models import Depth
from convene.apps.communities.models import Community, Membership
from convene.apps.equity.periods import Period, closed, parse
from convene.apps.equity.queries import first_day, workshops_in
from convene.apps.stewardship.models import Aim, Spread
from convene.apps.stewardship.rules import DEPTHS
from convene.foundation.disclosure import NOTHING_SAID, Column, K
from convene.foundation.times import zone_or

EVERYONE = "everyone"
MOST_UNITS = 12
BAR, LINE = 480, 44


@dataclass(frozen=True)
class Reached:
    """Each member's deepest depth of the quarter, or NOTHING_SAID; columns: everyone, then the units."""

    answers: Mapping[Hashable, str]
    columns: Sequence[Column]
    names: Mapping[str, str]


def reached(community: Community, period: Period) -> Reached:
    """Only of workshops that aim at the map. Three queries."""
    aims = Exists(Aim.objects.filter(workshop=OuterRef("pk")))
    depths = dict(workshops_in(community, period).filter(aims).values_list("pk", "depth"))
    members, units, names = _members(community, period)
    answers: dict[Hashable, str] = dict.fromkeys(members, NOTHING_SAID)
    came = Attendance.objects.filter(
        registration__workshop__in=list(depths), holds=True, state__in=list(PRESENT)
    ).values_list("registration__person_id", "registration__workshop_id")
    for person_id, workshop_id in came:
        if person_id in answers:
            answers[person_id] = max(answers[person_id], depths[workshop_id], key=_how_deep)
    large = sorted((key for key in units if len(units[key]) >= K), key=lambda key: (-len(units[key]), key))
    columns = [Column(EVERYONE, frozenset(members))]
    columns += [Column(key, frozenset(units[key])) for key in large[:MOST_UNITS]]
    return Reached(answers, columns, names)


def _how_deep(depth: str) -> int:
    return -1 if depth == NOTHING_SAID else DEPTHS.index(depth)


def _members(community: Community, period: Period) -> tuple[set[UUID], dict[str, set[UUID]], dict[str, str]]:
    """Everyone who belonged on some day of the quarter, and by organisation; of two memberships the later."""
    rows = (
        Membership.objects.filter(community=community, since__lt=period.after)
        .exclude(state=Membership.State.INVITED)
        .filter(Q(ended_on=None) | Q(ended_on__gte=period.first_day))
        .order_by("since")
        .values_list("person_id", "organisation_id", "organisation__name")
    )
    unit_of = {person_id: (str(unit), name) for person_id, unit, name in rows}
    units: dict[str, set[UUID]] = defaultdict(set)
    names: dict[str, str] = {}
    for person_id, (unit, name) in unit_of.items():
        if name:
            units[unit].add(person_id)
            names[unit] = name
    return set(unit_of), units, names


def periods_due(community: Community, now: dt.datetime) -> list[Period]:
    """Settled quarters without a publication, earliest first."""
    first = first_day(community)
    if first is None:
        return []
    done = set(Spread.objects.filter(community=community).values_list("period", flat=True))
    today = now.astimezone(zone_or(community.zone)).date()
    return [one for one in closed(first, today) if not one.is_year and one.key not in done]


def communities_due(now: dt.datetime) -> list[Community]:
    """Those whose workshops aim at their map, with a settled quarter that is not published."""
    rows = Community.objects.filter(workshops__aims__isnull=False).distinct()
    return [community for community in rows if periods_due(community, now)]


# --- for the page ------------------------------------------------------------


@dataclass(frozen=True)
class Bar:
    """A unit's line of the picture: `parts` are (x, width, opacity)."""

    y: int
    name: str
    parts: Sequence[tuple[float, float, float]]


@dataclass(frozen=True)
class Shown:
    """`lines`: unit, its total, and a count for each heading; None: hidden."""

    period: Period
    headings: Sequence[str]
    lines: Sequence[tuple[str, int | None, Sequence[int | None]]]
    bars: Sequence[Bar]
    height: int


def published(community_id: UUID) -> list[Spread]:
    return list(Spread.objects.filter(community_id=community_id))


def shown(publication: Spread) -> Shown | None:
    """None when nothing of it may be shown."""
    period = parse(publication.period)
    if period is None or not any(one for row in publication.rows for one in row["counts"].values()):
        return None
    names = {**{value: str(label) for value, label in Depth.choices}, NOTHING_SAID: _("took part in none")}
    headings = [", ".join(names[answer] for answer in row["answers"]) for row in publication.rows]
    lines = []
    bars = []
    for place, unit in enumerate(publication.units):
        name = _("Everyone") if unit["key"] == EVERYONE else unit["name"]
        counts = [row["counts"].get(unit["key"]) for row in publication.rows]
        lines.append((name, unit["total"], counts))
        bars.append(Bar(place * LINE, name, _parts(publication.rows, counts, unit["total"])))
    return Shown(period, headings, lines, bars, len(bars) * LINE)


def _parts(
    rows: Sequence[Mapping[str, Sequence[str]]], counts: Sequence[int | None], total: int | None
) -> list[tuple[float, float, float]]:
    """Deepest first and darkest; what is hidden is left blank."""
    parts, x = [], 0.0
    pairs = [(max(map(_how_deep, row["answers"])), count) for row, count in zip(rows, counts, strict=True)]
    for deep, count in sorted(pairs, key=lambda pair: -pair[0]):
        if total and count and deep >= 0:
            width = BAR * count / total
            parts.append((round(x, 1), round(width, 1), round(0.2 + 0.2 * deep, 1)))
            x += width
    return parts
