"""Why this result: what each person reads about their own draw, and everyone about the draw as a whole.

Numbers about fewer than five people are never shown.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from fractions import Fraction

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.seats.models import Draw, Entry, Registration, Replacement
from convene.apps.seats.rules import ChanceSource
from convene.foundation.times import moment

FEW = 5


@dataclass(frozen=True)
class Why:
    draw: Draw
    sentences: list[str]


def percent(chance: float) -> str:
    return formats.number_format(round(100 * chance, 1), decimal_pos=1)


def weight_in_words(weight: float) -> str:
    """2, 1.75: as few figures as needed."""
    return formats.number_format(weight, decimal_pos=None if weight % 1 else 0)


def why(registration: Registration) -> Why | None:
    """None when the person was in no draw that has been made."""
    entry = (
        Entry.objects.filter(registration=registration, draw__state=Draw.State.DRAWN)
        .select_related("draw__policy")
        .first()
    )
    draw = Draw.objects.filter(policy__workshop=registration.workshop_id, state=Draw.State.DRAWN).first()
    if draw is None:
        return None
    later = _later(draw, registration)
    if entry is None or entry.chance is None:
        return Why(draw, later) if later else None
    return Why(entry.draw, [*_chance(entry), *_result(entry), *later])


def _chance(entry: Entry) -> list[str]:
    text = _("Your chance of a seat was %(chance)s %%.") % {"chance": percent(entry.chance or 0)}
    least = least_chance(entry.draw)
    has_targets = bool(entry.draw.record) and entry.draw.policy.quotas.exists()
    sentences = [text]
    if entry.weight > 1:
        sentences.append(
            _("Your entry had the weight %(weight)s, because you were passed over before.")
            % {"weight": weight_in_words(entry.weight)}
        )
    if least is not None:
        sentences.append(
            _("Nobody’s chance was below %(least)s %%; by these rules no fairer draw exists.")
            % {"least": percent(least)}
        )
    if has_targets:
        sentences.append(
            _(
                "Chances differ only where the targets make it necessary: an answer that few gave and many "
                "seats want has a higher chance, another a lower one."
            )
        )
    if entry.registration.pool is not None:
        sentences.append(
            _("You were in the draw for the seats “%(pool)s”.") % {"pool": entry.registration.pool.name}
        )
    return sentences


def _result(entry: Entry) -> list[str]:
    sentences = []
    if entry.draw.seed:
        sentences.append(
            _("The value %(seed)s, made known with the result, decided it; your entry is number %(number)d.")
            % {"seed": " · ".join(entry.draw.seed.split("\n")), "number": entry.number}
        )
    elif entry.seated:
        return [_("There was a seat for everyone who asked.")]
    if entry.seated:
        sentences.append(_("Your number was drawn."))
    elif entry.chance == 0:
        sentences.append(_("No choice of people that meets all targets could include your entry."))
    elif entry.reserve_position is not None:
        sentences.append(
            _(
                "Your number was not drawn, so you stand on the reserve list. When a drawn seat becomes "
                "free, it is drawn anew among those waiting, by the same rule."
            )
        )
    return sentences


def _later(draw: Draw, registration: Registration) -> list[str]:
    """Each time that drawn seats became free while they waited: their chance, and whether it was theirs."""
    own = str(registration.pk)
    sentences = []
    for each in Replacement.objects.filter(draw=draw, chances__has_key=own).order_by("number"):
        words = {"when": moment(each.made_at), "chance": percent(each.chances[own])}
        sentences.append(
            _("A drawn seat became free, and was drawn anew among those waiting, %(when)s.") % words
            if each.seats == 1
            else _("Drawn seats became free, and were drawn anew among those waiting, %(when)s.") % words
        )
        sentences.append(_("Your chance then was %(chance)s %%, with all targets still holding.") % words)
        sentences.append(_("A seat was drawn for you.") if own in each.chosen else _("It went to others."))
    return sentences


def about_draw(draw: Draw) -> list[str]:
    """What everyone may read."""
    entries = draw.entries.exclude(chance=None).count()
    sentences = [
        ngettext("%(count)d seat was drawn.", "%(count)d seats were drawn.", draw.seats)
        % {"count": draw.seats}
    ]
    if not draw.seed:  # with as many seats as entries, the number of seats would tell how few asked
        sentences = [
            _("There was a seat for everyone who asked, so nothing was left to chance.")
            if draw.seats or not entries
            else _("No seat was free when entries closed.")
        ]
    if entries >= FEW:
        sentences.append(_("There were %(count)d entries.") % {"count": entries})
        least = least_chance(draw)
        if least is not None:
            sentences.append(_("The smallest chance of anyone was %(least)s %%.") % {"least": percent(least)})
    sentences += _about_chance(draw)
    sentences.append(_("Entries were frozen %(when)s.") % {"when": moment(draw.frozen_at)})
    if draw.drawn_at is not None:
        sentences.append(_("The draw was made %(when)s.") % {"when": moment(draw.drawn_at)})
    return sentences


def _about_chance(draw: Draw) -> list[str]:
    if not draw.seed:
        return []
    if not draw.is_sealed:
        came = (
            _("The value came from chance in the room: %(seed)s.")
            if draw.source_kind == "room"
            else _("The value was made by this site at the draw: %(seed)s.")
        )
        return [came % {"seed": draw.seed}, _("At that time draws were not sealed before chance.")]
    return [
        _("The draw was sealed %(when)s with the fingerprint %(commitment)s.")
        % {"when": moment(draw.committed_at), "commitment": draw.commitment}
        if draw.committed_at
        else "",
        _("Chance came from %(source)s: %(value)s.")
        % {"source": draw.get_source_kind_display(), "value": " · ".join(draw.seed.split("\n"))},
    ]


def least_chance(draw: Draw) -> float | None:
    """The smallest chance of anyone, as recorded: at first a number, since draws are sealed a fraction."""
    inner = draw.record.get("committed") or draw.record
    said = (inner.get("minimum_chance") or {}).get("achieved")
    return None if said is None else float(Fraction(str(said)))


def announced_chance(draw: Draw, zone: dt.tzinfo | None = None) -> str:
    """The source of a sealed draw, as closely as it was announced."""
    source = draw.source
    due = moment(draw.chance_due_at, zone) if draw.chance_due_at is not None else ""
    match draw.source_kind:
        case ChanceSource.DRAND:
            return _("round %(round)d of the public beacon drand (network %(network)s), known %(when)s.") % {
                "round": source["round"],
                "network": source["network"],
                "when": due,
            }
        case ChanceSource.DICE:
            return _("%(count)d throws of a die with %(sides)d sides, read out in the room.") % {
                "count": source["dice"],
                "sides": source["sides"],
            }
        case ChanceSource.WITNESSES:
            return _(
                "the values of %(count)d witnesses and one of this site, all sealed before; revealed until "
                "%(when)s."
            ) % {"count": len(source["witnesses"]) - 1, "when": due}
        case _:
            return _("a value that this site sealed with the draw and opens %(when)s.") % {"when": due}
