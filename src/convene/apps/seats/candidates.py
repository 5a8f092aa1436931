"""Registrations as candidates of a draw, and the targets and seats they are measured by."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from uuid import UUID

from django.utils import timezone

from convene.apps.communities.models import TraitQuestion
from convene.apps.communities.queries import traits_of
from convene.apps.seats import rules
from convene.apps.seats.allotting import PASSED_OVER, YES, Candidate, Target, answers_by_text
from convene.apps.seats.models import Draw, Entry, Registration, SeatPolicy
from convene.apps.seats.remembering import remembered
from convene.apps.seats.rules import State


def targets_of(policy: SeatPolicy) -> list[Target]:
    """The targets, and the places held for those passed over as one more; allotting fits it."""
    rows = policy.quotas.order_by("question_id", "value")
    found = [Target(str(row.question_id), row.value, row.least, row.most) for row in rows]
    if policy.remembers and policy.kept_places:
        found.append(Target(PASSED_OVER, YES, policy.kept_places, policy.kept_places))
    return found


def questions_of(policy: SeatPolicy) -> list[TraitQuestion]:
    """The questions with targets, in their order."""
    return list(TraitQuestion.objects.filter(pk__in=policy.quotas.values("question_id")))


def retired_of(policy: SeatPolicy) -> list[TraitQuestion]:
    """Questions with targets that are not asked any more."""
    return [question for question in questions_of(policy) if question.retired_at is not None]


def entries_of(draw: Draw) -> list[Candidate]:
    """The frozen entries of those who have not withdrawn since, by number."""
    rows = Entry.objects.filter(draw=draw, registration__state=State.POOLED).select_related("registration")
    return [
        Candidate(str(row.number), row.traits, _pool(row.registration), row.weight)
        for row in rows.order_by("number")
    ]


def _pool(registration: Registration) -> str:
    return "" if registration.pool_id is None else str(registration.pool_id)


def asking_now(
    policy: SeatPolicy, questions: Sequence[TraitQuestion] | None = None
) -> tuple[list[Candidate], dict[str, Registration]]:
    """Before closing: everyone in the draw so far, with what they declare now (to `questions`, else to those
    with targets).
    """
    rows = list(
        Registration.objects.filter(workshop_id=policy.workshop_id, state=State.POOLED).select_related(
            "person"
        )
    )
    asked = questions_of(policy) if questions is None else questions
    said = traits_of([row.person_id for row in rows], asked)
    known = remembered(policy, rows, now=timezone.now())
    found = [
        Candidate(
            str(row.pk),
            {**answers_by_text(said[row.person_id]), **known[row.pk].traits},
            _pool(row),
            weight=known[row.pk].weight,
        )
        for row in rows
    ]
    return found, {str(row.pk): row for row in rows}


def after_draw(policy: SeatPolicy, draw: Draw) -> tuple[list[Candidate], list[Candidate]]:
    """Those who hold a seat, and those who wait: with frozen answers, else as declared now."""
    rows = list(
        Registration.objects.filter(
            workshop_id=policy.workshop_id, state__in=(*rules.HOLDING, *rules.WAITING)
        ).order_by("position", "entered_at")
    )
    answers = answers_for(rows, policy, draw)
    held = [row for row in rows if row.state in rules.HOLDING]
    waiting = [row for row in rows if row.state in rules.WAITING]
    return (
        [Candidate(str(row.pk), answers[row.pk]) for row in held],
        [Candidate(str(row.pk), answers[row.pk]) for row in waiting],
    )


def answers_for(
    rows: Sequence[Registration], policy: SeatPolicy, draw: Draw
) -> dict[UUID, Mapping[str, str]]:
    found: dict[UUID, Mapping[str, str]] = dict(
        Entry.objects.filter(draw=draw).values_list("registration_id", "traits")
    )
    late = [row for row in rows if row.pk not in found]
    said = traits_of([row.person_id for row in late], questions_of(policy)) if late else {}
    for row in late:
        found[row.pk] = answers_by_text(said[row.person_id])
    return found


def seats_for(policy: SeatPolicy, candidates: Sequence[Candidate]) -> tuple[int, dict[str, int] | None]:
    """How many seats can be drawn among these, with pools how many of each."""
    pools = list(policy.pools.filter(merged=False))
    if not pools:
        free = len(candidates) if policy.capacity is None else policy.capacity - policy.taken
        return min(free, len(candidates)), None
    wanted = Counter(candidate.pool for candidate in candidates)
    by_pool = {str(pool.pk): min(pool.capacity - pool.taken, wanted[str(pool.pk)]) for pool in pools}
    return sum(by_pool.values()), {pool: seats for pool, seats in by_pool.items() if wanted[pool]}
