"""The targets page: who there is for each answer, what is wanted, and what can come of it.

Two parts: the sheet is what stands on the page whatever is typed; the verdict is on targets, saved or typed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from uuid import UUID

from convene.apps.communities.models import TraitQuestion
from convene.apps.communities.queries import QuestionComposition, composition_of
from convene.apps.communities.rules.traits import Composition, composition
from convene.apps.seats import allotting, candidates
from convene.apps.seats.allotting import Candidate, Finding, Target
from convene.apps.seats.complaining import complaints, describe, name_of
from convene.apps.seats.models import Draw, Registration, SeatPolicy
from convene.apps.seats.rules import LIVE
from convene.apps.seats.rules.suggesting import Share
from convene.apps.seats.services import fault_now

TRIES = 6
"""How often a smaller clash is looked for while someone types."""
CELLS = 60_000
"""Kinds of people times targets up to which it is looked, while a page waits, whether targets go together."""


@dataclass(frozen=True)
class Row:
    question: TraitQuestion
    value: str
    members: int | None
    """None where it would tell of fewer than five, or of another count that would."""
    asking: int | None
    least: int | None
    most: int | None

    @property
    def name(self) -> str:
        """As services.targets.field_of names it."""
        return f"{self.question.pk}:{self.value}"


@dataclass(frozen=True)
class Sheet:
    policy: SeatPolicy
    draw: Draw | None
    compositions: Sequence[QuestionComposition]
    people: Sequence[Candidate]
    """Those in the draw so far (before closing), with their answers to all questions."""
    registrations: Mapping[str, Registration]
    asking: Mapping[UUID, Composition | None]
    seats: int
    """That can be given to those."""
    by_pool: Mapping[str, int] | None
    stand: Mapping[tuple[UUID, str], tuple[int, int]]
    saved: Sequence[Target]
    """All that is kept: also places held for those passed over, and answers not asked for any more."""

    @cached_property
    def rows(self) -> dict[TraitQuestion, list[Row]]:
        return {each.question: self._rows(each) for each in self.compositions}

    def _rows(self, each: QuestionComposition) -> list[Row]:
        members, asking = shown_of(each.figures), shown_of(self.asking[each.question.pk])
        found = []
        for value in each.question.values:
            least, most = self.stand.get((each.question.pk, value), (None, None))
            found.append(Row(each.question, value, members.get(value), asking.get(value), least, most))
        return found

    @property
    def labels(self) -> dict[str, str]:
        return {str(each.question.pk): each.question.label for each in self.compositions}

    @property
    def is_early(self) -> bool:
        """Fewer have asked than there are seats: whether targets can be met is not known yet."""
        capacity = self.policy.capacity
        return self.draw is None and (capacity is None or len(self.people) < capacity)

    @property
    def beside(self) -> list[Target]:
        """What holds whatever is typed: the places for those passed over."""
        return [target for target in self.saved if target.question == allotting.PASSED_OVER]

    def shares(self, question: TraitQuestion) -> list[Share]:
        return [Share(row.value, row.members, row.asking) for row in self.rows[question]]

    def hides_any(self, targets: Sequence[Target]) -> bool:
        """Whether one of the targets is about people whose number is not shown: chances would tell it."""
        shown = {row.name for rows in self.rows.values() for row in rows if row.asking is not None}
        return any(f"{target.question}:{target.value}" not in shown for target in targets)

    def is_large(self, targets: Sequence[Target]) -> bool:
        return allotting.kinds(self.people, targets) * len(targets) > CELLS


def shown_of(figures: Composition | None) -> dict[str, int]:
    return dict(figures.shown) if figures else {}


def sheet_of(policy: SeatPolicy, draw: Draw | None) -> Sheet:
    """Ten queries at most, however many people, questions and answers."""
    compositions = composition_of(policy.workshop.community_id)
    questions = [each.question for each in compositions]
    people, rows = candidates.asking_now(policy, [*questions, *candidates.retired_of(policy)])
    seats, by_pool = candidates.seats_for(policy, people)
    return Sheet(
        policy=policy,
        draw=draw,
        compositions=compositions,
        people=people,
        registrations=rows,
        asking=_asking(people, questions) if draw is None else _entered(draw, questions),
        seats=seats,
        by_pool=by_pool,
        stand={(row.question_id, row.value): (row.least, row.most) for row in policy.quotas.all()},
        saved=candidates.targets_of(policy),
    )


def _asking(
    people: Sequence[Candidate], questions: Sequence[TraitQuestion]
) -> dict[UUID, Composition | None]:
    return {
        question.pk: composition(
            {
                **dict.fromkeys(question.values, 0),
                **Counter(person.answers.get(str(question.pk), allotting.UNSAID) for person in people),
            },
            spare=[allotting.UNSAID],
        )
        for question in questions
    }


def _entered(draw: Draw, questions: Sequence[TraitQuestion]) -> dict[UUID, Composition | None]:
    """Once entries are closed: as they were frozen."""
    frozen = draw.entries.filter(registration__state__in=LIVE).values_list("traits", flat=True)
    return _asking([Candidate("", traits) for traits in frozen], questions)


class Can(StrEnum):
    """What is known of targets."""

    NONE = "none"
    """There are none."""
    EARLY = "early"
    MET = "met"
    COUNTED = "counted"
    """So many people and targets that only numbers and sums were looked at."""
    UNMET = "unmet"
    CLOSED = "closed"
    """The draw is being made; nothing is looked at."""


@dataclass(frozen=True)
class Verdict:
    can: Can
    finding: Finding | None = None
    notes: Mapping[str, Sequence[str]] = field(default_factory=dict)
    """Row's name -> what stands at it."""
    changes: Sequence[str] = ()
    """The smallest relaxation in words."""
    shut_out: Sequence[str] = ()
    """Names of those who could be in no panel, before closing."""
    shut_out_by: Sequence[str] = ()


def judge(sheet: Sheet, targets: Sequence[Target], *, tries: int = TRIES) -> Verdict:
    """Before closing: what would be of all these targets, saved or not, with those who asked so far."""
    if not targets:
        return Verdict(Can.NONE)
    if sheet.is_early:
        return Verdict(Can.EARLY)
    large = sheet.is_large(targets)
    finding = allotting.find_fault(
        sheet.people, targets, sheet.seats, pool_seats=sheet.by_pool, tries=tries, only_counts=large
    )
    if finding is not None:
        return _unmet(sheet, finding)
    if large:
        return Verdict(Can.COUNTED)
    ids, limits = allotting.without_a_chance(sheet.people, targets, sheet.seats, pool_seats=sheet.by_pool)
    return Verdict(
        Can.MET,
        shut_out=sorted(str(sheet.registrations[each].person) for each in ids),
        shut_out_by=[name_of(limit, sheet.labels) for limit in limits],
    )


def judge_saved(sheet: Sheet) -> Verdict:
    """At any time: what is of the saved targets."""
    if sheet.draw is None:
        return judge(sheet, sheet.saved)
    if sheet.draw.state not in {Draw.State.FROZEN, Draw.State.DRAWN}:
        return Verdict(Can.CLOSED)
    finding = fault_now(sheet.policy, sheet.draw)
    if finding is not None:
        return _unmet(sheet, finding)
    return Verdict(Can.MET if sheet.saved else Can.NONE)


def _unmet(sheet: Sheet, finding: Finding) -> Verdict:
    rows = [row for rows in sheet.rows.values() for row in rows]
    labels = sheet.labels
    asking = {(str(row.question.pk), row.value): row.asking for row in rows}
    found = {
        row.name: complaints(finding, str(row.question.pk), row.value, labels=labels, asking=row.asking)
        for row in rows
    }
    changes = [
        describe(mend, labels, asking=asking.get((mend.question, mend.value))) for mend in finding.relaxation
    ]
    return Verdict(
        Can.UNMET, finding, notes={name: said for name, said in found.items() if said}, changes=changes
    )
