"""The check before publishing: what stands in the way, what is worth a look. Facts in, findings out."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.workshops.rules.workshop import SMALL_SEATS, SeatFigures

MOST_WARNINGS_OF_SMALL = 2
FEWEST_FACILITATORS = 2
VOICE_ABSENT = "voice_absent"


class Level(StrEnum):
    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True)
class Finding:
    """What the check says; `url_name` is the page that mends it, `weight` orders warnings, heavy first."""

    level: Level
    code: str
    text: str
    url_name: str = ""
    by_slug: bool = False
    weight: int = 0


@dataclass(frozen=True)
class SessionFacts:
    starts_at: dt.datetime
    ends_at: dt.datetime
    zone: str
    place: str
    join_url: str


@dataclass(frozen=True)
class PlanFacts:
    """Everything the check looks at."""

    title: str
    description: str
    outcomes: str
    format: str
    audience: str
    recording: str
    access_offered: str
    counts_minutes: bool
    sessions: Sequence[SessionFacts]
    community_zone: str
    has_conduct_contact: bool
    has_code_of_conduct: bool
    facilitators_accepted: int
    public_address: str
    figures: SeatFigures | None
    absent: Sequence[str] = field(default_factory=tuple)
    late_items: int = 0
    notices: int | None = None


def is_small(facts: PlanFacts) -> bool:
    """A gathering among members that uses nothing special: it deserves to be left in peace."""
    seats = facts.figures.capacity if facts.figures else None
    return (
        seats is not None
        and seats <= SMALL_SEATS
        and facts.audience != "everyone"
        and len(facts.sessions) <= 1
        and facts.recording != "open"
        and not facts.counts_minutes
    )


def findings(facts: PlanFacts, now: dt.datetime, more: Iterable[Finding] = ()) -> list[Finding]:
    """Errors first, then warnings by weight; a small gathering hears at most two warnings."""
    found = [*_errors(facts, now), *_warnings(facts, now), *more]
    errors = [finding for finding in found if finding.level == Level.ERROR]
    warnings = sorted(
        (finding for finding in found if finding.level == Level.WARNING), key=lambda finding: -finding.weight
    )
    if is_small(facts):
        warnings = warnings[:MOST_WARNINGS_OF_SMALL]
    return [*errors, *warnings]


def _errors(facts: PlanFacts, now: dt.datetime) -> Iterable[Finding]:
    if not facts.title.strip():
        yield Finding(Level.ERROR, "title_missing", _("It has no title."), "workshop_details")
    if not facts.sessions:
        yield Finding(Level.ERROR, "session_missing", _("It has no session: say when."), "workshop_sessions")
    if any(session.starts_at <= now for session in facts.sessions):
        yield Finding(
            Level.ERROR,
            "in_the_past",
            _("A session lies in the past. Move or remove it."),
            "workshop_sessions",
        )


def _warnings(facts: PlanFacts, now: dt.datetime) -> Iterable[Finding]:
    yield from _where(facts)
    yield from _who(facts)
    yield from _safe(facts)
    if facts.late_items:
        late = ngettext(
            "%(count)d thing of the checklist is late.",
            "%(count)d things of the checklist are late.",
            facts.late_items,
        )
        yield _warn("checklist_late", late % {"count": facts.late_items}, "workshop_checklist", 45)
    if facts.sessions and facts.sessions[0].starts_at - now < dt.timedelta(days=2):
        yield _warn(
            "very_soon",
            _("It starts in less than two days; many will read of it too late."),
            "workshop_sessions",
            20,
        )
    if not facts.description.strip() and not facts.outcomes.strip():
        yield _warn("nothing_said", _("It does not yet say what it is about."), "workshop_details", 40)


def _where(facts: PlanFacts) -> Iterable[Finding]:
    online, in_person = facts.format in {"online", "hybrid"}, facts.format in {"in_person", "hybrid"}
    if online and any(not session.join_url for session in facts.sessions):
        yield _warn(
            "join_link_missing",
            _("A session has no join link. You can add it until the start; people are told."),
            "workshop_sessions",
            90,
        )
    if in_person and any(not session.place for session in facts.sessions):
        yield _warn("place_missing", _("A session has no place yet."), "workshop_sessions", 89)
    if any(session.zone == "UTC" for session in facts.sessions) and facts.community_zone != "UTC":
        text = _("A session is planned in UTC, while the community lives in %(zone)s. Is that meant?")
        yield _warn("zone_utc", text % {"zone": facts.community_zone}, "workshop_sessions", 70)
    if len({session.zone for session in facts.sessions}) > 1:
        yield _warn(
            "zones_differ", _("Its sessions are planned in different time zones."), "workshop_sessions", 30
        )
    if not facts.public_address and facts.audience == "everyone":
        yield _warn(
            "address_missing",
            _("This site has no public address yet: outsiders cannot reach the links in mails."),
            "",
            85,
        )
    elif not facts.public_address:
        yield _warn(
            "address_missing",
            _("This site has no public address: links in mails open on this machine only."),
            "",
            80,
        )


def _who(facts: PlanFacts) -> Iterable[Finding]:
    if facts.facilitators_accepted < FEWEST_FACILITATORS:
        text = ngettext(
            "%(count)d person has agreed to facilitate; two can stand in for each other.",
            "%(count)d people have agreed to facilitate; two can stand in for each other.",
            facts.facilitators_accepted,
        )
        yield _warn("facilitators_few", text % {"count": facts.facilitators_accepted}, "workshop_people", 50)
    if facts.absent:
        text = _("Whose voice is absent: %(names)s.")
        yield _warn(VOICE_ABSENT, text % {"names": "; ".join(facts.absent)}, "workshop_room", 60)
    if facts.notices == 0:
        yield _warn("notices_missing", _("No mail will tell people of it."), "workshop_notices", 65)


def _safe(facts: PlanFacts) -> Iterable[Finding]:
    if not facts.has_conduct_contact:
        yield _warn(
            "conduct_contact_missing",
            _("Nobody is named as contact for the code of conduct."),
            "community_people",
            75,
            by_slug=True,
        )
    elif not facts.has_code_of_conduct:
        yield _warn(
            "conduct_missing",
            _("The community has no code of conduct yet."),
            "charter_edit",
            35,
            by_slug=True,
        )
    if not facts.access_offered.strip():
        yield _warn(
            "access_missing",
            _("It does not say what makes it easy to take part: captions, breaks, a step-free room."),
            "workshop_details",
            55,
        )


def _warn(code: str, text: str, url_name: str, weight: int, *, by_slug: bool = False) -> Finding:
    return Finding(Level.WARNING, code, text, url_name, by_slug=by_slug, weight=weight)
