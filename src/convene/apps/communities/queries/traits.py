"""What people declared: for draws by person, for stewards as counts that give nobody away."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from convene.apps.communities.models import Membership, Trait, TraitQuestion
from convene.apps.communities.rules.traits import Composition, composition
from convene.apps.people.models import Consent
from convene.apps.people.rules import Purpose


def open_questions(community_id: UUID) -> QuerySet[TraitQuestion]:
    return TraitQuestion.objects.filter(community_id=community_id, retired_at=None)


def _standing_answers() -> QuerySet[Trait]:
    """Answers whose owner still agrees; “prefers not to say” needs no agreement."""
    agreed = Consent.objects.filter(
        person_id=OuterRef("person_id"),
        purpose=Purpose.TRAITS,
        scope_id=OuterRef("question_id"),
        withdrawn_at=None,
    )
    return Trait.objects.filter(Q(value="") | Exists(agreed))


def traits_of(person_ids: Iterable[UUID], questions: Sequence[TraitQuestion]) -> dict[UUID, dict[UUID, str]]:
    """Person id -> question id -> answer; one query.

    "" is "prefers not to say"; a question nobody answered is absent. Everyone asked about has a row.
    For draws and groups only: never show it beside a name.
    """
    found: dict[UUID, dict[UUID, str]] = {person_id: {} for person_id in person_ids}
    rows = _standing_answers().filter(person_id__in=list(found), question__in=questions)
    for person_id, question_id, value in rows.values_list("person_id", "question_id", "value"):
        found[person_id][question_id] = value
    return found


def answers_of(person_id: UUID) -> dict[UUID, Trait]:
    """One's own answers, by question id."""
    return {trait.question_id: trait for trait in _standing_answers().filter(person_id=person_id)}


@dataclass(frozen=True)
class QuestionComposition:
    question: TraitQuestion
    figures: Composition | None


def composition_of(community_id: UUID) -> list[QuestionComposition]:
    """Who the active members are, as far as they said; two queries however many questions."""
    members = list(
        Membership.objects.filter(community_id=community_id, state=Membership.State.ACTIVE).values_list(
            "person_id", flat=True
        )
    )
    questions = list(open_questions(community_id))
    said = traits_of(members, questions)
    return [
        QuestionComposition(question, composition(_counts(question, said), _unsaid()))
        for question in questions
    ]


def _counts(question: TraitQuestion, said: dict[UUID, dict[UUID, str]]) -> dict[str, int]:
    answers = Counter(given.get(question.pk) for given in said.values())
    counts = {value: answers[value] for value in question.values}
    prefers_not, none = _unsaid()
    return {**counts, prefers_not: answers[""], none: answers[None]}


def _unsaid() -> tuple[str, str]:
    return _("prefer not to say"), _("no answer")
