"""What the hub asks of the database. Called in one thread of its own, never in the event loop."""

from __future__ import annotations

import datetime as dt
import logging
from collections import defaultdict
from collections.abc import Iterable

from django.db import connection
from django.utils import timezone

from convene.foundation.live import queries, registry, rendering
from convene.foundation.live.rendering import Variant

logger = logging.getLogger(__name__)
Key = tuple[str, Variant]
OVERLAP = dt.timedelta(seconds=3)
"""A transaction's touch bears the time before its commit: how long one may take and be seen at once."""


class Database:
    def __init__(self) -> None:
        self._newest = timezone.now()

    def changes(self, unknown: Iterable[str]) -> dict[str, int]:
        """The versions of topics touched lately, watched or not, and of all those in `unknown`."""
        connection.close_if_unusable_or_obsolete()
        rows = queries.changed_since(self._newest - OVERLAP)
        if rows:
            # A clock that once ran ahead must not hide what comes after.
            self._newest = min(timezone.now(), max(self._newest, *(at for _version, at in rows.values())))
        found = queries.versions(unknown)
        return found | {name: version for name, (version, _at) in rows.items()}

    def render(self, keys: Iterable[Key]) -> dict[Key, registry.Fragments]:
        """What fails is logged and missing; the rest must not suffer."""
        by_variant: dict[Variant, list[str]] = defaultdict(list)
        for topic, variant in keys:
            by_variant[variant].append(topic)
        found: dict[Key, registry.Fragments] = {}
        for variant, topics in by_variant.items():
            try:
                made = rendering.fragments(topics, variant)
            except Exception:
                logger.exception("live topics could not be rendered")
                made = self._one_by_one(topics, variant)
            found |= {(topic, variant): fragments for topic, fragments in made.items()}
        return found

    def _one_by_one(self, topics: list[str], variant: Variant) -> dict[str, registry.Fragments]:
        found: dict[str, registry.Fragments] = {}
        for topic in topics if len(topics) > 1 else []:
            try:
                found |= rendering.fragments([topic], variant)
            except Exception:
                logger.exception("live topic %s could not be rendered", topic)
        return found

    def close(self) -> None:
        connection.close()
