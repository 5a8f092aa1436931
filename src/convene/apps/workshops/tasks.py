"""What the worker does later. Each may run twice."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone
from django_tasks import task

from convene.apps.workshops.models import Workshop
from convene.apps.workshops.services import mark_held
from convene.apps.workshops.services.minimum import weigh


@task()
def weigh_minimum(workshop_id: str) -> None:
    """Seven days before: tell the stewards when too few hold a seat."""
    weigh(workshop_id=UUID(workshop_id), now=timezone.now())


@task()
def hold(workshop_id: str) -> None:
    """After its last session a published workshop has been held."""
    workshop = Workshop.objects.filter(pk=UUID(workshop_id), state=Workshop.State.PUBLISHED).first()
    if workshop is not None:
        mark_held(workshop=workshop, actor=None, now=timezone.now())
