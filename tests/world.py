"""Two communities and one of everything in the first, for tests that walk over all addresses.

Rows are filled in from the models themselves, so that a new field needs no change here. A new parameter
of an address does: say in `PARAMETERS` what it stands for.
"""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.apps import apps
from django.db import models
from django.urls import URLPattern, URLResolver, get_resolver, reverse
from django.utils import timezone

from convene.apps.communities.models import RoleTerm
from convene.apps.people.models import Person
from tests.makers import (
    make_account,
    make_community,
    make_facilitator,
    make_member,
    make_policy,
    make_registration,
    make_role,
    make_workshop,
)


@dataclass
class World:
    """Who is in it, and the rows made so far (`rows`, by the model's label)."""

    people: dict[str, Person]
    rows: dict[str, models.Model] = field(default_factory=dict)
    given: dict[str, dict[str, Any]] = field(default_factory=dict)
    """What a model cannot say of itself: values by its label."""

    def row(self, label: str) -> models.Model:
        """The one row of a model, made when it is first asked for."""
        if label not in self.rows:
            model = apps.get_model(label)
            values = {**dict(self._values(model)), **self.given.get(label, {})}
            self.rows[label] = model._default_manager.create(**values)
        return self.rows[label]

    def _values(self, model: type[models.Model]) -> Iterator[tuple[str, Any]]:
        for found in model._meta.concrete_fields:
            needed = not (
                found.null or found.has_default() or found.blank or getattr(found, "auto_now_add", False)
            )
            if isinstance(found, models.ForeignKey):
                label = found.related_model._meta.label
                if needed or label in self.rows:
                    yield found.name, self.row(label)
            elif needed and not found.primary_key:
                yield found.name, _filler(found)


def _filler(found: models.Field) -> Any:
    if found.choices:
        return found.choices[0][0]
    for kind, make in _FILLERS.items():
        if isinstance(found, kind):
            return make()
    return "x"


_FILLERS: dict[type[models.Field], Callable[[], Any]] = {
    models.DateTimeField: lambda: timezone.now() + dt.timedelta(days=3),
    models.DateField: lambda: timezone.now().date() + dt.timedelta(days=30),
    models.UUIDField: uuid.uuid4,
    models.BooleanField: lambda: False,
    models.IntegerField: lambda: 1,
    models.EmailField: lambda: "someone@example.org",
    models.URLField: lambda: "https://example.org/",
    models.BinaryField: lambda: b"x",
    models.JSONField: dict,
}


def make_world() -> World:
    """`steward`, `facilitator`, `helper`, `member` and `owner` (of a registration) belong; the others do not."""
    names = (
        "steward",
        "facilitator",
        "helper",
        "member",
        "owner",
        "contact",
        "applicant",
        "stranger",
        "other_steward",
    )
    people = {name: make_account(name) for name in names}
    community = make_community(steward=people["steward"], slug="ours")
    make_community(steward=people["other_steward"], slug="theirs")
    for name in ("facilitator", "helper", "member", "owner"):
        make_member(community, people[name])
    make_role(community, people["helper"], RoleTerm.Role.DOOR_HELPER)
    make_role(community, people["contact"], RoleTerm.Role.CONDUCT_CONTACT)
    workshop = make_workshop(community)
    make_facilitator(workshop, people["facilitator"])
    world = World(people)
    world.rows |= {
        "people.Person": people["owner"],
        "communities.Community": community,
        "workshops.Workshop": workshop,
        "workshops.Session": workshop.sessions.get(),
        "seats.SeatPolicy": make_policy(workshop),
        "seats.Registration": make_registration(workshop, people["owner"], state="confirmed"),
        "communities.Membership": people["owner"].memberships.get(),
    }
    world.given = {
        "communities.Application": {"state": "received", "person": people["applicant"]},
        "communities.CharterVersion": {"number": 1, "content": {}},
        "voices.Inquiry": {"state": "open"},
        "workshops.Invitee": {"state": "invited", "person": people["member"]},
        "workshops.Resource": {"url": "https://example.org/slides"},
        "seats.Draw": {"state": "drawn"},
        "mail.MailMessage": {"about_id": workshop.pk, "community_id": community.pk},
    }
    workshop.series = world.row("workshops.Series")
    workshop.save(update_fields=["series"])
    for label in ("communities.CharterVersion", "workshops.Invitee", "seats.Draw", "rooms.Room"):
        world.row(label)
    return world


@dataclass(frozen=True)
class Address:
    name: str
    parameters: tuple[str, ...]


def _pk(label: str) -> Callable[[World], Any]:
    return lambda world: world.row(label).pk


def _said(value: Any) -> Callable[[World], Any]:
    return lambda _world: value


PARAMETERS: dict[str, Callable[[World], Any]] = {
    "slug": lambda world: world.row("communities.Community").slug,  # type: ignore[attr-defined]
    "token": _said("not-a-token"),
    "export_id": lambda world: world.row("voices.OpenExport").pk,
    "code": _said("wrong"),
    "kind": _said("seat_offered"),
    "short": _said("nowhere"),
    "provider_id": _said("sso"),
    "pk": _said(1),
    "account_id": _said(1),
    **{
        f"{name}_id": _pk(label)
        for name, label in {
            "workshop": "workshops.Workshop",
            "session": "workshops.Session",
            "series": "workshops.Series",
            "item": "workshops.ChecklistItem",
            "facilitation": "workshops.Facilitation",
            "view": "workshops.MissingView",
            "invitee": "workshops.Invitee",
            "slot": "workshops.Slot",
            "resource": "workshops.Resource",
            "need": "capabilities.Need",
            "outcome": "capabilities.Outcome",
            "open_question": "stewardship.OpenQuestion",
            "practice": "stewardship.Practice",
            "audience": "stewardship.Audience",
            "qualification": "capabilities.Qualification",
            "consent": "people.Consent",
            "person": "people.Person",
            "introduction": "connections.Introduction",
            "registration": "seats.Registration",
            "block": "rooms.Block",
            "inquiry": "voices.Inquiry",
            "group": "rooms.Group",
            "pulse": "voices.Pulse",
            "line": "rooms.NoteLine",
            "contest": "attendance.Contest",
            "correction": "seats.Correction",
            "mail": "mail.MailMessage",
            "membership": "communities.Membership",
            "application": "communities.Application",
            "term": "communities.RoleTerm",
            "question": "communities.TraitQuestion",
            "stakeholder": "communities.Stakeholder",
            "report": "communities.ConductReport",
            "import": "exchange.TableImport",
        }.items()
    },
    "number": _said(1),
    "name": _said("waiting_list"),
    # Where one name stands for several things: "address:parameter".
    "import_match:import_id": _pk("attendance.AttendanceImport"),
}


def url_of(address: Address, world: World) -> str:
    values = {}
    for name in address.parameters:
        say = PARAMETERS.get(f"{address.name}:{name}") or PARAMETERS.get(name)
        assert say is not None, f"tests/world.py: say what <{name}> of {address.name} stands for"
        values[name] = say(world)
    return reverse(address.name, kwargs=values)


def addresses() -> list[Address]:
    """Every named address of the site."""
    return sorted(_walk(get_resolver().url_patterns, ()), key=lambda address: address.name)


def _walk(patterns: list[URLPattern | URLResolver], before: tuple[str, ...]) -> Iterator[Address]:
    for pattern in patterns:
        groups = tuple(pattern.pattern.regex.groupindex)
        if isinstance(pattern, URLResolver):
            yield from _walk(pattern.url_patterns, before + groups)
        else:
            yield Address(pattern.name or "", before + groups)
