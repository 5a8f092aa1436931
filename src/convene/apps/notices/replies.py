"""Answers from calendars (iTIP REPLY, RFC 5546): accept and decline count, when we can believe the sender.

Anyone can write any sender into a mail. So an answer moves a seat only when the mail server named in
CONVENE_REPLY_AUTH_SERVER vouches for the sender (RFC 8601, dmarc=pass). Otherwise the answer is noted and,
for a decline, the person gets a mail with the button that gives the seat back.
"""

from __future__ import annotations

import logging
import re
import uuid
from datetime import datetime
from email.message import EmailMessage
from email.utils import parseaddr

from django.conf import settings
from icalendar import Calendar

from convene.apps.notices import services
from convene.apps.notices.models import CalendarState
from convene.apps.notices.rendering import Reading
from convene.apps.notices.rules import NoticeKind
from convene.apps.seats import services as seats
from convene.apps.seats.models import Registration
from convene.apps.seats.queries import registration_of
from convene.apps.seats.rules import State
from convene.foundation.errors import RuleBroken

logger = logging.getLogger(__name__)


def receive(mail: EmailMessage, now: datetime) -> bool:
    """Whether `mail` was a calendar's answer to one of our entries; if so it has had its effect."""
    answers = _answers(mail)
    sender = parseaddr(str(mail.get("From", "")))[1].lower()
    handled = False
    for uid, attendee, partstat in answers:
        state = (
            CalendarState.objects.select_related("session__workshop__community", "person")
            .filter(session__uid=uid, person__email=attendee)
            .first()
        )
        if state is None or attendee != sender:
            continue
        handled = True
        if state.partstat != partstat:
            services.note_answer(session=state.session, person=state.person, partstat=partstat)
            _act(state, partstat, believed=is_vouched_for(mail), now=now)
    return handled


def _answers(mail: EmailMessage) -> list[tuple[str, str, str]]:
    """(UID, attendee's address, PARTSTAT) of each entry answered."""
    found = []
    for part in mail.walk():
        if part.get_content_type() != "text/calendar":
            continue
        payload = part.get_payload(decode=True)
        if not isinstance(payload, bytes):
            continue
        try:
            calendar = Calendar.from_ical(payload)
        except ValueError:
            continue
        if str(calendar.get("METHOD", "")).upper() != "REPLY":
            continue
        for event in calendar.walk("VEVENT"):
            attendees = event.get("ATTENDEE", [])
            for attendee in attendees if isinstance(attendees, list) else [attendees]:
                address = re.sub(r"(?i)^mailto:", "", str(attendee)).lower()
                found.append((str(event.get("UID", "")), address, str(attendee.params.get("PARTSTAT", ""))))
    return found


def is_vouched_for(mail: EmailMessage) -> bool:
    """Whether our own mail server says that the sender's domain signed this mail."""
    server = settings.REPLY_AUTH_SERVER
    if not server:
        return False
    # Only the topmost header of that server is its own; a sender may have written others below.
    for header in mail.get_all("Authentication-Results", []):
        name, _sep, results = str(header).partition(";")
        if name.split() and name.split()[0].lower() == server.lower():
            return bool(re.search(r"\bdmarc\s*=\s*pass\b", results, re.IGNORECASE))
    return False


def _act(state: CalendarState, partstat: str, *, believed: bool, now: datetime) -> None:
    workshop = state.session.workshop
    registration = registration_of(state.person, workshop)
    if registration is None or workshop.sessions.count() > 1:
        return  # one entry of several says nothing about the seat as a whole
    try:
        if believed:
            _move(registration, partstat, now)
        elif partstat == "DECLINED" and registration.state in Registration.HOLDING:
            services.tell(
                NoticeKind.CALENDAR_DECLINED,
                Reading(state.person, workshop, list(workshop.sessions.all()), registration),
                key=f"calendar_declined:{registration.pk}:{uuid.uuid4().hex[:12]}",
                now=now,
            )
    except RuleBroken as error:
        logger.info("a calendar's answer changed nothing: %s", error.code)


def _move(registration: Registration, partstat: str, now: datetime) -> None:
    person = registration.person
    if partstat == "ACCEPTED" and registration.state == State.OFFERED:
        seats.confirm_offer(registration=registration, actor=person, now=now)
    elif partstat == "DECLINED" and registration.state == State.OFFERED:
        seats.decline_offer(registration=registration, actor=person, now=now)
    elif partstat == "DECLINED" and registration.state == State.CONFIRMED:
        seats.cancel(registration=registration, actor=person, now=now)
