"""The dry run: what to expect if entries closed now. It draws nothing and changes nothing."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _

from convene.apps.communities.models import TraitQuestion
from convene.apps.communities.rules.traits import SMALLEST, Composition
from convene.apps.seats import allotting
from convene.apps.seats.foreseeing import (
    Effort,
    Expected,
    Field,
    Spread,
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
    expected: str
    fewest: int
    most: int
    chance: str
    target: str = ""


@dataclass(frozen=True)
class Forecast:
    verdict: Verdict
    people: int
    seats: int
    everyone: bool = False
    """No more people than seats."""
    spread: Spread | None = None
    chances: str = ""
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
    spread = spread_of(lottery)
    return Forecast(
        verdict,
        people,
        sheet.seats,
        everyone=sheet.seats >= people,
        spread=spread,
        chances=spread_in_words(spread) if spread else "",
        tables=[(question, lines) for question in sheet.rows if (lines := _lines(sheet, lottery, question))],
    )


def _lines(sheet: Sheet, lottery: Lottery, question: TraitQuestion) -> list[Line]:
    """Nothing where fewer than five asked; answers with a hidden count together, as they are counted."""
    figures = sheet.asking[question.pk]
    if figures is None:
        return []
    lines = []
    for value, _count in figures.shown:
        seen = expected_seats(lottery, sheet.people, str(question.pk), frozenset([value]))
        lines.append(_line(_said(value), seen, sheet.stand.get((question.pk, value))))
    if figures.together:
        together = expected_seats(lottery, sheet.people, str(question.pk), frozenset(figures.together))
        lines.append(_line(_together(figures), together, None))
    return lines


def _said(value: str) -> str:
    return _("did not say") if value == allotting.UNSAID else value


def _together(figures: Composition) -> str:
    return _("counted together: %(answers)s") % {"answers": ", ".join(map(_said, figures.together))}


def _line(label: str, seen: Expected, target: tuple[int, int] | None) -> Line:
    return Line(
        label=label,
        asking=seen.people,
        expected=formats.number_format(round(seen.seats, 1), decimal_pos=1),
        fewest=seen.fewest,
        most=seen.most,
        chance=percent(seen.chance),
        target=_("%(least)d to %(most)d") % {"least": target[0], "most": target[1]} if target else "",
    )
