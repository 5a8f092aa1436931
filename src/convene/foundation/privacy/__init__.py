"""Purposes, and the registries of what is exported and erased for a person.

Every model that points at a person registers both; tests/borders/test_privacy.py compares the
registries with all models, so that nothing is forgotten.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.apps import apps
from django.conf import settings
from django.utils.functional import Promise

Rows = list[dict[str, Any]]
Export = Callable[[UUID], Rows]
Erase = Callable[[UUID], None]


@dataclass(frozen=True)
class PersonalData:
    """How one model answers "what do you hold on me?" and "forget me".

    `model` is "app_label.Model"; `why` says in plain words what it is kept for (shown on My data);
    `export` returns JSON-ready rows; `erase` removes or pseudonymises so that no name, address or free
    text of the person remains and counts stay true. `label` names the rows to their owner ("Your seats");
    `stays` says what is left of them afterwards, empty when nothing is.
    """

    model: str
    why: str | Promise
    export: Export
    erase: Erase
    label: str | Promise = ""
    stays: str | Promise = ""

    @property
    def title(self) -> str:
        model = apps.get_model(self.model)
        return str(self.label or model._meta.verbose_name_plural)  # noqa: SLF001  # public, for all its name


_registry: dict[str, PersonalData] = {}


def register(
    model: str,
    *,
    why: str | Promise,
    export: Export,
    erase: Erase,
    label: str | Promise = "",
    stays: str | Promise = "",
) -> None:
    _registry[model] = PersonalData(model, why, export, erase, label, stays)


def registered() -> tuple[PersonalData, ...]:
    return tuple(_registry.values())


def export_person(person_id: UUID) -> dict[str, Rows]:
    return {entry.model: entry.export(person_id) for entry in _registry.values()}


def erase_person(person_id: UUID) -> None:
    """Run every eraser; call inside a transaction.

    Registration order is erasure order, but the person's own row goes last: an eraser may still read
    there the name and address it must look for.
    """
    last = settings.AUTH_USER_MODEL
    for entry in sorted(_registry.values(), key=lambda entry: entry.model == last):
        entry.erase(person_id)
