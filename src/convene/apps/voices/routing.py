"""Which statement a voter sees next, so that each gets its share of attention."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.db.models import Count

from convene.apps.voices.models import Inquiry, Statement, Vote


def next_statement(
    inquiry: Inquiry, statements: Sequence[Statement], votes: Mapping[UUID, int]
) -> Statement | None:
    """One not voted on yet; None when there is none left. One query."""
    left = [one for one in statements if one.pk not in votes]
    if not left:
        return None
    had = dict(
        Vote.objects.filter(statement__inquiry=inquiry).values_list("statement_id").annotate(n=Count("pk"))
    )
    return min(left, key=lambda one: (had.get(one.pk, 0), _shuffled(one.pk, len(votes))))


def _shuffled(statement_id: UUID, turn: int) -> str:
    return hashlib.sha256(f"{statement_id}:{turn}".encode()).hexdigest()
