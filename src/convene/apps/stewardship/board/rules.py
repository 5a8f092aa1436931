"""What may stand on the board. Pure."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.foundation.errors import RuleBroken

FEWEST_LETTERS = 8
LONGEST = 300
SMALLEST_FIGURE = 5
MOST_OF_ONE = 5
"""Questions one member has on the board at a time."""


def tidy(text: str) -> str:
    return " ".join(text.split())[:LONGEST]


def check_text(text: str) -> None:
    if len(text) < FEWEST_LETTERS:
        raise RuleBroken(_("Put it as a question, in a few words."), code="question_short", field="text")


def check_known(text: str, known: list[str]) -> None:
    if text.casefold().rstrip("?. ") in {one.casefold().rstrip("?. ") for one in known}:
        raise RuleBroken(
            _("It stands on the board already: say there that you want to think about it."),
            code="question_known",
            field="text",
        )


def check_share(asked: int) -> None:
    if asked >= MOST_OF_ONE:
        raise RuleBroken(
            _("You have five questions on the board. Think about one of them first."),
            code="question_share",
            field="text",
        )


def check_words(words: str) -> None:
    if len(words) < FEWEST_LETTERS:
        raise RuleBroken(
            _("Say it in a sentence: those who wanted to think about it read it."),
            code="question_words",
            field="words",
        )


def thinking(count: int) -> str:
    """In words below five: a figure that small would point at people."""
    if count <= 0:
        return _("Nobody yet wants to think about it")
    if count < SMALLEST_FIGURE:
        return _("A few people want to think about it")
    return ngettext(
        "%(count)d person wants to think about it", "%(count)d people want to think about it", count
    ) % {"count": count}
