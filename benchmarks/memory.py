"""How long anyone waits: twenty workshops in a row under first come, a plain lottery, and the public rule.

    .venv/bin/python benchmarks/memory.py                    prints the table
    .venv/bin/python benchmarks/memory.py --svg FILE         and draws the picture of the page passed-over

Invented people ask for seats of twenty workshops, one a month. Everything is seeded, so the figures repeat.
The rule is the one of the product (rules.memory), the lottery is the engine's. What is assumed stands in
`SHAPES`, `HABIT` and `MOMENT`; it is an illustration, no forecast.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from uuid import UUID
from xml.sax.saxutils import escape

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT / "src"))

from convene.apps.seats.rules.memory import KEPT_AFTER, Memory, Missed, memory
from convene.engines.allotment import Applicant, Quota, allot

WORKSHOPS = 20
START = dt.datetime(2026, 1, 15, tzinfo=dt.UTC)
MONTH = dt.timedelta(days=30)
HABIT, MOMENT = 1.0, 0.7
"""First come: the logarithm of how fast someone asks varies so much between people, and so much from time to
time. Who sits at a screen all day is usually early.
"""


@dataclass(frozen=True)
class Shape:
    """People, seats, how likely anyone asks each time; groups with their share of people and least seats."""

    name: str
    people: int
    seats: int
    asks: float
    groups: tuple[tuple[str, float, int], ...] = ()
    newcomers: int = 0
    leaves: float = 0.0


SHAPES = (
    Shape("60 people, 15 seats", 60, 15, 0.7),
    Shape("60 people, 15 seats, targets", 60, 15, 0.7, (("a", 0.6, 5), ("b", 0.25, 4), ("c", 0.15, 4))),
    Shape("200 people, 12 seats", 200, 12, 0.7),
    Shape("30 people, 18 seats", 30, 18, 0.8),
    Shape("40 people, 12 seats, 6 new each month", 40, 12, 0.7, newcomers=6, leaves=0.08),
)
KEPT = 3
"""Places held, in the last way of giving seats."""


@dataclass
class Person:
    id: str
    group: str
    slowness: float
    missed: list[Missed] = field(default_factory=list)
    seat_at: dt.datetime | None = None
    wait: int = 0
    longest: int = 0
    asked: int = 0
    seats: int = 0

    def known(self, now: dt.datetime) -> Memory:
        return memory(self.missed, seat_at=self.seat_at, now=now)


Way = Callable[[Shape, Sequence[Person], random.Random, dt.datetime, str], set[str]]


def first_come(
    shape: Shape, asking: Sequence[Person], chance: random.Random, _now: dt.datetime, _seed: str
) -> set[str]:
    """The fastest first. Targets are kept by stopping at nothing: first come knows no targets."""
    arrival = {person.id: person.slowness + chance.gauss(0, MOMENT) for person in asking}
    return set(sorted(arrival, key=arrival.__getitem__)[: shape.seats])


def plain(
    shape: Shape, asking: Sequence[Person], _chance: random.Random, _now: dt.datetime, seed: str
) -> set[str]:
    return _lottery(shape, asking, seed, weights={}, kept=set())


def rule(
    shape: Shape, asking: Sequence[Person], _chance: random.Random, now: dt.datetime, seed: str
) -> set[str]:
    weights = {person.id: float(person.known(now).weight) for person in asking}
    return _lottery(shape, asking, seed, weights=weights, kept=set())


def rule_with_places(
    shape: Shape, asking: Sequence[Person], _chance: random.Random, now: dt.datetime, seed: str
) -> set[str]:
    weights = {person.id: float(person.known(now).weight) for person in asking}
    kept = {person.id for person in asking if person.known(now).times >= KEPT_AFTER}
    return _lottery(shape, asking, seed, weights=weights, kept=kept)


def _lottery(
    shape: Shape, asking: Sequence[Person], seed: str, *, weights: dict[str, float], kept: set[str]
) -> set[str]:
    seats = min(shape.seats, len(asking))
    people = [
        Applicant(
            person.id,
            {"group": person.group, "kept": "yes" if person.id in kept else "no"},
            weight=weights.get(person.id, 1.0),
        )
        for person in asking
    ]
    there = {group: sum(person.group == group for person in asking) for group, _, _ in shape.groups}
    quotas = [Quota("group", group, min(least, there[group]), seats) for group, _, least in shape.groups]
    quotas = [each for each in quotas if there[each.value]] or [Quota("group", "all", 0, seats)]
    quotas += [Quota("kept", "yes", min(KEPT, len(kept)), seats)] if kept else []
    quotas += [Quota("kept", "no", 0, seats)] if len(kept) < len(asking) else []
    return set(allot(people, quotas, seats, seed=seed).selected)


FIRST_COME, PLAIN, RULE, PLACES = "first come", "plain lottery", "this rule", f"this rule, {KEPT} places held"
WAYS: dict[str, Way] = {FIRST_COME: first_come, PLAIN: plain, RULE: rule, PLACES: rule_with_places}


def run(shape: Shape, way: Way, seed: int) -> list[Person]:
    """Twenty workshops; everyone who ever asked. Who comes and who asks is the same under each way."""
    crowd, chance = random.Random(f"{shape.name} {seed}"), random.Random(f"chance {shape.name} {seed}")
    numbers = count()

    def person() -> Person:
        shares = shape.groups or (("all", 1.0, 0),)
        group = crowd.choices([name for name, _, _ in shares], [share for _, share, _ in shares])[0]
        return Person(f"p{next(numbers):04}", group, crowd.gauss(0, HABIT))

    present = [person() for _ in range(shape.people)]
    everyone = list(present)
    for at in range(WORKSHOPS):
        now = START + at * MONTH
        asking = [each for each in present if crowd.random() < shape.asks]
        chosen = way(shape, asking, chance, now, f"{shape.name} {seed} {at}")
        for each in asking:
            _note(each, UUID(int=at), now, seated=each.id in chosen)
        if at == WORKSHOPS - 1:
            break
        present = [each for each in present if crowd.random() >= shape.leaves]
        come = [person() for _ in range(shape.newcomers)]
        present += come
        everyone += come
    return [each for each in everyone if each.asked]


def _note(person: Person, workshop: UUID, now: dt.datetime, *, seated: bool) -> None:
    person.asked += 1
    if seated:
        person.seats, person.wait, person.seat_at = person.seats + 1, 0, now
    else:
        person.wait += 1
        person.longest = max(person.longest, person.wait)
        person.missed.append(Missed(workshop, now))


@dataclass(frozen=True)
class Figures:
    """Of everyone in all runs. `at_least[n]`: share whose longest wait was n times in a row, or longer."""

    at_least: tuple[float, ...]
    middle: float
    late: int
    longest: int
    never: float
    """Share without any seat among those who asked ten times or more."""


def figures(people: Sequence[Person]) -> Figures:
    waits = sorted(person.longest for person in people)
    often = [person for person in people if person.asked >= 10]
    return Figures(
        at_least=tuple(sum(wait >= n for wait in waits) / len(waits) for n in range(WORKSHOPS + 1)),
        middle=statistics.median(waits),
        late=waits[int(0.95 * (len(waits) - 1))],
        longest=waits[-1],
        never=sum(person.seats == 0 for person in often) / len(often) if often else 0.0,
    )


def table(found: dict[tuple[str, str], Figures]) -> str:
    rows = [
        "| pool | seats given by | median | 19 of 20 at most | longest | five or more | never a seat |",
        "|---|---|---:|---:|---:|---:|---:|",
    ]
    for (shape, way), each in found.items():
        rows.append(
            f"| {shape} | {way} | {each.middle:g} | {each.late} | {each.longest} | "
            f"{100 * each.at_least[5]:.1f} % | {100 * each.never:.1f} % |"
        )
    return "\n".join(rows)


# --- the picture ------------------------------------------------------------------------------------------

LINES = {
    FIRST_COME: ("#8a4b00", "2 4"),
    PLAIN: ("#555f6b", "7 4"),
    RULE: ("#0b5cad", ""),
    PLACES: ("#0a7a4b", "10 3 2 3"),
}
WIDE, HIGH, LEFT, TOP = 400, 250, 60, 70
SHOWN = 16
STEP_X, STEP_Y = 4, 25


def picture(found: dict[tuple[str, str], Figures]) -> str:
    """Small pictures of one kind side by side, and the key in the last place."""
    cells = []
    for at, shape in enumerate(SHAPES):
        x, y = LEFT + (at % 2) * (WIDE + 60), TOP + (at // 2) * (HIGH + 90)
        cells.append(f'<g transform="translate({x} {y})">{_cell(shape, found)}</g>')
    x, y = LEFT + (len(SHAPES) % 2) * (WIDE + 60), TOP + (len(SHAPES) // 2) * (HIGH + 90)
    cells.append(f'<g transform="translate({x} {y})">{_key()}</g>')
    width, height = LEFT + 2 * WIDE + 100, TOP + 3 * (HIGH + 90)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" role="img" '
        'font-family="system-ui, sans-serif" font-size="15" fill="#1d2430">'
        "<title>How long people wait for a seat, by the way seats are given</title>"
        "<desc>Share of people who at some time asked so often in a row without a seat, for five pools. "
        "The table beside the picture has the figures.</desc>"
        f'<rect width="{width}" height="{height}" fill="#ffffff"/>{"".join(cells)}</svg>\n'
    )


def _cell(shape: Shape, found: dict[tuple[str, str], Figures]) -> str:
    parts = [f'<text y="-22" font-weight="600">{escape(shape.name)}</text>']
    for percent in range(0, 101, STEP_Y):
        y = HIGH - percent * HIGH / 100
        parts.append(f'<path d="M0 {y:g}H{WIDE}" stroke="#dfe3e8"/>')
        parts.append(f'<text x="-8" y="{y + 5:g}" text-anchor="end">{percent} %</text>')
    parts += [
        f'<text x="{wait * WIDE / SHOWN:g}" y="{HIGH + 20}" text-anchor="middle">{wait}</text>'
        for wait in range(0, SHOWN + 1, STEP_X)
    ]
    parts.append(
        f'<text x="{WIDE / 2:g}" y="{HIGH + 42}" text-anchor="middle">times in a row, or more</text>'
    )
    for way, (colour, dash) in LINES.items():
        shares = found[shape.name, way].at_least[: SHOWN + 1]
        points = " ".join(
            f"{n * WIDE / SHOWN:.1f},{HIGH - share * HIGH:.1f}" for n, share in enumerate(shares)
        )
        parts.append(
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2.5" '
            f'stroke-dasharray="{dash}"/>'
        )
    return "".join(parts)


def _key() -> str:
    parts = ['<text y="-22" font-weight="600">Share of people who asked in vain so often</text>']
    for at, (way, (colour, dash)) in enumerate(LINES.items()):
        y = 10 + at * 34
        parts.append(
            f'<path d="M0 {y}h60" stroke="{colour}" stroke-width="2.5" stroke-dasharray="{dash}"/>'
            f'<text x="74" y="{y + 5}">{escape(way)}</text>'
        )
    return "".join(parts)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--runs", type=int, default=20, help="communities simulated for each pool")
    parser.add_argument("--svg", type=Path, help="write the picture there")
    options = parser.parse_args()
    found = {}
    for shape in SHAPES:
        for name, way in WAYS.items():
            people = [person for seed in range(options.runs) for person in run(shape, way, seed)]
            found[shape.name, name] = figures(people)
            print(f"{shape.name}: {name}", file=sys.stderr)
    print(table(found))
    if options.svg:
        options.svg.write_text(picture(found), encoding="utf-8")


if __name__ == "__main__":
    main()
