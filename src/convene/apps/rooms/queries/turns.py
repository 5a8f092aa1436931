"""Who waits, who speaks, who was heard, and what was asked. Time spoken is never listed by name."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Value
from django.db.models.fields import BooleanField

from convene.apps.rooms.models import Hand, Participant, Question, QuestionVote, Room, Turn, TurnInvitation
from convene.apps.rooms.rules import turns as rules
from convene.engines import airtime

MOST_QUESTIONS = 100
"""More open questions are not read on a phone."""


def spoken(room: Room, now: datetime) -> dict[UUID, float]:
    """Seconds spoken in this session by participant; who has not spoken is not in it."""
    seconds: dict[UUID, float] = {}
    rows = Turn.objects.filter(room=room).values_list("participant_id", "started_at", "ended_at")
    for participant_id, started_at, ended_at in rows:
        more = rules.seconds_of(started_at, ended_at, now)
        seconds[participant_id] = seconds.get(participant_id, 0.0) + more
    return seconds


def waiting(room: Room, now: datetime) -> list[Hand]:
    """Raised hands of people here, in the order in which they will be called."""
    up = Hand.objects.filter(
        participant__room=room, participant__state=Participant.State.HERE, state=Hand.State.UP
    ).select_related("participant__person")
    by_id = {str(hand.participant_id): hand for hand in up}
    if not by_id:
        return []
    hands = [airtime.Hand(person, hand.raised_at.timestamp()) for person, hand in by_id.items()]
    seconds = {str(one): sum_ for one, sum_ in spoken(room, now).items()}
    return [by_id[hand.person] for hand in airtime.order(hands, seconds)]


def speaking(room: Room) -> Turn | None:
    return (
        Turn.objects.filter(room=room, ended_at=None).select_related("participant__person", "block").first()
    )


def speaks_until(turn: Turn | None, limit: int | None) -> datetime | None:
    """When the turn's limit is reached; None without a limit, or where it was waived."""
    if turn is None or limit is None or turn.waived:
        return None
    return turn.started_at + timedelta(seconds=limit)


def may_be_invited(room: Room, now: datetime) -> list[UUID]:
    """Participants open to it and not heard yet, in the order in which they would be asked."""
    here = list(Participant.objects.filter(room=room, state=Participant.State.HERE))
    asked = TurnInvitation.objects.filter(participant__room=room).values_list("participant_id", "block_id")
    times: dict[UUID, int] = {}
    current = set()
    block = room.blocks.filter(started_at__isnull=False, ended_at=None).first()
    for participant_id, block_id in asked:
        times[participant_id] = times.get(participant_id, 0) + 1
        if block is not None and block_id == block.pk:
            current.add(participant_id)
    listeners = [
        airtime.Listener(
            str(one.pk),
            arrived=one.arrived_at.timestamp() if one.arrived_at else now.timestamp(),
            willing=one.open_to_invitation and not one.facilitates,
            asked=times.get(one.pk, 0),
            asked_now=one.pk in current,
        )
        for one in here
    ]
    up = Hand.objects.filter(participant__room=room, state=Hand.State.UP)
    hands = [airtime.Hand(str(one), 0.0) for one in up.values_list("participant_id", flat=True)]
    seconds = {str(one): sum_ for one, sum_ in spoken(room, now).items()}
    return [UUID(one) for one in airtime.to_invite(listeners, seconds, hands)]


def balance(room: Room, now: datetime) -> rules.Balance:
    """Of everybody who is here or spoke, facilitators left out: it is their work to speak."""
    people = set(
        Participant.objects.filter(room=room, facilitates=False)
        .filter(Q(state=Participant.State.HERE) | Q(turns__isnull=False))
        .values_list("pk", flat=True)
    )
    seconds = spoken(room, now)
    heard = [seconds.get(one, 0.0) for one in people]
    if len(heard) < rules.FEWEST_FOR_BALANCE or not any(heard):
        return rules.balance_of(None)
    return rules.balance_of(airtime.gini(heard))


@dataclass(frozen=True)
class OwnShare:
    """For the person alone: seconds they spoke, and their part of all time spoken, in percent."""

    seconds: int
    percent: int


def own_share(participant: Participant, now: datetime) -> OwnShare:
    seconds = spoken(participant.room, now)
    own = seconds.get(participant.pk, 0.0)
    return OwnShare(round(own), round(100 * airtime.share(own, list(seconds.values()))))


def open_invitation(participant: Participant) -> TurnInvitation | None:
    """The invitation of the block that is on, if it waits for an answer."""
    return (
        TurnInvitation.objects.filter(
            participant=participant,
            answer=TurnInvitation.Answer.OPEN,
            block__started_at__isnull=False,
            block__ended_at=None,
        )
        .select_related("block")
        .first()
    )


def questions(
    room: Room, participant: Participant | None = None, *, state: str = Question.State.OPEN
) -> Sequence[Question]:
    """Most votes first, then the older. Each has `votes_count` and, for a participant, `mine`: voted up."""
    mine = (
        Exists(QuestionVote.objects.filter(question=OuterRef("pk"), participant=participant))
        if participant is not None
        else Value(value=False, output_field=BooleanField())
    )
    found = Question.objects.filter(room=room, state=state).select_related("author__person")
    ranked = found.annotate(votes_count=Count("votes"), mine=mine).order_by("-votes_count", "asked_at", "pk")
    return list(ranked[:MOST_QUESTIONS])
