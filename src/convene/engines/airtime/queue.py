"""The order of raised hands, and who may gently be asked.

Least airtime first is the rule of "progressive stack" facilitation in its plainest form: it looks at nothing
about a person but the seconds they have spoken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

HEARD = 5.0
"""Seconds from which someone counts as heard: a "yes, me too" is not yet a turn."""


@dataclass(frozen=True, slots=True)
class Hand:
    """`raised`: seconds on the session's clock. One for each person."""

    person: str
    raised: float


@dataclass(frozen=True, slots=True)
class Listener:
    """Someone present. `willing`: said they are open to being invited. `asked`: how often they were, so far.

    `asked_now`: already in this part of the session; "no, thank you" is an answer and is not asked again.
    """

    person: str
    arrived: float = 0.0
    willing: bool = False
    asked: int = 0
    asked_now: bool = False


def order(hands: Iterable[Hand], spoken: Mapping[str, float]) -> tuple[Hand, ...]:
    """Hands in the order of turns: least seconds spoken first, then who waits longest, then by id.

    `spoken` holds seconds by person; who is not in it has not spoken.
    Raises ValueError when someone has two hands up or spoke for less than no time.
    """
    waiting = list(hands)
    if len({hand.person for hand in waiting}) < len(waiting):
        raise ValueError("one hand for each person")
    if any(seconds < 0 for seconds in spoken.values()):
        raise ValueError("nobody speaks for less than no time")
    return tuple(sorted(waiting, key=lambda hand: (spoken.get(hand.person, 0.0), hand.raised, hand.person)))


def next_speaker(hands: Iterable[Hand], spoken: Mapping[str, float]) -> str | None:
    """The person whose turn it is; None when no hand is up."""
    first = order(hands, spoken)[:1]
    return first[0].person if first else None


def to_invite(
    listeners: Iterable[Listener], spoken: Mapping[str, float], hands: Iterable[Hand] = ()
) -> tuple[str, ...]:
    """Whom one might gently invite, in order; only people who are willing and not heard yet.

    Fewest invitations so far first, then those here longest, then by id. Someone whose hand is up needs none.
    """
    up = {hand.person for hand in hands}
    quiet = [
        one
        for one in listeners
        if one.willing and not one.asked_now and one.person not in up and spoken.get(one.person, 0.0) < HEARD
    ]
    return tuple(one.person for one in sorted(quiet, key=lambda one: (one.asked, one.arrived, one.person)))
