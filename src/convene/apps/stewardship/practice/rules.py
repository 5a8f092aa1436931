"""What may be offered and logged. Pure."""

from __future__ import annotations

import datetime as dt

from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

FEWEST_LETTERS = 4
MOST_OFFERS = 5
LEAST_MINUTES, MOST_MINUTES = 5, 720


def tidy(text: str) -> str:
    return " ".join(text.split())


def check_offer(what: str, standing: int) -> None:
    """`standing`: offers of this host that nobody has asked for yet."""
    if len(what) < FEWEST_LETTERS:
        raise RuleBroken(
            _("Say what, when and where, so that someone can plan it."), code="offer_what", field="what"
        )
    if standing >= MOST_OFFERS:
        raise RuleBroken(
            _("You have five offers nobody has asked for yet. Withdraw one first."),
            code="offers_many",
            field="what",
        )


def check_line(*, day: dt.date, minutes: int, text: str, since: dt.date, today: dt.date) -> None:
    if day > today or day < since:
        raise RuleBroken(
            _("Choose a day since it was offered, today at the latest."), code="log_day", field="day"
        )
    if not LEAST_MINUTES <= minutes <= MOST_MINUTES:
        raise RuleBroken(_("From 5 minutes to 12 hours."), code="log_minutes", field="minutes")
    if len(text) < FEWEST_LETTERS:
        raise RuleBroken(_("Say what you did, in a few words."), code="log_text", field="text")
