"""What a debrief is: four short fields, after the session, at least one of them filled. No database."""

from __future__ import annotations

from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from convene.apps.rooms.rules.notes import OVER
from convene.foundation.errors import RuleBroken

LONGEST = 2000
"""Characters in each field: about a page."""
MOST_MINUTES = 6000
"""A hundred hours."""


@dataclass(frozen=True)
class DebriefTerms:
    """`preparation_minutes`: of all who prepared, together; None when nobody says."""

    worked: str = ""
    change: str = ""
    reached: str = ""
    preparation_minutes: int | None = None


def check_may_debrief(room_state: str) -> None:
    if room_state != OVER:
        raise RuleBroken(_("The debrief is written when the session is over."), code="not_over")


def check_debrief(terms: DebriefTerms) -> DebriefTerms:
    """The same without spaces around it. Raises RuleBroken(empty, too_long, minutes)."""
    tidy = replace(
        terms, worked=terms.worked.strip(), change=terms.change.strip(), reached=terms.reached.strip()
    )
    for name in ("worked", "change", "reached"):
        if len(getattr(tidy, name)) > LONGEST:
            raise RuleBroken(
                _("At most %(most)d characters; the rest belongs in the notes.") % {"most": LONGEST},
                code="too_long",
                field=name,
            )
    minutes = tidy.preparation_minutes
    if minutes is not None and not 0 <= minutes <= MOST_MINUTES:
        raise RuleBroken(
            _("Between 0 and %(most)d minutes.") % {"most": MOST_MINUTES},
            code="minutes",
            field="preparation_minutes",
        )
    if minutes is None and not (tidy.worked or tidy.change or tidy.reached):
        raise RuleBroken(_("Write at least one thing; a sentence is enough."), code="empty", field="worked")
    return tidy
