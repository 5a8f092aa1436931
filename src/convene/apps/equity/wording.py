"""Findings in words, each with what can be done about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.equity import rules
from convene.apps.equity.periods import Step
from convene.apps.equity.rules import Shares

_RARELY = 1000


@dataclass(frozen=True)
class Deed:
    """Something to do, and where."""

    label: str
    href: str


@dataclass(frozen=True)
class Finding:
    text: str
    how_sure: str
    aside: str
    deeds: Sequence[Deed]


def percent(share: float) -> str:
    return _("%(n)d %%") % {"n": round(100 * share)}


def of_words(count: int, whole: int) -> str:
    return _("%(n)d of %(of)d") % {"n": count, "of": whole}


def finding(
    shares: Shares, label: str, compared: Sequence[Shares], deeds: Mapping[str, Sequence[Deed]]
) -> Finding:
    words = {
        "who": label,
        "share": percent(shares.share),
        "mine": of_words(shares.mine, shares.mine_of),
        "other_share": percent(shares.others_share),
        "others": of_words(shares.others, shares.others_of),
    }
    return Finding(
        _sentence(shares.step, less=shares.less) % words,
        how_sure(shares.chance),
        _before(shares, compared),
        deeds.get(shares.step, ()),
    )


def _sentence(step: str, *, less: bool) -> str:
    sentences = {
        (Step.ASKED, True): _(
            "Members in “%(who)s” ask for a seat less often: %(share)s (%(mine)s) against %(other_share)s of "
            "the other members (%(others)s)."
        ),
        (Step.ASKED, False): _(
            "Members in “%(who)s” ask for a seat more often: %(share)s (%(mine)s) against %(other_share)s of "
            "the other members (%(others)s)."
        ),
        (Step.OFFERED, True): _(
            "Of the members in “%(who)s” who asked, fewer were offered a seat: %(share)s (%(mine)s) against "
            "%(other_share)s of the others who asked (%(others)s)."
        ),
        (Step.OFFERED, False): _(
            "Of the members in “%(who)s” who asked, more were offered a seat: %(share)s (%(mine)s) against "
            "%(other_share)s of the others who asked (%(others)s)."
        ),
        (Step.CAME, True): _(
            "Of the members in “%(who)s” who were offered a seat, fewer came: %(share)s (%(mine)s) against "
            "%(other_share)s of the others (%(others)s)."
        ),
        (Step.CAME, False): _(
            "Of the members in “%(who)s” who were offered a seat, more came: %(share)s (%(mine)s) against "
            "%(other_share)s of the others (%(others)s)."
        ),
    }
    return sentences[Step(step), less]


def _before(shares: Shares, compared: Sequence[Shares]) -> str:
    """They are offered a seat less often: though they ask as often?"""
    if shares.step != Step.OFFERED:
        return ""
    asking = [one for one in compared if (one.row, one.step) == (shares.row, Step.ASKED)]
    if not asking or asking[0].chance * len(compared) < rules.LEVEL:
        return ""
    return _("They ask about as often as the others: %(share)s against %(other_share)s.") % {
        "share": percent(asking[0].share),
        "other_share": percent(asking[0].others_share),
    }


def how_sure(chance: float) -> str:
    once_in = int(1 / max(chance, 1e-9))
    if once_in >= _RARELY:
        return _("Chance alone would make such a difference less than once in 1,000 times.")
    return _("Chance alone would make such a difference about once in %(n)d times.") % {"n": once_in}


def nothing_found(compared: Sequence[Shares]) -> str:
    """What it means that no difference is spoken of: how large one would have to be to be seen."""
    if not compared:
        return _("There are not enough figures here to compare.")
    words = ngettext(
        "No difference larger than chance would make, in one comparison.",
        "No difference larger than chance would make, in %(n)d comparisons.",
        len(compared),
    ) % {"n": len(compared)}
    seen = [
        points
        for one in compared
        if (points := rules.visible(one.mine_of, one.others_of, one.others_share, len(compared))) is not None
    ]
    if not seen:
        return words + " " + _("That says little: among so few people no difference stands out.")
    return (
        words
        + " "
        + _(
            "That does not mean that there is none: with so few people only one of %(points)d points of a "
            "hundred or more would show."
        )
        % {"points": min(seen)}
    )
