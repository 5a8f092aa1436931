"""For tests of apps: what a topic's viewers would get."""

from __future__ import annotations

from convene.foundation.live import rendering


def fragments(topic: str, *, language: str = "en", zone: str = "UTC") -> dict[str, str]:
    return rendering.fragments([topic], rendering.Variant(language, zone))[topic]
