"""Fragments of topics in one language and zone."""

from __future__ import annotations

import logging
import zoneinfo
from collections import OrderedDict, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from threading import Lock
from typing import Any

from django.core.exceptions import ObjectDoesNotExist
from django.template.loader import render_to_string
from django.utils import timezone, translation
from django.utils.safestring import mark_safe

from convene.foundation.live import registry

logger = logging.getLogger(__name__)
TOKEN = mark_safe("<live:token>")
BASE = mark_safe("<live:base>")
"""Stand in fragments for what is each page's own, and are replaced there: its CSRF token, and the address
its forms begin with. Escaped text can contain neither."""


@dataclass(frozen=True)
class Variant:
    language: str
    zone: str

    def of(self, topic: str) -> Variant:
        """What its fragments really depend on."""
        return self if registry.kind_of(topic).by_zone else Variant(self.language, "UTC")


def html(template: str, context: dict[str, Any]) -> str:
    """A fragment from a template; `{% csrf_token %}` and the design system's buttons work in it."""
    return render_to_string(template, {**context, "csrf_token": TOKEN, "base": BASE})


def current() -> Variant:
    return Variant(translation.get_language() or "en", timezone.get_current_timezone_name())


def fragments(topics: Iterable[str], variant: Variant) -> dict[str, registry.Fragments]:
    """Topic -> fragment name -> HTML. What is gone has none."""
    by_kind: dict[str, list[str]] = defaultdict(list)
    for topic in dict.fromkeys(topics):
        kind, _, subject_id = topic.partition(":")
        by_kind[kind].append(subject_id)
    found: dict[str, registry.Fragments] = {}
    with translation.override(variant.language), timezone.override(zoneinfo.ZoneInfo(variant.zone)):
        for kind, ids in by_kind.items():
            made = _made(registry.kind_of(f"{kind}:"), ids)
            found.update({f"{kind}:{subject_id}": made.get(subject_id, {}) for subject_id in ids})
    return found


def _made(kind: registry.Kind, ids: list[str]) -> dict[str, registry.Fragments]:
    try:
        return kind.render_all(ids)
    except ObjectDoesNotExist:
        if len(ids) == 1:
            return {}
    # One of several is gone: the others must not suffer.
    return {subject_id: _made(kind, [subject_id]).get(subject_id, {}) for subject_id in ids}


class Kept:
    """The newest renderings, so that many who ask at once cost one. Threads of a web process share it."""

    def __init__(self, most: int = 256) -> None:
        self._most = most
        self._rows: OrderedDict[tuple[str, int, Variant], registry.Fragments] = OrderedDict()
        self._lock = Lock()

    def fragments(self, versions: dict[str, int], variant: Variant) -> registry.Fragments:
        """Of all these topics together; each was at its version *before* this was called."""
        keys = {topic: (topic, version, variant.of(topic)) for topic, version in versions.items()}
        found: dict[str, registry.Fragments] = {}
        for topic, key in keys.items():
            with self._lock:
                kept = self._rows.get(key)
            if kept is None:
                kept = fragments([topic], key[2])[topic]
                with self._lock:
                    self._rows[key] = kept
                    while len(self._rows) > self._most:
                        self._rows.popitem(last=False)
            found[topic] = kept
        return {name: html for topic in versions for name, html in found[topic].items()}


kept = Kept()
