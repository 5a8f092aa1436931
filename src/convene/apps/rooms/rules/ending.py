"""Until when an end is taken back, and when a session that nobody ends is over. No database, no clock."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

TAKEN_BACK = timedelta(minutes=10)
"""What follows a session (its mails) leaves no earlier."""
FORGOTTEN = timedelta(hours=3)


def may_resume(ended_at: datetime | None, now: datetime) -> bool:
    return ended_at is not None and now < ended_at + TAKEN_BACK


def check_may_resume(ended_at: datetime | None, now: datetime) -> None:
    if ended_at is None:
        raise RuleBroken(_("The session is not over."), code="not_over")
    if not may_resume(ended_at, now):
        raise RuleBroken(
            _("The session ended more than ten minutes ago, and everyone has been told."), code="resumed_late"
        )


def is_forgotten(planned_end: datetime, last_step: datetime, due: datetime | None, now: datetime) -> bool:
    """Nobody pressed anything for hours, neither after the planned end nor after what was on was due."""
    return now >= max(planned_end, last_step, due or last_step) + FORGOTTEN
