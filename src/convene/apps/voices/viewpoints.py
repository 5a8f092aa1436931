"""Where people stand, for mixing tables: of those alone who agreed to it. Never stored, never shown."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from uuid import UUID

from convene.apps.people.queries import people_consenting
from convene.apps.people.rules import Purpose
from convene.apps.voices import keys
from convene.apps.voices.models import Inquiry, Statement, Vote
from convene.engines import opinion

FEWEST = 5
"""Votes one must have cast to stand anywhere."""


def viewpoints_of(*, community_id: UUID, person_ids: Collection[UUID]) -> Mapping[UUID, Sequence[float]]:
    """Places on the two axes of the community's last inquiry on views; nobody's, if fewer than five answered.

    Read for one search and forgotten: it is never written down. Of released votes alone.
    """
    agreed = people_consenting(Purpose.VIEWPOINTS, person_ids=person_ids)
    newest = Inquiry.objects.filter(
        community_id=community_id, kind=Inquiry.Kind.VIEWS, imported=False, maps__isnull=False
    )
    inquiry = newest.order_by("-opened_at").distinct().first()
    if inquiry is None or not agreed:
        return {}
    found = _places(inquiry)
    people = {person_id: keys.of_person(person_id, inquiry.salt).keys for person_id in agreed}
    return {person_id: found[key] for person_id, mine in people.items() for key in mine[:1] if key in found}


def _places(inquiry: Inquiry) -> dict[UUID, tuple[float, float]]:
    """By the key of the ballot."""
    rows = list(
        Vote.objects.filter(
            statement__inquiry=inquiry, statement__state=Statement.State.LIVE, released__isnull=False
        ).values_list("ballot__key", "statement__number", "released")
    )
    ballots = sorted({row[0] for row in rows})
    if len(ballots) < FEWEST:
        return {}
    numbers = {key: place for place, key in enumerate(ballots)}
    votes = opinion.Votes.of(
        [numbers[row[0]] for row in rows], [row[1] for row in rows], [row[2] or 0 for row in rows]
    )
    people = opinion.axes_of(votes).people
    return {
        key: (float(people[place, 0]), float(people[place, 1]))
        for key, place in numbers.items()
        if votes.cast[place] >= FEWEST
    }
