"""Days of the demo: weekdays at a decent hour in Dublin, counted from the day it is written."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from zoneinfo import ZoneInfo

from convene.web.commands.demo.people import ZONE

SATURDAY = 5


def at(now: datetime, *, days: int, hour: int, minute: int = 0) -> datetime:
    """`days` from now at that hour in Dublin; a weekend becomes the Tuesday after it."""
    local = now.astimezone(ZoneInfo(ZONE)) + dt.timedelta(days=days)
    if local.weekday() >= SATURDAY:
        local += dt.timedelta(days=8 - local.weekday())
    return local.replace(hour=hour, minute=minute, second=0, microsecond=0)
