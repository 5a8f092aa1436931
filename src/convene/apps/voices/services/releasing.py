"""When votes become visible: never one by one, always at least five of a statement together."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Count, F, Q

from convene.apps.voices.drawing import body_of
from convene.apps.voices.models import Inquiry, OpinionMap, Statement, Vote
from convene.apps.voices.queries import WAITS
from convene.apps.voices.rules import showing
from convene.apps.voices.services.telling import tell


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
    full = [one.pk for one in _with_waiting(inquiry) if showing.batch_is_full(one.waiting)]  # type: ignore[attr-defined]  # annotated
    for statement_id in full:
        Vote.objects.filter(statement_id=statement_id).update(released=F("value"))
        _recount(statement_id)
    return inquiry if full else None


def _with_waiting(inquiry: Inquiry) -> list[Statement]:
    return list(inquiry.statements.annotate(waiting=Count("votes", filter=WAITS)))


def _recount(statement_id: UUID) -> None:
    counts = Vote.objects.filter(statement_id=statement_id).aggregate(
        agreed=Count("pk", filter=Q(released=1)),
        disagreed=Count("pk", filter=Q(released=-1)),
        passed=Count("pk", filter=Q(released=0)),
    )
    Statement.objects.filter(pk=statement_id).update(**counts)


def release_what_is_full(*, now: datetime) -> None:
    """A sweep, for batches that a task missed."""
    waiting = Statement.objects.filter(inquiry__state=Inquiry.State.OPEN).annotate(
        waiting=Count("votes", filter=WAITS)
    )
    ids = set(waiting.filter(waiting__gte=showing.K).values_list("inquiry_id", flat=True))
    for inquiry_id in sorted(ids):
        release(inquiry_id=inquiry_id, now=now)
