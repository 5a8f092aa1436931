"""Who follows when a drawn seat becomes free: the first on the list with whom all targets still hold."""

from __future__ import annotations

from collections.abc import Sequence

from convene.apps.seats import candidates
from convene.apps.seats.allotting import Candidate, Target, keeps_targets
from convene.apps.seats.models import Draw, Registration
from convene.apps.seats.services.gate import Gate


def may_replace(gate: Gate) -> Draw | None:
    """The draw if it has been made; before that nobody is offered a seat of it."""
    return Draw.objects.filter(policy=gate.policy, state=Draw.State.DRAWN).first()


def keeping_targets(
    gate: Gate, draw: Draw, queue: Sequence[Registration], free: int, targets: Sequence[Target]
) -> list[Registration]:
    """Up to `free` of the queue, in its order. Fewer when with nobody the targets can hold: that waits for a
    steward, who is told (queries.seats_stuck).
    """
    held, waiting = candidates.after_draw(gate.policy, draw)
    by_id = {str(row.pk): row for row in queue}
    capacity = gate.policy.capacity
    everyone = len(held) + len(waiting)
    seats = everyone if capacity is None else min(capacity, everyone)
    chosen: list[Registration] = []
    line = [each for each in waiting if each.id in by_id]
    line.sort(key=lambda each: list(by_id).index(each.id))
    while len(chosen) < free:
        found = _first(line, waiting, held, targets, seats)
        if found is None:
            break
        line.remove(found)
        waiting.remove(found)
        held.append(found)
        chosen.append(by_id[found.id])
    return chosen


def _first(
    line: Sequence[Candidate],
    waiting: Sequence[Candidate],
    held: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
) -> Candidate | None:
    """People with the same answers stand or fall together, so each kind is examined once."""
    questions = sorted({target.question for target in targets})
    failed: set[tuple[str, ...]] = set()
    for candidate in line:
        kind = tuple(candidate.answers.get(question, "") for question in questions)
        if kind in failed:
            continue
        if keeps_targets(candidate, waiting, held, targets, seats):
            return candidate
        failed.add(kind)
    return None
