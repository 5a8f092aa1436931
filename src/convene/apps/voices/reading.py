"""The map in the order a tired person reads it: common ground, where we differ, who is rarely heard."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.voices import queries
from convene.apps.voices.models import Inquiry, OpinionMap, Statement
from convene.apps.voices.rules import showing
from convene.apps.voices.rules.showing import Counts, Stand

LISTED = 5
"""Statements in each list."""


@dataclass(frozen=True)
class Shown:
    """A statement and what may be said about the votes on it. `percent` None: words are all there is."""

    statement: Statement
    counts: Counts
    words: str
    percent: int | None = None
    sureness: str = ""

    @property
    def heard(self) -> bool:
        return showing.shows_anything(self.counts)

    @property
    def share(self) -> str:
        return "" if self.percent is None else showing.share_words(self.percent)

    @property
    def bar(self) -> tuple[int, int, int] | None:
        """Agreed, disagreed, passed in hundredths; None where they are not shown, or only as an end."""
        if self.percent is None or self.percent in {showing.MOST, showing.LEAST}:
            return None
        agreed, disagreed = (round(100 * part / self.counts.voters) for part in self._parts)
        return agreed, disagreed, 100 - agreed - disagreed

    @property
    def _parts(self) -> tuple[int, int]:
        return self.counts.agreed, self.counts.disagreed


@dataclass(frozen=True)
class Chosen:
    """A statement of the slate: whether people agree with it, and whom it serves in words."""

    shown: Shown
    agrees: bool
    serves: str

    @property
    def statement(self) -> Statement:
        return self.shown.statement


@dataclass(frozen=True)
class OpinionGroup:
    """`letter` names it; `share` is of those in any group, to the nearest five percent."""

    letter: str
    size_words: str
    stands: list[tuple[Shown, bool]]
    """What sets it apart; True where it agrees."""


@dataclass(frozen=True)
class Reading:
    """Everything the map's page says."""

    inquiry: Inquiry
    voters: int
    common: list[Shown]
    against: list[Shown]
    differ: list[Shown]
    rare: list[Shown]
    every: list[Shown]
    taken_out: list[Statement]
    groups: list[OpinionGroup]
    no_groups: str
    slate: list[Chosen] = field(default_factory=list)
    slate_words: str = ""
    alike: bool = False
    dots: list[tuple[float, float, int, int]] = field(default_factory=list)
    points: list[tuple[float, float, int]] = field(default_factory=list)

    @property
    def begun(self) -> bool:
        return bool(self.voters)


def counts_of(statement: Statement) -> Counts:
    return Counts(statement.agreed, statement.disagreed, statement.passed)


def shown(statement: Statement) -> Shown:
    counts = counts_of(statement)
    if not showing.shows_anything(counts):
        return Shown(statement, counts, _("too few votes to say"))
    words = showing.stand_words(showing.stand(counts))
    if not showing.shows_shares(counts):
        return Shown(statement, counts, words)
    percent = showing.share_told(counts.agreed, counts.voters)
    return Shown(statement, counts, words, percent, showing.sureness_of(percent, counts))


def read(inquiry: Inquiry) -> Reading:
    """Three queries. Only what was released."""
    rows = list(queries.statements_of(inquiry))
    every = [shown(one) for one in rows if one.state == Statement.State.LIVE]
    release = queries.map_of(inquiry)
    body: dict[str, Any] = release.body if release else {}
    known = {str(one.statement.number): one for one in every}
    heard = [one for one in every if one.heard]
    return Reading(
        inquiry=inquiry,
        voters=_voters(release),
        common=_common(heard, body),
        against=_named(known, body.get("against", ()), {Stand.AGAINST, Stand.MIXED}),
        differ=_differing(heard),
        rare=[one for one in every if not one.heard],
        every=every,
        taken_out=[one for one in rows if one.state == Statement.State.HIDDEN],
        groups=_groups(known, body),
        no_groups=_why_none(body),
        slate=_slate(known, body),
        slate_words=_slate_words(inquiry, body),
        alike=bool(body.get("alike")),
        dots=[(x, y, int(group), int(people)) for x, y, group, people in body.get("dots", ())],
        points=[
            (at[0], at[1], int(number)) for number, at in body.get("points", {}).items() if number in known
        ],
    )


def _voters(release: OpinionMap | None) -> int:
    return release.voters if release is not None and release.voters >= showing.K else 0


def _named(
    known: dict[str, Shown], numbers: Iterable[object], stands: set[Stand] | None = None
) -> list[Shown]:
    found = [known[str(number)] for number in numbers if str(number) in known]
    return [one for one in found if one.heard and (stands is None or showing.stand(one.counts) in stands)]


def _common(heard: list[Shown], body: dict[str, Any]) -> list[Shown]:
    """What most agree with, in the engine's order where there is one: robust against a small bloc."""
    together = [one for one in heard if showing.stand(one.counts) == Stand.TOGETHER]
    order = {number: place for place, number in enumerate(body.get("ranking", ()))}
    together.sort(
        key=lambda one: (
            order.get(one.statement.number, len(order)),
            -showing.interval(one.counts.agreed, one.counts.voters)[0],
            one.statement.number,
        )
    )
    return together[:LISTED]


def _differing(heard: list[Shown]) -> list[Shown]:
    """The most even first."""
    divided = [one for one in heard if showing.stand(one.counts) == Stand.DIVIDED]
    divided.sort(
        key=lambda one: (
            -min(one.counts.agreed, one.counts.disagreed) / one.counts.voters,
            one.statement.number,
        )
    )
    return divided[:LISTED]


def _groups(known: dict[str, Shown], body: dict[str, Any]) -> list[OpinionGroup]:
    if not body.get("stable"):
        return []
    everyone = sum(group["size"] for group in body["groups"])
    found = []
    for place, group in enumerate(body["groups"]):
        stands = [
            (known[str(number)], way == "agree") for number, way in group["stands"] if str(number) in known
        ]
        share = max(5, 5 * round(20 * group["size"] / everyone))
        words = _("about %(share)d %% of those who voted enough to be placed") % {"share": share}
        found.append(OpinionGroup("ABCDEFGH"[place], words, stands))
    return found


def _why_none(body: dict[str, Any]) -> str:
    reason = body.get("reason", "too_few")
    if body.get("stable"):
        return ""
    if reason == "unstable":
        return _(
            "There are no stable groups: drawn again from the same people, the lines between them fall "
            "elsewhere. So none are shown."
        )
    if reason == "small_group":
        return _("There are no stable groups of at least five people, so none are shown.")
    return _("Too few people have voted on enough statements to say whether there are groups.")


def _slate(known: dict[str, Shown], body: dict[str, Any]) -> list[Chosen]:
    voters = body.get("voters", 0)
    if voters <= showing.ROOM:
        return []
    return [
        Chosen(known[str(number)], way == "agree", _serves(way, people, first, voters))
        for number, way, people, first in body.get("slate", {}).get("shown", ())
        if str(number) in known and known[str(number)].heard
    ]


def _serves(way: str, people: int, first: int, voters: int) -> str:
    """To the nearest five in a hundred, and nothing of fewer than five people."""
    if people < showing.K:
        return ""
    share = {"share": 5 * round(20 * people / voters)}
    said = {
        "agree": _("About %(share)d %% of those who voted are for it."),
        "disagree": _("About %(share)d %% of those who voted are against it."),
    }[way] % share
    if first < showing.K or people - first in range(1, showing.K):
        return said
    alone = _("About %(alone)d %% find nothing of theirs above it.") % {
        "alone": 5 * round(20 * first / voters)
    }
    return f"{said} {alone}"


def _slate_words(inquiry: Inquiry, body: dict[str, Any]) -> str:
    slate, voters = body.get("slate", {}), body.get("voters", 0)
    if not slate.get("shown") or voters <= showing.ROOM:
        return ""
    said = {"n": len(slate["shown"]), "share": int(100 * slate["covered"] / voters)}
    if inquiry.kind == Inquiry.Kind.TOPICS:
        words = _(
            "Shared out by equal shares: %(share)d %% of those who voted wish for at least one of these."
        )
    else:
        words = ngettext(
            "%(share)d %% of those who voted find themselves in this statement.",
            "%(n)d statements; %(share)d %% of those who voted find themselves in at least one.",
            said["n"],
        )
    proof = _("Every group of people large enough for a place has its part (checked, EJR+).")
    return f"{words % said} {proof}" if slate.get("holds") else words % said
