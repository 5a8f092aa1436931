"""What may be decided for an audience, and which targeted sessions follow from the gaps. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

MOST_AUDIENCES = 30
FEWEST_LETTERS = 4
REVIEW_AFTER = dt.timedelta(days=365)
LATEST_REVIEW = dt.timedelta(days=3 * 366)
SERVED_FOR = dt.timedelta(days=365)
"""A workshop that was held serves so long; then people have forgotten, or are others."""
DEPTHS = ("aware", "converse", "with_help", "do", "steward")
NONE, WORKSHOP, CONVERSATION = "none", "workshop", "conversation"
PLANNED_ROUTES = (CONVERSATION, WORKSHOP)
INFORMED, KEY = "informed", "key"
MOST_TOGETHER = 5
"""Outcomes in one informative session."""


def tidy(text: str) -> str:
    return " ".join(text.split())


def check_audience(name: str, taken: Iterable[str]) -> None:
    if len(name) < FEWEST_LETTERS:
        raise RuleBroken(_("Say who they are in a few words."), code="audience_name", field="name")
    if name.casefold() in {one.casefold() for one in taken}:
        raise RuleBroken(_("There is an audience of this name."), code="audience_taken", field="name")


def check_room(count: int) -> None:
    if count > MOST_AUDIENCES:
        raise RuleBroken(
            _("There are thirty audiences already. Join some that get the same answers."),
            code="audiences_full",
            field="name",
        )


@dataclass(frozen=True)
class Line:
    """What someone wrote for one outcome. `seen`: the revision they had before them, 0 for undecided."""

    outcome_id: UUID
    depth: str
    route: str
    reason: str
    seen: int

    @property
    def is_withdrawn(self) -> bool:
        return not self.depth and not self.route


def check_line(line: Line) -> None:
    """The field is the line's own: `depth-<outcome>`, `route-<outcome>` or `reason-<outcome>`."""
    if line.is_withdrawn:
        return
    if not line.route:
        raise RuleBroken(_("By which route?"), code="decision_route", field=f"route-{line.outcome_id}")
    if line.route != NONE and not line.depth:
        raise RuleBroken(_("How deep?"), code="decision_depth", field=f"depth-{line.outcome_id}")
    if len(line.reason) < FEWEST_LETTERS:
        raise RuleBroken(
            _("Say why, here or once for all below."),
            code="decision_reason",
            field=f"reason-{line.outcome_id}",
        )


def check_review(review_on: dt.date, today: dt.date) -> None:
    if review_on <= today:
        raise RuleBroken(_("Choose a day that is still to come."), code="review_past", field="review_on")
    if review_on > today + LATEST_REVIEW:
        raise RuleBroken(_("Choose a day within three years."), code="review_far", field="review_on")


# --- what follows ------------------------------------------------------------


@dataclass(frozen=True)
class Decided:
    """A decision that asks for a session. `workshop_id`: the draft that a proposal made of it."""

    pk: UUID
    audience_id: UUID
    outcome_id: UUID
    depth: str
    route: str
    standing: str
    size: int
    position: tuple[int, int]
    workshop_id: UUID | None


@dataclass(frozen=True)
class Given:
    """A workshop that aims at outcomes. `ends_at`: of its last session; None while it has no time."""

    pk: UUID
    outcome_ids: frozenset[UUID]
    depth: str
    conversation: bool
    for_everyone: bool
    ends_at: dt.datetime | None

    def lasts(self, now: dt.datetime) -> bool:
        """Still to come, or not long past."""
        return self.ends_at is None or self.ends_at > now - SERVED_FOR


@dataclass(frozen=True)
class Proposal:
    """A session that would serve these decisions. `people`: about how many, 0 when nobody said."""

    decisions: tuple[UUID, ...]
    audiences: tuple[UUID, ...]
    outcomes: tuple[UUID, ...]
    depth: str
    route: str
    informative: bool
    for_everyone: bool
    people: int

    @property
    def template(self) -> str:
        if self.route == CONVERSATION:
            return "hot_topic"
        return "open_taster" if self.informative else "skills"


def serves(given: Given, decided: Decided, now: dt.datetime) -> bool:
    """It aims at the outcome at least so deep, is open to them, and is to come or not long past."""
    return (
        decided.outcome_id in given.outcome_ids
        and DEPTHS.index(given.depth) >= DEPTHS.index(decided.depth)
        and given.conversation == (decided.route == CONVERSATION)
        and (given.for_everyone or decided.standing == KEY)
        and given.lasts(now)
    )


def gaps(decisions: Iterable[Decided], workshops: Sequence[Given], now: dt.datetime) -> list[Decided]:
    """Decisions for a workshop or a conversation that nothing serves."""
    by_outcome: dict[UUID, list[Given]] = {}
    lasting = {given.pk for given in workshops if given.lasts(now)}
    for given in workshops:
        for outcome_id in given.outcome_ids:
            by_outcome.setdefault(outcome_id, []).append(given)
    return [
        one
        for one in decisions
        if one.route in PLANNED_ROUTES
        and one.workshop_id not in lasting
        and not any(serves(given, one, now) for given in by_outcome.get(one.outcome_id, []))
    ]


def proposals(found: Iterable[Decided]) -> list[Proposal]:
    """Most people first. Those for whom information is enough get one session with several outcomes; for
    the others the same outcome at the same depth by the same route is one session, whoever they are."""
    informed: dict[tuple[UUID, str], list[Decided]] = {}
    others: dict[tuple[UUID, str, str], list[Decided]] = {}
    for one in found:
        if one.standing == INFORMED and one.route == WORKSHOP:
            informed.setdefault((one.audience_id, one.depth), []).append(one)
        else:
            others.setdefault((one.outcome_id, one.depth, one.route), []).append(one)
    groups = [*others.values()]
    for rows in informed.values():
        rows.sort(key=lambda one: one.position)
        groups += [rows[at : at + MOST_TOGETHER] for at in range(0, len(rows), MOST_TOGETHER)]
    made = [(_proposal(rows), min(one.position for one in rows)) for rows in groups]
    made.sort(key=lambda pair: (-pair[0].people, -len(pair[0].decisions), pair[1]))
    return [proposal for proposal, _position in made]


def _proposal(rows: Sequence[Decided]) -> Proposal:
    sizes: Mapping[UUID, int] = {one.audience_id: one.size for one in rows}
    first = rows[0]
    return Proposal(
        decisions=tuple(one.pk for one in rows),
        audiences=tuple(dict.fromkeys(one.audience_id for one in rows)),
        outcomes=tuple(dict.fromkeys(one.outcome_id for one in rows)),
        depth=first.depth,
        route=first.route,
        informative=first.standing == INFORMED and first.route == WORKSHOP,
        for_everyone=any(one.standing != KEY for one in rows),
        people=sum(sizes.values()),
    )
