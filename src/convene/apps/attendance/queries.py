"""Reading presence: the door list, one's own record, feedback from five answers on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from statistics import median
from uuid import UUID

from django.db.models import Prefetch, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.attendance import csvs, rules
from convene.apps.attendance.models import (
    Attendance,
    AttendanceImport,
    Contest,
    Feedback,
    FeedbackGiven,
    RoomCode,
)
from convene.apps.people.models import Person
from convene.apps.seats.models import Registration
from convene.apps.seats.queries import confirmed_list
from convene.apps.workshops.models import Session, Workshop

SMALLEST_CELL = 5
"""Nothing is shown about fewer people."""


@dataclass(frozen=True)
class DoorRow:
    """One line of the door list: a confirmed seat and what is known of its presence in this session."""

    registration: Registration
    finding: Attendance | None

    @property
    def here(self) -> bool:
        return self.finding is not None and self.finding.state in rules.PRESENT

    @property
    def anchor(self) -> str:
        return f"seat-{self.registration.pk}"

    @property
    def note(self) -> str:
        """What is known, and how: “attended, 110 minutes (door list)”."""
        found = self.finding
        if found is None:
            return _("expected")
        words = {"state": found.get_state_display(), "source": found.get_source_display()}
        if found.minutes is None or not self.here:
            return _("%(state)s (%(source)s)") % words
        minutes = ngettext("%(n)d minute", "%(n)d minutes", found.minutes) % {"n": found.minutes}
        return _("%(state)s, %(minutes)s (%(source)s)") % (words | {"minutes": minutes})


def session_for_door(session_id: UUID | str) -> Session | None:
    return Session.objects.select_related("workshop__community").filter(pk=session_id).first()


def door_rows(session: Session, *, search: str = "") -> list[DoorRow]:
    """The confirmed list, walk-ins included, by name; two queries whatever its length."""
    rows = confirmed_list(session.workshop)
    if search:
        rows = rows.filter(Q(person__name__icontains=search) | Q(person__email__istartswith=search))
    held = Prefetch("attendances", Attendance.objects.filter(session=session, holds=True), to_attr="standing")
    found = rows.prefetch_related(held)
    return [DoorRow(row, row.standing[0] if row.standing else None) for row in found]


def finding(registration_id: UUID, session_id: UUID) -> Attendance | None:
    return Attendance.objects.filter(
        registration_id=registration_id, session_id=session_id, holds=True
    ).first()


def room_code(session: Session) -> str:
    return RoomCode.objects.filter(session=session).values_list("code", flat=True).first() or ""


def session_by_code(code: str) -> Session | None:
    return (
        Session.objects.select_related("workshop__community")
        .filter(room_code__code=rules.tidy_code(code))
        .first()
    )


def seat_of(workshop: Workshop, *, person: Person | None = None, email: str = "") -> Registration | None:
    rows = confirmed_list(workshop)
    if person is not None:
        return rows.filter(person=person).first()
    return rows.filter(person__email=email.strip().lower()).first() if email.strip() else None


@dataclass(frozen=True)
class RecordLine:
    """One session of one's own record."""

    registration: Registration
    session: Session
    finding: Attendance | None
    contest: Contest | None

    @property
    def state(self) -> str:
        return self.finding.state if self.finding else rules.EXPECTED


@dataclass(frozen=True)
class RecordEntry:
    """One workshop of one's own record."""

    registration: Registration
    lines: Sequence[RecordLine]

    @property
    def outcome(self) -> str:
        return rules.outcome([line.finding.state if line.finding else None for line in self.lines])

    @property
    def came(self) -> bool:
        return rules.came(line.state for line in self.lines)

    @property
    def minutes(self) -> int | None:
        known = [line.finding.minutes for line in self.lines if line.finding and line.state in rules.PRESENT]
        return sum(minutes or 0 for minutes in known) if any(m is not None for m in known) else None


def record_of(person: Person, *, now: datetime, registration_id: UUID | None = None) -> list[RecordEntry]:
    """What one took part in: workshops whose first session has begun, newest first; five queries at most."""
    rows = Registration.objects.filter(person=person, state=Registration.State.CONFIRMED)
    if registration_id is not None:
        rows = rows.filter(pk=registration_id)
    found = (
        rows.filter(workshop__sessions__starts_at__lte=now)
        .distinct()
        .select_related("workshop__community", "person")
        .prefetch_related(
            "workshop__sessions",
            Prefetch("attendances", Attendance.objects.filter(holds=True), to_attr="standing"),
            Prefetch("contests", Contest.objects.order_by("-created_at"), to_attr="claims"),
        )
    )
    entries = [RecordEntry(row, _lines(row, now)) for row in found]
    return sorted(entries, key=lambda entry: entry.lines[0].session.starts_at, reverse=True)


def _lines(row: Registration, now: datetime) -> list[RecordLine]:
    findings = {one.session_id: one for one in row.standing}  # type: ignore[attr-defined]  # Prefetch to_attr
    claims: dict[UUID, Contest] = {}
    for claim in row.claims:  # type: ignore[attr-defined]  # Prefetch to_attr
        claims.setdefault(claim.session_id, claim)
    return [
        RecordLine(row, session, findings.get(session.pk), claims.get(session.pk))
        for session in row.workshop.sessions.all()
        if session.starts_at <= now
    ]


def open_contests(community_id: UUID) -> QuerySet[Contest]:
    """For Today: people who say the record is wrong."""
    return (
        Contest.objects.filter(state=Contest.State.OPEN, registration__workshop__community_id=community_id)
        .select_related("registration__person", "registration__workshop", "session")
        .order_by("created_at")
    )


def contests_of(workshop_id: UUID) -> QuerySet[Contest]:
    return (
        Contest.objects.filter(registration__workshop_id=workshop_id)
        .select_related("registration__person", "session")
        .order_by("state", "created_at")
    )


@dataclass(frozen=True)
class FeedbackSummary:
    """Shown from five answers on; each figure too needs five."""

    asked: int
    answered: int
    useful: float | None
    said: float | None
    changes: Sequence[str]

    @property
    def enough(self) -> bool:
        return self.answered >= SMALLEST_CELL


def feedback_of(workshop: Workshop, *, asked: int) -> FeedbackSummary:
    rows = list(Feedback.objects.filter(workshop=workshop).order_by("pk"))
    if len(rows) < SMALLEST_CELL:
        return FeedbackSummary(asked, len(rows), None, None, ())
    useful = [row.useful for row in rows if row.useful is not None]
    said = [row.said for row in rows if row.said is not None]
    return FeedbackSummary(
        asked,
        len(rows),
        median(useful) if len(useful) >= SMALLEST_CELL else None,
        median(said) if len(said) >= SMALLEST_CELL else None,
        tuple(row.change for row in rows if row.change.strip()),
    )


def has_given_feedback(registration_id: UUID) -> bool:
    return FeedbackGiven.objects.filter(registration_id=registration_id).exists()


def matched(pending: AttendanceImport) -> Sequence[UUID | None]:
    """Our guess for each row of a pending list."""
    rows = [csvs.SeenRow(name, email, minutes) for name, email, minutes in pending.rows]
    candidates = [
        csvs.Candidate(
            str(row.registration.pk), row.registration.person.name, row.registration.person.email or ""
        )
        for row in door_rows(pending.session)
    ]
    return [UUID(found) if found else None for found in csvs.match(rows, candidates)]
