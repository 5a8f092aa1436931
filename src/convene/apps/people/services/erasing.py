"""Forgetting a person, and what is kept of mails once they have left."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from django.db import transaction
from django.db.models import F, Q
from django.template.loader import render_to_string
from django.utils import translation

from convene.apps.people import privacy as people_privacy
from convene.apps.people.events import PersonErased
from convene.apps.people.models import Person
from convene.apps.people.ports import ports
from convene.foundation import privacy
from convene.foundation.events import publish
from convene.foundation.mail import privacy as mail_privacy
from convene.foundation.mail.models import MailMessage
from convene.foundation.mail.services import schedule_mail

FAREWELL = "farewell"
LOGIN_MAILS_KEPT = dt.timedelta(hours=1)
FAREWELL_TRIED = dt.timedelta(days=3)


@transaction.atomic
def erase_person(*, person: Person, now: datetime) -> bool:
    """Give back what they hold, then empty every row that names them; all of it or nothing.

    False when it was done before. The one mail that follows says so to the person; its address and text
    are emptied when it has left (`forget_spent_mail`).
    """
    claimed = Person.objects.filter(pk=person.pk, erased_at=None).update(is_active=False)
    if claimed != 1:
        return False
    person.refresh_from_db()
    address, language = person.email, person.language or translation.get_language() or "en"
    for leave in ports.leavers:
        leave(person, now)
    privacy.erase_person(person.pk)
    publish(PersonErased(subject_id=person.pk), actor=None, now=now)
    if address:
        with translation.override(language):
            subject = render_to_string("people/mail/farewell_subject.txt")
            text = render_to_string("people/mail/farewell_message.txt")
        schedule_mail(
            key=f"{FAREWELL}:{person.pk}",
            kind=FAREWELL,
            person_id=None,
            to_address=address,
            language=language,
            subject=subject,
            text=text,
            send_at=now,
        )
    return True


@transaction.atomic
def sign_out_everywhere(*, person: Person) -> None:
    """End every sign-in of the person, and every signed link to their data."""
    for session in people_privacy.sessions_of(person.pk):
        session.delete()
    Person.objects.filter(pk=person.pk).update(link_version=F("link_version") + 1)


def forget_spent_mail(*, now: datetime) -> int:
    """Empty mails nobody may read again: codes an hour after they left, farewells as soon as they have.

    A farewell that cannot be delivered is given up, and emptied, after three days.
    """
    done = Q(state__in=[MailMessage.State.SENT, MailMessage.State.FAILED, MailMessage.State.CANCELLED])
    full = ~Q(to_address="")
    codes = Q(kind__startswith="login_") & done & Q(send_at__lt=now - LOGIN_MAILS_KEPT)
    farewells = Q(kind=FAREWELL)
    MailMessage.objects.filter(
        farewells, full, send_at__lt=now - FAREWELL_TRIED, state=MailMessage.State.SCHEDULED
    ).update(state=MailMessage.State.CANCELLED)
    return mail_privacy.empty(full & (codes | (farewells & done)))
