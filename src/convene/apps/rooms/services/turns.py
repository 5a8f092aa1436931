"""The only writer of hands, turns, invitations to speak, and questions."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.rooms.events import QuestionAsked, QuestionSettled, TurnsSwitched
from convene.apps.rooms.models import (
    Block,
    Hand,
    Participant,
    Question,
    QuestionVote,
    Room,
    Turn,
    TurnInvitation,
)
from convene.apps.rooms.permissions import Permission
from convene.apps.rooms.queries import turns as queries
from convene.apps.rooms.rules import turns as rules
from convene.apps.rooms.services.claims import locked, must_facilitate, must_run
from convene.apps.rooms.services.telling import tell
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish

Answer = TurnInvitation.Answer


def _check_present(participant: Participant) -> None:
    must_run(participant.room)
    rules.check_here(here=participant.state == Participant.State.HERE)


def _block_on(room: Room) -> Block | None:
    return room.blocks.filter(started_at__isnull=False, ended_at=None).first()


@transaction.atomic
def switch_turns(*, room: Room, on: bool, turn_seconds: int | None, actor: Person, now: datetime) -> None:
    """On or off for the room. Off lowers every hand and ends the turn that runs; time spoken is kept."""
    room = locked(room)
    must_facilitate(actor, room)
    rules.check_limit(turn_seconds)
    was = room.turns_on
    Room.objects.filter(pk=room.pk).update(turns_on=on, turn_seconds=turn_seconds)
    if not on:
        Turn.objects.filter(room=room, ended_at=None).update(ended_at=now)
        _up(room).update(state=Hand.State.LOWERED, ended_at=now)
    if was != on:
        publish(
            TurnsSwitched(subject_id=room.pk, community_id=room.session.workshop.community_id, on=on),
            actor=actor,
            now=now,
        )
    tell(room, everyone=True)


def _up(room: Room) -> QuerySet[Hand]:
    return Hand.objects.filter(participant__room=room, state=Hand.State.UP)


@transaction.atomic
def raise_hand(*, participant: Participant, now: datetime) -> Hand:
    """Raising it twice keeps the first: nobody loses their place."""
    room = locked(participant.room)
    participant.room = room
    _check_present(participant)
    rules.check_turns_on(turns_on=room.turns_on)
    standing = Hand.objects.filter(participant=participant, state=Hand.State.UP).first()
    if standing is not None:
        return standing
    hand = Hand.objects.create(participant=participant, block=_block_on(room), raised_at=now)
    tell(room, participants=_whose_place_moves(room))
    return hand


@transaction.atomic
def lower_hand(*, participant: Participant, now: datetime) -> None:
    """Lowering a hand that is not up changes nothing."""
    changed = Hand.objects.filter(participant=participant, state=Hand.State.UP).update(
        state=Hand.State.LOWERED, ended_at=now
    )
    if changed:
        tell(participant.room, participants=[participant.pk, *_whose_place_moves(participant.room)])


def _whose_place_moves(room: Room) -> list[UUID]:
    """Those in the queue see their own place in it."""
    return list(_up(room).values_list("participant_id", flat=True))


@transaction.atomic
def next_speaker(*, room: Room, actor: Person, now: datetime, after: Turn | None = None) -> Turn | None:
    """End the turn that runs and call who was heard least; None when nobody waits.

    `after`: the turn the presser saw running. When two people press at once, the second press finds another
    turn running and changes nothing, so that nobody is skipped.
    """
    room = locked(room)
    must_facilitate(actor, room)
    must_run(room)
    rules.check_turns_on(turns_on=room.turns_on)
    running = queries.speaking(room)
    if running is not None and (after is None or after.pk != running.pk):
        return running
    if running is not None:
        Turn.objects.filter(pk=running.pk, ended_at=None).update(ended_at=now)
    waiting = queries.waiting(room, now)
    if not waiting:
        tell(room, participants=[running.participant_id] if running else [])
        return None
    hand = waiting[0]
    Hand.objects.filter(pk=hand.pk, state=Hand.State.UP).update(state=Hand.State.CALLED, ended_at=now)
    turn = Turn.objects.create(room=room, participant=hand.participant, block=_block_on(room), started_at=now)
    told = [hand.participant_id, *([running.participant_id] if running else [])]
    tell(room, participants=[*told, *_whose_place_moves(room)])
    return turn


@transaction.atomic
def end_turn(*, turn: Turn, actor: Person, now: datetime) -> None:
    """Thank the one who speaks; nobody is called. Ending it twice changes nothing."""
    room = locked(turn.room)
    must_facilitate(actor, room)
    if Turn.objects.filter(pk=turn.pk, ended_at=None).update(ended_at=now):
        tell(room, participants=[turn.participant])


@transaction.atomic
def waive_limit(*, turn: Turn, actor: Person) -> None:
    """Let this one speak on."""
    room = locked(turn.room)
    must_facilitate(actor, room)
    if Turn.objects.filter(pk=turn.pk, ended_at=None, waived=False).update(waived=True):
        tell(room, participants=[turn.participant])


@transaction.atomic
def choose_openness(*, participant: Participant, is_open: bool) -> None:
    """Whether one may be invited to speak: the participant's own choice, to be changed at any time."""
    if Participant.objects.filter(pk=participant.pk).update(open_to_invitation=is_open):
        tell(participant.room, screen=False, phone=False, participants=[participant])


@transaction.atomic
def invite_quiet(*, room: Room, actor: Person, now: datetime) -> TurnInvitation:
    """Ask one of those not heard yet, on their phone only; neither screen nor cockpit names who was asked."""
    room = locked(room)
    must_facilitate(actor, room)
    rules.check_turns_on(turns_on=room.turns_on)
    block = _block_on(room)
    if block is None:
        raise RuleBroken(_("The session is not running."), code="not_running")
    quiet = queries.may_be_invited(room, now)
    if not quiet:
        raise RuleBroken(
            _("Nobody who is open to it is still to be asked in this part of the session."),
            code="nobody_left",
        )
    invitation = TurnInvitation.objects.create(participant_id=quiet[0], block=block, invited_at=now)
    tell(room, screen=False, phone=False, participants=[invitation.participant])
    return invitation


@transaction.atomic
def answer_invitation(*, invitation: TurnInvitation, speaks: bool, now: datetime) -> None:
    """Yes raises the hand; "passed" is an answer, and nobody else learns which it was."""
    participant = Participant.objects.select_related("room").get(pk=invitation.participant_id)
    claimed = TurnInvitation.objects.filter(pk=invitation.pk, answer=Answer.OPEN).update(
        answer=Answer.YES if speaks else Answer.PASSED, answered_at=now
    )
    if not claimed:
        return
    if speaks:
        raise_hand(participant=participant, now=now)
    tell(participant.room, screen=False, phone=False, participants=[participant])


@transaction.atomic
def ask(*, participant: Participant, text: str, anonymous: bool, now: datetime) -> Question:
    """Ask under one's name, or so that no link to the asker is kept anywhere: not here, not in the audit."""
    _check_present(participant)
    question = Question.objects.create(
        room=participant.room,
        text=rules.check_question(text),
        author=None if anonymous else participant,
        asked_at=now,
    )
    community_id = participant.room.session.workshop.community_id
    publish(
        QuestionAsked(subject_id=question.pk, community_id=community_id, anonymous=anonymous),
        actor=None if anonymous else participant.person,
        now=now,
    )
    tell(participant.room)
    return question


@transaction.atomic
def vote(*, question: Question, participant: Participant, up: bool) -> None:
    """Vote up, or take it back. Each counts once however often it is pressed."""
    if question.room_id != participant.room_id:
        raise NotAllowed(Permission.TAKE_PART)
    _check_present(participant)
    if not up:
        changed, _each = QuestionVote.objects.filter(question=question, participant=participant).delete()
    else:
        try:
            with transaction.atomic():
                QuestionVote.objects.create(question=question, participant=participant)
            changed = 1
        except IntegrityError:
            changed = 0
    if changed:
        tell(participant.room, participants=[participant])


@transaction.atomic
def settle_question(*, question: Question, state: str, actor: Person, now: datetime) -> None:
    """Answered, hidden, or open again."""
    room = Room.objects.select_related("session__workshop").get(pk=question.room_id)
    must_facilitate(actor, room)
    if Question.objects.filter(pk=question.pk).exclude(state=state).update(state=Question.State(state)):
        publish(
            QuestionSettled(
                subject_id=question.pk, community_id=room.session.workshop.community_id, state=state
            ),
            actor=actor,
            now=now,
        )
        tell(room, participants=question.votes.values_list("participant_id", flat=True))
