"""What this app holds on a person: export and erase."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.apps import apps
from django.db.models import Manager, Q
from django.utils.translation import gettext_lazy as _

from convene.apps.people.privacy import traces_of
from convene.foundation import privacy
from convene.foundation.privacy import Rows

FREE_TEXT = {
    "Workshop": (
        "title",
        "summary",
        "description",
        "outcomes",
        "prerequisites",
        "access_offered",
        "brief",
        "run_sheet",
        "state_reason",
    ),
    "Session": ("place",),
    "Facilitation": ("suggestion",),
    "ChecklistItem": ("text",),
    "MissingView": ("text",),
    "Resource": ("title", "file_name"),
}
"""Where a steward may have written someone's name."""


def _manager(model: str) -> Manager[Any]:
    found: Manager[Any] = apps.get_model("workshops", model)._default_manager  # noqa: SLF001  # Django's documented way
    return found


def scrub_free_text(person_id: UUID) -> None:
    """Take the person's name and addresses out of everything stewards wrote about workshops."""
    traces = traces_of(person_id)
    for model, names in FREE_TEXT.items():
        about = Q()
        for word in traces.words:
            for name in names:
                about |= Q(**{f"{name}__icontains": word})
        if not about:
            return
        for row in _manager(model).filter(about):
            changed = {name: traces.scrubbed(getattr(row, name)) for name in names}
            _manager(model).filter(pk=row.pk).update(**changed)


def _rows(model: str, owner: str, *fields: str) -> privacy.Export:
    """Export `fields` of the rows whose `owner` is the person; times and ids as text."""

    def export(person_id: UUID) -> Rows:
        rows = _manager(model).filter(**{owner: person_id}).values(*fields)
        return [{name: _plain(value) for name, value in row.items()} for row in rows]

    return export


def _plain(value: object) -> object:
    if value is None or isinstance(value, str | int | bool):
        return value
    return value.isoformat() if hasattr(value, "isoformat") else str(value)


def _delete(model: str) -> privacy.Erase:
    def erase(person_id: UUID) -> None:
        _manager(model).filter(person_id=person_id).delete()

    return erase


def _keep(_person_id: UUID) -> None:
    """The row stays; it points at the emptied person, and names nobody."""


def _export_checklist(person_id: UUID) -> Rows:
    theirs = Q(owner_id=person_id) | Q(done_by_id=person_id)
    rows = _manager("ChecklistItem").filter(theirs).values("workshop__title", "text", "done_at")
    return [{name: _plain(value) for name, value in row.items()} for row in rows]


def register_all() -> None:
    """Once, when Django is ready. Free text first: its eraser must still know the name."""
    privacy.register(
        "workshops.Workshop",
        label=_("Workshops you created"),
        why=_("To know who planned a workshop."),
        stays=_("The workshop, by a number that no longer leads to anyone."),
        export=_rows("Workshop", "created_by_id", "title", "created_at"),
        erase=scrub_free_text,
    )
    privacy.register(
        "workshops.Facilitation",
        label=_("Where you were asked to facilitate"),
        why=_("So that everyone knows who leads a workshop, and you find its brief."),
        export=_rows(
            "Facilitation", "person_id", "workshop__title", "state", "suggestion", "invited_at", "answered_at"
        ),
        erase=_delete("Facilitation"),
    )
    privacy.register(
        "workshops.Invitee",
        label=_("Workshops you were invited to"),
        why=_("So that the right people are in the room."),
        export=_rows("Invitee", "person_id", "workshop__title", "because", "state", "answer", "invited_at"),
        erase=_delete("Invitee"),
    )
    privacy.register(
        "workshops.SlotAnswer",
        label=_("Times that suit you"),
        why=_("To find a time together."),
        export=_rows("SlotAnswer", "person_id", "slot__workshop__title", "slot__starts_at", "answer"),
        erase=_delete("SlotAnswer"),
    )
    privacy.register(
        "workshops.OddHour",
        label=_("Odd hours you bore"),
        why=_("So that the next odd hour is someone else's."),
        export=_rows("OddHour", "person_id", "session__workshop__title", "session__starts_at"),
        erase=_delete("OddHour"),
    )
    privacy.register(
        "workshops.ChecklistItem",
        label=_("Things you looked after"),
        why=_("So that nothing is forgotten before a workshop."),
        stays=_("That it was done, by a number that no longer leads to anyone."),
        export=_export_checklist,
        erase=_keep,
    )
    privacy.register(
        "workshops.Resource",
        label=_("Material you shared"),
        why=_("To know who put it there."),
        stays=_("The material, by a number that no longer leads to anyone."),
        export=_rows("Resource", "added_by_id", "title", "added_at"),
        erase=_keep,
    )
