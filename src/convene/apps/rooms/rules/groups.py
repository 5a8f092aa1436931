"""What may be asked of groups, and why it cannot be had; in the words of those who facilitate."""

from __future__ import annotations

from collections.abc import Mapping

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convene.engines.grouping import Clash, ClashCode
from convene.foundation.errors import RuleBroken

ROUNDS = (1, 6)
FEWEST_GROUPS = 2
SMALLEST_ROOM = 4
"""Fewer people are one group."""

CLASH_WORDS: Mapping[str, str | Promise] = {
    ClashCode.APART_TOGETHER: gettext_lazy("These are to sit together and apart: %(who)s."),
    ClashCode.TOO_MANY_TOGETHER: gettext_lazy(
        "More people are to sit together than a table has room for: %(who)s."
    ),
    ClashCode.PINNED_TWICE: gettext_lazy("Someone is fixed at two tables: %(who)s."),
    ClashCode.TABLE_FULL: gettext_lazy("More people are fixed at one table than it has room for: %(who)s."),
    ClashCode.TOO_MANY_APART: gettext_lazy("More people are to sit apart than there are tables: %(who)s."),
    ClashCode.TOO_FEW: gettext_lazy("There are fewer people who facilitate than tables."),
}
OTHER_CLASH = gettext_lazy("These wishes cannot all be kept. It is about: %(who)s.")


def check_size(*, here: int, groups: int, rounds: int) -> None:
    if here < SMALLEST_ROOM:
        raise RuleBroken(
            _("Groups need at least %(n)d people in the room.") % {"n": SMALLEST_ROOM}, code="too_few_here"
        )
    if not FEWEST_GROUPS <= groups <= here // 2:
        raise RuleBroken(
            _("Between 2 and %(most)d groups, so that nobody sits alone.") % {"most": here // 2},
            code="groups",
            field="groups",
        )
    if not ROUNDS[0] <= rounds <= ROUNDS[1]:
        raise RuleBroken(_("Between 1 and 6 rounds."), code="rounds", field="rounds")


def check_draft(state: str) -> None:
    if state != "draft":
        raise RuleBroken(_("These groups are no draft any more."), code="no_draft")


def sensible_groups(here: int) -> int:
    """Tables of four or five."""
    return max(FEWEST_GROUPS, min(round(here / 4.5), here // 2))


def refused(clash: Clash, names: Mapping[str, str]) -> RuleBroken:
    """The smallest clash found, by name."""
    who = ", ".join(names[one] for one in clash.people)
    return RuleBroken(CLASH_WORDS.get(clash.code, OTHER_CLASH) % {"who": who}, code=f"clash_{clash.code}")


def percent(part: float, whole: float) -> int:
    """Rounded down: 100 only when nothing better exists."""
    return 100 if whole <= 0 or part >= whole else int(100 * part / whole)
