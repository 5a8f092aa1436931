"""Targets suggested from the membership's own composition, such as those who asked can meet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from convene.apps.communities.models import TraitQuestion
from convene.apps.communities.rules.traits import Composition
from convene.apps.seats import allotting
from convene.apps.seats.allotting import Target
from convene.apps.seats.rules.suggesting import Wish, rooms, suggest, within
from convene.apps.seats.targeting import Sheet


@dataclass(frozen=True)
class Suggestion:
    targets: Sequence[Target]
    looked_at_asking: bool
    """Else too few have asked, and it follows the members alone."""


def suggestion(sheet: Sheet) -> Suggestion:
    """The tightest of the suggestions that those who asked can meet with nobody left without a chance."""
    if sheet.is_early:
        return Suggestion(_in_room(sheet, 0, early=True), looked_at_asking=False)
    rows = (_in_room(sheet, room, early=False) for room in rooms(sheet.seats))
    return Suggestion(next((targets for targets in rows if _goes(sheet, targets)), []), looked_at_asking=True)


def _in_room(sheet: Sheet, room: int, *, early: bool) -> list[Target]:
    seats = sheet.policy.capacity or 0 if early else sheet.seats
    found: list[Target] = []
    for each in sheet.compositions:
        if each.figures is None:
            continue
        shares = sheet.shares(each.question)
        answered = _answered(each.question, each.figures)
        wishes = suggest(shares, members=each.figures.total, answered=answered, seats=seats, room=room)
        wishes = wishes if early else within(wishes, shares)
        found += [_target(each.question, value, wish) for value, wish in wishes.items()]
    return found


def _answered(question: TraitQuestion, figures: Composition) -> int:
    """How many members gave an answer, as far as what is shown tells: those counted together all may have."""
    said = sum(count for answer, count in figures.shown if answer in question.values)
    together = any(answer in question.values for answer in figures.together)
    return said + (figures.together_count if together else 0)


def _target(question: TraitQuestion, value: str, wish: Wish) -> Target:
    return Target(str(question.pk), value, wish.least, wish.most)


def _goes(sheet: Sheet, targets: Sequence[Target]) -> bool:
    """Whether those who asked can meet them and everyone has a chance; of very many kinds only the counts."""
    if not targets:
        return True
    targets = [*targets, *sheet.beside]
    if sheet.is_large(targets):
        fault = allotting.find_fault(
            sheet.people, targets, sheet.seats, pool_seats=sheet.by_pool, only_counts=True
        )
        return fault is None
    if not allotting.can_be_met(sheet.people, targets, sheet.seats, pool_seats=sheet.by_pool):
        return False
    ids, _limits = allotting.without_a_chance(sheet.people, targets, sheet.seats, pool_seats=sheet.by_pool)
    return not ids


def method() -> str:
    """In a sentence, for the page."""
    return _(
        "A suggestion gives each answer the share of the seats that it has of the members, by the figures "
        "shown here alone, with up to a seat of room on either side, and more until those who asked can meet "
        "it and nobody is left without a chance."
    )
