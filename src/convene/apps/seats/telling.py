"""Chances to come, in words: rounded to whole percents, never about fewer than five people."""

from __future__ import annotations

from django.utils.translation import gettext as _

from convene.apps.communities.rules.traits import SMALLEST
from convene.apps.seats.foreseeing import Cost, Spread

COARSE = 5


def percent(chance: float, *, coarse: bool = False) -> str:
    """A chance to come, in whole percents: "12 %"; not nothing and not certain unless it is.

    `coarse`, to the next five: where a finer figure would tell how few some people are.
    """
    if coarse and 0 < chance < 0.05:  # noqa: PLR2004 -- the text says so
        return _("under 5 %")
    if coarse:
        return _("about %(percent)d %%") % {"percent": COARSE * round(100 * chance / COARSE)}
    if 0 < chance < 0.01:  # noqa: PLR2004 -- the text says so
        return _("under 1 %")
    if 0.99 < chance < 1 - 1e-9:  # noqa: PLR2004 -- the text says so
        return _("over 99 %")
    return _("%(percent)d %%") % {"percent": round(100 * chance)}


def spread_in_words(spread: Spread, *, coarse: bool = False) -> str:
    least, most = percent(spread.least, coarse=coarse), percent(spread.most, coarse=coarse)
    values = {"least": least, "most": most}
    if least == most:
        text = _("Everyone who can be drawn has about the same chance, %(least)s.") % values
    elif spread.proven:
        text = _("The least likely have a chance of %(least)s, the most likely %(most)s.") % values
    else:
        text = (
            _(
                "As far as it was looked, the least likely have a chance of %(least)s or more, the most "
                "likely %(most)s."
            )
            % values
        )
    if spread.without >= SMALLEST:
        text += " " + _("%(count)d people have no chance at all.") % {"count": spread.without}
    elif spread.without:
        text += " " + _("Some have no chance at all.")
    return text


def cost_in_words(cost: Cost, *, coarse: bool = False) -> str:
    """ "With this target the least likely have 12 %, without it 21 %"."""
    before, after = cost.with_it, cost.without_it
    least = [percent(each.least, coarse=coarse) for each in (before, after)]
    most = [percent(each.most, coarse=coarse) for each in (before, after)]
    if cost.is_none:
        return _(
            "This target costs nobody a chance: the least likely have %(least)s with it and without it."
        ) % {"least": least[0]}
    sentences = []
    if least[0] == least[1]:
        words = _("The least likely have %(with)s with this target and without it.")
    elif before.proven and after.proven:
        words = _("With this target the least likely have %(with)s, without it %(without)s.")
    else:
        words = _(
            "As far as it was looked, with this target the least likely have %(with)s, without it "
            "%(without)s."
        )
    sentences.append(words % {"with": least[0], "without": least[1]})
    if most[0] != most[1]:
        sentences.append(
            _("The most likely have %(with)s, without it %(without)s.")
            % {"with": most[0], "without": most[1]}
        )
    if before.without and not after.without:
        sentences.append(_("With it some have no chance at all, without it everyone has one."))
    return " ".join(sentences)
