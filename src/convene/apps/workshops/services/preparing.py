"""The co-planned checklist: those who lead add, own and tick."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.workshops.models import ChecklistItem, Workshop
from convene.apps.workshops.queries.preparing import possible_owners
from convene.apps.workshops.rules import workshop as rules
from convene.apps.workshops.services.claims import must_lead
from convene.foundation.errors import RuleBroken


@transaction.atomic
def add_item(
    *,
    workshop: Workshop,
    text: str,
    lead_days: int,
    actor: Person,
    working_days: bool = False,
    owner: Person | None = None,
) -> ChecklistItem:
    must_lead(actor, workshop)
    rules.check_editable(workshop.state)
    words = " ".join(text.split())[:200]
    if not words:
        raise RuleBroken(_("Say what is to be done."), code="no_text", field="text")
    _check_owner(workshop, owner)
    return ChecklistItem.objects.create(
        workshop=workshop, text=words, lead_days=lead_days, working_days=working_days, owner=owner
    )


@transaction.atomic
def own_item(*, item: ChecklistItem, owner: Person | None, actor: Person) -> None:
    must_lead(actor, item.workshop)
    _check_owner(item.workshop, owner)
    ChecklistItem.objects.filter(pk=item.pk).update(owner=owner)


def _check_owner(workshop: Workshop, owner: Person | None) -> None:
    if owner is not None and not possible_owners(workshop).filter(pk=owner.pk).exists():
        raise RuleBroken(
            _("Only a steward or someone who facilitates can look after it."), code="not_owner", field="owner"
        )


@transaction.atomic
def tick_item(*, item: ChecklistItem, done: bool, actor: Person, now: datetime) -> None:
    must_lead(actor, item.workshop)
    ChecklistItem.objects.filter(pk=item.pk).update(
        done_at=now if done else None, done_by=actor if done else None
    )


@transaction.atomic
def remove_item(*, item: ChecklistItem, actor: Person) -> None:
    must_lead(actor, item.workshop)
    item.delete()
