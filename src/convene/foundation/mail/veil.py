"""A mail as a steward may read it: links that act for its reader are shown as numbers, and kept.

Whoever holds such a link can do what the reader can: give a seat back, join in their name, open or erase
what is held about them. So it leaves with the mail and is shown to nobody else.
"""

from __future__ import annotations

import re

_SIGNED = re.compile(r"https?://[^\s<>\"]*/[\w-]{8,}:[\w-]+:[\w-]{20,}[^\s<>\"]*")
"""An address that holds a signed value (django.core.signing: value, time and signature by colons)."""
_MARK = re.compile(r"\[personal link (\d+)\]")


def veiled(text: str) -> str:
    """`text` with each personal link as “[personal link 1]”; the same link is the same number."""
    numbers: dict[str, int] = {}

    def mark(match: re.Match[str]) -> str:
        return f"[personal link {numbers.setdefault(match.group(), len(numbers) + 1)}]"

    return _SIGNED.sub(mark, text)


def unveiled(edited: str, original: str) -> str:
    """The edited text with the links of `original` back in their places; a number it has not stays words."""
    links = list(dict.fromkeys(_SIGNED.findall(original)))

    def link(match: re.Match[str]) -> str:
        number = int(match.group(1))
        return links[number - 1] if 1 <= number <= len(links) else match.group()

    return _MARK.sub(link, edited)
