"""Gather, ask, think about, settle. Nothing else writes the board."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.communities.models import Community
from convene.apps.stewardship import permissions
from convene.apps.stewardship.board import queries, rules
from convene.apps.stewardship.board.events import (
    ConversationPlanned,
    QuestionPutUp,
    QuestionReopened,
    QuestionSettled,
    ThinkerJoined,
    ThinkerLeft,
)
from convene.apps.stewardship.models import OpenQuestion, Thinker
from convene.apps.stewardship.permissions import Permission
from convene.apps.workshops.services import create_workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish

if TYPE_CHECKING:
    from convene.apps.people.models import Person

State = OpenQuestion.State
TEMPLATE = "hot_topic"
_ON_THE_BOARD = (State.WAITING, State.OPEN)


@transaction.atomic
def gather(*, now: datetime) -> int:
    """Questions from final notes wait to be read; from inquiries they stand at once. Idempotent."""
    rows = [
        OpenQuestion(
            community_id=line.block.room.session.workshop.community_id,
            text=rules.tidy(line.text),
            state=State.WAITING,
            line=line,
            asked_at=now,
        )
        for line in queries.new_lines()
    ]
    rows += [
        OpenQuestion(
            community_id=statement.inquiry.community_id,
            text=rules.tidy(statement.text),
            statement=statement,
            asked_at=now,
        )
        for statement in queries.new_statements()
    ]
    OpenQuestion.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@transaction.atomic
def ask(*, community: Community, text: str, actor: Person, now: datetime) -> OpenQuestion:
    """A member puts a question on the board, and wants to think about it."""
    _reads(actor, community.pk)
    text = rules.tidy(text)
    rules.check_text(text)
    Community.objects.select_for_update().get(pk=community.pk)
    standing = OpenQuestion.objects.filter(community=community, state=State.OPEN)
    rules.check_known(text, list(standing.values_list("text", flat=True)))
    rules.check_share(standing.filter(asked_by=actor).count())
    question = OpenQuestion.objects.create(community=community, text=text, asked_by=actor, asked_at=now)
    Thinker.objects.create(question=question, person=actor)
    _say(QuestionPutUp, question, actor, now)
    return question


@transaction.atomic
def put_up(*, question: OpenQuestion, text: str, actor: Person, now: datetime) -> None:
    """A steward has read it, and perhaps put it more clearly, without what belongs to the room."""
    _settles(actor, question.community_id)
    text = rules.tidy(text)
    rules.check_text(text)
    _claim(question, (State.WAITING,), state=State.OPEN, text=text)
    _say(QuestionPutUp, question, actor, now)


@transaction.atomic
def think(*, question: OpenQuestion, may_name: bool, actor: Person, now: datetime) -> None:
    """Said twice it counts once; the newer word on the name holds."""
    _reads(actor, question.community_id)
    if not OpenQuestion.objects.filter(pk=question.pk, state=State.OPEN).exists():
        raise RuleBroken(_("This question has been settled."), code="question_settled")
    Thinker.objects.update_or_create(question=question, person=actor, defaults={"may_name": may_name})
    _say(ThinkerJoined, question, actor, now)


@transaction.atomic
def leave(*, question: OpenQuestion, actor: Person, now: datetime) -> None:
    _reads(actor, question.community_id)
    gone, _models = Thinker.objects.filter(question=question, person=actor).delete()
    if gone:
        _say(ThinkerLeft, question, actor, now)


@transaction.atomic
def converse(*, question: OpenQuestion, actor: Person, now: datetime) -> UUID:
    """The draft of an open conversation; of two stewards only one makes it."""
    _settles(actor, question.community_id)
    _claim(question, (State.OPEN,), state=State.CONVERSATION, settled_at=now)
    workshop = create_workshop(
        community=question.community, template=TEMPLATE, title=question.text[:160], actor=actor, now=now
    )
    OpenQuestion.objects.filter(pk=question.pk).update(workshop=workshop)
    publish(
        ConversationPlanned(
            subject_id=question.pk, community_id=question.community_id, workshop_id=workshop.pk
        ),
        actor=actor,
        now=now,
    )
    return workshop.pk


@transaction.atomic
def settle(*, question: OpenQuestion, words: str, answered: bool, actor: Person, now: datetime) -> None:
    """Answered, with the answer or where it stands; or set aside, with the reason."""
    _settles(actor, question.community_id)
    words = rules.tidy(words)
    rules.check_words(words)
    state = State.ANSWERED if answered else State.SET_ASIDE
    _claim(question, (*_ON_THE_BOARD, State.CONVERSATION), state=state, words=words, settled_at=now)
    publish(
        QuestionSettled(subject_id=question.pk, community_id=question.community_id, answered=answered),
        actor=actor,
        now=now,
    )


@transaction.atomic
def reopen(*, question: OpenQuestion, actor: Person, now: datetime) -> None:
    """The conversation left it open, or it was set aside too early."""
    _settles(actor, question.community_id)
    settled = (State.CONVERSATION, State.ANSWERED, State.SET_ASIDE)
    _claim(question, settled, state=State.OPEN, words="", settled_at=None, workshop=None)
    _say(QuestionReopened, question, actor, now)


def _reads(actor: Person, community_id: UUID) -> None:
    if not permissions.can_read(actor, community_id):
        raise NotAllowed(Permission.READ_DECISIONS)


def _settles(actor: Person, community_id: UUID) -> None:
    if not permissions.can_decide(actor, community_id):
        raise NotAllowed(Permission.DECIDE)


def _claim(question: OpenQuestion, states: tuple[str, ...], **values: object) -> None:
    if OpenQuestion.objects.filter(pk=question.pk, state__in=states).update(**values) != 1:
        raise RuleBroken(_("Someone has just settled this. Look at it again."), code="question_settled")


def _say(
    event: type[QuestionPutUp | QuestionReopened | ThinkerJoined | ThinkerLeft],
    question: OpenQuestion,
    actor: Person,
    now: datetime,
) -> None:
    publish(event(subject_id=question.pk, community_id=question.community_id), actor=actor, now=now)
