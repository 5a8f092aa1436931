"""What follows from what: every domain event and its handlers, on one screen.

A handler takes the event and only enqueues tasks or schedules due jobs (rows of the same transaction).
Ports, the typed questions a lower app asks of a higher one, are plugged in here too.
"""

from __future__ import annotations


def connect_all() -> None:
    """Called once when Django is ready."""
