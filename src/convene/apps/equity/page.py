"""What the equity page shows, made of published figures alone."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext

from convene.apps.communities.models import Membership
from convene.apps.equity import charts, rules, wording
from convene.apps.equity.charts import Chart
from convene.apps.equity.models import EquityTable, Publication
from convene.apps.equity.periods import STEPS, Step, parse
from convene.apps.equity.queries import TIER
from convene.apps.equity.wording import Deed, Finding
from convene.apps.seats.rules import Kind
from convene.apps.workshops.models import Workshop

SHARE_OF = {
    Step.ASKED: Step.MEMBER,
    Step.OFFERED: Step.ASKED,
    Step.CONFIRMED: Step.OFFERED,
    Step.CAME: Step.OFFERED,
}


@dataclass(frozen=True)
class Cell:
    """`count` None: hidden. `share`: of an earlier step, where that is shown."""

    step: str
    count: int | None
    share: str

    @property
    def label(self) -> str:
        return str(Step(self.step).label)


@dataclass(frozen=True)
class Line:
    label: str
    together: bool
    cells: Sequence[Cell]


@dataclass(frozen=True)
class Shown:
    """One table of the page."""

    key: str
    title: str
    purpose: str
    lines: Sequence[Line]
    total: Line
    findings: Sequence[Finding]
    no_finding: str
    chart: Chart | None

    @property
    def empty(self) -> bool:
        return len(self.lines) < 2  # noqa: PLR2004  # one row is the total

    @property
    def has_hidden(self) -> bool:
        return any(cell.count is None for line in self.lines for cell in line.cells)


def tables_of(
    publication: Publication, history: Sequence[Publication], coming: Workshop | None, step: Step
) -> list[Shown]:
    deeds = _deeds(publication, coming)
    return [_shown(table, history, deeds, step) for table in publication.tables.all()]


def _shown(
    table: EquityTable, history: Sequence[Publication], deeds: Mapping[str, Sequence[Deed]], step: Step
) -> Shown:
    counts = [row["counts"] for row in table.rows]
    labels = [label_of(table.key, row["answers"]) for row in table.rows]
    compared = rules.comparisons(counts, table.totals)
    findings = [
        wording.finding(one, labels[one.row], compared, deeds) for one in rules.beyond_chance(compared)
    ]
    question = table.question
    return Shown(
        key=table.key,
        title=title_of(table),
        purpose=question.purpose if question else "",
        lines=[
            Line(label, len(row["answers"]) > 1, _cells(row["counts"], table.totals))
            for label, row in zip(labels, table.rows, strict=True)
        ],
        total=Line(_("all members"), together=False, cells=_cells(table.totals, table.totals)),
        findings=findings,
        no_finding="" if findings else wording.nothing_found(compared),
        chart=charts.over_time(_series(table.key, history, step), _periods(history), step),
    )


def title_of(table: EquityTable) -> str:
    if table.key == TIER:
        return _("By tier")
    return table.question.label if table.question else _("A question that is no longer asked")


def label_of(key: str, answers: Sequence[str]) -> str:
    tiers = dict(Membership.Tier.choices)
    said = [str(tiers.get(one, one)) if key == TIER else one for one in answers]
    unsaid = pgettext("equity", "no answer, or prefers not to say")
    return ", ".join(one or unsaid for one in said)


def _cells(counts: rules.Counts, totals: rules.Counts) -> list[Cell]:
    return [Cell(step, counts[step], _share(step, counts, totals)) for step in STEPS]


def _share(step: str, counts: rules.Counts, totals: rules.Counts) -> str:
    """Of the members: what part of the membership; of a later step: what part of those it is taken from."""
    whole = totals[step] if step == Step.MEMBER else counts[SHARE_OF[Step(step)]]
    count = counts[step]
    return wording.percent(count / whole) if count is not None and whole else ""


def guests_line(publication: Publication) -> Line | None:
    """Everyone who was no member, as one group; None: nothing of them can be shown."""
    counts = publication.guests
    if not any(counts.values()):
        return None
    cells = [Cell(step, counts[step], _share(step, counts, counts)) for step in STEPS if step != Step.MEMBER]
    return Line(_("people who were no members"), together=False, cells=cells)


def _periods(history: Sequence[Publication]) -> list[str]:
    return [short(one.period) for one in history]


def short(key: str) -> str:
    period = parse(key)
    if period is None or period.is_year:
        return key
    return _("Q%(quarter)d %(year)d") % {"quarter": period.quarter, "year": period.year}


def _series(key: str, history: Sequence[Publication], step: Step) -> Iterator[tuple[str, list[float | None]]]:
    """Each row's share over time; a row that was counted together in a period has a gap there."""
    tables = [next((one for one in each.tables.all() if one.key == key), None) for each in history]
    rows = [
        {label_of(key, row["answers"]): row["counts"] for row in table.rows} if table else {}
        for table in tables
    ]
    for label in dict.fromkeys(label for each in rows for label in each):
        points = [_part(each.get(label), step) for each in rows]
        if any(point is not None for point in points):
            yield label, points


def _part(counts: rules.Counts | None, step: Step) -> float | None:
    if counts is None:
        return None
    count, whole = counts[step], counts[SHARE_OF[step]]
    return count / whole if count is not None and whole else None


def _deeds(publication: Publication, coming: Workshop | None) -> dict[str, list[Deed]]:
    """What can be done for the next workshop, or by planning one."""
    if coming is None:
        new = Deed(_("Plan a workshop for them"), reverse("workshop_new", args=[publication.community.slug]))
        return {Step.ASKED: [new], Step.OFFERED: [new], Step.CAME: [new]}
    words = {"title": coming.title}
    time = Deed(
        _("Ask which time suits, for “%(title)s”") % words, reverse("workshop_time", args=[coming.pk])
    )
    room = Deed(_("Invite to “%(title)s”") % words, reverse("workshop_room", args=[coming.pk]))
    policy = getattr(coming, "seat_policy", None)
    if policy is not None and policy.kind == Kind.DRAW:
        seats = Deed(_("Raise the targets of “%(title)s”") % words, reverse("seat_targets", args=[coming.pk]))
    else:
        seats = Deed(
            _("Choose how seats of “%(title)s” are given") % words, reverse("seat_policy", args=[coming.pk])
        )
    return {Step.ASKED: [room, time], Step.OFFERED: [seats], Step.CAME: [time]}
