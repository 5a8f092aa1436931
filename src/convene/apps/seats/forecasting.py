"""The dry run: what to expect if entries closed now. It draws nothing and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from convene.apps.communities.models import TraitQuestion
from convene.apps.communities.rules.traits import SMALLEST, Composition
from convene.apps.seats import allotting
from convene.apps.seats.foreseeing import (
    Effort,
    Expected,
    Field,
    expected_seats,
    lottery_of,
    spread_of,
)
from convene.apps.seats.targeting import Can, Sheet, Verdict, judge_saved
from convene.apps.seats.telling import percent, spread_in_words
from convene.engines.allotment import Lottery


@dataclass(frozen=True)
class Line:
    """One answer, or all whose figures are only told together."""

    label: str
    asking: int
    expected: int
    range: str
    chance: str
    target: str


@dataclass(frozen=True)
class Forecast:
    verdict: Verdict
    people: int
    seats: int
    everyone: bool = False
    """No more people than seats."""
    chances: str = ""
    least: str = ""
    most: str = ""
    tables: Sequence[tuple[TraitQuestion, Sequence[Line]]] = ()

    @property
    def is_few(self) -> bool:
        return self.people < SMALLEST


def forecast(sheet: Sheet) -> Forecast:
    """With the saved targets and those who asked so far."""
    verdict, people = judge_saved(sheet), len(sheet.people)
    plain = Forecast(verdict, people, sheet.seats)
    if people < SMALLEST or verdict.can not in {Can.MET, Can.NONE}:
        return plain
    lottery = lottery_of(Field(sheet.people, sheet.seats, sheet.by_pool), sheet.saved, Effort())
    if lottery is None:
        return plain
    spread, coarse = spread_of(lottery), sheet.hides_any(sheet.saved)
    return Forecast(
        verdict,
        people,
        sheet.seats,
        everyone=sheet.seats >= people,
        chances=spread_in_words(spread, coarse=coarse) if spread else "",
        least=percent(spread.least, coarse=coarse) if spread else "",
        most=percent(spread.most, coarse=coarse) if spread else "",
        tables=[
            (question, lines)
            for question in sheet.rows
            if (lines := _lines(sheet, lottery, question, coarse=coarse))
        ],
    )


def _lines(sheet: Sheet, lottery: Lottery, question: TraitQuestion, *, coarse: bool) -> list[Line]:
    """Nothing where fewer than five asked; answers with a hidden count together, as they are counted.

    Seats and chances of an answer are rounded coarsely: finer ones would tell how its people are made up by
    another question. So would what the draw could bring at all, which is said of targets only.
    """
    figures = sheet.asking[question.pk]
    if figures is None:
        return []
    ranges = not coarse and not figures.together and any(at == question.pk for at, _value in sheet.stand)
    lines = []
    for value, _count in figures.shown:
        seen = expected_seats(lottery, sheet.people, str(question.pk), frozenset([value]))
        lines.append(_line(_said(value), seen, sheet.stand.get((question.pk, value)), ranges=ranges))
    if figures.together:
        together = expected_seats(lottery, sheet.people, str(question.pk), frozenset(figures.together))
        lines.append(_line(_together(figures), together, None, ranges=False))
    return lines


def _said(value: str) -> str:
    return _("did not say") if value == allotting.UNSAID else value


def _together(figures: Composition) -> str:
    return _("counted together: %(answers)s") % {"answers": ", ".join(map(_said, figures.together))}


def _line(label: str, seen: Expected, target: tuple[int, int] | None, *, ranges: bool) -> Line:
    return Line(
        label=label,
        asking=seen.people,
        expected=round(seen.seats),
        range=_range(seen.fewest, seen.most) if ranges else "",
        chance=percent(seen.chance, coarse=True),
        target=_range(*target) if target else "",
    )


def _range(least: int, most: int) -> str:
    return str(least) if least == most else _("%(least)d to %(most)d") % {"least": least, "most": most}
