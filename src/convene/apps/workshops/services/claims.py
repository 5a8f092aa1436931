"""Permission and claim, the first two lines of every service here."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db.models import F
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.workshops import permissions
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.permissions import Permission
from convene.apps.workshops.rules import workshop as rules
from convene.foundation.errors import NotAllowed, RuleBroken


def must_plan(actor: Person, workshop: Workshop) -> None:
    if not permissions.can_plan(actor, workshop):
        raise NotAllowed(Permission.PLAN_WORKSHOP)


def must_lead(actor: Person, workshop: Workshop) -> None:
    if not permissions.can_lead(actor, workshop):
        raise NotAllowed(Permission.LEAD_WORKSHOP)


def claim(
    workshop: Workshop, states: Collection[str], *, seen_revision: int | None = None, **fields: Any
) -> None:
    """Raise the revision and set `fields`, if the workshop is still in one of `states` (and unchanged since
    `seen_revision`). Of two claims made at once one waits, and goes on only if its condition still holds.
    """
    rows = Workshop.objects.filter(pk=workshop.pk, state__in=states)
    if seen_revision is not None:
        rows = rows.filter(revision=seen_revision)
    if rows.update(revision=F("revision") + 1, **fields) != 1:
        _refuse(workshop.pk, states)
    workshop.refresh_from_db()


def _refuse(workshop_id: UUID, states: Collection[str]) -> None:
    rules.check_state(Workshop.objects.values_list("state", flat=True).get(pk=workshop_id), states)
    raise RuleBroken(
        _("Someone else has just changed this workshop. Look at it again, then make your change."),
        code="changed_meanwhile",
    )
