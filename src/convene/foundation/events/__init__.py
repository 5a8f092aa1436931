"""Domain events: a service states what happened; `web/wiring.py` says who reacts.

`publish` writes the audit row and calls the handlers in the same transaction. A handler only enqueues
tasks or schedules due jobs; both are rows, so they commit or vanish with what happened.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar, Protocol
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from convene.foundation.audit.models import AuditEntry


class HasId(Protocol):
    @property
    def pk(self) -> Any: ...


@dataclasses.dataclass(frozen=True, kw_only=True)
class Event:
    """Subclass with ids and numbers only; `name` is `noun_verb_past` and is in docs/reference/events.md."""

    name: ClassVar[str]
    subject_id: UUID
    community_id: UUID | None = None


Handler = Callable[[Any], object]
_handlers: dict[type[Event], list[Handler]] = {}


def connect(event: type[Event], *handlers: Handler) -> None:
    """Called by wiring.py alone, once, at start-up."""
    for handler in handlers:
        known = _handlers.setdefault(event, [])
        if handler not in known:
            known.append(handler)


def handlers_of(event: type[Event]) -> tuple[Handler, ...]:
    return tuple(_handlers.get(event, ()))


def publish(event: Event, *, actor: HasId | None, now: datetime | None = None) -> None:
    """Record `event` and let its handlers enqueue; must run inside the transaction of what happened.

    Raises RuntimeError outside a transaction: an event without its change, or the reverse, is a lie.
    """
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"publish({event.name}) outside a transaction")
    payload = {
        field.name: _plain(getattr(event, field.name))
        for field in dataclasses.fields(event)
        if field.name not in {"subject_id", "community_id"}
    }
    AuditEntry.objects.create(
        name=event.name,
        subject_id=event.subject_id,
        community_id=event.community_id,
        actor_id=actor.pk if actor is not None else None,
        payload=payload,
        at=now or timezone.now(),
    )
    for handler in handlers_of(type(event)):
        handler(event)


def _plain(value: object) -> object:
    if isinstance(value, UUID | datetime):
        return str(value)
    if isinstance(value, tuple | list):
        return [_plain(item) for item in value]
    return value
