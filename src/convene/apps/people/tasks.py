"""What happens to people's records by itself."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from allauth.account.signals import email_changed
from django.db.models import F

from convene.apps.people import services
from convene.apps.people.models import Person


def forget_expired_needs(now: datetime) -> int:
    return services.forget_expired_needs(now=now)


def forget_spent_mail(now: datetime) -> int:
    return services.forget_spent_mail(now=now)


def listen() -> None:
    """The login library tells of a changed address by a signal alone."""
    email_changed.connect(revoke_links, dispatch_uid="people.revoke_links")


def revoke_links(*, user: Person, **_others: Any) -> None:
    """Links in mails to the old address die with it."""
    Person.objects.filter(pk=user.pk).update(link_version=F("link_version") + 1)
