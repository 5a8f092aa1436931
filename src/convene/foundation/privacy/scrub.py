"""Taking a person out of text that was written about them."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

GONE = "—"


@dataclass(frozen=True)
class Traces:
    """What a person would be found by: their name as written, and their addresses in any case."""

    name: str
    addresses: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for word in (self.name, *self.addresses) if word)

    def is_in(self, text: str) -> bool:
        return any(pattern.search(text) for pattern in self._patterns())

    def scrubbed(self, text: str) -> str:
        for pattern in self._patterns():
            text = pattern.sub(GONE, text)
        return text

    def _patterns(self) -> Iterable[re.Pattern[str]]:
        # Addresses first: an address may contain the name.
        for address in sorted(self.addresses, key=len, reverse=True):
            if address:
                yield re.compile(rf"(?<![\w.+-]){re.escape(address)}(?![\w-])", re.IGNORECASE)
        if self.name:
            yield re.compile(rf"(?<!\w){re.escape(self.name)}(?!\w)")
