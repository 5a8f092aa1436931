"""Questions this app must ask of higher ones; `web/wiring.py` plugs in the answers."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING
from uuid import UUID

if TYPE_CHECKING:
    from convene.apps.people.models import Person

Leaver = Callable[["Person", datetime], None]
"""Give back what the person holds (seats, roles) before their record is emptied; in the same transaction."""

Namer = Callable[[Iterable[UUID]], dict[UUID, str]]
"""Titles of the workshops or communities that have these ids; unknown ids are left out."""


@dataclass(frozen=True)
class LeaveLink:
    """Something a person can leave, and the address of the page where they do."""

    label: str
    address: str


Lister = Callable[["Person"], list[LeaveLink]]


@dataclass
class Ports:
    leavers: list[Leaver] = field(default_factory=list)
    namers: list[Namer] = field(default_factory=list)
    listers: list[Lister] = field(default_factory=list)

    def leave_by(self, lister: Lister) -> None:
        if lister not in self.listers:
            self.listers.append(lister)

    def before_erasing(self, leaver: Leaver) -> None:
        if leaver not in self.leavers:
            self.leavers.append(leaver)

    def names_by(self, namer: Namer) -> None:
        if namer not in self.namers:
            self.namers.append(namer)


ports = Ports()


def name_scopes(ids: Iterable[UUID]) -> dict[UUID, str]:
    wanted = set(ids)
    found: dict[UUID, str] = {}
    for namer in ports.namers:
        if wanted:
            found |= namer(wanted)
    return found


def leave_links(person: Person) -> list[LeaveLink]:
    return [link for lister in ports.listers for link in lister(person)]
