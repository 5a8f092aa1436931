"""Findings about targets in words: at the target, and as the smallest change.

A steward reads why, with counts; but a count of fewer than five people, and one hidden to protect another,
is not said here either. `asking` is then None, and so is the number that would tell it.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.communities.rules.traits import SMALLEST
from convene.apps.seats.allotting import PASSED_OVER, Finding, Mend, Why

Labels = Mapping[str, str]
"""Question id -> the question."""


def name_of(mend: Mend, labels: Labels) -> str:
    if mend.question == PASSED_OVER:
        return _("places held for those passed over")
    return answer_of(labels.get(mend.question, ""), mend.value)


def answer_of(question: str, answer: str) -> str:
    """ "Role: nurse", "What is your role? nurse"."""
    return f"{question}{'' if question.endswith('?') else ':'} {answer}"


def complaints(
    finding: Finding, question: str, value: str, *, labels: Labels, asking: int | None
) -> list[str]:
    """What stands at one target, a sentence or two for each of its sides that cannot be kept."""
    mine = [mend for mend in finding.clash if (mend.question, mend.value) == (question, value)]
    return [" ".join(_about(finding, mend, labels, asking)) for mend in mine]


def _about(finding: Finding, mend: Mend, labels: Labels, asking: int | None) -> Iterable[str]:
    match mend.why:
        case Why.FEW:
            yield from _few(mend, asking)
            return
        case Why.SUM if mend.side == "least":
            yield _("The least seats of these answers together are more than there are seats.")
        case Why.SUM:
            yield _("With these most everyone together gets fewer seats than there are.")
        case Why.HELD:
            yield _("More people who gave this answer hold a seat already.")
        case Why.CLASH:
            yield _clash(finding, mend, labels)
    found = [each for each in (*finding.alone, *finding.relaxation) if each.at == mend.at]
    if found:
        yield _helps(found[0].becomes)


def _hides(mend: Mend, asking: int | None) -> bool:
    return asking is None or mend.becomes < SMALLEST


def _few(mend: Mend, asking: int | None) -> Iterable[str]:
    if _hides(mend, asking):
        yield _("At least %(wanted)d are asked for; fewer people who gave this answer have asked so far.") % {
            "wanted": mend.was
        }
        yield _("With fewer seats here, or when more of them ask, it can be met.")
    else:
        yield ngettext(
            "At least %(wanted)d are asked for; %(asking)d person who gave this answer has asked so far.",
            "At least %(wanted)d are asked for; %(asking)d people who gave this answer have asked so far.",
            mend.becomes,
        ) % {"wanted": mend.was, "asking": mend.becomes}
        yield _helps(mend.becomes)


def _clash(finding: Finding, mend: Mend, labels: Labels) -> str:
    others = [other for other in finding.clash if other.why == Why.CLASH and other.at != mend.at]
    if not others:
        return _("Those who asked so far cannot meet this.")
    names = _("; ").join(_side(other, labels) for other in others)
    return ngettext(
        "Together with “%(names)s” this cannot be met by those who asked so far.",
        "Together with these this cannot be met by those who asked so far: %(names)s.",
        len(others),
    ) % {"names": names}


def _side(mend: Mend, labels: Labels) -> str:
    if mend.question == PASSED_OVER:  # without a number: it may be that of those few who were
        return name_of(mend, labels)
    words = _("%(what)s at least %(seats)d") if mend.side == "least" else _("%(what)s at most %(seats)d")
    return words % {"what": name_of(mend, labels), "seats": mend.was}


def _helps(number: int) -> str:
    return _("It can with %(number)d.") % {"number": number} if number else _("It can without this target.")


def describe(mend: Mend, labels: Labels, *, asking: int | None) -> str:
    """A change in words: "at least 5 instead of 6 for “Role: nurse”"."""
    if mend.question == PASSED_OVER:
        return _("fewer places held for those passed over")
    params = {"becomes": mend.becomes, "was": mend.was, "what": name_of(mend, labels)}
    if mend.why == Why.FEW and _hides(mend, asking):
        return _("at least as many as asked, instead of %(was)d, for “%(what)s”") % params
    if mend.side == "least":
        return _("at least %(becomes)d instead of %(was)d for “%(what)s”") % params
    return _("at most %(becomes)d instead of %(was)d for “%(what)s”") % params
