"""Lines one wrote, what one changed in them, and debriefs."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.models import (
    Amendment,
    Debrief,
    LineRequest,
    NoteLine,
    NotePad,
)
from convene.foundation.privacy import Rows, register


def _export_pads(person_id: UUID) -> Rows:
    rows = NotePad.objects.filter(Q(writer__person_id=person_id) | Q(asked_by__person_id=person_id))
    return [dict(row) for row in rows.values("block__room__session_id", "pen_at", "asked_at")]


def _erase_pads(person_id: UUID) -> None:
    NotePad.objects.filter(writer__person_id=person_id).update(writer=None, pen="", pen_at=None)
    NotePad.objects.filter(asked_by__person_id=person_id).update(asked_by=None, asked="", asked_at=None)


def _export_lines(person_id: UUID) -> Rows:
    rows = NoteLine.objects.filter(author__person_id=person_id).order_by("written_at")
    return [
        dict(row) for row in rows.values("block__room__session_id", "text", "tag", "name_shown", "written_at")
    ]


def _erase_lines(person_id: UUID) -> None:
    """What was learned stays the community's, without who wrote it."""
    NoteLine.objects.filter(author__person_id=person_id).update(author=None, name_shown=False)


def _export_amendments(person_id: UUID) -> Rows:
    rows = Amendment.objects.filter(line__author__person_id=person_id).order_by("at")
    return [dict(row) for row in rows.values("before", "after", "at")]


def _erase_amendments(person_id: UUID) -> None:
    Amendment.objects.filter(line__author__person_id=person_id).delete()


def _export_debriefs(person_id: UUID) -> Rows:
    rows = Debrief.objects.filter(written_by_id=person_id)
    return [
        dict(row)
        for row in rows.values("room__session_id", "worked", "change", "reached", "preparation_minutes")
    ]


def _erase_debriefs(person_id: UUID) -> None:
    Debrief.objects.filter(written_by_id=person_id).update(written_by=None)


def _export_decisions(person_id: UUID) -> Rows:
    rows = LineRequest.objects.filter(decided_by_id=person_id)
    return [dict(row) for row in rows.values("line__block__room__session_id", "state", "decided_at")]


def _erase_decisions(person_id: UUID) -> None:
    LineRequest.objects.filter(decided_by_id=person_id).update(decided_by=None)


def register_all() -> None:
    register(
        "rooms.LineRequest",
        label=_("Notes you decided to put right or to leave"),
        why=_("So that those who facilitate know who decided. Who asked is not kept."),
        stays=_("The decision, without you."),
        export=_export_decisions,
        erase=_erase_decisions,
    )
    register(
        "rooms.NotePad",
        label=_("Notes you are writing"),
        why=_("So that one person writes at a time."),
        export=_export_pads,
        erase=_erase_pads,
    )
    register(
        "rooms.Amendment",
        label=_("Notes you put right"),
        why=_("So that others can see what changed within the five days."),
        export=_export_amendments,
        erase=_erase_amendments,
    )
    register(
        "rooms.NoteLine",
        label=_("Notes you wrote"),
        why=_(
            "So that you can amend them for five days. Nothing is kept of who wrote in Chatham House blocks."
        ),
        stays=_("The words, without you."),
        export=_export_lines,
        erase=_erase_lines,
    )
    register(
        "rooms.Debrief",
        label=_("Debriefs you wrote"),
        why=_("So that the next session is better, and your time preparing is credited."),
        stays=_("What was learned, without you."),
        export=_export_debriefs,
        erase=_erase_debriefs,
    )
