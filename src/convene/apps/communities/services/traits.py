"""Asking questions about people, and keeping what they chose to say."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils.translation import gettext as _

from convene.apps.communities.events import TraitQuestionAsked, TraitQuestionRetired, TraitsDeclared
from convene.apps.communities.models import Community, Trait, TraitQuestion
from convene.apps.communities.rules import traits as rules
from convene.apps.communities.services.common import locked, require_steward
from convene.apps.people.models import Consent, Person
from convene.apps.people.rules import Purpose
from convene.apps.people.services import give_consent, withdraw_consent
from convene.foundation.errors import RuleBroken
from convene.foundation.events import publish


@transaction.atomic
def ask_trait_question(
    *, community: Community, label: str, purpose: str, values: Sequence[str], actor: Person, now: datetime
) -> TraitQuestion:
    require_steward(actor, community.pk)
    locked(community.pk)
    known = list(TraitQuestion.objects.filter(community=community))
    still_open = [question for question in known if question.retired_at is None]
    rules.check_question(label=label, purpose=purpose, answers=values, open_questions=len(still_open))
    question = TraitQuestion.objects.create(
        community=community,
        key=rules.key_for(label, {question.key for question in known}),
        label=label.strip(),
        purpose=purpose.strip(),
        values=list(values),
        position=len(known),
    )
    publish(TraitQuestionAsked(subject_id=question.pk, community_id=community.pk), actor=actor, now=now)
    return question


@transaction.atomic
def change_trait_question(
    *,
    question: TraitQuestion,
    label: str,
    purpose: str,
    values: Sequence[str],
    actor: Person,
    now: datetime,
) -> None:
    """Only while nobody has answered: people consented to this purpose and chose among these answers."""
    require_steward(actor, question.community_id)
    locked(question.community_id)
    if Trait.objects.filter(question=question).exists():
        raise RuleBroken(
            _("People have answered this. Retire it and ask anew instead."), code="question_answered"
        )
    rules.check_question(label=label, purpose=purpose, answers=values, open_questions=0)
    TraitQuestion.objects.filter(pk=question.pk).update(
        label=label.strip(), purpose=purpose.strip(), values=list(values)
    )
    publish(
        TraitQuestionAsked(subject_id=question.pk, community_id=question.community_id), actor=actor, now=now
    )


@transaction.atomic
def retire_trait_question(*, question: TraitQuestion, actor: Person, now: datetime) -> None:
    """Nobody is asked it any more, and the answers are deleted: their purpose has gone."""
    require_steward(actor, question.community_id)
    if not TraitQuestion.objects.filter(pk=question.pk, retired_at=None).update(retired_at=now):
        raise RuleBroken(_("This question was retired already."), code="question_retired")
    people = Person.objects.filter(traits__question=question)
    for person in people:
        withdraw_consent(person=person, purpose=Purpose.TRAITS, scope_id=question.pk, now=now)
    Trait.objects.filter(question=question).delete()
    publish(
        TraitQuestionRetired(subject_id=question.pk, community_id=question.community_id), actor=actor, now=now
    )


@transaction.atomic
def declare_trait(*, question: TraitQuestion, value: str | None, actor: Person, now: datetime) -> None:
    """`value` one of the answers: kept with consent to the question's purpose. Empty: prefers not to say.

    None: no answer at all, as if never asked; the consent is withdrawn.
    """
    locked(question.community_id)
    question.refresh_from_db()
    if value is None:
        Trait.objects.filter(question=question, person=actor).delete()
        withdraw_consent(person=actor, purpose=Purpose.TRAITS, scope_id=question.pk, now=now)
    else:
        _check_answer(question, value)
        Trait.objects.update_or_create(
            question=question, person=actor, defaults={"value": value, "declared_at": now}
        )
        if value:
            give_consent(person=actor, purpose=Purpose.TRAITS, scope_id=question.pk, now=now)
        else:
            withdraw_consent(person=actor, purpose=Purpose.TRAITS, scope_id=question.pk, now=now)
    publish(TraitsDeclared(subject_id=actor.pk, community_id=question.community_id), actor=actor, now=now)


def _check_answer(question: TraitQuestion, value: str) -> None:
    if question.retired_at is not None:
        raise RuleBroken(_("This question is no longer asked."), code="question_retired")
    if value and value not in question.values:
        raise RuleBroken(_("Choose one of the answers."), code="unknown_answer", field=question.key)


@transaction.atomic
def forget_trait(*, person_id: UUID, question_id: UUID | None) -> None:
    """The consent was withdrawn elsewhere (the profile page): the answer goes. Idempotent, and harmless
    to an answer given anew in the meantime."""
    agreed = Consent.objects.filter(
        person_id=OuterRef("person_id"),
        purpose=Purpose.TRAITS,
        scope_id=OuterRef("question_id"),
        withdrawn_at=None,
    )
    answers = Trait.objects.filter(~Exists(agreed), person_id=person_id).exclude(value="")
    if question_id is not None:
        answers = answers.filter(question_id=question_id)
    answers.delete()
