"""The only writer of topics' versions."""

from __future__ import annotations

import datetime as dt

from django.db import connection
from django.utils import timezone

from convene.foundation.live.models import LiveTopic, Sending

KEPT = dt.timedelta(days=30)
_AT_ONCE = 400
_TOUCH = """
    INSERT INTO live_livetopic (name, version, changed_at) VALUES {rows}
    ON CONFLICT (name) DO UPDATE
    SET version = live_livetopic.version + 1, changed_at = excluded.changed_at
"""


def touch(*topics: str) -> None:
    """What these topics show has changed: viewers get it once the caller's transaction commits.

    Call it once in a transaction, last, with all its topics: each row stays locked until the commit, and the
    sorted order keeps two that touch the same topics from waiting for each other.
    """
    now = connection.ops.adapt_datetimefield_value(timezone.now())
    names = sorted(set(topics))
    with connection.cursor() as cursor:
        for start in range(0, len(names), _AT_ONCE):
            part = names[start : start + _AT_ONCE]
            statement = _TOUCH.format(rows=", ".join(["(%s, 1, %s)"] * len(part)))
            cursor.execute(statement, [value for name in part for value in (name, now)])


def prune(now: dt.datetime) -> int:
    """Forget topics long unchanged: no page holds a token that old, so counting anew misleads none.

    And sendings: a page keeps what it could not send for a week.
    """
    Sending.objects.filter(at__lt=now - KEPT).delete()
    return LiveTopic.objects.filter(changed_at__lt=now - KEPT).delete()[0]
