"""Members' time by quarter, and the load of those who facilitate."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from convene.apps.communities.models import Community
from convene.apps.equity.periods import Period, quarter_of
from convene.apps.stewardship.hours import rules
from convene.apps.stewardship.hours.rules import Asked
from convene.apps.stewardship.models import TimeTarget
from convene.apps.workshops import ports
from convene.apps.workshops.models import Facilitation, Session, Workshop
from convene.apps.workshops.rules.checks import Finding, Level
from convene.foundation.times import zone_or

COUNTED = (Workshop.State.PUBLISHED, Workshop.State.HELD)
QUARTERS = 5
HOUR = 60


def target_of(community_id: UUID) -> int | None:
    return (
        TimeTarget.objects.filter(community_id=community_id).values_list("most_training", flat=True).first()
    )


def sessions_between(
    community_id: UUID, start: dt.datetime, end: dt.datetime, *, with_draft: UUID | None = None
) -> list[tuple[dt.datetime, Asked]]:
    """When each begins and what it asks; three queries."""
    rows = list(
        Session.objects.filter(workshop__community_id=community_id, starts_at__gte=start, starts_at__lt=end)
        .filter(Q(workshop__state__in=COUNTED) | Q(workshop_id=with_draft))
        .values_list("workshop_id", "workshop__kind", "workshop__audience", "starts_at", "ends_at")
    )
    ids = {row[0] for row in rows}
    figures = ports.seat_figures(ids)
    accepted = Facilitation.objects.filter(workshop_id__in=ids, state=Facilitation.State.ACCEPTED)
    leading = dict(accepted.values_list("workshop_id").annotate(n=Count("pk")))
    found = []
    for workshop_id, kind, audience, starts_at, ends_at in rows:
        seats = figures.get(workshop_id)
        asked = Asked(
            workshop_id=workshop_id,
            kind=kind,
            audience=audience,
            minutes=int((ends_at - starts_at).total_seconds()) // 60,
            seats=seats.capacity if seats else None,
            minimum=seats.minimum if seats else 0,
            facilitators=leading.get(workshop_id, 0),
        )
        found.append((starts_at, asked))
    return found


@dataclass(frozen=True)
class Quarter:
    """`training` and `thinking`: hours. `share`: of a hundred, None when nothing is planned."""

    period: Period
    training: int
    thinking: int
    share: int | None
    beyond: bool
    kinds: Sequence[tuple[str, int]]


def quarters(community: Community, now: dt.datetime) -> list[Quarter]:
    """The next, this and the three before, latest first; four queries."""
    zone = zone_or(community.zone)
    this = quarter_of(now.astimezone(zone).date())
    periods = [quarter_of(this.after), this]
    while len(periods) < QUARTERS:
        periods.append(periods[-1].before)
    found = sessions_between(community.pk, periods[-1].bounds(zone)[0], periods[0].bounds(zone)[1])
    most = target_of(community.pk)
    by_period: dict[str, list[Asked]] = {}
    for starts_at, asked in found:
        by_period.setdefault(quarter_of(starts_at.astimezone(zone).date()).key, []).append(asked)
    return [_quarter(period, by_period.get(period.key, []), most) for period in periods]


def _quarter(period: Period, sessions: Iterable[Asked], most: int | None) -> Quarter:
    sessions = list(sessions)
    shares = rules.shares(sessions)
    names = dict(Workshop.Kind.choices)
    kinds = sorted(rules.by_kind(sessions).items(), key=lambda pair: -pair[1])
    share = shares.training_share
    return Quarter(
        period=period,
        training=round(shares.training / HOUR),
        thinking=round(shares.thinking / HOUR),
        share=share,
        beyond=most is not None and share is not None and share > most,
        kinds=[(str(names[kind]), round(minutes / HOUR)) for kind, minutes in kinds],
    )


def time_left(workshop: Workshop, _now: dt.datetime) -> Iterable[Finding]:
    """Of the check before publishing: what this would make of the quarter it begins in."""
    most = target_of(workshop.community_id)
    first = workshop.sessions.order_by("starts_at").first()
    if most is None or first is None:
        return
    zone = zone_or(workshop.community.zone)
    period = quarter_of(first.starts_at.astimezone(zone).date())
    start, end = period.bounds(zone)
    found = sessions_between(workshop.community_id, start, end, with_draft=workshop.pk)
    after = rules.shares(asked for _at, asked in found)
    before = rules.shares(asked for _at, asked in found if asked.workshop_id != workshop.pk)
    if rules.goes_beyond(kind=workshop.kind, before=before, after=after, most=most):
        said = {"share": after.training_share, "period": period.words, "most": most}
        text = (
            _("This makes %(share)d %% of members’ hours of %(period)s training; you set %(most)d %%.") % said
        )
        yield Finding(Level.WARNING, "time_share", text, "members_time", by_slug=True, weight=72)


@dataclass(frozen=True)
class Load:
    """What one person facilitates this quarter and the next."""

    person_id: UUID
    name: str
    workshops: int
    hours: float


def loads(community: Community, now: dt.datetime, *, only: UUID | None = None) -> list[Load]:
    """The most first; `only`: of this person. One query."""
    zone = zone_or(community.zone)
    this = quarter_of(now.astimezone(zone).date())
    start, end = this.bounds(zone)[0], quarter_of(this.after).bounds(zone)[1]
    rows = Facilitation.objects.filter(
        workshop__community=community,
        workshop__state__in=COUNTED,
        state=Facilitation.State.ACCEPTED,
        workshop__sessions__starts_at__gte=start,
        workshop__sessions__starts_at__lt=end,
    )
    if only is not None:
        rows = rows.filter(person_id=only)
    minutes: dict[UUID, float] = {}
    workshops: dict[UUID, set[UUID]] = {}
    names: dict[UUID, str] = {}
    for person_id, name, workshop_id, starts_at, ends_at in rows.values_list(
        "person_id",
        "person__name",
        "workshop_id",
        "workshop__sessions__starts_at",
        "workshop__sessions__ends_at",
    ):
        names[person_id] = name
        minutes[person_id] = minutes.get(person_id, 0) + (ends_at - starts_at).total_seconds() / 60
        workshops.setdefault(person_id, set()).add(workshop_id)
    made = [
        Load(one, names[one], len(workshops[one]), round(total / HOUR, 1)) for one, total in minutes.items()
    ]
    return sorted(made, key=lambda load: (-load.hours, load.name))
