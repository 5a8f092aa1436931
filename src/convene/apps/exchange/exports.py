"""Tables that go out. Traits, access needs, conduct reports and feedback never do: they belong to people."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.forms.models import model_to_dict

from convene.apps.capabilities.models import Need
from convene.apps.communities.models import Community
from convene.apps.exchange import permissions, queries, tables
from convene.apps.exchange.events import TableExported
from convene.apps.exchange.permissions import Permission
from convene.apps.people.models import Person
from convene.apps.seats.models import Movement, SeatPolicy
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.errors import NotAllowed
from convene.foundation.events import publish

COMMUNITY_FIELDS = (
    "name", "domain", "practice", "who_for", "not_for", "stop_when", "criteria", "elsewhere", "conduct",
    "zone", "language", "contact", "stage",
)  # fmt: skip


def _require(actor: Person, community: Community) -> None:
    if not permissions.can_exchange(actor, community.pk):
        raise NotAllowed(Permission.EXPORT_TABLE)


def _note(community: Community, kind: str, rows: int, *, actor: Person, now: datetime) -> None:
    event = TableExported(subject_id=community.pk, community_id=community.pk, kind=kind, rows=rows)
    publish(event, actor=actor, now=now)


@transaction.atomic
def people_csv(community: Community, *, actor: Person, now: datetime) -> str:
    _require(actor, community)
    rows = queries.people_rows(community.pk)
    _note(community, "people", len(rows), actor=actor, now=now)
    return tables.write_csv(queries.PEOPLE_HEADER, rows)


@transaction.atomic
def registrations_csv(workshop: Workshop, *, actor: Person, now: datetime) -> str:
    _require(actor, workshop.community)
    rows = queries.registration_rows(Workshop.objects.filter(pk=workshop.pk))
    _note(workshop.community, "registrations", len(rows), actor=actor, now=now)
    return tables.write_csv(queries.REGISTRATION_HEADER, rows)


@transaction.atomic
def everything(community: Community, *, actor: Person, now: datetime) -> dict[str, str | Any]:
    """File name -> CSV text or JSON-ready value; the number of queries does not grow with the rows."""
    _require(actor, community)
    workshops = Workshop.objects.filter(community=community).order_by("created_at")
    people = queries.people_rows(community.pk)
    registrations = queries.registration_rows(workshops)
    _note(community, "everything", len(people) + len(registrations), actor=actor, now=now)
    return {
        "community.json": {name: str(getattr(community, name)) for name in COMMUNITY_FIELDS},
        "people.csv": tables.write_csv(queries.PEOPLE_HEADER, people),
        "workshops.json": [_plain(one) for one in workshops],
        "sessions.json": [_plain(one) for one in Session.objects.filter(workshop__in=workshops)],
        "seat-policies.json": [_plain(one) for one in SeatPolicy.objects.filter(workshop__in=workshops)],
        "registrations.csv": tables.write_csv(queries.REGISTRATION_HEADER, registrations),
        "movements.csv": tables.write_csv(
            ("registration", "before", "after", "at", "reason"),
            Movement.objects.filter(registration__workshop__in=workshops)
            .order_by("at")
            .values_list("registration_id", "before", "after", "at", "reason"),
        ),
        "needs.json": [_plain(one) for one in Need.objects.filter(community=community)],
    }


def _plain(row: Any) -> dict[str, str | None]:
    """A row's own columns as text, its id first; links to people stay ids."""
    values = {"id": row.pk} | model_to_dict(row)
    values |= {field.name: field.value_from_object(row) for field in row._meta.concrete_fields}  # noqa: SLF001  # Django's documented _meta
    return {name: None if value is None else str(value) for name, value in values.items()}
