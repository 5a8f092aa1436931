"""Blocks one hosts, sessions one was in."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.models import Block, Participant
from convene.foundation.privacy import Rows, register


def _export_participations(person_id: UUID) -> Rows:
    rows = Participant.objects.filter(person_id=person_id).order_by("room__session__starts_at")
    return [
        dict(row)
        for row in rows.values(
            "room__session_id", "facilitates", "state", "arrived_at", "left_at", "open_to_invitation"
        )
    ]


def _erase_participations(person_id: UUID) -> None:
    """That somebody was in the room stays; what they chose goes."""
    Participant.objects.filter(person_id=person_id).update(open_to_invitation=False)


def _export_blocks(person_id: UUID) -> Rows:
    return [
        dict(row)
        for row in Block.objects.filter(host_id=person_id).values("room__session_id", "title", "minutes")
    ]


def _erase_blocks(person_id: UUID) -> None:
    Block.objects.filter(host_id=person_id).update(host=None)


def register_all() -> None:
    register(
        "rooms.Block",
        label=_("Parts of sessions you host"),
        why=_("So that everyone sees who leads what."),
        stays=_("The block, without you."),
        export=_export_blocks,
        erase=_erase_blocks,
    )
    register(
        "rooms.Participant",
        label=_("Sessions you were in"),
        why=_("To show you your table, and to count who is here."),
        stays=_("That somebody took part, by a number that no longer leads to anyone."),
        export=_export_participations,
        erase=_erase_participations,
    )
