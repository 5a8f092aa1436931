"""Mail rows for tests."""

import itertools

from django.utils import timezone

from convene.foundation.mail.models import MailMessage
from convene.foundation.mail.services import schedule_mail

_count = itertools.count(1)


def make_mail(to="ada@example.org", **fields) -> MailMessage:
    fields.setdefault("key", f"mail-{next(_count)}")
    fields.setdefault("send_at", timezone.now())
    row = schedule_mail(
        kind=fields.pop("kind", "seat_offered"),
        person_id=fields.pop("person_id", None),
        to_address=to,
        language="en",
        subject=fields.pop("subject", "A seat for you: Größe & Maß"),
        text=fields.pop("text", "Dear Ada,\n\nthere is a seat."),
        **fields,
    )
    assert row is not None
    return row
