"""Questions about people, and counts that give nobody away."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

from django.utils.text import slugify
from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

MAX_QUESTIONS = 5
MAX_ANSWERS = 12
SMALLEST = 5
"""No figure about fewer people is ever shown."""


def check_question(*, label: str, purpose: str, answers: Sequence[str], open_questions: int) -> None:
    if not label.strip():
        raise RuleBroken(_("Write the question."), code="label_missing", field="label")
    if not purpose.strip():
        raise RuleBroken(
            _("Say what the answers are used for; people decide by it."),
            code="purpose_missing",
            field="purpose",
        )
    if len(answers) < 2:  # noqa: PLR2004  # the text says so
        raise RuleBroken(
            _("Give at least two answers, each on a line of its own."), code="answers_missing", field="values"
        )
    if len(answers) > MAX_ANSWERS:
        raise RuleBroken(_("Keep it to twelve answers."), code="answers_too_many", field="values")
    if any(len(answer) > 80 for answer in answers):  # noqa: PLR2004  # the column's width
        raise RuleBroken(_("Keep each answer to 80 characters."), code="answer_too_long", field="values")
    if open_questions >= MAX_QUESTIONS:
        raise RuleBroken(
            _("Five questions are the most. Retire one before you ask another."), code="questions_too_many"
        )


def clean_answers(text: str) -> list[str]:
    """One a line; blank and repeated ones dropped."""
    seen: dict[str, str] = {}
    for line in text.splitlines():
        answer = " ".join(line.split())
        if answer:
            seen.setdefault(answer.casefold(), answer)
    return list(seen.values())


def key_for(label: str, taken: set[str]) -> str:
    stem = slugify(label)[:34].strip("-") or "question"
    key, n = stem, 2
    while key in taken:
        key, n = f"{stem}-{n}", n + 1
    return key


@dataclass(frozen=True)
class Composition:
    """`shown`: answers with their counts. `together`: answers whose counts are only given as one sum."""

    shown: tuple[tuple[str, int], ...]
    together: tuple[str, ...]
    together_count: int
    total: int


def composition(counts: Mapping[str, int], spare: Collection[str] = ()) -> Composition | None:
    """What may be shown of `counts`, which sum to a total the reader knows. None: nothing.

    Every answer of fewer than five, nought included, is pooled. The pool takes in others, those to `spare`
    first (not having said is the least loss), then in the order they are listed, until it holds at least two
    answers and five people, and until its sum no longer tells its parts (four in each of several). The order
    must not depend on the counts: "the smallest of the others" would say that those shown are larger, and
    five and four are then worked out from their sum.
    """
    total = sum(counts.values())
    if total < SMALLEST:
        return None
    small = [answer for answer, count in counts.items() if count < SMALLEST]
    large = [answer for answer, count in counts.items() if count >= SMALLEST]
    large.sort(key=lambda answer: answer not in spare)
    if small:
        while large and not _hides(len(small), sum(counts[a] for a in small)):
            small.append(large.pop(0))
    return Composition(
        shown=tuple((a, counts[a]) for a in counts if a in large),
        together=tuple(a for a in counts if a in small),
        together_count=sum(counts[a] for a in small),
        total=total,
    )


def _hides(answers: int, people: int) -> bool:
    return answers > 1 and people >= SMALLEST and people != answers * (SMALLEST - 1)
