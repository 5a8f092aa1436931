"""Tables one sat at, and groups one made."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.models import Grouping, Placement, TableRule
from convene.foundation.privacy import Rows, register


def _export_placements(person_id: UUID) -> Rows:
    rows = Placement.objects.filter(participant__person_id=person_id)
    return [
        dict(row)
        for row in rows.values(
            "grouping__room__session_id", "round", "group__number", "group__label", "pinned"
        )
    ]


def _erase_placements(person_id: UUID) -> None:
    Placement.objects.filter(participant__person_id=person_id).delete()


def _export_groupings(person_id: UUID) -> Rows:
    rows = Grouping.objects.filter(made_by_id=person_id)
    return [dict(row) for row in rows.values("room__session_id", "made_at", "state")]


def _erase_groupings(person_id: UUID) -> None:
    Grouping.objects.filter(made_by_id=person_id).update(made_by=None)


def _export_table_rules(person_id: UUID) -> Rows:
    """That there is one; who else it is about is theirs."""
    about = TableRule.objects.filter(people__person_id=person_id).distinct()
    made = TableRule.objects.filter(made_by_id=person_id)
    return [
        *({"about_you": True, **row} for row in about.values("room__session_id", "kind", "made_at")),
        *({"made_by_you": True, **row} for row in made.values("room__session_id", "kind", "made_at")),
    ]


def _erase_table_rules(person_id: UUID) -> None:
    TableRule.objects.filter(people__person_id=person_id).delete()
    TableRule.objects.filter(made_by_id=person_id).update(made_by=None)


def register_all() -> None:
    register(
        "rooms.TableRule",
        label=_("Who sits together or apart"),
        why=_("So that tables are made as those who facilitate asked."),
        export=_export_table_rules,
        erase=_erase_table_rules,
    )
    register(
        "rooms.Placement",
        label=_("Tables you sat at"),
        why=_("So that next time you meet someone new."),
        export=_export_placements,
        erase=_erase_placements,
    )
    register(
        "rooms.Grouping",
        label=_("Groups you made"),
        why=_("So that others who facilitate know who made them."),
        stays=_("The groups, without you."),
        export=_export_groupings,
        erase=_erase_groupings,
    )
