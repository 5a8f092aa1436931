"""The public page of a draw in words: where it stands, what happens next, what was sealed.

Nothing here tells a figure about fewer than five people, who asked, or who looks like whom.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.seats.chance_words import (
    Line,
    evidence,
    source_name,
    source_words,
    witness_line,
    witnesses_of,
)
from convene.apps.seats.explaining import FEW, about_draw, percent
from convene.apps.seats.models import Draw, SeatPolicy, Witness
from convene.apps.seats.rules import ChanceSource
from convene.foundation.times import moment


@dataclass(frozen=True)
class Way:
    """One station of a draw; state as the tag `step` knows it."""

    label: str
    state: str


@dataclass(frozen=True)
class Shown:
    """All that the page shows. `source` is the kind of chance; `draw` is None before entries close."""

    draw: Draw | None
    ways: list[Way]
    title: str
    next: list[str]
    source: str
    source_name: str
    source_words: list[str]
    witnesses: list[Line] = field(default_factory=list)
    evidence: list[Line] = field(default_factory=list)
    facts: list[Line] = field(default_factory=list)

    @property
    def is_sealed(self) -> bool:
        return self.draw is not None and self.draw.is_sealed

    @property
    def is_drawn(self) -> bool:
        return self.draw is not None and self.draw.state == Draw.State.DRAWN

    @property
    def commitment(self) -> str:
        return self.draw.commitment if self.draw is not None else ""


def shown(policy: SeatPolicy, draw: Draw | None, now: dt.datetime) -> Shown:
    """At most two queries: the witnesses, with their names."""
    source = _kind(policy, draw)
    rows = witnesses_of(policy) if source == ChanceSource.WITNESSES else []
    title, following = _standing(policy, draw, rows, now)
    return Shown(
        draw=draw,
        ways=_ways(draw),
        title=title,
        next=following,
        source=source,
        source_name=source_name(source),
        source_words=source_words(policy, draw, source),
        witnesses=[witness_line(row, draw) for row in rows],
        evidence=evidence(draw, source) if draw is not None and draw.seed else [],
        facts=_facts(draw) if draw is not None and draw.is_sealed else [],
    )


def _kind(policy: SeatPolicy, draw: Draw | None) -> str:
    return draw.source_kind if draw is not None and draw.source_kind else policy.chance_source


# --- where it stands ---------------------------------------------------------


def _ways(draw: Draw | None) -> list[Way]:
    labels = [_("Asking"), _("Sealed"), _("Chance speaks"), _("Result")]
    at = 0
    if draw is not None:
        at = {
            Draw.State.FROZEN: 1,
            Draw.State.PREPARING: 1,
            Draw.State.COMMITTED: 2,
            Draw.State.DRAWING: 3,
        }.get(Draw.State(draw.state), len(labels))
    return [
        Way(label, "done" if place < at else "current" if place == at else "todo")
        for place, label in enumerate(labels)
    ]


def _standing(
    policy: SeatPolicy, draw: Draw | None, rows: Sequence[Witness], now: dt.datetime
) -> tuple[str, list[str]]:
    if draw is None:
        return _before_closing(policy, now)
    match draw.state:
        case Draw.State.FROZEN:
            return _("Entries are closed"), _waits(draw, rows)
        case Draw.State.PREPARING:
            return _("The tickets are being made"), [
                _(
                    "As soon as they are made they are sealed, and the seal stands here. Look again in "
                    "some minutes."
                )
            ]
        case Draw.State.COMMITTED:
            return _("Sealed: now chance has to speak"), [*_next_chance(draw, now), _note_it()]
        case Draw.State.DRAWING:
            return _("Chance has spoken"), [_("The result is being worked out. Look again in a minute.")]
        case _:
            return _after(draw)


def _before_closing(policy: SeatPolicy, now: dt.datetime) -> tuple[str, list[str]]:
    sealing = _(
        "Then all possible results are made, as tickets, and sealed: a fingerprint of them stands here "
        "before the "
        "value is known that decides."
    )
    if policy.closes_at is None:
        return _("People can still ask for a seat"), [sealing]
    if policy.closes_at <= now:
        return _("Entries are being closed"), [sealing]
    closing = _("Who wants a seat asks until %(when)s. Early or late makes no difference.")
    return _("People can still ask for a seat"), [closing % {"when": moment(policy.closes_at)}, sealing]


def _waits(draw: Draw, rows: Sequence[Witness]) -> list[str]:
    if draw.problem:
        return [
            _(
                "With those who asked, the targets cannot all be met. The stewards decide what gives way; "
                "nothing "
                "is sealed and nothing is drawn before that. Targets are public, so a change is seen by "
                "everyone."
            )
        ]
    if rows and not all(row.sealed_hash for row in rows):
        return [
            _("The draw waits until each witness has sealed a value. Then the tickets are made and sealed.")
        ]
    return [_("The tickets are made next, and sealed. Look again in some minutes.")]


def _next_chance(draw: Draw, now: dt.datetime) -> list[str]:
    due = draw.chance_due_at
    when = moment(due) if due is not None else ""
    late = due is not None and due <= now
    match draw.source_kind:
        case ChanceSource.DRAND if late:
            return [
                _(
                    "The announced round appeared %(when)s. This site is fetching it; the draw follows by "
                    "itself."
                )
                % {"when": when}
            ]
        case ChanceSource.DRAND:
            return [_("The announced round appears %(when)s. The draw follows by itself.") % {"when": when}]
        case ChanceSource.DICE:
            return [_("The dice are thrown in the room, read out and typed in. The draw follows at once.")]
        case ChanceSource.WITNESSES:
            return [
                _(
                    "The witnesses reveal their values until %(when)s. The draw follows when the last one "
                    "has, or "
                    "then, with those that were revealed."
                )
                % {"when": when}
            ]
        case _:
            return [_("This site opens its value %(when)s. The draw follows by itself.") % {"when": when}]


def _note_it() -> str:
    return _("Keep the commitment below until then: copy it, print this page, or send it to someone.")


def _after(draw: Draw) -> tuple[str, list[str]]:
    if not draw.is_sealed and not draw.seed:
        return _("Nothing was left to chance"), [
            _("There was no more to decide: the seats were given without a draw. Everyone was told.")
        ]
    told = _("Everyone in the draw was told their result, with the reason. You can repeat it here.")
    if not draw.is_sealed:
        told = _(
            "Everyone in the draw was told their result, with the reason. This draw was made before draws "
            "were sealed "
            "here, so there is no commitment to check."
        )
    return _("The draw is made"), [told]


def result(draw: Draw) -> list[str]:
    """What came of it, for everyone. A draw from before draws were sealed says what it said then."""
    if not draw.is_sealed:
        return about_draw(draw) if draw.seed else []
    record, entries = draw.record, draw.entries.exclude(chance=None).count()
    sentences = [
        ngettext("%(count)d seat was drawn.", "%(count)d seats were drawn.", draw.seats)
        % {"count": draw.seats}
    ]
    if entries >= FEW:
        sentences.append(_("There were %(count)d entries.") % {"count": entries})
    if record["committed"]["stages"] == 1:
        sentences.append(
            _("Chance named ticket %(ticket)d of %(tickets)d.")
            % {"ticket": record["ticket"], "tickets": record["committed"]["tickets"]}
        )
    if draw.drawn_at is not None:
        sentences.append(_("The draw was made %(when)s.") % {"when": moment(draw.drawn_at)})
    return sentences


# --- what was sealed ---------------------------------------------------------


def _facts(draw: Draw) -> list[Line]:
    committed: dict[str, Any] = draw.record["committed"]
    lines = []
    if draw.committed_at is not None:
        lines.append(Line(_("Sealed"), at=draw.committed_at))
    lines += [
        Line(_("Entries closed"), at=draw.frozen_at),
        Line(_("Seats"), str(committed["seats"])),
        Line(_("Tickets"), _tickets(committed)),
        Line(_("Sealed entries"), _leaves(len(committed["leaves"]))),
        Line(_("What is made equal"), _objective(committed["objective"])),
        Line(_("Rule"), f"{committed['rule']}, {committed['stream']}", code=True),
        Line(_("Version of the program"), f"convene-community {committed['version']}", code=True),
    ]
    least = _least(draw)
    if least:
        lines.insert(4, Line(_("Smallest chance"), least))
    return lines


def _tickets(committed: dict[str, Any]) -> str:
    if committed["stages"] != 1:
        return _(
            "The draw has two stages: first how many of each kind, then who. Its tickets are in the full "
            "record."
        )
    return ngettext(
        "%(count)d, equally likely. Each is a complete choice of people that meets all targets.",
        "%(count)d, all equally likely. Each is a complete choice of people that meets all targets.",
        committed["tickets"],
    ) % {"count": committed["tickets"]}


def _leaves(count: int) -> str:
    return _("%(count)d fingerprints. Some stand for nobody, so that nobody can tell how few asked.") % {
        "count": count
    }


def _objective(objective: str) -> str:
    words = {
        "leximin": _(
            "Within the targets the smallest chance is as large as it can be, then the next to smallest, "
            "and so on "
            "(leximin)."
        ),
        "maximin": _("Within the targets the smallest chance is as large as it can be (maximin)."),
        "nash": _("Within the targets the product of all chances is as large as it can be (Nash)."),
        "goldilocks": _("Within the targets no chance is very small and none very large (goldilocks)."),
    }
    return words.get(objective, objective)


def _least(draw: Draw) -> str:
    """Empty where it would tell how few asked."""
    chances = draw.entries.exclude(chance=None) if draw.state == Draw.State.DRAWN else draw.entries
    said = (draw.record["committed"].get("minimum_chance") or {}).get("achieved")
    if said is None or chances.count() < FEW:
        return ""
    above, _bar, below = str(said).partition("/")
    return _("%(least)s %%; no draw within these targets can raise it by more than one ticket.") % {
        "least": percent(int(above) / int(below or 1))
    }
