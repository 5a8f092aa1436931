"""Uploaded tables hold names between upload and yes; an erased person's pending rows go with them."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.exchange.models import TableImport
from convene.apps.people.models import Person
from convene.foundation.privacy import Rows, register


def _pending_with(email: str) -> list[TableImport]:
    pending = TableImport.objects.filter(applied_at=None)
    return [one for one in pending if any(email in str(cell).lower() for row in one.rows for cell in row)]


def _export(person_id: UUID) -> Rows:
    rows = TableImport.objects.filter(made_by_id=person_id)
    return [dict(row) for row in rows.values("kind", "community_id", "made_at", "applied_at")]


def _erase(person_id: UUID) -> None:
    """Tables that still wait and name the person are dropped whole; of tables taken in, who did it goes."""
    email = Person.objects.filter(pk=person_id).values_list("email", flat=True).first()
    if email:
        for one in _pending_with(email):
            one.delete()
    TableImport.objects.filter(made_by_id=person_id).update(made_by=None)


def register_all() -> None:
    register(
        "exchange.TableImport",
        label=_("Tables you uploaded"),
        why=_("To show you every row before anything is taken in; the rows are forgotten then."),
        stays=_("That a table was taken in, without who did it."),
        export=_export,
        erase=_erase,
    )
