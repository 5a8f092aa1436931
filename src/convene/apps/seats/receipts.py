"""What a person in a draw has for themselves: their entry as it was sealed, their chance, their tickets."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.seats.allotting import POOL, UNSAID
from convene.apps.seats.explaining import percent
from convene.apps.seats.models import Draw, Entry, Registration, SealedDraw, SeatPolicy
from convene.apps.seats.permissions import can_audit, can_confirm_chance
from convene.apps.seats.rules import ChanceSource
from convene.engines.allotment import sealing

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor

_NIGHT, _DAY = ("01", "02", "12"), ("34", "56", "37", "45", "67")
_NAMES = ("Ana", "Ben", "Cleo", "Dan", "Eve", "Finn", "Gus", "Hana")


@dataclass(frozen=True)
class ExampleRow:
    """Someone in the example of the explanation: the tickets they are on."""

    name: str
    night: bool
    on: list[bool]

    @property
    def count(self) -> int:
        return sum(self.on)


EXAMPLE = [
    ExampleRow(
        name=name,
        night=place < 3,  # noqa: PLR2004 -- the first three work at night
        on=[str(place) in _NIGHT[ticket % 3] + _DAY[ticket % 5] for ticket in range(15)],
    )
    for place, name in enumerate(_NAMES)
]
"""Fifteen tickets for four seats, two and two; docs/explanation/fair-draw.md has the same table."""


@dataclass(frozen=True)
class Receipt:
    """`file` is what is downloaded and what the browser checks."""

    draw: Draw
    sentences: list[str]
    leaf: str
    salt: str
    numbers: list[int]
    answers: list[tuple[str, str]]
    file: dict[str, Any]


def receipt_of(registration: Registration) -> Receipt | None:
    """None before the draw is sealed, for those who were in none, and once what was sealed was forgotten."""
    entry = (
        Entry.objects.filter(registration=registration)
        .exclude(draw__commitment="")
        .select_related("draw__sealed", "draw__policy")
        .first()
    )
    if entry is None:
        return None
    try:
        full = {**entry.draw.sealed.private, **entry.draw.record}
        file = sealing.receipt(full, str(entry.number))
    except (SealedDraw.DoesNotExist, KeyError):
        return None
    return Receipt(
        draw=entry.draw,
        sentences=_sentences(entry, file),
        leaf=file["leaf"],
        salt=file["salt"],
        numbers=list(file["tickets"]),
        answers=_answers(file["traits"]),
        file=file,
    )


def _sentences(entry: Entry, file: dict[str, Any]) -> list[str]:
    tickets = entry.draw.record["committed"]["tickets"]
    chance = Fraction(file["chance"])
    sentences = [_("Your entry is sealed: its fingerprint stands in the published list.")]
    if entry.draw.record["committed"]["stages"] == 1:
        sentences.append(
            ngettext(
                "You are on %(mine)d of %(tickets)d tickets: your chance is %(fraction)s, which is "
                "%(percent)s %%.",
                "You are on %(mine)d of %(tickets)d tickets: your chance is %(fraction)s, which is "
                "%(percent)s %%.",
                len(file["tickets"]),
            )
            % {
                "mine": len(file["tickets"]),
                "tickets": tickets,
                "fraction": str(chance),
                "percent": percent(float(chance)),
            }
        )
    else:
        sentences.append(
            _("Your chance is %(percent)s %%: %(fraction)s.")
            % {"percent": percent(float(chance)), "fraction": str(chance)}
        )
    # Once it is drawn, the reasons stand above the receipt already.
    return sentences if "chance" in entry.draw.record else [*sentences, _why(entry, file, chance)]


def _answers(traits: dict[str, str]) -> list[tuple[str, str]]:
    said = {question: "" if value == UNSAID else value for question, value in sorted(traits.items())}
    return [
        (question, value or _("not said")) for question, value in said.items() if value or question != POOL
    ]


def _why(entry: Entry, file: dict[str, Any], chance: Fraction) -> str:
    """One sentence: what made this chance what it is."""
    if file["held"]:
        return _("A seat is held for you.")
    if not chance:
        return _("No choice of people that meets all targets could include your entry.")
    if Fraction(file["weight"]) > 1:
        return _(
            "Your entry has weight %(weight)s, by the public rule for those who were passed over; within "
            "the targets "
            "chances follow it."
        ) % {"weight": file["weight"]}
    if entry.draw.record["committed"]["quotas"]:
        return _(
            "Chances differ only where the targets make it necessary; everyone with the same answers and "
            "weight "
            "has the same chance, to one ticket."
        )
    return _("Everyone’s chance is the same, to one ticket.")


def drawn_words(receipt: Receipt) -> str:
    """Whether the drawn ticket is theirs; empty before chance has spoken."""
    record = receipt.draw.record
    if "ticket" not in record or record["committed"]["stages"] != 1:
        return ""
    if record["ticket"] in receipt.numbers:
        return _("Ticket %(number)d was drawn: it is one of yours.") % {"number": record["ticket"]}
    return _("Ticket %(number)d was drawn: it is none of yours.") % {"number": record["ticket"]}


def roles(actor: Actor, policy: SeatPolicy, draw: Draw | None) -> Sequence[str]:
    """What the reader can do here: "witness", "auditor", "confirm" (the dice, seen by a second person)."""
    if actor.pk is None:
        return []
    found = ["witness"] if policy.witnesses.filter(person_id=actor.pk).exists() else []
    found += ["auditor"] if can_audit(actor, policy) else []
    waits = draw is not None and draw.source_kind == ChanceSource.DICE and bool(draw.seed)
    if draw is not None and waits and draw.confirmed_at is None and draw.chance_by_id != actor.pk:
        found += ["confirm"] if can_confirm_chance(actor, policy) else []
    return found
