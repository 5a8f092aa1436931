"""Calendar messages (iTIP, RFC 5546): what one person's calendar is told of one session."""

from __future__ import annotations

from datetime import datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING

from django.conf import settings

from convene.apps.notices.models import CalendarState
from convene.apps.notices.rendering import Reading, link, where
from convene.foundation import calendars
from convene.foundation.calendars import Method

if TYPE_CHECKING:
    from convene.apps.workshops.models import Session

REQUEST: Method = "REQUEST"
CANCEL: Method = "CANCEL"


def message(
    reading: Reading, session: Session, *, method: Method, partstat: str, now: datetime
) -> str | None:
    """The text/calendar body, and the reader's SEQUENCE raised; None when there is no entry to cancel.

    Call it once for each mail, inside the transaction that writes the mail.
    """
    state = CalendarState.objects.filter(session=session, person=reading.person).first()
    if method == CANCEL and (state is None or state.method == CANCEL):
        return None
    sequence = session.sequence if state is None else max(session.sequence, state.sequence + 1)
    CalendarState.objects.update_or_create(
        session=session,
        person=reading.person,
        defaults={"sequence": sequence, "method": method, "partstat": ""},
    )
    organiser_name, organiser_address = organiser(reading)
    entry = calendars.CalendarEntry(
        uid=session.uid,
        sequence=sequence,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=session.zone,
        title=reading.workshop.title,
        description=reading.workshop.summary,
        location=where(reading),
        url=link(reading),
        organiser_name=organiser_name,
        organiser_address=organiser_address,
        attendee_name=reading.person.name,
        attendee_address=reading.person.email or "",
        partstat=partstat,
        status="CANCELLED" if method == CANCEL else "CONFIRMED",
    )
    return calendars.build([entry], method=method, now=now)


def organiser(reading: Reading) -> tuple[str, str]:
    """A mailbox somebody reads: the replies' address if the site has one, else the community's, else ours."""
    name, address = parseaddr(settings.MAIL_FROM)
    community = reading.workshop.community
    return community.name or name, settings.REPLY_ADDRESS or community.contact or address
