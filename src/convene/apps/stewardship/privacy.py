"""Whose decisions they are; who asked, and wants to think."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convene.apps.stewardship.models import AudienceDecision, OpenQuestion, Practice, PracticeLog, Thinker
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


def export_practice(person_id: UUID) -> Rows:
    rows = Practice.objects.filter(Q(host_id=person_id) | Q(guest_id=person_id)).order_by("offered_at")
    return [
        {
            "outcome": row.outcome.title,
            "as": "host" if row.host_id == person_id else "guest",
            "kind": row.kind,
            "what": row.what,
            "state": row.state,
            "offered_at": row.offered_at.isoformat(),
        }
        for row in rows.select_related("outcome")
    ]


def erase_practice(person_id: UUID) -> None:
    """What ran stays for the other, without the name; offers go, and what one asked for is offered again."""
    hosted = Practice.objects.filter(host_id=person_id)
    hosted.exclude(state__in=[Practice.State.RUNNING, Practice.State.ENDED]).delete()
    hosted.filter(state=Practice.State.RUNNING).update(state=Practice.State.ENDED, ended_at=timezone.now())
    hosted.update(host=None)
    mine = Practice.objects.filter(guest_id=person_id)
    mine.filter(state=Practice.State.ASKED).update(state=Practice.State.OFFERED, guest=None)
    running = mine.filter(state=Practice.State.RUNNING)
    running.update(state=Practice.State.ENDED, ended_at=timezone.now(), guest=None)
    mine.update(guest=None)


def export_log(person_id: UUID) -> Rows:
    rows = PracticeLog.objects.filter(written_by_id=person_id)
    return [dict(row) for row in rows.values("practice__outcome__title", "day", "minutes", "text")]


def erase_log(person_id: UUID) -> None:
    PracticeLog.objects.filter(written_by_id=person_id).delete()


def register_all() -> None:
    register(
        "stewardship.PracticeLog",
        label=_("Your lines in logs of guided practice"),
        why=_("What you did and noticed, for your host or guest and you alone."),
        export=export_log,
        erase=erase_log,
    )
    register(
        "stewardship.Practice",
        label=_("Guided practice you host or take part in"),
        why=_("So that a host and a guest find each other."),
        stays=_("That it took place, for the other of the two, without your name."),
        export=export_practice,
        erase=erase_practice,
    )
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
