"""Why this table, in words: to each person by their own facts, to those who facilitate rule by rule."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.rooms.rules.groups import Said, listed
from convene.engines.grouping import PersonReasons, TableReasons

_MORE, _LESS = 1.08, 0.92
"""A table that mixes so much more or less than the room is said to."""


def person_words(reasons: PersonReasons, labels: Mapping[str, str]) -> list[str]:
    words = []
    if reasons.new == reasons.beside:
        words.append(_("As far as we know, you have not sat with anyone at this table before."))
    elif reasons.new:
        said = ngettext(
            "One person at this table is new to you, as far as we know.",
            "%(n)d people at this table are new to you, as far as we know.",
            reasons.new,
        )
        words.append(said % {"n": reasons.new})
    else:
        words.append(
            _("You have sat with everyone at this table before; this time it could not be otherwise.")
        )
    if reasons.traits:
        what = listed([labels.get(key, key) for key in reasons.traits])
        words.append(
            _("Tables were mixed, among other things by what is known of you: %(what)s.") % {"what": what}
        )
    else:
        words.append(_("Nothing about you was used to mix the tables."))
    if reasons.viewpoint:
        words.append(_("Your viewpoint was used as you agreed, together with everyone’s; nobody sees it."))
    if reasons.language:
        words.append(_("You named the languages you speak; tables are made so that everyone can follow."))
    if reasons.by_hand:
        words.append(_("Someone who facilitates chose this table for you."))
    return words


def table_words(reasons: TableReasons) -> list[str]:
    if not reasons.pairs:
        return [_("Fewer than two people sit here.")]
    words = []
    if reasons.new == reasons.pairs:
        words.append(_("No two people here have sat together before."))
    else:
        again = reasons.pairs - reasons.new
        said = ngettext(
            "Two people here have sat together before, or do in another round.",
            "%(n)d pairs here have sat together before, or do in another round.",
            again,
        )
        words.append(said % {"n": again})
    if reasons.room > 0:
        share = reasons.mixing / reasons.room
        if share > _MORE:
            words.append(_("People here differ more than two people anywhere in the room do."))
        elif share < _LESS:
            words.append(_("People here differ less than two people anywhere in the room do."))
        else:
            words.append(_("People here differ about as much as two people anywhere in the room do."))
    return words


def swap_words(reasons: TableReasons, names: Mapping[str, str], table: str, mixing_bound: float) -> str:
    """What the cheapest exchange would cost, in percent of the best mixing possible."""
    swap = reasons.swap
    if swap is None:
        return _("Every exchange with another table would break a rule or move someone who is fixed.")
    words = {"one": names[swap.person], "other": names[swap.other], "table": table}
    said = _("The next best: %(one)s changes places with %(other)s of %(table)s.") % words
    percent = 100 * swap.mixing / mixing_bound if mixing_bound > 0 else 0.0
    if percent >= 0.05:  # noqa: PLR2004  # less is nothing, with one decimal
        said += " " + _("That would lose %(p).1f %% of the best mixing possible.") % {"p": percent}
    elif percent <= -0.05:  # noqa: PLR2004  # as above
        said += " " + _("That would win %(p).1f %% of the best mixing possible.") % {"p": -percent}
    else:
        said += " " + _("Mixing would stay as it is.")
    if swap.again > 0:
        said += " " + _("More people would meet again.")
    elif swap.again < 0:
        said += " " + _("Fewer people would meet again.")
    return said


def rule_lines(
    reasons: TableReasons, said: Sequence[Said], names: Mapping[str, str]
) -> list[tuple[str, bool]]:
    """Each rule that says something of the table, and whether it holds; nobody is named whom a need or an
    answer would give away.
    """
    found: dict[str, bool] = {}
    for each in reasons.rules:
        words = said[each.rule]
        who = (
            ""
            if words.private or each.holds or not each.people
            else listed([names[one] for one in each.people])
        )
        text = f"{words.text} ({who})" if who else words.text
        found[text] = found.get(text, True) and each.holds
    return list(found.items())
