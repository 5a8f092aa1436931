"""What a steward sees on the targets page: who there is for each answer, what is wanted, what clashes."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

from convene.apps.communities.models import TraitQuestion
from convene.apps.communities.queries import composition_of, traits_of
from convene.apps.communities.rules.traits import Composition, composition
from convene.apps.seats import allotting, candidates
from convene.apps.seats.allotting import Finding
from convene.apps.seats.models import Draw, Registration, SeatPolicy
from convene.apps.seats.rules import LIVE, State
from convene.apps.seats.services import fault_now


@dataclass(frozen=True)
class Row:
    question: TraitQuestion
    value: str
    members: str
    """A count, or a dash where it would tell of fewer than five."""
    asking: str
    least: int | None
    most: int | None
    complaints: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """As services.targets.field_of names it."""
        return f"{self.question.pk}:{self.value}"


@dataclass(frozen=True)
class Picture:
    rows: dict[TraitQuestion, list[Row]]
    finding: Finding | None
    changes: list[str]
    """The smallest relaxation in words."""
    shut_out: list[str]
    """Names of those who could be in no panel, before closing."""
    shut_out_by: list[str]
    too_early: bool = False
    """Fewer have asked than there are seats: whether targets can be met is not known yet."""


def too_early(policy: SeatPolicy) -> bool:
    asking = Registration.objects.filter(workshop_id=policy.workshop_id, state=State.POOLED).count()
    return policy.capacity is None or asking < policy.capacity


def picture(policy: SeatPolicy, draw: Draw | None) -> Picture:
    community_id = policy.workshop.community_id
    compositions = composition_of(community_id)
    labels = {str(each.question.pk): each.question.label for each in compositions}
    early = draw is None and too_early(policy)
    drawing = draw is not None and draw.state == Draw.State.DRAWING
    finding = None if early or drawing else fault_now(policy, draw)
    asked = _asking(policy, [each.question for each in compositions])
    stand = {(row.question_id, row.value): row for row in policy.quotas.all()}
    rows = {
        each.question: [
            Row(
                question=each.question,
                value=value,
                members=_count(each.figures, value),
                asking=_count(asked[each.question.pk], value),
                least=stand[each.question.pk, value].least if (each.question.pk, value) in stand else None,
                most=stand[each.question.pk, value].most if (each.question.pk, value) in stand else None,
                complaints=_complaints(finding, str(each.question.pk), value, labels),
            )
            for value in each.question.values
        ]
        for each in compositions
    }
    names, by = _shut_out(policy, draw, labels) if finding is None and not early else ([], [])
    changes = [allotting.describe(mend, labels) for mend in finding.relaxation] if finding else []
    return Picture(
        rows=rows, finding=finding, changes=changes, shut_out=names, shut_out_by=by, too_early=early
    )


def _asking(policy: SeatPolicy, questions: list[TraitQuestion]) -> dict[UUID, Composition | None]:
    people = list(
        Registration.objects.filter(workshop_id=policy.workshop_id, state__in=LIVE).values_list(
            "person_id", flat=True
        )
    )
    said = traits_of(people, questions)
    return {
        question.pk: composition(
            {
                **dict.fromkeys(question.values, 0),
                **Counter(given.get(question.pk) or allotting.UNSAID for given in said.values()),
            }
        )
        for question in questions
    }


def _count(figures: Composition | None, value: str) -> str:
    return str(dict(figures.shown).get(value, "–")) if figures else "–"


def _complaints(finding: Finding | None, question: str, value: str, labels: Mapping[str, str]) -> list[str]:
    if finding is None:
        return []
    mine = [mend for mend in finding.clash if (mend.question, mend.value) == (question, value)]
    return [allotting.complaint(finding, mend, labels) for mend in mine]


def _shut_out(
    policy: SeatPolicy, draw: Draw | None, labels: Mapping[str, str]
) -> tuple[list[str], list[str]]:
    """Only while something can still be done about it."""
    if draw is not None:
        return [], []
    people, rows = candidates.asking_now(policy)
    seats, by_pool = candidates.seats_for(policy, people)
    ids, limits = allotting.without_a_chance(people, candidates.targets_of(policy), seats, pool_seats=by_pool)
    names = sorted(str(rows[each].person) for each in ids)
    return names, [allotting.name_of(limit, labels) for limit in limits]
