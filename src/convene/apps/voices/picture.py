"""The map as a drawing: statements as numbers, people as dots of five or more, near those who think alike."""

from __future__ import annotations

import math
from dataclasses import dataclass

from convene.apps.voices.reading import Reading

WIDTH, HEIGHT, MARGIN = 640, 420, 36


@dataclass(frozen=True)
class Dot:
    x: float
    y: float
    radius: float
    """Its area is as the number of its people."""
    group: int
    """From 1; 0 for people in none."""


@dataclass(frozen=True)
class Point:
    x: float
    y: float
    number: int


@dataclass(frozen=True)
class Picture:
    width: int
    height: int
    dots: list[Dot]
    points: list[Point]


def picture_of(reading: Reading) -> Picture | None:
    """None while there are too few people for dots."""
    if not reading.dots:
        return None
    widest = max((max(abs(x), abs(y)) for x, y, _number in reading.points), default=1.0) or 1.0
    return Picture(
        WIDTH,
        HEIGHT,
        [Dot(*_at(x, y), round(4 * math.sqrt(people), 1), group + 1) for x, y, group, people in reading.dots],
        [Point(*_at(x / widest, y / widest), number) for x, y, number in reading.points],
    )


def _at(x: float, y: float) -> tuple[float, float]:
    return (
        round(WIDTH / 2 + x * (WIDTH / 2 - MARGIN), 1),
        round(HEIGHT / 2 - y * (HEIGHT / 2 - MARGIN), 1),
    )
