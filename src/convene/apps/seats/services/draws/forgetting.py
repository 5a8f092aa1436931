"""What is kept apart of a draw, without a person who was erased. The public record needs no rewrite."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any
from uuid import UUID

from django.db import transaction

from convene.apps.seats.models import Draw, Entry, SealedDraw


def without(private: dict[str, Any], numbers: Collection[str], *, drawn: bool) -> dict[str, Any]:
    """The private part without what these entries say.

    Until the draw is made, salts and tickets of the entries stay: without them it could not be made. Then
    everything goes.
    """
    gone = set(numbers)
    kept = dict(private)
    inner = dict(kept["private"])
    if drawn:
        inner["entries"] = [each for each in inner["entries"] if each["id"] not in gone]
    else:
        inner["entries"] = [
            {**each, "traits": {}} if each["id"] in gone else each for each in inner["entries"]
        ]
    kept["private"] = inner
    kept["types"] = [_without_people(each, gone) for each in kept["types"]]
    if drawn:
        kept["chances"] = {number: chance for number, chance in kept["chances"].items() if number not in gone}
    return kept


def _without_people(each: dict[str, Any], gone: set[str]) -> dict[str, Any]:
    left = [person for person in each["ids"] if person not in gone]
    if len(left) == len(each["ids"]):
        return each
    units = [[person for person in unit if person not in gone] for unit in each.get("units") or []]
    return {**each, "ids": left, "units": units, **({} if left else {"traits": {}, "places": []})}


def without_erased(draw: Draw, private: dict[str, Any]) -> dict[str, Any]:
    """Once it is drawn: nothing of those who were erased while it waited."""
    erased = Entry.objects.filter(draw=draw, registration__person__erased_at__isnull=False)
    numbers = [str(number) for number in erased.values_list("number", flat=True)]
    return without(private, numbers, drawn=True) if numbers else private


def forget_entries(person_id: UUID) -> None:
    """The number in the draw stays, and so does the chance; what was declared goes."""
    Entry.objects.filter(registration__person_id=person_id).update(traits={}, weight=1)


@transaction.atomic
def forget_sealed(person_id: UUID) -> None:
    """Erase what is kept apart of a person's entries, behind the lock under which draws are finished."""
    for entry in Entry.objects.filter(registration__person_id=person_id).select_related("draw__policy"):
        sealed = SealedDraw.objects.select_for_update().filter(draw=entry.draw).first()
        if sealed is None:
            continue
        state = Draw.objects.values_list("state", flat=True).get(pk=entry.draw_id)
        sealed.private = without(sealed.private, [str(entry.number)], drawn=state == Draw.State.DRAWN)
        sealed.save(update_fields=["private"])
