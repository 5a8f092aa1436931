"""What handlers enqueue: each takes ids, may run twice, and writes at most one mail for each reader."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import override
from django_tasks import task

from convene.apps.notices import calendar, queries, services
from convene.apps.notices.models import CalendarState
from convene.apps.notices.rendering import Reading
from convene.apps.notices.rules import BY_KIND, NoticeKind
from convene.apps.people.models import Person
from convene.apps.seats.links import approval_path, version_of
from convene.apps.seats.models import Offer, Registration
from convene.apps.seats.queries import place_in_line
from convene.apps.workshops.models import Facilitation, Session, Workshop
from convene.foundation.access import links
from convene.foundation.calendars import Method
from convene.foundation.jobs.services import cancel, schedule
from convene.foundation.mail.urls_absolute import absolute, absolute_to

ENDING_BEFORE = timedelta(hours=12)

# What each notice does to the reader's calendar: method and their PARTSTAT in it.
CALENDAR: dict[NoticeKind, tuple[Method | None, str]] = {
    NoticeKind.SEAT_CONFIRMED: (calendar.REQUEST, "ACCEPTED"),
    NoticeKind.CHOICE_REOPENED: (calendar.REQUEST, "NEEDS-ACTION"),
    NoticeKind.SEAT_CANCELLED: (calendar.CANCEL, "DECLINED"),
    NoticeKind.OFFER_EXPIRED: (calendar.CANCEL, "NEEDS-ACTION"),
    NoticeKind.WORKSHOP_CANCELLED: (calendar.CANCEL, "NEEDS-ACTION"),
    NoticeKind.WORKSHOP_POSTPONED: (calendar.CANCEL, "NEEDS-ACTION"),
    NoticeKind.DETAILS_CHANGED: (calendar.REQUEST, "ACCEPTED"),
}


@task()
def tell_registrant(kind: str, registration_id: str, occasion: str, offer_id: str = "") -> None:
    """Tell one person what became of their registration. `occasion` names what happened, for at-most-once."""
    registration = Registration.objects.select_related("person", "pool").filter(pk=registration_id).first()
    if registration is None:
        return
    workshop = queries.workshop_with_sessions(registration.workshop_id)
    if workshop is None:
        return
    notice, now = NoticeKind(kind), timezone.now()
    offer = Offer.objects.filter(pk=offer_id).first() if offer_id else None
    if is_over(workshop, now) or not is_still_so(notice, registration, offer, now):
        return
    reading = _reading(registration, workshop, offer)
    method, partstat = CALENDAR.get(notice, (None, ""))
    if method == calendar.CANCEL and queries.holds_seat(registration.person_id, workshop.pk):
        method, partstat = None, ""  # they asked again meanwhile: the entry is their new seat's
    services.tell(
        notice,
        reading,
        key=f"{notice}:{registration.pk}:{occasion}",
        now=now,
        method=method,
        partstat=partstat,
    )
    if offer is not None and offer.expires_at - ENDING_BEFORE > now:
        schedule(
            key=f"offer_ending:{offer.pk}",
            task=f"{__name__}.tell_offer_ending",
            args={"offer_id": str(offer.pk)},
            due_at=offer.expires_at - ENDING_BEFORE,
        )


@task()
def ask_approvers(registration_id: str) -> None:
    """A link for the approver and one for the deputy; who answers first decides. Stewards see it on Today."""
    registration = (
        Registration.objects.select_related("person")
        .filter(pk=registration_id, state=Registration.State.NEEDS_APPROVAL)
        .first()
    )
    workshop = queries.workshop_with_sessions(registration.workshop_id) if registration else None
    if registration is None or workshop is None:
        return
    sessions = list(workshop.sessions.all())
    for approver in queries.approvers(workshop.pk, but=registration.person_id):
        extra = {
            "asker": registration.person.name,
            "link": absolute(approval_path(registration, approver)),
        }
        services.tell(
            NoticeKind.APPROVAL_ASKED,
            Reading(approver, workshop, sessions, extra=extra),
            key=f"approval_asked:{registration.pk}:{approver.pk}",
            now=timezone.now(),
        )


_ONLY_WHILE = {
    NoticeKind.SEAT_CONFIRMED: (Registration.State.CONFIRMED,),
    NoticeKind.SEAT_WAITLISTED: Registration.WAITING,
    NoticeKind.SEAT_NOT_DRAWN: (Registration.State.RESERVE,),
}


def is_still_so(notice: NoticeKind, registration: Registration, offer: Offer | None, now: datetime) -> bool:
    """A worker may come late, or try again after what followed: nobody reads what is no longer so."""
    if notice in _ONLY_WHILE:
        return registration.state in _ONLY_WHILE[notice]
    if notice in {NoticeKind.SEAT_OFFERED, NoticeKind.CHOICE_REOPENED}:
        return offer is not None and offer.answer == Offer.Answer.NONE and offer.expires_at > now
    return True


def is_over(workshop: Workshop, now: datetime) -> bool:
    """A worker that catches up after a pause mails nobody about a session that has ended."""
    sessions = workshop.sessions.all()
    return bool(sessions) and all(session.ends_at < now for session in sessions)


@task()
def tell_offer_ending(offer_id: str) -> None:
    offer = (
        Offer.objects.select_related("registration__person")
        .filter(pk=offer_id, answer="", registration__state=Registration.State.OFFERED)
        .first()
    )
    if offer is None:
        return
    workshop = queries.workshop_with_sessions(offer.registration.workshop_id)
    if workshop is not None and workshop.state == Workshop.State.PUBLISHED:
        services.tell(
            NoticeKind.OFFER_ENDING,
            _reading(offer.registration, workshop, offer),
            key=f"offer_ending:{offer.pk}",
            now=timezone.now(),
        )


@task()
def tell_workshop(kind: str, workshop_id: str, occasion: str) -> None:
    """Tell facilitators and those who wait that time or details changed, or that it is off.

    Holders of a seat hear of a new time by their reopened choice and of a cancellation by their own
    registration; of changed details they hear here.
    """
    workshop = queries.workshop_with_sessions(workshop_id)
    if workshop is None:
        return
    notice, now = NoticeKind(kind), timezone.now()
    sessions = list(workshop.sessions.all())
    readers = [Reading(person, workshop, sessions) for person in queries.facilitators(workshop.pk)]
    if notice in {NoticeKind.TIME_CHANGED, NoticeKind.WORKSHOP_POSTPONED}:
        readers += [Reading(row.person, workshop, sessions, row) for row in queries.waiting(workshop)]
    if notice in {NoticeKind.DETAILS_CHANGED, NoticeKind.WORKSHOP_POSTPONED}:
        readers += [Reading(row.person, workshop, sessions, row) for row in queries.holders(workshop)]
    for reading in readers:
        method, partstat = _calendar_for(notice, reading)
        services.tell(
            notice,
            reading,
            key=f"{notice}:{workshop.pk}:{reading.person.pk}:{occasion}",
            now=now,
            method=method,
            partstat=partstat,
        )


def _calendar_for(notice: NoticeKind, reading: Reading) -> tuple[Method | None, str]:
    """A facilitator's entry moves too; who only waits has none."""
    if reading.registration is None and notice == NoticeKind.TIME_CHANGED:
        return calendar.REQUEST, "ACCEPTED"
    if reading.registration is not None and notice == NoticeKind.TIME_CHANGED:
        return None, ""
    return CALENDAR.get(notice, (None, ""))


@task()
def tell_facilitator(person_id: str, workshop_id: str, occasion: str) -> None:
    """The calendar entry of someone who agreed to lead."""
    person = Person.objects.filter(pk=person_id).first()
    workshop = queries.workshop_with_sessions(workshop_id)
    if person is None or workshop is None or workshop.state != Workshop.State.PUBLISHED:
        return
    if CalendarState.objects.filter(
        person=person, session__workshop=workshop, method=calendar.REQUEST
    ).exists():
        return
    services.tell(
        NoticeKind.FACILITATOR_CALENDAR,
        Reading(person, workshop, list(workshop.sessions.all())),
        key=f"facilitator_calendar:{workshop.pk}:{person.pk}:{occasion}",
        now=timezone.now(),
        method=calendar.REQUEST,
        partstat="ACCEPTED",
    )


@task()
def welcome_facilitators(workshop_id: str, occasion: str) -> None:
    for person in queries.facilitators(workshop_id):
        tell_facilitator.func(str(person.pk), workshop_id, occasion)


@task()
def plan_timed_notices(workshop_id: str) -> None:
    """Put every timed notice of a workshop on the due-table; again after its times changed."""
    workshop = queries.workshop_with_sessions(workshop_id)
    if workshop is None:
        return
    sessions = list(workshop.sessions.all())
    for session in sessions:
        for rule in BY_KIND.values():
            if rule.before_start is not None:
                _plan(rule.kind, session, session.starts_at - rule.before_start)
    if sessions:
        last = max(sessions, key=lambda session: session.ends_at)
        for session in sessions:
            if session != last:
                cancel(key=_due_key(NoticeKind.AFTERWARDS, session))
        _plan(NoticeKind.AFTERWARDS, last, last.ends_at + timedelta(hours=1))


def _due_key(kind: NoticeKind, session: Session) -> str:
    return f"notice:{kind}:{session.pk}"


def _plan(kind: NoticeKind, session: Session, due_at: datetime) -> None:
    if due_at > timezone.now():
        schedule(
            key=_due_key(kind, session),
            task=f"{__name__}.tell_holders",
            args={"kind": str(kind), "session_id": str(session.pk)},
            due_at=due_at,
        )


@task()
def tell_holders(kind: str, session_id: str) -> None:
    """A timed notice to everyone with a seat (after: who came); nothing once the workshop is off."""
    session = Session.objects.select_related("workshop__community").filter(pk=session_id).first()
    if session is None or session.workshop.state not in {Workshop.State.PUBLISHED, Workshop.State.HELD}:
        return
    notice, now = NoticeKind(kind), timezone.now()
    if notice != NoticeKind.AFTERWARDS and session.starts_at <= now:
        return
    rows = queries.holders(session.workshop)
    if notice == NoticeKind.AFTERWARDS:
        rows = queries.those_who_came(session.workshop_id)
    for row in rows:
        token = links.sign("join", f"{row.pk}:{session.pk}", version_of(row))
        extra = {
            "join": absolute_to("join", token) if session.join_url else "",
            "feedback": absolute_to("feedback", links.sign("feedback", row.pk, version_of(row))),
        }
        services.tell(
            notice,
            Reading(row.person, session.workshop, [session], row, extra=extra),
            key=f"{notice}:{row.pk}:{session.pk}:{session.sequence}",
            now=now,
        )


def _reading(registration: Registration, workshop: Workshop, offer: Offer | None) -> Reading:
    extra: dict[str, str] = {}
    reading = Reading(
        registration.person,
        workshop,
        list(workshop.sessions.all()),
        registration,
        deadline=offer.expires_at if offer else None,
        extra=extra,
    )
    with override(reading.language):
        place = place_in_line(registration)
        extra["place_in_line"] = str(place) if place else ""
        extra["question"] = queries.warm_up_question(workshop.pk)
        if registration.state == Registration.State.DECLINED_BY_APPROVER:
            extra["reason"] = registration.note or _("no reason was given")
    return reading


@task()
def greet_if_accepted(facilitation_id: str, occasion: str) -> None:
    accepted = Facilitation.objects.filter(pk=facilitation_id, state=Facilitation.State.ACCEPTED).first()
    if accepted is not None:
        tell_facilitator.func(str(accepted.person_id), str(accepted.workshop_id), occasion)
