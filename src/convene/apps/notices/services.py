"""Writing notices, letters and opt-outs. Mails themselves are rows of foundation.mail."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from convene.apps.notices import calendar, permissions, queries, rules
from convene.apps.notices.events import LetterWritten, NoticeEdited
from convene.apps.notices.models import CalendarState, Letter, NoticeText, OptOut
from convene.apps.notices.permissions import Permission
from convene.apps.notices.rendering import Reading, render
from convene.apps.notices.rules import BY_KIND, NoticeKind
from convene.apps.people.models import Person
from convene.apps.seats.queries import registration_of
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.calendars import Method
from convene.foundation.errors import NotAllowed
from convene.foundation.events import publish
from convene.foundation.mail.services import schedule_mail

LETTER_DELAY = timedelta(minutes=5)
"""A letter waits this long in the visible list, so that its writer can still stop it."""


@transaction.atomic
def tell(  # one mail, all it may carry
    kind: NoticeKind,
    reading: Reading,
    *,
    key: str,
    now: datetime,
    send_at: datetime | None = None,
    method: Method | None = None,
    partstat: str = "NEEDS-ACTION",
) -> bool:
    """Write the mail of one notice to one reader; False when it is switched off, unwanted or already written.

    With `method` (REQUEST or CANCEL) it carries the calendar entry of the first session, and the other
    sessions follow as mails of their own: several entries in one mail confuse calendars.
    """
    custom = queries.custom_text(reading.workshop.pk, kind)
    if not reading.person.email or reading.person.erased_at or (custom is not None and not custom.on):
        return False
    if kind in BY_KIND and BY_KIND[kind].optional:
        community_id = reading.workshop.community_id
        if queries.has_opted_out(reading.person.pk, community_id):
            return False
    first = reading.sessions[0] if reading.sessions else None
    written = _write(kind, reading, custom, key, send_at or now, first, method, partstat, now)
    if written and method:
        for session in reading.sessions[1:]:
            _tell_of_session(reading, session, key=key, method=method, partstat=partstat, now=now)
    return written


@transaction.atomic
def cancel_entries(*, session_id: UUID, now: datetime) -> None:
    """Take one session out of every calendar it stands in."""
    standing = CalendarState.objects.filter(session_id=session_id, method=calendar.REQUEST)
    for state in standing.select_related("session__workshop__community", "person"):
        workshop = state.session.workshop
        reading = Reading(state.person, workshop, [state.session], registration_of(state.person, workshop))
        tell(
            NoticeKind.SESSION_REMOVED,
            reading,
            key=f"session_removed:{session_id}:{state.person_id}",
            now=now,
            method=calendar.CANCEL,
            partstat="NEEDS-ACTION",
        )


def _tell_of_session(
    reading: Reading, session: Session, *, key: str, method: Method, partstat: str, now: datetime
) -> None:
    single = Reading(reading.person, reading.workshop, [session], reading.registration, reading.deadline)
    if method == calendar.CANCEL:
        state = CalendarState.objects.filter(session=session, person=reading.person).first()
        if state is None or state.method == calendar.CANCEL:
            return
    _write(
        NoticeKind.SESSION_CALENDAR, single, None, f"{key}:{session.pk}", now, session, method, partstat, now
    )


def _write(
    kind: NoticeKind,
    reading: Reading,
    custom: NoticeText | None,
    key: str,
    send_at: datetime,
    session: Session | None,
    method: Method | None,
    partstat: str,
    now: datetime,
) -> bool:
    rendered = render(kind, reading, custom=custom)
    message = schedule_mail(
        key=key,
        kind=kind,
        person_id=reading.person.pk,
        to_address=reading.person.email or "",
        language=reading.language,
        subject=rendered.subject,
        text=rendered.text,
        send_at=send_at,
        unsubscribe_url=rendered.unsubscribe_url,
        reply_to=reading.workshop.community.contact,
        community_id=reading.workshop.community_id,
        about_id=reading.workshop.pk,
    )
    if message is None:
        return False
    if method and session is not None:
        body = calendar.message(reading, session, method=method, partstat=partstat, now=now)
        if body is not None:
            message.calendar, message.calendar_method = body, method
            message.save(update_fields=["calendar", "calendar_method"])
    return True


@transaction.atomic
def edit_notice(
    *, workshop: Workshop, kind: NoticeKind, on: bool, subject: str, text: str, actor: Person, now: datetime
) -> None:
    """Keep the steward's words for this workshop; empty ones bring ours back."""
    if not permissions.can_edit_notices(actor, workshop):
        raise NotAllowed(Permission.EDIT_NOTICES)
    rules.check_text(subject, field="subject")
    rules.check_text(text, field="text")
    NoticeText.objects.update_or_create(
        workshop=workshop, kind=kind, defaults={"on": on, "subject": subject.strip(), "text": text.strip()}
    )
    publish(
        NoticeEdited(subject_id=workshop.pk, community_id=workshop.community_id, kind=kind, on=on),
        actor=actor,
        now=now,
    )


@transaction.atomic
def write_letter(
    *, workshop: Workshop, group: str, subject: str, text: str, actor: Person, now: datetime
) -> Letter:
    """One mail a reader, five minutes from now: until then each can be read, edited and stopped."""
    if not permissions.can_edit_notices(actor, workshop):
        raise NotAllowed(Permission.WRITE_LETTER)
    rules.check_letter(subject=subject, text=text)
    rules.check_text(subject, field="subject")
    rules.check_text(text, field="text")
    letter = Letter.objects.create(
        workshop=workshop,
        group=group,
        subject=subject.strip(),
        text=text.strip(),
        written_by=actor,
        created_at=now,
        send_at=now + LETTER_DELAY,
    )
    readers = queries.group_readers(workshop, group)
    custom = NoticeText(workshop=workshop, kind=NoticeKind.LETTER, subject=subject, text=text)
    sessions = list(workshop.sessions.all())
    for person, registration in readers:
        if person.email:
            reading = Reading(person, workshop, sessions, registration)
            _write(
                NoticeKind.LETTER,
                reading,
                custom,
                f"letter:{letter.pk}:{person.pk}",
                letter.send_at,
                None,
                None,
                "",
                now,
            )
    publish(
        LetterWritten(
            subject_id=letter.pk,
            community_id=workshop.community_id,
            workshop_id=workshop.pk,
            readers=len(readers),
        ),
        actor=actor,
        now=now,
    )
    return letter


@transaction.atomic
def opt_out(*, person_id: UUID, community_id: UUID, now: datetime) -> None:
    OptOut.objects.get_or_create(person_id=person_id, community_id=community_id, defaults={"at": now})


@transaction.atomic
def opt_in(*, person_id: UUID, community_id: UUID) -> None:
    OptOut.objects.filter(person_id=person_id, community_id=community_id).delete()


@transaction.atomic
def note_answer(*, session: Session, person: Person, partstat: str) -> None:
    """What the person's own calendar answered (RFC 5546 REPLY)."""
    CalendarState.objects.filter(session=session, person=person).update(partstat=partstat)
