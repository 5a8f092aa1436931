"""What a map of outcomes may hold, and what bringing one in would change. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

MOST_OUTCOMES = 40
LONGEST_CODE = 20
LONGEST_TITLE = 300
LONGEST_PART = 120
LONGEST_DEPTH = 300
FEWEST_LETTERS = 4
SOON = dt.timedelta(days=60)
LONGEST_TERM = dt.timedelta(days=5 * 366)
DEPTHS = ("aware", "converse", "with_help", "do", "steward")
"""From shallow to deep, as for workshops."""


@dataclass(frozen=True)
class Item:
    """One outcome as it is written. `part`: the heading it stands under; `depths`: what each depth means."""

    identifier: UUID
    code: str
    title: str
    part: str = ""
    depths: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Plan:
    """What a file would do to the map. Those not in the file stay as they are, after the others."""

    new: Sequence[Item]
    changed: Sequence[tuple[Item, Item]]
    same: int
    untouched: int

    @property
    def does_something(self) -> bool:
        return bool(self.new or self.changed)


def tidy(text: str) -> str:
    return " ".join(text.split())


def check_item(item: Item) -> None:
    if not item.code:
        raise RuleBroken(_("Give it a short code, such as A1."), code="outcome_code", field="code")
    if len(item.code) > LONGEST_CODE:
        raise RuleBroken(_("The code is longer than 20 characters."), code="outcome_code", field="code")
    if len(item.title) < FEWEST_LETTERS:
        raise RuleBroken(_("Say in a few words what people can do."), code="outcome_title", field="title")
    if len(item.title) > LONGEST_TITLE:
        raise RuleBroken(_("It is longer than 300 characters."), code="outcome_title", field="title")


def check_code_free(code: str, taken: Collection[str]) -> None:
    if code.casefold() in {one.casefold() for one in taken}:
        raise RuleBroken(_("Another outcome has this code."), code="outcome_code_taken", field="code")


def check_room(on_the_map: int) -> None:
    """`on_the_map`: how many there would be afterwards."""
    if on_the_map > MOST_OUTCOMES:
        raise RuleBroken(
            _(
                "A map has at most %(most)d outcomes, so that a person can hold it in mind. "
                "There would be %(count)d: take some off, or say several in one."
            )
            % {"most": MOST_OUTCOMES, "count": on_the_map},
            code="map_full",
            field="title",
        )


def compare(known: Mapping[UUID, Item], on_the_map: Collection[UUID], coming: Sequence[Item]) -> Plan:
    """`known`: all there ever were here; `on_the_map`: those not taken off. Raises RuleBroken."""
    ids = {item.identifier for item in coming}
    staying = [known[one] for one in on_the_map if one not in ids]
    codes = {item.code.casefold() for item in staying}
    for item in coming:
        if item.code.casefold() in codes:
            raise RuleBroken(
                _("The code %(code)s stands on the map already, for an outcome with another identifier.")
                % {"code": item.code},
                code="outcome_code_taken",
                field="file",
            )
    if len(staying) + len(coming) > MOST_OUTCOMES:
        raise RuleBroken(
            _("With these there would be %(count)d outcomes; a map has at most %(most)d.")
            % {"most": MOST_OUTCOMES, "count": len(staying) + len(coming)},
            code="map_full",
            field="file",
        )
    new = [item for item in coming if item.identifier not in known]
    changed = [
        (known[item.identifier], item)
        for item in coming
        if item.identifier in known and (known[item.identifier] != item or item.identifier not in on_the_map)
    ]
    return Plan(new, changed, len(coming) - len(new) - len(changed), len(staying))


def check_expiry(expires_on: dt.date | None, today: dt.date) -> None:
    if expires_on is None:
        return
    if expires_on <= today:
        raise RuleBroken(_("Choose a day that is still to come."), code="expiry_past", field="expires_on")
    if expires_on > today + LONGEST_TERM:
        raise RuleBroken(_("Choose a day within five years."), code="expiry_far", field="expires_on")


def is_in_force(*, expires_on: dt.date | None, ended_on: dt.date | None, today: dt.date) -> bool:
    return ended_on is None and (expires_on is None or expires_on >= today)


def moved(ids: Iterable[UUID], one: UUID, *, earlier: bool) -> list[UUID]:
    """The order with `one` a place earlier or later; at the end of the list nothing changes."""
    order = list(ids)
    place = order.index(one)
    other = place + (-1 if earlier else 1)
    if 0 <= other < len(order):
        order[place], order[other] = order[other], order[place]
    return order
