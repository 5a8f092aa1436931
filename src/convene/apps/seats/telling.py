"""Chances to come, in words: rounded to whole percents, never about fewer than five people."""

from __future__ import annotations

from django.utils.translation import gettext as _

from convene.apps.communities.rules.traits import SMALLEST
from convene.apps.seats.foreseeing import Cost, Spread


def percent(chance: float) -> str:
    """A chance to come, in whole percents: "12 %"; not nothing and not certain unless it is."""
    if 0 < chance < 0.01:  # noqa: PLR2004 -- the text says so
        return _("under 1 %")
    if 0.99 < chance < 1 - 1e-9:  # noqa: PLR2004 -- the text says so
        return _("over 99 %")
    return _("%(percent)d %%") % {"percent": round(100 * chance)}


def spread_in_words(spread: Spread) -> str:
    values = {"least": percent(spread.least), "most": percent(spread.most)}
    if percent(spread.least) == percent(spread.most):
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


def cost_in_words(cost: Cost) -> str:
    """ "With this target the least likely have 12 %, without it 21 %"."""
    before, after = cost.with_it, cost.without_it
    if cost.is_none:
        return _(
            "This target costs nobody a chance: the least likely have %(least)s with it and without it."
        ) % {"least": percent(before.least)}
    sentences = []
    if percent(before.least) == percent(after.least):
        sentences.append(
            _("The least likely have %(least)s with this target and without it.")
            % {"least": percent(before.least)}
        )
    else:
        words = (
            _("With this target the least likely have %(with)s, without it %(without)s.")
            if before.proven and after.proven
            else _(
                "As far as it was looked, with this target the least likely have %(with)s, without it "
                "%(without)s."
            )
        )
        sentences.append(words % {"with": percent(before.least), "without": percent(after.least)})
    if percent(before.most) != percent(after.most):
        sentences.append(
            _("The most likely have %(with)s, without it %(without)s.")
            % {"with": percent(before.most), "without": percent(after.most)}
        )
    if before.without and not after.without:
        sentences.append(_("With it some have no chance at all, without it everyone has one."))
    return " ".join(sentences)
