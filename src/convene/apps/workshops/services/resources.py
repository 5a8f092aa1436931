"""Material of a workshop: links, and files kept under settings.FILES."""

from __future__ import annotations

import uuid
from datetime import datetime
from pathlib import Path

from django.core.files.base import File
from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.workshops.events import ResourceAdded, ResourceRemoved
from convene.apps.workshops.models import Resource, Workshop
from convene.apps.workshops.queries.resources import file_path
from convene.apps.workshops.rules import workshop as rules
from convene.apps.workshops.services.claims import must_lead
from convene.foundation.errors import RuleBroken
from convene.foundation.events import publish

_SNIFFED = 512


def add_resource(
    *,
    workshop: Workshop,
    kind: str,
    title: str,
    share: str,
    actor: Person,
    now: datetime,
    url: str = "",
    file: File[bytes] | None = None,
) -> Resource:
    """A link or a file, with who may see it. A file that found no row is not left behind."""
    must_lead(actor, workshop)
    if bool(url) == (file is not None):
        raise RuleBroken(_("Give either the address of a page or a file."), code="link_or_file", field="url")
    resource = Resource(
        workshop=workshop, kind=kind, title=title.strip(), share=share, added_by=actor, added_at=now, url=url
    )
    path = _store(resource, file) if file is not None else None
    try:
        with transaction.atomic():
            resource.save(force_insert=True)
            publish(
                ResourceAdded(
                    subject_id=workshop.pk, community_id=workshop.community_id, resource_id=resource.pk
                ),
                actor=actor,
                now=now,
            )
    except BaseException:
        if path is not None:
            path.unlink(missing_ok=True)
        raise
    return resource


def _store(resource: Resource, file: File[bytes]) -> Path:
    """Under a name of our own; the name people gave is only shown."""
    beginning = file.read(_SNIFFED)
    file.seek(0)
    extension = rules.check_file(file.name or "", file.size or 0, beginning)
    resource.stored_as = f"{uuid.uuid4()}.{extension}"
    resource.file_name = Path(file.name or "").name[-160:]
    resource.size = file.size or 0
    path = file_path(resource)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("xb") as target:
        for chunk in file.chunks():
            target.write(chunk)
    path.chmod(0o600)
    return path


@transaction.atomic
def remove_resource(*, resource: Resource, actor: Person, now: datetime) -> None:
    must_lead(actor, resource.workshop)
    path = file_path(resource) if resource.stored_as else None
    publish(
        ResourceRemoved(
            subject_id=resource.workshop_id,
            community_id=resource.workshop.community_id,
            resource_id=resource.pk,
        ),
        actor=actor,
        now=now,
    )
    resource.delete()
    if path is not None:
        transaction.on_commit(lambda: path.unlink(missing_ok=True))
