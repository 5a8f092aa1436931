"""Where the chance of a draw comes from, in words: before it is known, and with its evidence after."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.seats.models import Draw, SeatPolicy, Witness
from convene.apps.seats.rules import ChanceSource
from convene.apps.seats.rules.chance import MISSING
from convene.foundation.times import moment

DRAND = "https://api.drand.sh"


@dataclass(frozen=True)
class Line:
    """Something named, with what it is here; `address` leads outside."""

    term: str
    text: str = ""
    address: str = ""
    code: bool = False
    at: dt.datetime | None = None


def witnesses_of(policy: SeatPolicy) -> list[Witness]:
    return list(Witness.objects.filter(policy=policy).select_related("person").order_by("number"))


def source_name(source: str) -> str:
    names = {
        ChanceSource.DRAND: _("A round of drand, published in the future"),
        ChanceSource.DICE: _("Dice in the room"),
        ChanceSource.WITNESSES: _("Values sealed by witnesses"),
        ChanceSource.SITE: _("A value of this site"),
    }
    return (
        names.get(ChanceSource(source), "")
        if source in ChanceSource.values
        else _("A value said in the room")
    )


def source_words(policy: SeatPolicy, draw: Draw | None, source: str) -> list[str]:
    said = draw.source if draw is not None else {}
    match source:
        case ChanceSource.DRAND:
            return [*_drand(policy, said), _nobody_before()]
        case ChanceSource.DICE:
            count, sides = said.get("dice", policy.dice_count), said.get("sides", policy.dice_sides)
            return [
                ngettext(
                    "%(count)d throw of a die with %(sides)d sides, read out.",
                    "%(count)d throws of a die with %(sides)d sides, read out in order.",
                    count,
                )
                % {"count": count, "sides": sides},
                _(
                    "Whoever is in the room sees them. You need to trust no machine, but those who were "
                    "there."
                ),
            ]
        case ChanceSource.WITNESSES:
            return [
                _(
                    "Each witness seals a value before the tickets are sealed, and reveals it after. This "
                    "site adds one."
                ),
                _(
                    "As long as one of them chose a value nobody could guess and kept it, nobody could "
                    "turn the draw. "
                    "A value that is not revealed in time counts as “%(missing)s”."
                )
                % {"missing": MISSING},
            ]
        case ChanceSource.SITE:
            return [
                _("This site made a value, and sealed it together with the tickets; it opens it later."),
                _(
                    "It cannot change its mind afterwards. But whoever runs the site could have tried many "
                    "values before "
                    "sealing one: of all sources this is the weakest."
                ),
            ]
        case _:
            return [_("A value was said in the room and typed in by a steward.")]


def _drand(policy: SeatPolicy, said: dict[str, Any]) -> list[str]:
    what = _(
        "drand is a public source of chance: independent organisations together publish a new number every "
        "three "
        "seconds, signed by all."
    )
    if said:
        when = moment(dt.datetime.fromisoformat(said["time"]))
        return [
            what,
            _("Announced is round %(round)d of the network %(network)s, which appears %(when)s.")
            % {"round": said["round"], "network": said["network"], "when": when},
        ]
    later = ngettext(
        "The round that decides is named when the tickets are sealed: the first one %(count)d minute later.",
        "The round that decides is named when the tickets are sealed: the first one %(count)d minutes later.",
        policy.chance_minutes,
    )
    return [what, later % {"count": policy.chance_minutes}]


def _nobody_before() -> str:
    return _("Nobody can know it before: not the stewards, not this site, not drand itself.")


def _name_of(row: Witness) -> str:
    """Witnesses are named on the page of the draw; who gave no name stands there by their number."""
    if row.person is None:
        return _("Someone who has left")
    return row.person.name or _("Witness %(number)d") % {"number": row.number}


def witness_line(row: Witness, draw: Draw | None) -> Line:
    name = _name_of(row)
    if row.revealed_at is not None:
        return Line(name, _("revealed %(when)s") % {"when": moment(row.revealed_at)})
    if draw is not None and draw.seed:
        return Line(name, _("did not reveal in time"))
    if row.sealed_at is None:
        return Line(name, _("has not sealed a value yet"))
    waits = draw is not None and draw.state == Draw.State.COMMITTED
    words = _("sealed %(when)s, to be revealed") if waits else _("sealed %(when)s")
    return Line(name, words % {"when": moment(row.sealed_at)})


def evidence(draw: Draw, source: str) -> list[Line]:
    lines = []
    if draw.chance_at is not None:
        lines.append(Line(_("Known since"), at=draw.chance_at))
    match source:
        case ChanceSource.DRAND:
            address = beacon_address(draw)
            lines += [
                Line(_("Round"), str(draw.source["round"])),
                Line(_("The value"), draw.seed, code=True),
                Line(_("Signature"), str(draw.evidence.get("signature", "")), code=True),
                Line(_("At drand itself"), address, address=address),
            ]
        case ChanceSource.WITNESSES:
            lines += _revealed(draw)
        case _:
            lines.append(Line(_("The value"), draw.seed, code=True))
    if source == ChanceSource.DICE:
        lines.append(_confirmed(draw))
    return lines


def _revealed(draw: Draw) -> list[Line]:
    names = [str(each["name"]) for each in draw.source["witnesses"]]
    numbers = {f"witness {row.number}": row for row in witnesses_of(draw.policy)}
    lines = []
    for name, value in zip(names, draw.seed.split("\n"), strict=False):
        row = numbers.get(name)
        who = _name_of(row) if row is not None else name
        said = _("This site’s value") if name == "site" else _("Value of %(who)s") % {"who": who}
        lines.append(Line(said, value, code=True))
    return lines


def _confirmed(draw: Draw) -> Line:
    if draw.confirmed_at is None:
        return Line(_("Seen by a second person"), _("not confirmed yet"))
    return Line(_("Seen by a second person"), _("confirmed %(when)s") % {"when": moment(draw.confirmed_at)})


def beacon_address(draw: Draw) -> str:
    """Where drand itself shows the announced round; empty for other sources."""
    if draw.source_kind != ChanceSource.DRAND or "chain" not in draw.source:
        return ""
    return f"{DRAND}/{draw.source['chain']}/public/{draw.source['round']}"
