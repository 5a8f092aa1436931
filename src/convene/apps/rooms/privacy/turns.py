"""Hands, turns, invitations, questions and votes."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.models import Hand, Question, QuestionVote, Turn, TurnInvitation
from convene.foundation.privacy import Rows, register


def _export_hands(person_id: UUID) -> Rows:
    rows = Hand.objects.filter(participant__person_id=person_id).order_by("raised_at")
    return [
        dict(row) for row in rows.values("participant__room__session_id", "state", "raised_at", "ended_at")
    ]


def _erase_hands(person_id: UUID) -> None:
    Hand.objects.filter(participant__person_id=person_id).delete()


def _export_turns(person_id: UUID) -> Rows:
    rows = Turn.objects.filter(participant__person_id=person_id).order_by("started_at")
    return [dict(row) for row in rows.values("room__session_id", "started_at", "ended_at")]


def _erase_turns(person_id: UUID) -> None:
    """The room's balance stays true: the turn stays on a participation without a name."""


def _export_invitations(person_id: UUID) -> Rows:
    rows = TurnInvitation.objects.filter(participant__person_id=person_id)
    return [
        dict(row) for row in rows.values("block__room__session_id", "answer", "invited_at", "answered_at")
    ]


def _erase_invitations(person_id: UUID) -> None:
    TurnInvitation.objects.filter(participant__person_id=person_id).delete()


def _export_questions(person_id: UUID) -> Rows:
    rows = Question.objects.filter(author__person_id=person_id)
    return [dict(row) for row in rows.values("room__session_id", "text", "state", "asked_at")]


def _erase_questions(person_id: UUID) -> None:
    Question.objects.filter(author__person_id=person_id).delete()


def _export_votes(person_id: UUID) -> Rows:
    rows = QuestionVote.objects.filter(participant__person_id=person_id)
    return [dict(row) for row in rows.values("question__room__session_id", "question__text")]


def _erase_votes(person_id: UUID) -> None:
    QuestionVote.objects.filter(participant__person_id=person_id).delete()


def register_all() -> None:
    register(
        "rooms.Hand",
        label=_("When you raised your hand"),
        why=_("To know whose turn is next."),
        export=_export_hands,
        erase=_erase_hands,
    )
    register(
        "rooms.Turn",
        label=_("When you spoke"),
        why=_("So that those who spoke least come first. Only you see your own share."),
        stays=_("That somebody spoke for so long, by a number that no longer leads to anyone."),
        export=_export_turns,
        erase=_erase_turns,
    )
    register(
        "rooms.TurnInvitation",
        label=_("When you were invited to speak"),
        why=_("So that you are asked once, and “passed” is respected."),
        export=_export_invitations,
        erase=_erase_invitations,
    )
    register(
        "rooms.Question",
        label=_("Questions you asked under your name"),
        why=_("To answer them. Questions asked anonymously are kept without any link to you."),
        export=_export_questions,
        erase=_erase_questions,
    )
    register(
        "rooms.QuestionVote",
        label=_("Questions you voted up"),
        why=_("So that each voice counts once and can be taken back."),
        export=_export_votes,
        erase=_erase_votes,
    )
