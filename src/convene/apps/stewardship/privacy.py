"""Whose decisions they are; who asked, and wants to think."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.stewardship.models import AudienceDecision, OpenQuestion, Thinker
from convene.foundation.privacy import Rows, register


def export_decisions(person_id: UUID) -> Rows:
    rows = AudienceDecision.objects.filter(owner_id=person_id).order_by("decided_at")
    return [
        dict(row)
        for row in rows.values(
            "audience__name", "outcome__title", "depth", "route", "reason", "review_on", "decided_at"
        )
    ]


def erase_decisions(person_id: UUID) -> None:
    AudienceDecision.objects.filter(owner_id=person_id).update(owner=None)


def export_questions(person_id: UUID) -> Rows:
    rows = OpenQuestion.objects.filter(asked_by_id=person_id).order_by("asked_at")
    return [dict(row) for row in rows.values("text", "state", "asked_at")]


def erase_questions(person_id: UUID) -> None:
    """The question stays the community's, without who asked it."""
    OpenQuestion.objects.filter(asked_by_id=person_id).update(asked_by=None)


def export_thinking(person_id: UUID) -> Rows:
    rows = Thinker.objects.filter(person_id=person_id).order_by("question__asked_at")
    return [dict(row) for row in rows.values("question__text", "may_name")]


def erase_thinking(person_id: UUID) -> None:
    Thinker.objects.filter(person_id=person_id).delete()


def register_all() -> None:
    register(
        "stewardship.OpenQuestion",
        label=_("Questions you put on the board"),
        why=_("What you would like to find out together with others."),
        stays=_("The question, without your name."),
        export=export_questions,
        erase=erase_questions,
    )
    register(
        "stewardship.Thinker",
        label=_("What you want to think about"),
        why=_("So that you hear when a conversation about it has a date."),
        export=export_thinking,
        erase=erase_thinking,
    )
    register(
        "stewardship.AudienceDecision",
        label=_("Decisions you look after"),
        why=_("For which audiences you agreed to look again at what was decided."),
        stays=_("What was decided and why, without your name."),
        export=export_decisions,
        erase=erase_decisions,
    )
