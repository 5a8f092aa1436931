"""Purposes, and the registries of what is exported and erased for a person.

Every model that points at a person registers both; tests/borders/test_privacy.py compares the
registries with all models, so that nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

Rows = list[dict[str, Any]]
Export = Callable[[UUID], Rows]
Erase = Callable[[UUID], None]


@dataclass(frozen=True)
class PersonalData:
    """How one model answers "what do you hold on me?" and "forget me".

    `model` is "app_label.Model"; `why` says in plain words what it is kept for (shown on My data);
    `export` returns JSON-ready rows; `erase` removes or pseudonymises so that no name, address or free
    text of the person remains and counts stay true.
    """

    model: str
    why: str
    export: Export
    erase: Erase


_registry: dict[str, PersonalData] = {}


def register(model: str, *, why: str, export: Export, erase: Erase) -> None:
    _registry[model] = PersonalData(model, why, export, erase)


def registered() -> tuple[PersonalData, ...]:
    return tuple(_registry.values())


def export_person(person_id: UUID) -> dict[str, Rows]:
    return {entry.model: entry.export(person_id) for entry in _registry.values()}


def erase_person(person_id: UUID) -> None:
    """Run every eraser; call inside a transaction. Registration order is erasure order."""
    for entry in _registry.values():
        entry.erase(person_id)
