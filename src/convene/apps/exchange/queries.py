"""Dry runs and exports: what would become of each row, and the tables that go out."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Prefetch, QuerySet
from django.utils.translation import gettext as _

from convene.apps.attendance.models import Attendance
from convene.apps.attendance.rules import outcome
from convene.apps.communities.models import Membership, Trait, TraitQuestion
from convene.apps.exchange import rules
from convene.apps.exchange.models import TableImport
from convene.apps.exchange.rules import Column, Fate, ReadRow
from convene.apps.people.models import Consent, Person
from convene.apps.people.rules import Purpose
from convene.apps.seats.models import Registration, SeatPolicy
from convene.apps.workshops.models import Workshop


@dataclass(frozen=True)
class Verdict:
    """A row and its fate; `why` says what is wrong or why it is left out."""

    row: ReadRow
    fate: Fate
    why: str = ""

    @property
    def words(self) -> str:
        return str(rules.FATES[self.fate])


def questions_of(community_id: UUID) -> list[TraitQuestion]:
    return list(TraitQuestion.objects.filter(community_id=community_id, retired_at=None))


def guess(header: Sequence[str], community_id: UUID) -> dict[int, str]:
    """Columns by their words; one named like a trait question is that question."""
    found: dict[int, str] = {place: str(column) for place, column in rules.guess(header).items()}
    asked = {name.casefold(): one for one in questions_of(community_id) for name in (one.key, one.label)}
    for place, name in enumerate(header):
        if place not in found and name.casefold() in asked:
            found[place] = f"trait:{asked[name.casefold()].pk}"
    return found


def has_spoken(person_id: UUID, question_id: UUID) -> bool:
    """Whether they answered, preferred not to, or took an answer back: no table speaks over them."""
    answered = Trait.objects.filter(person_id=person_id, question_id=question_id)
    agreed = Consent.objects.filter(person_id=person_id, purpose=Purpose.TRAITS, scope_id=question_id)
    return answered.exists() or agreed.exists()


def mapping_of(pending: TableImport) -> dict[int, str]:
    return {int(place): meaning for place, meaning in pending.mapping.items()}


def pending_import(import_id: UUID) -> TableImport | None:
    return (
        TableImport.objects.select_related("community", "workshop")
        .filter(pk=import_id, applied_at=None)
        .first()
    )


def dry_run(pending: TableImport) -> list[Verdict]:
    """Every row's fate, in the order rows are taken in. Three queries whatever the number of rows."""
    mapping = mapping_of(pending)
    rows = [
        rules.read_row(number, cells, mapping)
        for number, cells in zip(pending.numbers, pending.rows, strict=True)
    ]
    emails = {row.email for row in rows if row.email}
    known = set(Person.objects.filter(email__in=emails).values_list("email", flat=True))
    here = _already_here(pending, emails)
    questions = {str(one.pk): one for one in questions_of(pending.community_id)}
    drawn = SeatPolicy.objects.filter(workshop=pending.workshop, kind=SeatPolicy.Kind.DRAW).exists()
    seen: set[str] = set()
    verdicts = []
    for row in rows:
        wrong = _wrong(row, seen, questions)
        if row.email:
            seen.add(row.email)
        verdicts.append(
            Verdict(row, Fate.WRONG, wrong) if wrong else _fate(pending.kind, row, known, here, drawn=drawn)
        )
    if pending.kind == TableImport.Kind.REGISTRATIONS:
        kinds = [rules.comes_in(row.values.get(Column.STATUS, "")) for row in rows]
        return [verdicts[place] for place in rules.in_order(kinds)]
    return verdicts


def _already_here(pending: TableImport, emails: set[str]) -> set[str]:
    if pending.kind == TableImport.Kind.PEOPLE:
        members = Membership.objects.filter(community=pending.community, person__email__in=emails)
        found = list(members.exclude(state=Membership.State.LEFT).values_list("person__email", flat=True))
    else:
        live = Registration.objects.filter(
            workshop=pending.workshop, person__email__in=emails, state__in=Registration.LIVE
        )
        found = list(live.values_list("person__email", flat=True))
    return {email for email in found if email}


def _wrong(row: ReadRow, seen: set[str], questions: dict[str, TraitQuestion]) -> str:
    if not row.name and not row.email:
        return _("neither name nor mail address")
    if row.email and ("@" not in row.email or " " in row.email):
        return _("“%(text)s” is no mail address") % {"text": row.email}
    if row.email in seen and row.email:
        return _("this mail address stands in an earlier row")
    for question_id, value in row.traits.items():
        question = questions.get(question_id)
        if question is not None and value and value not in question.values:
            return _("“%(value)s” is no answer to “%(question)s”") % {
                "value": value,
                "question": question.label,
            }
    status = row.values.get(Column.STATUS, "")
    if status and not rules.comes_in(status):
        return _("the state “%(status)s” is unknown") % {"status": status}
    return ""


def _fate(kind_of: str, row: ReadRow, known: set[str | None], here: set[str], *, drawn: bool) -> Verdict:
    if row.email in here:
        return Verdict(row, Fate.ALREADY)
    if kind_of == TableImport.Kind.PEOPLE:
        return Verdict(row, Fate.KNOWN if row.email in known else Fate.NEW)
    kind = rules.comes_in(row.values.get(Column.STATUS, ""))
    if kind == "gone":
        return Verdict(row, Fate.LEFT_OUT, _("cancelled or declined there"))
    if drawn:
        return Verdict(row, Fate.ENTRY)
    return Verdict(row, Fate.LIST if kind == "waiting" else Fate.SEAT)


# --- going out ---------------------------------------------------------------

PEOPLE_HEADER = ("name", "email", "tier", "state", "organisation", "since", "roles")
REGISTRATION_HEADER = (
    "workshop", "name", "email", "state", "entered", "pool", "source", "outcome", "minutes",
    "facetoface_code", "facetoface_status", "partstat", "reservation_status", "xapi_verb",
    "hope", "warm_up", "note",
)  # fmt: skip


def people_rows(community_id: UUID) -> list[tuple[object, ...]]:
    members = (
        Membership.objects.filter(community_id=community_id)
        .select_related("person", "organisation")
        .prefetch_related("person__role_terms")
        .order_by("person__name", "pk")
    )
    rows: list[tuple[object, ...]] = []
    for one in members:
        terms = [term for term in one.person.role_terms.all() if term.community_id == community_id]
        roles = "; ".join(sorted({term.role for term in terms if term.ends_on is None}))
        organisation = one.organisation.name if one.organisation else ""
        rows.append((one.person.name, one.person.email, one.tier, one.state, organisation, one.since, roles))
    return rows


def registrations_for(workshops: QuerySet[Workshop]) -> QuerySet[Registration]:
    standing = Prefetch("attendances", Attendance.objects.filter(holds=True), to_attr="standing")
    return (
        Registration.objects.filter(workshop__in=workshops)
        .select_related("person", "pool", "workshop")
        .prefetch_related(standing, "workshop__sessions")
        .order_by("workshop__created_at", "entered_at", "pk")
    )


def registration_rows(workshops: QuerySet[Workshop]) -> list[tuple[object, ...]]:
    """One row a registration, with its state in four vocabularies; five queries however many."""
    rows: list[tuple[object, ...]] = []
    for one in registrations_for(workshops):
        found = {finding.session_id: finding for finding in one.standing}  # type: ignore[attr-defined]  # to_attr
        states = [found[item.pk].state if item.pk in found else None for item in one.workshop.sessions.all()]
        result = outcome(states) if one.state == Registration.State.CONFIRMED else ""
        minutes = sum(finding.minutes or 0 for finding in found.values()) or ""
        there = result if result in rules.FACETOFACE else one.state
        code, status = rules.FACETOFACE[there]
        rows.append(
            (
                one.workshop.title, one.person.name, one.person.email, one.state, one.entered_at.isoformat(),
                one.pool.name if one.pool else "", one.source, result, minutes, code, status,
                rules.PARTSTAT.get(one.state, "NEEDS-ACTION"),
                rules.RESERVATION.get(one.state, "ReservationCancelled"),
                rules.XAPI.get(there, ""),
                one.hope,
                one.warm_up,
                one.note,
            )
        )  # fmt: skip
    return rows
