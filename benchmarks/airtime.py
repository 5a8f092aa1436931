"""Who gets to speak, with and without the queue of turns: a simulation.

    .venv/bin/python benchmarks/airtime.py [--rooms 200] [--minutes 60] [--people 8 16 24 30]

Everyone in a room is willing to speak at their own pace: how often someone wants to is spread log-normally
(a few often, many rarely), and how long they go on as well, louder people longer. Whoever wants to speak
raises a hand and, not called, gives up after some minutes. Four rules share the same hour:

- free talk: whoever is quickest, and the keen are quicker (chance in proportion to their pace); no limit; -
first come: hands in the order they went up; no limit; - first come, 45 seconds: the same with a cap on a
turn; - the queue: least heard first, 45 seconds, and where no hand is up someone not heard yet who said
they are open to it is gently invited (`convene.engines.airtime`); "no, thank you" is an answer, given by
half of the quietest.

Printed for each: Gini of the seconds spoken (the silent counted as 0), the share of the loudest fifth, and
how many were never heard. The model is an assumption, not a measurement of rooms; --spread changes how
unequal willingness is.
"""

from __future__ import annotations

import argparse
import random
import statistics
import sys
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from convene.engines.airtime import Hand, Listener, gini, next_speaker, to_invite
from convene.engines.airtime.queue import HEARD

CAP = 45.0
RULES = ("free talk", "first come", "first come, 45 s", "the queue", "the queue, nobody invited")


@dataclass
class Voice:
    """One person: wants to speak every ``pause`` seconds on average, goes on for ``turn``."""

    name: str
    pause: float
    turn: float
    open_to_it: bool
    accepts: float
    spoken: float = 0.0
    wants_at: float = 0.0
    hand: float | None = None
    asked: int = 0


@dataclass
class Room:
    voices: list[Voice]
    chance: random.Random
    now: float = 0.0
    gap: float = 3.0  # seconds between two turns
    last: str = ""
    spoken: dict[str, float] = field(default_factory=dict)


def room_of(people: int, spread: float, seed: int) -> Room:
    """Median pace: once in six minutes; median turn: 40 seconds. Three in four are open to an invitation."""
    chance = random.Random(seed)
    voices = []
    for at in range(people):
        loud = chance.gauss(0, 1)
        pause = 360 * 2.718281828 ** (-spread * loud)
        turn = 40 * 2.718281828 ** (0.35 * loud + 0.3 * chance.gauss(0, 1))
        accepts = 0.85 if loud > -0.5 else 0.5
        voices.append(Voice(f"p{at:02}", pause, turn, chance.random() < 0.75, accepts))
    room = Room(voices, chance)
    for each in voices:
        each.wants_at = chance.expovariate(1 / each.pause)
    return room


def hands_up(room: Room) -> list[Voice]:
    for each in room.voices:
        if each.hand is None and each.wants_at <= room.now:
            each.hand = each.wants_at
        if each.hand is not None and room.now - each.hand > 300:  # the moment has passed
            each.hand = None
            each.wants_at = room.now + room.chance.expovariate(1 / each.pause)
    return [each for each in room.voices if each.hand is not None]


def invited(room: Room) -> Voice | None:
    listeners = [
        Listener(each.name, willing=each.open_to_it, asked=each.asked, asked_now=each.asked > 0)
        for each in room.voices
    ]
    by_name = {each.name: each for each in room.voices}
    for name in to_invite(listeners, room.spoken)[:1]:
        each = by_name[name]
        each.asked += 1
        if room.chance.random() < each.accepts:
            return each
    return None


def chosen(room: Room, rule: str) -> Voice | None:
    up = hands_up(room)
    if rule == "the queue" and not up:
        return invited(room)
    if not up:
        return None
    if rule == "free talk":
        return room.chance.choices(up, [1 / each.pause for each in up])[0]
    if rule.startswith("first come"):
        return min(up, key=lambda each: (each.hand or 0.0, each.name))
    name = next_speaker([Hand(each.name, each.hand or 0.0) for each in up], room.spoken)
    return next(each for each in up if each.name == name)


def held(room: Room, rule: str, seconds: float) -> None:
    """An hour, or so many seconds, under one rule."""
    while room.now < seconds:
        speaker = chosen(room, rule)
        if speaker is None:
            room.now += 5
            continue
        wanted = speaker.turn * room.chance.uniform(0.6, 1.4)
        capped = rule not in {"free talk", "first come"}
        length = min(wanted, CAP) if capped else wanted
        room.now += length + room.gap
        speaker.spoken += length
        room.spoken[speaker.name] = speaker.spoken
        speaker.hand = None
        speaker.wants_at = room.now + room.chance.expovariate(1 / speaker.pause)


def figures(people: int, rule: str, options: argparse.Namespace) -> tuple[float, float, float, float]:
    """Gini, its worst tenth, the share of the loudest fifth, people never heard; over all rooms."""
    ginis, loudest, silent = [], [], []
    for seed in range(options.rooms):
        room = room_of(people, options.spread, seed)
        held(room, rule, 60 * options.minutes)
        seconds = sorted((each.spoken for each in room.voices), reverse=True)
        ginis.append(gini(seconds))
        loudest.append(sum(seconds[: max(1, people // 5)]) / max(sum(seconds), 1))
        silent.append(sum(each < HEARD for each in seconds))
    ordered = sorted(ginis)
    return (
        statistics.mean(ginis),
        ordered[int(0.9 * len(ordered))],
        statistics.mean(loudest),
        statistics.mean(silent),
    )


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rooms", type=int, default=200)
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--people", type=int, nargs="*", default=[8, 16, 24, 30])
    parser.add_argument("--spread", type=float, default=0.8, help="of willingness; 0: everyone alike")
    options = parser.parse_args()
    print(f"{options.rooms} rooms, {options.minutes:g} minutes, willingness spread {options.spread:g}")
    print(f"{'people':>6}  {'rule':<26} Gini (worst tenth)  loudest fifth  never heard")
    for people in options.people:
        for rule in RULES:
            mean, worst, loudest, silent = figures(people, rule, options)
            print(f"{people:>6}  {rule:<26} {mean:.2f} ({worst:.2f}) {loudest:>19.0%} {silent:>12.1f}")


if __name__ == "__main__":
    main()
