"""The stream of chance: SHA-256 of a seed and a counter, so that anyone can repeat a draw in any language.

Rule ``convene-stream/1``. Block i (from 0) of the stream named ``label`` under ``seed`` is SHA-256 of the
UTF-8 text ``convene-stream/1 LF label LF seed LF i``, with i in decimal and LF the line feed. The blocks, one
after the other, are read as big-endian numbers of 8 bytes. To draw a whole number below n (1 <= n <= 2**64),
numbers at or above the largest multiple of n not above 2**64 are thrown away; the first one kept, modulo n,
is the answer.
"""

import hashlib
from collections.abc import Iterator, Sequence
from itertools import count
from typing import TypeVar

STREAM_RULE = "convene-stream/1"
_RANGE = 1 << 64
Item = TypeVar("Item")


class Chance:
    """One labelled stream. Different labels under one seed are independent of each other."""

    def __init__(self, seed: str, label: str) -> None:
        self._numbers = self._stream(f"{STREAM_RULE}\n{label}\n{seed}\n")

    @staticmethod
    def _stream(prefix: str) -> Iterator[int]:
        start = hashlib.sha256(prefix.encode())
        for block in count():
            digest = start.copy()
            digest.update(str(block).encode())
            raw = digest.digest()
            yield from (int.from_bytes(raw[at : at + 8], "big") for at in range(0, 32, 8))

    def below(self, bound: int) -> int:
        """A whole number from 0 to ``bound`` - 1, each equally likely."""
        if not 1 <= bound <= _RANGE:
            raise ValueError(f"bound {bound} is not between 1 and 2**64")
        limit = _RANGE - _RANGE % bound
        return next(number for number in self._numbers if number < limit) % bound

    def shuffled(self, items: Sequence[Item]) -> list[Item]:
        """The items in an order where each is equally likely (Fisher and Yates, from the last place to the
        second).
        """
        mixed = list(items)
        for last in range(len(mixed) - 1, 0, -1):
            other = self.below(last + 1)
            mixed[last], mixed[other] = mixed[other], mixed[last]
        return mixed
