"""Lists of workshops: who sees which, facets, search; the same few queries for one row or a thousand."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from django.db.models import Exists, F, Max, Min, OuterRef, Prefetch, Q, QuerySet
from django.utils.translation import gettext as _

from convene.apps.communities.models import Community
from convene.apps.seats.models import SeatPolicy
from convene.apps.workshops.languages import language_name
from convene.apps.workshops.models import Session, Workshop
from convene.apps.workshops.queries import visible_workshops

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor

WITHIN = {"7": dt.timedelta(days=7), "31": dt.timedelta(days=31), "92": dt.timedelta(days=92)}
PAST = "past"
MOST_WORDS = 8
_SEARCHED = ("title", "summary", "description", "outcomes", "community__name")


@dataclass(frozen=True)
class Filters:
    """What the reader chose; unknown values count as not chosen."""

    words: tuple[str, ...] = ()
    community: str = ""
    kind: str = ""
    depth: str = ""
    language: str = ""
    format: str = ""
    when: str = ""
    free: bool = False

    @property
    def any_chosen(self) -> bool:
        return self != Filters(when=self.when if self.when == PAST else "")


def read_filters(query: Mapping[str, str]) -> Filters:
    def one_of(name: str, allowed: Iterable[str]) -> str:
        value = query.get(name, "")
        return value if value in set(allowed) else ""

    return Filters(
        words=tuple(query.get("q", "").split()[:MOST_WORDS]),
        community=query.get("community", "")[:60],
        kind=one_of("kind", Workshop.Kind.values),
        depth=one_of("depth", Workshop.Depth.values),
        language=query.get("language", "")[:12],
        format=one_of("format", Workshop.Format.values),
        when=one_of("when", [*WITHIN, PAST]),
        free=query.get("free") == "1",
    )


def upcoming(actor: Actor, now: dt.datetime) -> QuerySet[Workshop]:
    """Published and not over, soonest next session first; postponed ones, which wait for a time, last."""
    current = visible_workshops(actor).filter(
        state__in=[Workshop.State.PUBLISHED, Workshop.State.POSTPONED], published_at__isnull=False
    )
    ahead = Q(sessions__ends_at__gt=now)
    return (
        current.alias(any_ahead=Exists(Session.objects.filter(workshop=OuterRef("pk"), ends_at__gt=now)))
        .filter(Q(any_ahead=True) | Q(state=Workshop.State.POSTPONED))
        .annotate(next_start=Min("sessions__starts_at", filter=ahead & Q(state=Workshop.State.PUBLISHED)))
        .order_by(F("next_start").asc(nulls_last=True), "title", "pk")
    )


def past(actor: Actor, now: dt.datetime) -> QuerySet[Workshop]:
    """Those that took place, the latest first."""
    return (
        visible_workshops(actor)
        .filter(state__in=[Workshop.State.PUBLISHED, Workshop.State.HELD], published_at__isnull=False)
        .annotate(last_end=Max("sessions__ends_at"), next_start=Min("sessions__starts_at"))
        .filter(last_end__lte=now)
        .order_by("-last_end", "pk")
    )


def narrow(rows: QuerySet[Workshop], filters: Filters, now: dt.datetime) -> QuerySet[Workshop]:
    plain: dict[str, Any] = {
        "community__slug": filters.community,
        "kind": filters.kind,
        "depth": filters.depth,
        "language": filters.language,
        "format": filters.format,
    }
    rows = rows.filter(**{name: value for name, value in plain.items() if value})
    for word in filters.words:
        rows = rows.filter(_holds(word))
    if filters.when in WITHIN:
        rows = rows.filter(Q(next_start__lt=now + WITHIN[filters.when]))
    if filters.free:
        rows = rows.filter(_seats_free(now))
    return rows


def _holds(word: str) -> Q:
    """SQLite folds the case of ASCII letters alone, so other scripts are asked for in each case."""
    spellings = {word} if word.isascii() else {word, word.lower(), word.upper(), word.capitalize()}
    found = Q()
    for name in _SEARCHED:
        for spelling in spellings:
            found |= Q(**{f"{name}__icontains": spelling})
    return found


def _seats_free(now: dt.datetime) -> Q:
    """One can still ask and get a seat, or a chance at one: not full, not closed, not begun."""
    open_for_asking = Q(seat_policy__closes_at=None) | Q(seat_policy__closes_at__gt=now)
    room = (
        Q(seat_policy__capacity=None)
        | Q(seat_policy__taken__lt=F("seat_policy__capacity"))
        | Q(seat_policy__kind=SeatPolicy.Kind.DRAW)
    )
    return Q(state=Workshop.State.PUBLISHED, next_start__gt=now) & open_for_asking & room


def for_cards(rows: QuerySet[Workshop]) -> QuerySet[Workshop]:
    """With all that a card of the list shows."""
    return rows.select_related("community", "seat_policy").prefetch_related(
        Prefetch("sessions", Session.objects.order_by("starts_at"))
    )


@dataclass(frozen=True)
class Facet:
    """A choice of the form: its name in the address, its label, values with words, the one chosen."""

    name: str
    label: str
    chosen: str
    choices: list[tuple[str, str]] = field(default_factory=list)


def facets(rows: QuerySet[Workshop], filters: Filters) -> list[Facet]:
    """Choices that lead somewhere: values that occur in the list before it is narrowed. One query."""
    found = list(
        rows.order_by()
        .values_list("community__slug", "community__name", "kind", "depth", "language", "format")
        .distinct()
    )
    communities = sorted({(slug, name) for slug, name, *_rest in found}, key=lambda pair: pair[1].lower())

    def words(index: int, labels: Mapping[str, Any]) -> list[tuple[str, str]]:
        present = {row[index] for row in found}
        return [(value, str(label)) for value, label in labels.items() if value in present]

    languages = sorted({row[4] for row in found})
    made = [
        Facet("community", _("Community"), filters.community, communities),
        Facet("kind", _("Kind"), filters.kind, words(2, dict(Workshop.Kind.choices))),
        Facet("depth", _("How deep"), filters.depth, words(3, dict(Workshop.Depth.choices))),
        Facet("language", _("Language"), filters.language, [(c, language_name(c)) for c in languages]),
        Facet("format", _("Where"), filters.format, words(5, dict(Workshop.Format.choices))),
    ]
    times = [("7", _("in the next 7 days")), ("31", _("in the next month")), ("92", _("in three months"))]
    if filters.when != PAST:
        made.append(Facet("when", _("When"), filters.when, times))
    return [facet for facet in made if len(facet.choices) > 1 or facet.chosen]


def open_of_community(community: Community, actor: Actor, now: dt.datetime) -> QuerySet[Workshop]:
    """A community's upcoming workshops that `actor` may see, for its public page."""
    return for_cards(upcoming(actor, now).filter(community=community))
