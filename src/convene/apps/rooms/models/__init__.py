"""The live session: its agenda, who is here, groups, turns and notes."""

from convene.apps.rooms.models.agenda import Block, Participant, Room
from convene.apps.rooms.models.groups import Group, Grouping, Placement, TableRule
from convene.apps.rooms.models.notes import (
    Amendment,
    Debrief,
    LineRequest,
    NoteLine,
    NotePad,
    NoteSet,
)
from convene.apps.rooms.models.turns import Hand, Question, QuestionVote, Turn, TurnInvitation

__all__ = [
    "Amendment",
    "Block",
    "Debrief",
    "Group",
    "Grouping",
    "Hand",
    "LineRequest",
    "NoteLine",
    "NotePad",
    "NoteSet",
    "Participant",
    "Placement",
    "Question",
    "QuestionVote",
    "Room",
    "TableRule",
    "Turn",
    "TurnInvitation",
]
