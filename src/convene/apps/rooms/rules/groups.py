"""What may be asked of groups, and why it cannot be had; in the words of those who facilitate."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.text import get_text_list
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from convene.engines.grouping import Clash, ClashCode
from convene.foundation.errors import RuleBroken

ROUNDS = (1, 6)
FEWEST_GROUPS = 2
SMALLEST_ROOM = 4
"""Fewer people are one group."""
MOST_RULES = 40
TIER, ORGANISATION, VIEWPOINT, QUESTION = "tier", "organisation", "viewpoint", "question-"
"""What groups are mixed by; `QUESTION` with the id of one of the community's questions behind it."""
FACILITATOR, CORE, NEEDS_STEP_FREE = "facilitator", "core", "step-free"
EACH_WORDS: Mapping[str, str | Promise] = {
    FACILITATOR: gettext_lazy("Someone who facilitates sits at every table."),
    CORE: gettext_lazy("A core member sits at every table."),
}


@dataclass(frozen=True)
class Wishes:
    """What the facilitator asks of groups. `new_faces`: 0 mix only, 100 meet new people only.

    `mixes`: keys of what people at a table should differ in; `ordered`: those of them whose answers go from
    little to much.
    """

    groups: int
    rounds: int = 1
    new_faces: int = 50
    mixes: tuple[str, ...] = (TIER,)
    ordered: tuple[str, ...] = ()

    @classmethod
    def kept(cls, rows: Sequence[Mapping[str, Any]], groups: int) -> Wishes:
        """As a grouping keeps them; of one made before a wish existed, what it knows."""
        row = rows[0] if rows else {}
        return cls(
            groups=groups,
            rounds=int(row.get("rounds", 1)),
            new_faces=int(row.get("new_faces", 50)),
            mixes=tuple(row.get("mixes", (TIER,))),
            ordered=tuple(row.get("ordered", ())),
        )


@dataclass(frozen=True)
class Said:
    """A rule in plain words. `private`: whom it is about is not said by name."""

    text: str
    private: bool = False


class Clashing(RuleBroken):
    """Rules that cannot hold together: the smallest set found, by name, and what to loosen."""

    def __init__(self, message: str, *, code: str, rules: Sequence[str], advice: str) -> None:
        super().__init__(message, code=code)
        self.rules, self.advice = tuple(rules), advice


class MoveBreaks(RuleBroken):
    """The move can be made, and what would then no longer hold."""

    def __init__(self, broken: Sequence[str]) -> None:
        super().__init__(_("This would no longer hold: %s") % " ".join(broken), code="move_breaks")
        self.broken = tuple(broken)


_CLASH_WORDS: Mapping[str, str | Promise] = {
    ClashCode.APART_TOGETHER: gettext_lazy("The same people are to sit together and apart: %(who)s."),
    ClashCode.TOO_MANY_TOGETHER: gettext_lazy(
        "More people are to sit together than a table has room for: %(who)s."
    ),
    ClashCode.PINNED_TWICE: gettext_lazy("They cannot be at both tables: %(who)s."),
    ClashCode.TABLE_FULL: gettext_lazy("More people are fixed at one table than it has room for: %(who)s."),
    ClashCode.TOO_MANY_APART: gettext_lazy("More people are to sit apart than there are tables: %(who)s."),
    ClashCode.TOO_FEW: gettext_lazy("There are too few of them here for every table."),
    ClashCode.NO_PLACE: gettext_lazy("There are not enough step-free seats."),
    ClashCode.NO_LANGUAGE: gettext_lazy(
        "People who are to sit together named no language in common, and nobody here could translate."
    ),
}
_ADVICE: Mapping[str, str | Promise] = {
    ClashCode.TOO_MANY_TOGETHER: gettext_lazy("Make fewer, larger tables, or let fewer people sit together."),
    ClashCode.TABLE_FULL: gettext_lazy("Let somebody at that table go, or make fewer, larger tables."),
    ClashCode.TOO_MANY_APART: gettext_lazy("Make more tables, or let fewer people sit apart."),
    ClashCode.TOO_FEW: gettext_lazy("Make fewer tables, or take this away."),
    ClashCode.NO_PLACE: gettext_lazy(
        "Say of more tables that they are step-free, make fewer, larger tables, or let go who was fixed."
    ),
}


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


def check_standing(state: str) -> None:
    if state == "replaced":
        raise RuleBroken(_("These groups are over; nothing was changed."), code="over")


def check_table_rule(*, kind: str, people: int, rules: int) -> None:
    if kind in {"apart", "together"} and people < 2:  # noqa: PLR2004  # one person is nobody's neighbour
        raise RuleBroken(_("Choose at least two people."), code="two_people", field="people")
    if rules >= MOST_RULES:
        raise RuleBroken(_("There are 40 rules already; take one away first."), code="too_many_rules")


def sensible_groups(here: int) -> int:
    """Tables of four or five."""
    return max(FEWEST_GROUPS, min(round(here / 4.5), here // 2))


def listed(names: Sequence[str]) -> str:
    return str(get_text_list(list(names), _("and")))


def rule_words(kind: str, *, names: Sequence[str] = (), key: str = "", label: str = "") -> Said:
    """A rule of the room as a sentence."""
    who = listed(names)
    match kind:
        case "apart":
            return Said(_("%(who)s sit at different tables.") % {"who": who})
        case "together":
            return Said(_("%(who)s sit at one table.") % {"who": who})
        case "at_each":
            return Said(str(EACH_WORDS.get(key, EACH_WORDS[FACILITATOR])))
        case "not_alone":
            return Said(
                _("Nobody is the only one of their kind at a table: %(what)s.") % {"what": label}, True
            )
        case "language":
            return Said(
                _("At every table there is a language all follow, or someone beside translates."), True
            )
    return Said(_("Whoever needs it sits at a step-free table."), True)


def pin_words(names: Sequence[str], table: str, rounds: Sequence[int]) -> Said:
    words = {"who": listed(names), "table": table, "round": ", ".join(str(one) for one in rounds)}
    return Said(_("%(who)s: fixed at %(table)s in round %(round)s.") % words)


def table_name(number: int, label: str = "") -> str:
    return label or _("Table %(n)d") % {"n": number}


def refused(clash: Clash, said: Sequence[Said], names: Mapping[str, str]) -> Clashing:
    """The smallest clash found, by name."""
    about = [said[number] for number in clash.rules]
    who = listed([names[one] for one in clash.people])
    words = _CLASH_WORDS.get(clash.code)
    return Clashing(
        str(words) % {"who": who} if words else _("These rules cannot all be kept."),
        code=f"clash_{clash.code}",
        rules=list(dict.fromkeys(each.text for each in about)),
        advice=str(_ADVICE.get(clash.code) or _("Take one of these away, or let go who was fixed.")),
    )


def share(part: float, whole: float) -> float:
    """Percent with one decimal, rounded down: 100 only when nothing better exists."""
    return 100.0 if whole <= 0 or part >= whole - 1e-9 else min(int(1000 * part / whole) / 10, 99.9)
