"""Which statement a voter sees next: the engine's routing, fed with what this inquiry has."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from uuid import UUID

import numpy as np
from django.db.models import Count

from convene.apps.voices.keys import Voter
from convene.apps.voices.models import Inquiry, OpinionMap, Statement, Vote
from convene.engines import opinion


def next_statement(
    inquiry: Inquiry, statements: Sequence[Statement], votes: Mapping[UUID, int], voter: Voter
) -> Statement | None:
    """One of the live `statements` that is not in `votes`; None when there is none left. Two queries.

    Every vote counts for attention, released or not: it only decides what is asked, and is never shown.
    """
    if not statements:
        return None
    had = dict(
        Vote.objects.filter(statement__inquiry=inquiry).values_list("statement_id").annotate(n=Count("pk"))
    )
    total = sum(had.values())
    attention = opinion.Attention(
        received=np.array([had.get(one.pk, 0) for one in statements], dtype=np.int64),
        fair=opinion.fair_shares([one.since for one in statements], total),
    )
    place = opinion.next_statement(
        attention,
        np.array([one.pk in votes for one in statements]),
        _anchors(inquiry, statements),
        turn=len(votes),
        seed=voter.key.int % 2**32,
    )
    return None if place is None else statements[place]


def _anchors(inquiry: Inquiry, statements: Sequence[Statement]) -> np.ndarray:
    """Places of what the last release chose; before there is one, the seeds that came first."""
    body = (
        OpinionMap.objects.filter(inquiry=inquiry).order_by("-made_at", "-pk").values_list("body", flat=True)
    )
    newest = body.first() or {}
    numbers = set(newest.get("anchors", ())) or {one.number for one in statements if one.seed}
    places = [place for place, one in enumerate(statements) if one.number in numbers]
    return np.array(places[: opinion.routing.ANCHORS], dtype=np.int64)
