"""Where the chance of a draw comes from: what is asked of each source, and what its value is made of.

Values are texts that anyone can compare: the dice as read out, the round's randomness, the witnesses' words.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import TextChoices
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from convene.foundation.errors import RuleBroken

FEWEST_WITNESSES = 2
MOST_WITNESSES = 9
FEWEST_THROWS = 1_000_000
"""So many results the dice must be able to show. With fewer, some tickets would be likelier than others, and
whoever seals the draw could try until the uneven ones lie well."""
MOST_MINUTES = 7 * 24 * 60
MOST_HOURS = 14 * 24


class ChanceSource(TextChoices):
    DRAND = "drand", _("a public beacon (drand)")
    DICE = "dice", _("dice read out in the room")
    WITNESSES = "witnesses", _("values sealed by witnesses")
    SITE = "site", _("a value sealed by this site")


@dataclass(frozen=True)
class Network:
    """A drand network, as its relays state it under /info."""

    name: str
    chain_hash: str
    public_key: str
    genesis: int
    period: int

    def round_at(self, moment: dt.datetime) -> int:
        """The first round at or after `moment`."""
        seconds = moment.timestamp() - self.genesis
        return max(int(-(-seconds // self.period)), 0) + 1

    def time_of(self, number: int) -> dt.datetime:
        return dt.datetime.fromtimestamp(self.genesis + (number - 1) * self.period, tz=dt.UTC)


QUICKNET = Network(
    name="quicknet",
    chain_hash="52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971",
    public_key=(
        "83cf0f2896adee7eb8b5f01fcad3912212c437e0073e911fb90022d3e760183c8c4b450b6a0a6c3ac6a5776a2d106451"
        "0d1fec758c921cc22b0e17e63aaf4bcb5ed66304de9cf809bd274ca73bab4af5a6e9c76a4bc09e76eae8991ef5ece45a"
    ),
    genesis=1_692_803_367,
    period=3,
)
"""The League of Entropy's network of three-second rounds, in service since August 2023. Its facts were taken
from https://api.drand.sh/52db9ba70e0cc0f6eaf7803dd07447a1f5477735fd3f661792ba94600c84e971/info and from
https://docs.drand.love/blog/2023/10/16/quicknet-is-live/."""


def sealed(value: str) -> str:
    """SHA-256 of the value's UTF-8, in hex: what `printf %s "value" | sha256sum` prints."""
    return hashlib.sha256(value.encode()).hexdigest()


# --- what a steward may ask for ---------------------------------------------


def check_source(*, source: str, minutes: int, count: int, sides: int, hours: int) -> None:
    """The settings of the source that is chosen; those of the others are not looked at."""
    if source in {ChanceSource.DRAND, ChanceSource.SITE} and not 1 <= minutes <= MOST_MINUTES:
        raise RuleBroken(
            _("Between the seal and chance lie 1 minute to 7 days."),
            code="chance_minutes",
            field="chance_minutes",
        )
    if source == ChanceSource.WITNESSES and not 1 <= hours <= MOST_HOURS:
        raise RuleBroken(
            _("Give witnesses from 1 hour to 14 days to reveal."), code="reveal_hours", field="reveal_hours"
        )
    if source == ChanceSource.DICE:
        _check_dice(count, sides)


def _check_dice(count: int, sides: int) -> None:
    if not 2 <= sides <= 100:  # noqa: PLR2004 -- a coin has two; no die has more than a hundred
        raise RuleBroken(_("A die has 2 to 100 sides."), code="dice_sides", field="dice_sides")
    if not 1 <= count <= 60:  # noqa: PLR2004 -- nobody reads out more
        raise RuleBroken(_("Throw 1 to 60 dice."), code="dice_count", field="dice_count")
    if sides**count < FEWEST_THROWS:
        fewest = next(number for number in range(count, 61) if sides**number >= FEWEST_THROWS)
        raise RuleBroken(
            _(
                "With so few dice some results would be likelier than others. Throw at least %(fewest)d of "
                "%(sides)d sides; the same die may be thrown several times."
            )
            % {"fewest": fewest, "sides": sides},
            code="dice_too_few",
            field="dice_count",
        )


def lead_time(*, source: str, minutes: int, hours: int) -> dt.timedelta:
    """How long after the seal the value can be known at the latest, where that does not hang on a person."""
    if source == ChanceSource.WITNESSES:
        return dt.timedelta(hours=hours)
    return dt.timedelta(minutes=0 if source == ChanceSource.DICE else minutes)


# --- values -----------------------------------------------------------------


def read_dice(text: str, *, count: int, sides: int) -> str:
    """What the dice showed, in order, with one space between: "4 2 6 1 3"."""
    words = [word for word in re.split(r"[\s,;]+", text.strip()) if word]
    wrong = [word for word in words if not (word.isascii() and word.isdigit() and 1 <= int(word) <= sides)]
    if wrong:
        raise RuleBroken(
            _("“%(word)s” is not on such a die: its sides are 1 to %(sides)d. Put a space between throws.")
            % {"word": wrong[0][:20], "sides": sides},
            code="dice_range",
            field="values",
        )
    if len(words) != count:
        raise RuleBroken(
            ngettext(
                "%(count)d die was announced, and here are %(given)d numbers.",
                "%(count)d dice were announced, and here are %(given)d numbers.",
                count,
            )
            % {"count": count, "given": len(words)},
            code="dice_number",
            field="values",
        )
    return " ".join(str(int(word)) for word in words)


def read_hash(text: str) -> str:
    """A SHA-256 in hex, as the tools print it."""
    found = text.strip().lower()
    if not re.fullmatch(r"[0-9a-f]{64}", found):
        raise RuleBroken(
            _("A seal is the SHA-256 of your value: 64 digits and letters from a to f."),
            code="not_a_hash",
            field="sealed_hash",
        )
    return found


def check_opens(*, value: str, sealed_hash: str) -> None:
    if sealed(value) != sealed_hash:
        raise RuleBroken(
            _("This is not the value you sealed. Capital letters, spaces and signs count."),
            code="wrong_reveal",
            field="value",
        )


MISSING = "-"
"""Stands in the value of a draw for a witness who did not reveal in time."""


def check_value(value: str) -> None:
    """What a witness reveals stands on a line of its own in the record."""
    if not value.isprintable() or len(value) > 200:  # noqa: PLR2004 -- the column's width
        raise RuleBroken(
            _("A value is one line of at most 200 characters."), code="value_shape", field="value"
        )


def join_values(values: Sequence[str], own: str) -> str:
    """The value of a draw with witnesses: theirs in the order of their numbers, then the site's."""
    return "\n".join([*(value or MISSING for value in values), own])


def check_enough_witnesses(*, sealed_values: int, named: int, may_miss: bool) -> None:
    """All who were named have sealed; or a steward goes on with those who have, at least two."""
    if sealed_values < FEWEST_WITNESSES:
        raise RuleBroken(_("At least two witnesses must have sealed their value."), code="witnesses_missing")
    if sealed_values < named and not may_miss:
        raise RuleBroken(_("Not all witnesses have sealed their value yet."), code="witnesses_missing")


def check_witnesses(ids: Sequence[object]) -> None:
    if not FEWEST_WITNESSES <= len(ids) <= MOST_WITNESSES:
        raise RuleBroken(_("Name two to nine witnesses."), code="witnesses_number", field="witness_emails")
    if len(set(ids)) != len(ids):
        raise RuleBroken(
            _("The same person stands here twice."), code="witnesses_twice", field="witness_emails"
        )
