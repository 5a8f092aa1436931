"""Between rows and the allotment engine: entries and targets in, findings out, in words a steward can use.

Who prefers not to say, and who was not asked, share one value of their own without a target.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.engines.allotment import (
    Applicant,
    Change,
    Code,
    InfeasibleError,
    InputError,
    Limit,
    Quota,
    check_feasible,
    has_panel,
    shut_out,
)

UNSAID = "–"
POOL = "pool"
PASSED_OVER = "passed-over"
"""A feature beside the questions: places can be held for those long passed over (value `YES`)."""
YES = "yes"


@dataclass(frozen=True)
class Target:
    """Least and most seats for one answer to one question (ids as text)."""

    question: str
    value: str
    least: int
    most: int


@dataclass(frozen=True)
class Candidate:
    """An entry: its number or id, its answers by question id, the pool it stands in."""

    id: str
    answers: Mapping[str, str]
    pool: str = ""
    weight: float = 1


@dataclass(frozen=True)
class Mend:
    """A target's side and the number that would do."""

    question: str
    value: str
    side: str
    was: int
    becomes: int


@dataclass(frozen=True)
class Finding:
    """Why no panel meets the targets: what clashes, and the smallest change after which one does."""

    clash: tuple[Mend, ...]
    relaxation: tuple[Mend, ...]

    def as_json(self) -> dict[str, object]:
        return {
            "clash": [_row(mend) for mend in self.clash],
            "relaxation": [_row(mend) for mend in self.relaxation],
        }


def _row(mend: Mend) -> dict[str, object]:
    return {
        "question": mend.question,
        "value": mend.value,
        "side": mend.side,
        "was": mend.was,
        "becomes": mend.becomes,
    }


def mend_of(row: Mapping[str, object]) -> Mend:
    return Mend(
        question=str(row["question"]),
        value=str(row["value"]),
        side=str(row["side"]),
        was=int(str(row["was"])),
        becomes=int(str(row["becomes"])),
    )


def applicants(candidates: Sequence[Candidate], targets: Sequence[Target]) -> list[Applicant]:
    """For the draw itself. Where places are held for as many people as there are of them, or more, each of
    them is surely in; so no published number says how few they are.
    """
    sure = _sure(candidates, targets)
    return _people(candidates, targets, sure)


def _people(
    candidates: Sequence[Candidate], targets: Sequence[Target], sure: Collection[str] = ()
) -> list[Applicant]:
    questions = list(dict.fromkeys(target.question for target in targets))
    return [
        Applicant(
            id=candidate.id,
            traits={
                POOL: candidate.pool or UNSAID,
                **{question: candidate.answers.get(question) or UNSAID for question in questions},
            },
            weight=candidate.weight,
            held=candidate.id in sure,
        )
        for candidate in candidates
    ]


def _sure(candidates: Sequence[Candidate], targets: Sequence[Target]) -> frozenset[str]:
    long = [each.id for each in candidates if each.answers.get(PASSED_OVER) == YES]
    places = next((target.least for target in targets if target.question == PASSED_OVER), 0)
    return frozenset(long) if len(long) <= places else frozenset()


def quotas(
    candidates: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
    pool_seats: Mapping[str, int] | None = None,
) -> list[Quota]:
    """The targets; beside them every value someone has without a target, from none to all seats."""
    if _sure(candidates, targets):
        targets = [target for target in targets if target.question != PASSED_OVER]
    return _rows(candidates, _fitting(candidates, targets, seats), seats, pool_seats)


def _fitting(candidates: Sequence[Candidate], targets: Sequence[Target], seats: int) -> list[Target]:
    """Places are held only for as many as ask for them, and only among the seats."""
    long = sum(each.answers.get(PASSED_OVER) == YES for each in candidates)
    return [
        Target(PASSED_OVER, YES, min(target.least, long, seats), seats)
        if target.question == PASSED_OVER
        else target
        for target in targets
    ]


def _rows(
    candidates: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
    pool_seats: Mapping[str, int] | None = None,
) -> list[Quota]:
    rows = [Quota(target.question, target.value, target.least, target.most) for target in targets]
    named = {(row.feature, row.value) for row in rows}
    for question in dict.fromkeys(target.question for target in targets):
        had = {candidate.answers.get(question) or UNSAID for candidate in candidates}
        rows += [Quota(question, value, 0, seats) for value in sorted(had) if (question, value) not in named]
    pools = Counter(candidate.pool or UNSAID for candidate in candidates)
    for pool in sorted(pools):
        exact = (pool_seats or {}).get(pool)
        rows.append(Quota(POOL, pool, 0, seats) if exact is None else Quota(POOL, pool, exact, exact))
    return rows


def find_fault(
    candidates: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
    *,
    pool_seats: Mapping[str, int] | None = None,
    held: Collection[str] = (),
) -> Finding | None:
    """None if some panel of `seats` people meets the targets. Else why not, and what would do."""
    if seats < 1 or not candidates or not targets:
        return None
    targets = _fitting(candidates, targets, seats)
    mended = {(target.question, target.value): target for target in targets}
    short: list[Mend] = []
    people = _people(candidates, targets)
    while True:
        rows = _rows(candidates, list(mended.values()), seats, pool_seats)
        try:
            check_feasible(people, rows, seats, held=held)
        except InputError as error:
            found = _too_few(error, mended)
            if not found:
                raise
            short += found
        except InfeasibleError as error:
            clash = tuple(_mend(limit, limit.seats) for limit in error.clash if limit.feature != POOL)
            return _finding([*short, *clash], [*short, *map(_changed, error.relaxation)], targets)
        else:
            return _finding(short, short, targets) if short else None


def _too_few(error: InputError, mended: dict[tuple[str, str], Target]) -> list[Mend]:
    """Targets that ask for more people than there are, or than seats: mended, to look further."""
    found = []
    for problem in error.problems:
        params = problem.params
        key = (str(params.get("feature", "")), str(params.get("value", "")))
        if problem.code == Code.TOO_FEW_PEOPLE and key in mended:
            target, people = mended[key], int(params["people"])
            found.append(Mend(target.question, target.value, "least", target.least, people))
            mended[key] = Target(target.question, target.value, people, target.most)
        elif problem.code == Code.HELD_ABOVE_MOST and key in mended:
            target, held = mended[key], int(params["held"])
            found.append(Mend(target.question, target.value, "most", target.most, held))
            mended[key] = Target(target.question, target.value, target.least, held)
        elif problem.code in {Code.LEASTS_ABOVE_SEATS, Code.MOSTS_BELOW_SEATS}:
            found += _squeeze(str(params["feature"]), problem.code, mended, int(params["seats"]))
    return found


def _squeeze(feature: str, code: Code, mended: dict[tuple[str, str], Target], seats: int) -> list[Mend]:
    """The largest minimum down, or the largest maximum up, until the sums fit the seats."""
    own = [target for target in mended.values() if target.question == feature]
    if not own:
        return []
    side = "least" if code == Code.LEASTS_ABOVE_SEATS else "most"
    target = max(own, key=lambda each: (getattr(each, side), each.value))
    total = sum(getattr(each, side) for each in own)
    was = getattr(target, side)
    becomes = max(0, was - (total - seats))
    least, most = (becomes, target.most) if side == "least" else (target.least, becomes)
    mended[target.question, target.value] = Target(target.question, target.value, least, max(least, most))
    return [Mend(target.question, target.value, side, was, becomes)]


def _changed(change: Change) -> Mend:
    return _mend(change.limit, change.seats)


def _mend(limit: Limit, becomes: int) -> Mend:
    return Mend(limit.feature, limit.value, limit.side, limit.seats, becomes)


def _finding(clash: Sequence[Mend], changes: Sequence[Mend], targets: Sequence[Target]) -> Finding:
    """Changes of one side taken together, counted from the targets as they stand; pools are no targets."""
    stand = {(target.question, target.value): target for target in targets}
    last: dict[tuple[str, str, str], Mend] = {}
    for change in changes:
        if (change.question, change.value) not in stand:
            continue
        was = getattr(stand[change.question, change.value], change.side)
        last[change.question, change.value, change.side] = Mend(
            change.question, change.value, change.side, was, change.becomes
        )
    seen = {(mend.question, mend.value, mend.side): mend for mend in clash}
    named = [mend for mend in seen.values() if (mend.question, mend.value) in stand]
    return Finding(clash=tuple(named), relaxation=tuple(last.values()))


def without_a_chance(
    candidates: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
    *,
    pool_seats: Mapping[str, int] | None = None,
) -> tuple[tuple[str, ...], tuple[Mend, ...]]:
    """Ids of those in no panel that meets the (feasible) targets, and the targets that do it."""
    if seats < 1 or not targets or len(candidates) < seats:
        return (), ()
    targets = _fitting(candidates, targets, seats)
    found = shut_out(_people(candidates, targets), _rows(candidates, targets, seats, pool_seats), seats)
    ids = tuple(person for caution in found for person in caution.ids)
    limits = {limit: None for caution in found for limit in caution.limits if limit.feature != POOL}
    return ids, tuple(_mend(limit, limit.seats) for limit in limits)


def keeps_targets(
    candidate: Candidate,
    others: Sequence[Candidate],
    held: Sequence[Candidate],
    targets: Sequence[Target],
    seats: int,
) -> bool:
    """Whether a panel of `seats` with those `held` and this candidate can still meet all targets.

    With one seat to fill that is counting; with more, the engine looks for a panel among the `others`.
    """
    together = [*held, candidate]
    if len(together) >= seats:
        return _counts_hold(together, targets)
    everyone = [*together, *(other for other in others if other.id != candidate.id)]
    people, rows = applicants(everyone, targets), quotas(everyone, targets, seats)
    return has_panel(people, rows, seats, held=[each.id for each in together])


def _counts_hold(panel: Sequence[Candidate], targets: Sequence[Target]) -> bool:
    have = Counter((question, value) for each in panel for question, value in each.answers.items())
    return all(target.least <= have[target.question, target.value] <= target.most for target in targets)


def name_of(mend: Mend, labels: Mapping[str, str]) -> str:
    if mend.question == PASSED_OVER:
        return _("places held for those passed over")
    return f"{labels.get(mend.question, '')}: {mend.value}"


def describe(mend: Mend, labels: Mapping[str, str]) -> str:
    """A change in words: "at least 4 instead of 6 for “Role: nurse”"."""
    what = name_of(mend, labels)
    words = (
        _("at least %(becomes)d instead of %(was)d for “%(what)s”")
        if mend.side == "least"
        else _("at most %(becomes)d instead of %(was)d for “%(what)s”")
    )
    return words % {"becomes": mend.becomes, "was": mend.was, "what": what}


def complaint(finding: Finding, mend: Mend, labels: Mapping[str, str]) -> str:
    """What stands at one target: that it cannot be met, with which others it clashes, what would do."""
    others = [other for other in finding.clash if other != mend]
    if not others:
        text = _("Among those who asked so far there are not enough people for this.")
    else:
        names = ", ".join(name_of(other, labels) for other in others)
        text = ngettext(
            "Together with %(names)s this cannot be met by those who asked.",
            "Together with these this cannot be met by those who asked: %(names)s.",
            len(others),
        ) % {"names": names}
    for change in finding.relaxation:
        if (change.question, change.value, change.side) == (mend.question, mend.value, mend.side):
            helps = _("It can with %(number)d.") if change.becomes else _("It can without this target.")
            text += " " + helps % {"number": change.becomes}
    return text


def answers_by_text(answers: Mapping[UUID, str]) -> dict[str, str]:
    """For JSON: question ids as text, what was not said left out."""
    return {str(question): value for question, value in answers.items() if value}
