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
from convene.apps.seats.following import Situation
from convene.apps.seats.models import Draw, Entry, Pool, Registration, SeatPolicy
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


def situation(policy: SeatPolicy, draw: Draw) -> Situation:
    """Who holds a seat, who waits for one, and what is free, as it stands. Behind the lock it stays so.

    Who waits for approval waits for no seat.
    """
    rows = list(
        Registration.objects.filter(
            workshop_id=policy.workshop_id, state__in=(*rules.HOLDING, *rules.WAITING)
        ).order_by("pk")
    )
    waiting = [row for row in rows if row.state in rules.WAITING]
    if policy.asks_approval:
        waiting = [row for row in waiting if row.approved_at is not None]
    held = [row for row in rows if row.state in rules.HOLDING]
    pools = list(policy.pools.filter(merged=False))
    shared = next((str(pool.pk) for pool in pools if pool.who == rules.PoolWho.EVERYONE), "")
    known = _after_draw([*held, *waiting], policy, draw)
    own = {str(pool.pk) for pool in pools}

    def stands(row: Registration) -> Candidate:
        answers, weight, _in_time = known[row.pk]
        pool = _pool(row)
        return Candidate(str(row.pk), answers, pool if pool in own else shared, weight)

    return Situation(
        number=draw.replacements.count() + 1,
        value=_value(draw),
        held=tuple(stands(row) for row in held),
        waiting=tuple(stands(row) for row in waiting),
        in_time=frozenset(str(row.pk) for row in waiting if known[row.pk][2]),
        targets=tuple(targets_of(policy)),
        free=_free(policy, pools, len(waiting)),
        shared=shared,
    )


def _value(draw: Draw) -> str:
    """What fixed the draw. Where nothing was left to chance there is no value, and its id stands for it: it
    was there before anyone began to wait.
    """
    return draw.commitment + "\n" + (draw.seed or str(draw.pk))


def _free(policy: SeatPolicy, pools: Sequence[Pool], waiting: int) -> tuple[tuple[str, int], ...]:
    if pools:
        return tuple((str(pool.pk), pool.capacity - pool.taken) for pool in pools)
    return (("", waiting if policy.capacity is None else policy.capacity - policy.taken),)


def _after_draw(
    rows: Sequence[Registration], policy: SeatPolicy, draw: Draw
) -> dict[UUID, tuple[Mapping[str, str], float, bool]]:
    """Answers, weight, and whether they stood in the draw: frozen then, else as it is now. A place held for
    those passed over belongs to those who asked in time.
    """
    frozen = {entry.registration_id: entry for entry in Entry.objects.filter(draw=draw)}
    late = [row for row in rows if row.pk not in frozen]
    said = traits_of([row.person_id for row in late], questions_of(policy)) if late else {}
    known = remembered(policy, late, now=timezone.now()) if late else {}
    return {
        row.pk: (
            (frozen[row.pk].traits, frozen[row.pk].weight, True)
            if row.pk in frozen
            else (answers_by_text(said[row.person_id]), known[row.pk].weight, False)
        )
        for row in rows
    }


def seats_for(policy: SeatPolicy, candidates: Sequence[Candidate]) -> tuple[int, dict[str, int] | None]:
    """How many seats can be drawn among these, with pools how many of each."""
    pools = list(policy.pools.filter(merged=False))
    if not pools:
        free = len(candidates) if policy.capacity is None else policy.capacity - policy.taken
        return min(free, len(candidates)), None
    wanted = Counter(candidate.pool for candidate in candidates)
    by_pool = {str(pool.pk): min(pool.capacity - pool.taken, wanted[str(pool.pk)]) for pool in pools}
    return sum(by_pool.values()), {pool: seats for pool, seats in by_pool.items() if wanted[pool]}
