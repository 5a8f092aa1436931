"""What lets a page watch: the topics it shows, its language and zone, signed, for a day."""

from __future__ import annotations

from dataclasses import dataclass

from django.core import signing

from convene.foundation.access.links import BadLink
from convene.foundation.live.rendering import Variant

_SALT = "convene.live"
MAX_AGE = 24 * 3600


@dataclass(frozen=True)
class Watch:
    topics: tuple[str, ...]
    variant: Variant


def sign(watch: Watch) -> str:
    told = [list(watch.topics), watch.variant.language, watch.variant.zone]
    return signing.dumps(told, salt=_SALT, compress=False)


def read(token: str) -> Watch:
    """Raises BadLink: damaged, forged, or older than a day."""
    try:
        topics, language, zone = signing.loads(token, salt=_SALT, max_age=MAX_AGE)
    except (signing.BadSignature, ValueError) as error:
        raise BadLink("live") from error
    return Watch(tuple(topics), Variant(language, zone))


def spell(versions: dict[str, int]) -> str:
    """Versions in the order of the topics, as pages send them back."""
    return ".".join(str(version) for version in versions.values())


def unspell(text: str, topics: tuple[str, ...]) -> dict[str, int]:
    """-1, older than any, for whatever does not say."""
    parts = text.split(".")
    if len(parts) != len(topics) or not all(part.isascii() and part.isdigit() for part in parts):
        return dict.fromkeys(topics, -1)
    return {topic: int(part[:18]) for topic, part in zip(topics, parts, strict=True)}
