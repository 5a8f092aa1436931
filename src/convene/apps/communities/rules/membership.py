"""Starting, belonging, reading, deciding, handing over."""

from __future__ import annotations

import datetime as dt

from dateutil.relativedelta import relativedelta
from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

CHARTER_FIELDS = (
    "domain",
    "practice",
    "who_for",
    "not_for",
    "stop_when",
    "criteria",
    "elsewhere",
    "conduct",
    "conduct_elsewhere",
)
MAX_COLLEAGUES = 2
REVIEW_MONTHS = 12
STEWARDS_FOR_TWO_READERS = 4
RETURN_MONTHS = 12
MAX_QUESTIONS = 5


def check_start(*, name: str, domain: str) -> None:
    if not name.strip():
        raise RuleBroken(_("Give the community a name."), code="name_missing", field="name")
    if not domain.strip():
        raise RuleBroken(_("Say in one sentence what it is about."), code="domain_missing", field="domain")


def next_review(today: dt.date) -> dt.date:
    """“Still for you?” comes once a year."""
    return today + relativedelta(months=REVIEW_MONTHS)


def readers_needed(stewards: int) -> int:
    """Two read each application; one is enough while there are fewer than four stewards."""
    return 2 if stewards >= STEWARDS_FOR_TWO_READERS else 1


def check_decidable(*, state: str, readings: int, stewards: int, decider_has_read: bool) -> None:
    if state != "received":
        raise RuleBroken(_("This application is no longer open."), code="application_not_open")
    if not decider_has_read:
        raise RuleBroken(_("Read it yourself before you decide."), code="decider_has_not_read")
    if readings < readers_needed(stewards):
        raise RuleBroken(_("One more reading is needed before you decide."), code="reading_missing")


def check_hand_over(*, other_stewards: int) -> None:
    """A community is never left without a steward."""
    if other_stewards < 1:
        raise RuleBroken(
            _("This is the only steward. Name another one first; then hand over."), code="last_steward"
        )


def may_return(*, left_on: dt.date | None, by_self: bool, today: dt.date) -> bool:
    """Who left of their own accord comes back without applying, within a year."""
    return by_self and left_on is not None and today <= left_on + relativedelta(months=RETURN_MONTHS)
