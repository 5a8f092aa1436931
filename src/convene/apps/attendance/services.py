"""The only writer of findings of presence. A correction is a new row; the newest holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from convene.apps.attendance import csvs, permissions, queries, rules
from convene.apps.attendance.events import (
    AttendanceContested,
    AttendanceImported,
    AttendanceRecorded,
    ContestDecided,
    FeedbackReceived,
    RoomCodeMade,
    SessionClosed,
)
from convene.apps.attendance.models import (
    Attendance,
    AttendanceImport,
    Contest,
    Feedback,
    FeedbackGiven,
    RoomCode,
)
from convene.apps.attendance.permissions import Permission
from convene.apps.people.models import Person
from convene.apps.seats.models import Registration
from convene.apps.seats.queries import confirmed_list
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish

Source = Attendance.Source
KEPT = timedelta(days=7)
"""An uploaded list nobody said yes to is forgotten after this long."""


@dataclass(frozen=True)
class Finding:
    """What is to be recorded: state, whole minutes (None: not kept), how we know."""

    state: str
    source: str
    minutes: int | None = None
    arrived_at: datetime | None = None
    reason: str = ""


def _check_same_workshop(registration: Registration, session: Session) -> None:
    if registration.workshop_id != session.workshop_id:
        raise RuleBroken(_("That seat belongs to another workshop."), code="other_workshop")
    if registration.state != Registration.State.CONFIRMED:
        raise RuleBroken(_("Only people with a confirmed seat are on the door list."), code="no_seat")


@transaction.atomic
def _record(
    registration: Registration, session: Session, found: Finding, *, actor: Person | None, now: datetime
) -> Attendance:
    """Replace the standing finding, or leave it when it says the same."""
    # The row's lock (SQLite: the transaction's, IMMEDIATE) keeps two findings of one instant in line.
    registration = Registration.objects.select_for_update().get(pk=registration.pk)
    _check_same_workshop(registration, session)
    planned = rules.planned_minutes(session.starts_at, session.ends_at)
    minutes = found.minutes if session.workshop.counts_minutes else None
    rules.check_minutes(minutes, planned=planned)
    standing = queries.finding(registration.pk, session.pk)
    if standing is not None:
        if standing.state == found.state and standing.minutes == minutes:
            return standing
        Attendance.objects.filter(pk=standing.pk, holds=True).update(holds=False)
    attendance = Attendance.objects.create(
        registration=registration,
        session=session,
        state=found.state,
        minutes=minutes,
        arrived_at=found.arrived_at or (standing.arrived_at if standing else None),
        source=found.source,
        recorded_by=actor.pk if actor else None,
        reason=found.reason,
        at=now,
    )
    publish(
        AttendanceRecorded(
            subject_id=registration.pk,
            community_id=session.workshop.community_id,
            workshop_id=session.workshop_id,
            session_id=session.pk,
            state=found.state,
            source=found.source,
        ),
        actor=actor,
        now=now,
    )
    return attendance


def arrive(*, registration: Registration, session: Session, source: str, now: datetime) -> Attendance:
    """The person came by their own join link or the room's code; coming twice changes nothing."""
    rules.check_open(starts_at=session.starts_at, ends_at=session.ends_at, now=now)
    standing = queries.finding(registration.pk, session.pk)
    if standing is not None and standing.state in rules.PRESENT:
        return standing
    minutes = rules.minutes_from_arrival(now, session.starts_at, session.ends_at)
    found = Finding(rules.ATTENDED, source, minutes=minutes, arrived_at=now)
    return _record(registration, session, found, actor=registration.person, now=now)


def mark_at_door(
    *, registration: Registration, session: Session, state: str, actor: Person, now: datetime
) -> Attendance:
    """A helper ticks someone off, or takes a wrong tick back."""
    if not permissions.can_keep_door(actor, session.workshop):
        raise NotAllowed(Permission.KEEP_DOOR)
    rules.check_begun(starts_at=session.starts_at, now=now)
    present = state in rules.PRESENT
    minutes = rules.minutes_from_arrival(now, session.starts_at, session.ends_at) if present else None
    found = Finding(state, Source.DOOR, minutes=minutes, arrived_at=now if present else None)
    return _record(registration, session, found, actor=actor, now=now)


def set_attendance(
    *,
    registration: Registration,
    session: Session,
    state: str,
    minutes: int | None,
    reason: str,
    actor: Person,
    now: datetime,
) -> Attendance:
    """A steward or facilitator writes what happened; any state may follow any other."""
    if not permissions.can_keep_door(actor, session.workshop):
        raise NotAllowed(Permission.KEEP_DOOR)
    rules.check_begun(starts_at=session.starts_at, now=now)
    return _record(
        registration, session, Finding(state, Source.STEWARD, minutes, reason=reason), actor=actor, now=now
    )


def apologise(*, registration: Registration, session: Session, now: datetime) -> Attendance:
    """The person cannot come to this session and says so before it begins; the seat stays for the others."""
    if now >= session.starts_at:
        raise RuleBroken(
            _("The session has begun; your record has a way to say what happened."), code="too_late"
        )
    return _record(
        registration, session, Finding(rules.APOLOGISED, Source.SELF), actor=registration.person, now=now
    )


@transaction.atomic
def close_session(*, session: Session, actor: Person, now: datetime) -> int:
    """Everyone with a seat of whom nothing is known was absent. Returns how many."""
    if not permissions.can_keep_door(actor, session.workshop):
        raise NotAllowed(Permission.KEEP_DOOR)
    if now < session.ends_at:
        raise RuleBroken(_("The session is not over."), code="not_over")
    # Whoever arrives in this very instant waits for the lock, or is read here as having come.
    list(confirmed_list(session.workshop).order_by("pk").select_related(None).select_for_update())
    unknown = [row.registration for row in queries.door_rows(session) if row.finding is None]
    Attendance.objects.bulk_create(
        Attendance(
            registration=registration,
            session=session,
            state=rules.ABSENT,
            source=Source.STEWARD,
            recorded_by=actor.pk,
            at=now,
        )
        for registration in unknown
    )
    publish(
        SessionClosed(
            subject_id=session.pk,
            community_id=session.workshop.community_id,
            workshop_id=session.workshop_id,
            absent=len(unknown),
        ),
        actor=actor,
        now=now,
    )
    return len(unknown)


@transaction.atomic
def make_room_code(*, session: Session, actor: Person) -> str:
    """The session's code; made at the first asking, the same ever after."""
    if not permissions.can_keep_door(actor, session.workshop):
        raise NotAllowed(Permission.KEEP_DOOR)
    found, made = RoomCode.objects.get_or_create(session=session, defaults={"code": rules.new_code()})
    if made:
        workshop = session.workshop
        publish(
            RoomCodeMade(subject_id=session.pk, community_id=workshop.community_id, workshop_id=workshop.pk),
            actor=actor,
        )
    return found.code


# --- "this is wrong" ---------------------------------------------------------


@transaction.atomic
def contest(
    *, registration: Registration, session: Session, claim: str, text: str, actor: Person, now: datetime
) -> Contest:
    """The person says what the record should be."""
    if registration.person_id != actor.pk:
        raise NotAllowed(Permission.CONTEST_OWN)
    # Of two claims made at once the second sees the first.
    registration = Registration.objects.select_for_update().get(pk=registration.pk)
    _check_same_workshop(registration, session)
    rules.check_begun(starts_at=session.starts_at, now=now)
    standing = queries.finding(registration.pk, session.pk)
    already = Contest.objects.filter(registration=registration, session=session, state=Contest.State.OPEN)
    rules.check_contest(
        state=standing.state if standing else rules.EXPECTED, claim=claim, open_already=already.exists()
    )
    made = Contest.objects.create(registration=registration, session=session, claim=claim, text=text.strip())
    publish(
        AttendanceContested(
            subject_id=made.pk,
            community_id=session.workshop.community_id,
            workshop_id=session.workshop_id,
        ),
        actor=actor,
        now=now,
    )
    return made


@transaction.atomic
def decide_contest(*, contest: Contest, accept: bool, reason: str, actor: Person, now: datetime) -> None:
    """Correct the record, or say why not. Of two decisions only the first counts."""
    workshop = contest.registration.workshop
    if not permissions.can_decide(actor, workshop):
        raise NotAllowed(Permission.DECIDE_CONTEST)
    if not accept and not reason.strip():
        raise RuleBroken(_("Say why the record stays as it is."), code="reason_missing", field="reason")
    state = Contest.State.ACCEPTED if accept else Contest.State.DECLINED
    claimed = Contest.objects.filter(pk=contest.pk, state=Contest.State.OPEN).update(
        state=state, reason=reason.strip(), decided_by=actor, decided_at=now
    )
    if claimed != 1:
        raise RuleBroken(_("Somebody has decided this already."), code="decided_already")
    if accept:
        planned = rules.planned_minutes(contest.session.starts_at, contest.session.ends_at)
        minutes = planned if contest.claim == rules.ATTENDED else None
        found = Finding(contest.claim, Source.CORRECTION, minutes, reason=reason.strip())
        _record(contest.registration, contest.session, found, actor=actor, now=now)
    publish(
        ContestDecided(
            subject_id=contest.pk, community_id=workshop.community_id, workshop_id=workshop.pk, state=state
        ),
        actor=actor,
        now=now,
    )


# --- lists of video tools ----------------------------------------------------


@transaction.atomic
def start_import(*, session: Session, data: bytes, actor: Person, now: datetime) -> AttendanceImport:
    """Read an uploaded list; nothing is recorded until the steward has seen every row's fate."""
    if not permissions.can_keep_door(actor, session.workshop):
        raise NotAllowed(Permission.KEEP_DOOR)
    rows = csvs.read(csvs.decode(data))
    if not rows:
        raise RuleBroken(_("There is nobody in this list."), code="empty_list", field="file")
    return AttendanceImport.objects.create(
        session=session, rows=[[row.name, row.email, row.minutes] for row in rows], made_by=actor, made_at=now
    )


@transaction.atomic
def apply_import(
    *, pending: AttendanceImport, matches: Mapping[int, Registration], actor: Person, now: datetime
) -> int:
    """Record the matched rows (row number -> registration) and forget the names. Returns how many."""
    session = pending.session
    if not permissions.can_keep_door(actor, session.workshop):
        raise NotAllowed(Permission.KEEP_DOOR)
    if len({match.pk for match in matches.values()}) < len(matches):
        raise RuleBroken(_("Two rows are matched with the same person."), code="matched_twice")
    claimed = AttendanceImport.objects.filter(pk=pending.pk, applied_at=None).update(applied_at=now, rows=[])
    if claimed != 1:
        raise RuleBroken(_("This list has been recorded already."), code="applied_already")
    planned = rules.planned_minutes(session.starts_at, session.ends_at)
    for number, registration in matches.items():
        minutes = min(int(pending.rows[number][2]), planned)
        state = rules.state_from_minutes(minutes, planned=planned)
        _record(registration, session, Finding(state, Source.IMPORT, minutes), actor=actor, now=now)
    publish(
        AttendanceImported(
            subject_id=session.pk,
            community_id=session.workshop.community_id,
            workshop_id=session.workshop_id,
            recorded=len(matches),
        ),
        actor=actor,
        now=now,
    )
    return len(matches)


@transaction.atomic
def drop_import(*, pending: AttendanceImport, actor: Person) -> None:
    if not permissions.can_keep_door(actor, pending.session.workshop):
        raise NotAllowed(Permission.KEEP_DOOR)
    pending.delete()


@transaction.atomic
def forget_old_imports(*, now: datetime) -> int:
    """Sweep: lists nobody said yes to go, with the names in them."""
    return AttendanceImport.objects.filter(applied_at=None, made_at__lt=now - KEPT).delete()[0]


# --- feedback ----------------------------------------------------------------


@transaction.atomic
def give_feedback(
    *, registration: Registration, useful: int | None, said: int | None, change: str, now: datetime
) -> None:
    """Keep the answers without any link to who gave them; that someone answered is kept apart, once."""
    rules.check_answers(useful=useful, said=said, change=change)
    workshop: Workshop = registration.workshop
    try:
        with transaction.atomic():
            FeedbackGiven.objects.create(registration=registration)
    except IntegrityError as error:
        raise RuleBroken(_("You have answered already. Thank you."), code="feedback_given") from error
    Feedback.objects.create(workshop=workshop, useful=useful, said=said, change=change.strip())
    publish(FeedbackReceived(subject_id=workshop.pk, community_id=workshop.community_id), actor=None, now=now)
