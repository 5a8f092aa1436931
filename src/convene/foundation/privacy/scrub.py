"""Taking a person out of text that was written about them.

People choose their name, and may erase themselves at any time. So a name must not be a tool against what
others wrote: one word alone ("Hope", "Workshop", "https") is a word of the language too, and stays; links
are not touched for a name's sake, nor what machines read.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

GONE = "—"


@dataclass(frozen=True)
class Traces:
    """What a person would be found by: their name as written, and their addresses in any case.

    `words` is what rows are searched for.
    """

    name: str
    addresses: tuple[str, ...]

    @property
    def words(self) -> tuple[str, ...]:
        return tuple(word for word in (self._full_name, *self.addresses) if word)

    @property
    def _full_name(self) -> str:
        """Empty for a name of one word, and for words no name begins with: see above."""
        parts = self.name.split()
        like_a_name = len(parts) > 1 and all(part[0] == part[0].upper() for part in (parts[0], parts[-1]))
        return self.name if like_a_name else ""

    def is_in(self, text: str) -> bool:
        return self.scrubbed(text) != text

    def scrubbed(self, text: str) -> str:
        for pattern in self._patterns():
            text = pattern.sub(lambda match: match.group("link") or GONE, text)
        return text

    def scrubbed_json(self, value: Any) -> Any:
        """Texts in a value of JSON; its keys, and everything else that machines read, stay."""
        if isinstance(value, dict):
            return {key: self.scrubbed_json(inner) for key, inner in value.items()}
        if isinstance(value, list):
            return [self.scrubbed_json(inner) for inner in value]
        return self.scrubbed(value) if isinstance(value, str) else value

    def _patterns(self) -> Iterable[re.Pattern[str]]:
        # Addresses first: an address may contain the name.
        for address in sorted(self.addresses, key=len, reverse=True):
            if address:
                yield re.compile(rf"(?P<link>(?!))|(?<![\w.+-]){re.escape(address)}(?![\w-])", re.IGNORECASE)
        if self._full_name:
            yield re.compile(rf"(?P<link>https?://\S+)|(?<!\w){re.escape(self._full_name)}(?!\w)")
