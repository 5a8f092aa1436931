"""Why this result: what each person reads about their own draw, and everyone about the draw as a whole.

Numbers about fewer than five people are never shown.
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils import formats
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.seats.models import Draw, Entry, Registration
from convene.foundation.times import moment

FEW = 5


@dataclass(frozen=True)
class Why:
    draw: Draw
    sentences: list[str]


def percent(chance: float) -> str:
    return formats.number_format(round(100 * chance, 1), decimal_pos=1)


def why(registration: Registration) -> Why | None:
    """None when the person was in no draw that has been made."""
    entry = (
        Entry.objects.filter(registration=registration, draw__state=Draw.State.DRAWN)
        .select_related("draw__policy")
        .first()
    )
    if entry is None or entry.chance is None:
        return None
    return Why(entry.draw, [*_chance(entry), *_result(entry, registration)])


def _chance(entry: Entry) -> list[str]:
    text = _("Your chance of a seat was %(chance)s %%.") % {"chance": percent(entry.chance or 0)}
    least = (entry.draw.record.get("minimum_chance") or {}).get("achieved")
    has_targets = bool(entry.draw.record.get("quotas")) and entry.draw.policy.quotas.exists()
    sentences = [text]
    if least is not None:
        sentences.append(
            _("Nobody’s chance was below %(least)s %%; by these rules no fairer draw exists.")
            % {"least": percent(float(least))}
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


def _result(entry: Entry, registration: Registration) -> list[str]:
    sentences = [
        _("The value %(seed)s, made known with the result, decided it; your entry is number %(number)d.")
        % {"seed": entry.draw.seed, "number": entry.number}
    ]
    if entry.seated:
        sentences.append(_("Your number was drawn."))
    elif entry.chance == 0:
        sentences.append(_("No choice of people that meets all targets could include your entry."))
    elif entry.reserve_position is not None:
        sentences.append(
            _(
                "Your number was not drawn. You were put in place %(place)d of the reserve list, which was "
                "drawn by the same chances."
            )
            % {"place": entry.reserve_position}
        )
    if registration.state == "offered" and not entry.seated:
        sentences.append(_("A drawn seat became free, and with you all targets still hold."))
    return sentences


def about_draw(draw: Draw) -> list[str]:
    """What everyone may read."""
    entries = draw.entries.exclude(chance=None).count()
    sentences = [
        ngettext("%(count)d seat was drawn.", "%(count)d seats were drawn.", draw.seats)
        % {"count": draw.seats}
    ]
    if entries >= FEW:
        sentences.append(_("There were %(count)d entries.") % {"count": entries})
        least = (draw.record.get("minimum_chance") or {}).get("achieved")
        if least is not None:
            sentences.append(
                _("The smallest chance of anyone was %(least)s %%.") % {"least": percent(float(least))}
            )
    if draw.seed_source == Draw.SeedSource.ROOM:
        sentences.append(_("The value came from chance in the room: %(seed)s.") % {"seed": draw.seed})
    elif draw.seed:
        sentences.append(_("The value was made by this site at the draw: %(seed)s.") % {"seed": draw.seed})
    sentences.append(_("Entries were frozen %(when)s.") % {"when": moment(draw.frozen_at)})
    if draw.drawn_at is not None:
        sentences.append(_("The draw was made %(when)s.") % {"when": moment(draw.drawn_at)})
    return sentences
