"""Whose decisions they are."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.stewardship.models import AudienceDecision
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


def register_all() -> None:
    register(
        "stewardship.AudienceDecision",
        label=_("Decisions you look after"),
        why=_("For which audiences you agreed to look again at what was decided."),
        stays=_("What was decided and why, without your name."),
        export=export_decisions,
        erase=erase_decisions,
    )
