"""What is sent twice counts once, and nobody sends another's words.

A page keeps what could not be sent and sends it later, perhaps twice, perhaps when somebody else has the
device. The form has a key for each sending and says whose words they are (`{% live_key person %}`).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.db import connection, transaction
from django.http import HttpRequest
from django.utils import timezone
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from convene.foundation.errors import RuleBroken

_SALT = "convene.live.who"
_CLAIM = "INSERT INTO live_sending (key, at) VALUES (%s, %s) ON CONFLICT (key) DO NOTHING"


def who_of(person_id: object) -> str:
    """A name for a person that pages may hold: the same on each of them, and it leads nowhere."""
    return salted_hmac(_SALT, str(person_id), algorithm="sha256").hexdigest()[:24]


@contextmanager
def first_time(request: HttpRequest, person_id: object) -> Iterator[bool]:
    """Whether this POST was not done before; what follows is one transaction with that claim.

    Raises RuleBroken when the words are another person's. A form without a key is always new. When what
    follows raises, the claim is undone too, and the same can be sent again.
    """
    said = request.POST.get("live_who", "")
    if said and said != who_of(person_id):
        raise RuleBroken(_("Someone else wrote this on this device; it was not sent."), code="others_words")
    with transaction.atomic():
        yield _claim(request.POST.get("live_key", ""), person_id)


def _claim(key: str, person_id: object) -> bool:
    try:
        own = f"{person_id} {UUID(key)}"
    except ValueError:
        return True
    # The key is random and kept nowhere: nobody can find out later whose sending a row is.
    digest = hashlib.sha256(own.encode()).hexdigest()[:32]
    with connection.cursor() as cursor:
        cursor.execute(_CLAIM, [digest, connection.ops.adapt_datetimefield_value(timezone.now())])
        return bool(cursor.rowcount == 1)
