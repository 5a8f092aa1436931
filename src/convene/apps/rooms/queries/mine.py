"""What a phone shows of its own person; for many at once in a constant number of queries."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import F, Prefetch

from convene.apps.rooms.models import (
    Group,
    Grouping,
    Participant,
    Placement,
    Question,
    QuestionVote,
    Room,
    TurnInvitation,
)
from convene.apps.rooms.queries import turns
from convene.apps.rooms.queries.groups import Table
from convene.engines import airtime


@dataclass(frozen=True)
class Mine:
    """`place`: in the queue, 0 without a raised hand."""

    participant: Participant
    table: Table | None
    place: int
    speaks: bool
    invited: bool
    share: turns.OwnShare
    votes: Sequence[Question]


def mine_of(room: Room, participants: Sequence[Participant], now: datetime) -> dict[UUID, Mine]:
    ids = [one.pk for one in participants]
    tables = _tables(room, ids)
    speaking = turns.speaking(room) if room.turns_on else None
    waiting = [hand.participant_id for hand in turns.waiting(room, now)] if room.turns_on else []
    places = {participant_id: place for place, participant_id in enumerate(waiting, start=1)}
    spoken = turns.spoken(room, now) if room.turns_on else {}
    invited = _invited(ids) if room.turns_on else set()
    votes = _votes(room, ids)
    return {
        one.pk: Mine(
            participant=one,
            table=tables.get(one.pk),
            place=places.get(one.pk, 0),
            speaks=speaking is not None and speaking.participant_id == one.pk,
            invited=one.pk in invited,
            share=_share(spoken, one.pk),
            votes=votes.get(one.pk, []),
        )
        for one in participants
    }


def _share(spoken: dict[UUID, float], participant_id: UUID) -> turns.OwnShare:
    own = spoken.get(participant_id, 0.0)
    return turns.OwnShare(round(own), round(100 * airtime.share(own, list(spoken.values()))))


def _tables(room: Room, ids: list[UUID]) -> dict[UUID, Table]:
    seated = Placement.objects.select_related("participant__person").order_by("participant__person__name")
    groups = Group.objects.filter(
        grouping__room=room,
        grouping__state=Grouping.State.PUBLISHED,
        round=F("grouping__current_round"),
        placements__participant__in=ids,
    ).distinct()
    wanted = set(ids)
    found: dict[UUID, Table] = {}
    for group in groups.prefetch_related(Prefetch("placements", queryset=seated, to_attr="seated")):
        table = Table(group, group.seated)
        found |= {one.participant_id: table for one in group.seated if one.participant_id in wanted}
    return found


def _invited(ids: list[UUID]) -> set[UUID]:
    waiting = TurnInvitation.objects.filter(
        participant__in=ids,
        answer=TurnInvitation.Answer.OPEN,
        block__started_at__isnull=False,
        block__ended_at=None,
    )
    return set(waiting.values_list("participant_id", flat=True))


def _votes(room: Room, ids: list[UUID]) -> dict[UUID, list[Question]]:
    rows = QuestionVote.objects.filter(
        participant__in=ids, question__room=room, question__state=Question.State.OPEN
    )
    found: dict[UUID, list[Question]] = {}
    for vote in rows.select_related("question").order_by("question__asked_at", "question_id"):
        found.setdefault(vote.participant_id, []).append(vote.question)
    return found
