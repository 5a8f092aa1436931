"""Shares over time as a drawing: where its lines, marks and words stand. The page has the same as a table."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from convene.apps.equity.periods import Step
from convene.apps.equity.wording import percent

WIDTH, HEIGHT = 720, 300
LEFT, RIGHT, TOP, BOTTOM = 52, 500, 16, 258
MOST = 6
"""More lines than this cannot be told apart; the table has all."""
_APART = 18
_LONGEST = 30
TWO = 2


@dataclass(frozen=True)
class Mark:
    x: float
    y: float
    period: str
    share: str


@dataclass(frozen=True)
class Series:
    number: int
    label: str
    short: str
    paths: Sequence[str]
    marks: Sequence[Mark]
    label_y: float
    shares: Sequence[tuple[str, str]]
    """Period and share in words; an empty one is hidden."""


@dataclass(frozen=True)
class Tick:
    at: float
    text: str


@dataclass(frozen=True)
class Chart:
    step: Step
    periods: Sequence[str]
    series: Sequence[Series]
    undrawn: Sequence[Series]
    x_ticks: Sequence[Tick]
    y_ticks: Sequence[Tick]
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = RIGHT
    bottom: int = BOTTOM

    @property
    def every(self) -> Sequence[Series]:
        return [*self.series, *self.undrawn]


def over_time(
    shares: Iterable[tuple[str, Sequence[float | None]]], periods: Sequence[str], step: Step
) -> Chart | None:
    """None: there are not two periods with a figure."""
    rows = list(shares)
    if len(periods) < TWO or sum(any(p is not None for p in column) for column in _columns(rows)) < TWO:
        return None
    xs = [LEFT + (RIGHT - LEFT) * place / (len(periods) - 1) for place in range(len(periods))]
    drawn = [_series(place, label, points, xs, periods) for place, (label, points) in enumerate(rows)]
    return Chart(
        step=step,
        periods=periods,
        series=_spread(drawn[:MOST]),
        undrawn=drawn[MOST:],
        x_ticks=[Tick(x, text) for x, text in zip(xs, periods, strict=True)],
        y_ticks=[Tick(_y(part / 100), percent(part / 100)) for part in (0, 25, 50, 75, 100)],
    )


def _columns(rows: Sequence[tuple[str, Sequence[float | None]]]) -> Iterable[tuple[float | None, ...]]:
    return zip(*(points for _label, points in rows), strict=True)


def _y(share: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * share, 1)


def _series(
    place: int, label: str, points: Sequence[float | None], xs: Sequence[float], periods: Sequence[str]
) -> Series:
    marks: list[Mark] = []
    paths: list[str] = []
    run: list[str] = []
    for x, point, period in zip(xs, points, periods, strict=True):
        if point is None:
            run = []
            continue
        marks.append(Mark(round(x, 1), _y(point), period, percent(point)))
        run.append(f"{round(x, 1)} {_y(point)}")
        if len(run) == TWO:
            paths.append("M" + run[0])
        if len(run) >= TWO:
            paths[-1] += " L" + run[-1]
    return Series(
        number=place + 1,
        label=label,
        short=label if len(label) <= _LONGEST else label[: _LONGEST - 1].rstrip(", ") + "…",
        paths=paths,
        marks=marks,
        label_y=marks[-1].y,
        shares=[
            (period, "" if point is None else percent(point))
            for period, point in zip(periods, points, strict=True)
        ],
    )


def _spread(series: Sequence[Series]) -> list[Series]:
    """Names at the right end, none over another: pushed down where they would meet, then back up."""
    order = sorted(series, key=lambda one: one.label_y)
    at: list[float] = []
    for one in order:
        at.append(max(one.label_y, at[-1] + _APART if at else float(TOP)))
    room = float(BOTTOM)
    for place in reversed(range(len(at))):
        at[place] = min(at[place], room)
        room = at[place] - _APART
    moved = {one.number: y for one, y in zip(order, at, strict=True)}
    return [
        Series(one.number, one.label, one.short, one.paths, one.marks, moved[one.number], one.shares)
        for one in series
    ]
