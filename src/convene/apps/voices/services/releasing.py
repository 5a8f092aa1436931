"""When votes become visible: never one by one, always at least five of a statement together.

Five who all voted alike wait for one who did not, unless what is told hides that (`showing.gives_away`).
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q, QuerySet

from convene.apps.voices.drawing import body_of
from convene.apps.voices.models import Inquiry, OpinionMap, Statement, Vote
from convene.apps.voices.queries import WAITS
from convene.apps.voices.rules import showing
from convene.apps.voices.rules.showing import Counts
from convene.apps.voices.services.telling import tell

_NEW = Q(released__isnull=True) | ~Q(released=F("value"))
"""Votes that no release has counted, or with another value."""


def release(*, inquiry_id: UUID, now: datetime) -> bool:
    """Count in each statement's batch that is full, and draw the map anew. False when nothing was full.

    The engine runs outside the transaction: nobody's vote waits for it. Twice at once is harmless.
    """
    inquiry = _count_in(inquiry_id)
    if inquiry is None:
        return False
    body = body_of(inquiry)
    with transaction.atomic():
        OpinionMap.objects.create(inquiry=inquiry, made_at=now, voters=body["voters"], body=body)
        tell(inquiry)
    return True


@transaction.atomic
def _count_in(inquiry_id: UUID) -> Inquiry | None:
    inquiry = Inquiry.objects.select_for_update().filter(pk=inquiry_id).first()
    if inquiry is None:
        return None
    votes = Vote.objects.filter(statement__inquiry=inquiry)
    after = _tally(votes)
    full = [
        statement_id
        for statement_id, batch in _tally(votes.filter(_NEW)).items()
        if showing.batch_is_full(batch.voters) and not showing.gives_away(after[statement_id], batch)
    ]
    for statement_id in full:
        Vote.objects.filter(statement_id=statement_id).update(released=F("value"))
        counts = after[statement_id]
        Statement.objects.filter(pk=statement_id).update(
            agreed=counts.agreed, disagreed=counts.disagreed, passed=counts.passed
        )
    return inquiry if full else None


def _tally(votes: QuerySet[Vote]) -> dict[UUID, Counts]:
    """By statement."""
    found: dict[UUID, dict[int, int]] = defaultdict(dict)
    rows = votes.order_by().values_list("statement_id", "value").annotate(n=Count("pk"))
    for statement_id, value, count in rows:
        found[statement_id][value] = count
    return {key: Counts(one.get(1, 0), one.get(-1, 0), one.get(0, 0)) for key, one in found.items()}


def release_what_is_full(*, now: datetime) -> None:
    """A sweep, for batches that a task missed."""
    waiting = Statement.objects.filter(inquiry__state=Inquiry.State.OPEN).annotate(
        waiting=Count("votes", filter=WAITS)
    )
    ids = set(waiting.filter(waiting__gte=showing.K).values_list("inquiry_id", flat=True))
    for inquiry_id in sorted(ids):
        release(inquiry_id=inquiry_id, now=now)
