"""What two people have in common and in what they differ, and how much a pair is worth. Pure."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

STANDS = dt.timedelta(days=14)
"""So long both may answer."""
FRESH = dt.timedelta(days=3)
"""Later than this after its end nobody is suggested for a session: those who were there went on."""
NEED, WORKSHOP, ORGANISATION, SINCE = "need", "workshop", "organisation", "since"
COMMON = {NEED: 4.0, WORKSHOP: 3.0, ORGANISATION: 1.0, SINCE: 1.0}
DIFFERS = {ORGANISATION: 2.0, SINCE: 1.0}
FEW = 20.0
"""What it weighs that someone has met nobody yet; half after `HALF` people, a third after twice as many.

More than all the rest together: who knows few comes first."""
HALF = 3


@dataclass(frozen=True)
class Facts:
    """What is looked at of a person: facts of the community, none that they declared for another purpose."""

    organisation: UUID | None
    since: int
    needs: frozenset[UUID]
    workshops: frozenset[UUID]
    met: int
    """How many people of the community they have met."""


@dataclass(frozen=True)
class Reason:
    """Why these two: in common, of which thing, and in what they differ."""

    common: str
    common_id: UUID | None
    differs: str


def reason_for(one: Facts, other: Facts) -> Reason | None:
    """None: nothing in common, or nothing that differs."""
    common = _common(one, other)
    differs = _differs(one, other)
    return Reason(*common, differs) if common and differs else None


def _common(one: Facts, other: Facts) -> tuple[str, UUID | None] | None:
    if needs := one.needs & other.needs:
        return NEED, min(needs)
    if workshops := one.workshops & other.workshops:
        return WORKSHOP, min(workshops)
    if one.organisation is not None and one.organisation == other.organisation:
        return ORGANISATION, one.organisation
    return (SINCE, None) if one.since == other.since else None


def _differs(one: Facts, other: Facts) -> str:
    known = one.organisation is not None and other.organisation is not None
    if known and one.organisation != other.organisation:
        return ORGANISATION
    return SINCE if one.since != other.since else ""


def worth(one: Facts, other: Facts, reason: Reason) -> float:
    few = sum(FEW / (1 + person.met / HALF) for person in (one, other))
    return COMMON[reason.common] + DIFFERS[reason.differs] + few


def is_fresh(ended_at: dt.datetime | None, now: dt.datetime) -> bool:
    return ended_at is not None and now < ended_at + FRESH


def check_open(*, is_open: bool) -> None:
    if not is_open:
        raise RuleBroken(_("The time to answer this is over."), code="introduction_over")


def check_contact(*, has_contact: bool) -> None:
    if not has_contact:
        raise RuleBroken(
            _("First say which contact you share: whom you are introduced to will see it."),
            code="no_contact",
            field="contact",
        )
