"""Material of a workshop, for those who may see it."""

from __future__ import annotations

from pathlib import Path
from uuid import UUID

from django.conf import settings

from convene.apps.people.models import Person
from convene.apps.workshops import permissions, ports
from convene.apps.workshops.models import Resource, Workshop
from convene.apps.workshops.rules.workshop import Standing, sees_resource

FOLDER = "resources"


def file_path(resource: Resource) -> Path:
    return Path(settings.FILES) / FOLDER / resource.stored_as


def resources_for(person: Person, workshop: Workshop) -> tuple[list[Resource], Standing, bool]:
    """What the person may see, what they are to its seats, and whether they lead it."""
    leads = permissions.can_lead(person, workshop)
    standing = Standing.SEATED if leads else ports.standing_of(workshop.pk, person.pk)
    shown = [
        resource
        for resource in workshop.resources.all()
        if sees_resource(share=resource.share, recording=workshop.recording, standing=standing, leads=leads)
    ]
    return shown, standing, leads


def resource_for(person: Person, workshop: Workshop, resource_id: UUID) -> Resource | None:
    shown, _standing, _leads = resources_for(person, workshop)
    return next((resource for resource in shown if resource.pk == resource_id), None)
