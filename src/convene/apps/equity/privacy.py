"""Who was counted: shown to them, and forgotten with them; the published counts stay."""

from __future__ import annotations

from uuid import UUID

from django.utils.translation import gettext_lazy as _

from convene.apps.equity.models import Counted
from convene.foundation.privacy import Rows, register


def _export(person_id: UUID) -> Rows:
    rows = Counted.objects.filter(person_id=person_id).select_related("publication__community")
    return [
        {
            "community": row.publication.community.name,
            "period": row.publication.period,
            "kind": row.publication.kind,
            "step": row.step,
        }
        for row in rows.order_by("publication__period", "publication__kind")
    ]


def _erase(person_id: UUID) -> None:
    Counted.objects.filter(person_id=person_id).update(person=None)


def register_all() -> None:
    register(
        "equity.Counted",
        label=_("Figures you were counted in"),
        why=_("So that two published tables beside each other never tell what one person declared."),
        stays=_("That someone was counted, without any link to you; and the published counts."),
        export=_export,
        erase=_erase,
    )
