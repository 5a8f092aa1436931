"""Making and correcting people."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import TypedDict, Unpack

from allauth.account.models import EmailAddress
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import IntegrityError, transaction
from django.utils.translation import gettext_lazy as _

from convene.apps.people import queries, rules
from convene.apps.people.languages import language_choices
from convene.apps.people.models import Person
from convene.foundation.errors import RuleBroken


def find_or_make_person(
    *, email: str, name: str, language: str, zone: str, now: datetime, nameless: bool = False
) -> Person:
    """The person this address belongs to; else a new one, without an account.

    A known person's name, language and zone stay as they are: whoever types an address has not shown
    that it is theirs. Only a name nobody has given yet is filled in. Two requests at once for a new
    address get the same person. Raises RuleBroken for what is no address; and for what is no name,
    unless `nameless` allows an empty one (somebody else gave the address, as in an invitation).
    """
    address = _clean_email(email)
    person = queries.find_person(address)
    if person is None:
        try:
            with transaction.atomic():
                return Person.objects.create_user(
                    email=address,
                    name="" if nameless and not name.strip() else rules.clean_name(name),
                    language=language if language in dict(settings.LANGUAGES) else "",
                    zone=zone if zone in rules.zone_names() else "",
                    created_at=now,
                )
        except IntegrityError:
            person = Person.objects.get(email=address)
    if not person.name and name.strip() and not queries.has_account(person):
        Person.objects.filter(pk=person.pk, name="").update(name=rules.clean_name(name))
        person.refresh_from_db(fields=["name"])
    return person


def make_person_without_address(*, name: str, language: str, now: datetime) -> Person:
    """Someone known by name only: they came to the door, or asked by phone. No mail can reach them."""
    known = language if language in dict(settings.LANGUAGES) else ""
    person = Person(email=None, name=rules.clean_name(name), language=known, created_at=now)
    person.set_unusable_password()
    person.save()
    return person


def _clean_email(email: str) -> str:
    address = Person.objects.normalise(email)
    try:
        validate_email(address)
    except ValidationError as error:
        raise RuleBroken(
            _("Please give a mail address, such as name@example.org."), code="bad_email", field="email"
        ) from error
    return address


@transaction.atomic
def confirm_address(*, person: Person, email: str, now: datetime, name: str = "") -> None:  # noqa: ARG001  # `now` as in every service
    """Whoever signs in has shown that the address is theirs: by a code sent to it, or by an organisation.

    From now on the person has an account. The name they typed counts if nobody with an account gave one
    before: a stranger may have typed the address, and a name, earlier.
    """
    address = Person.objects.normalise(email)
    if not queries.has_account(person) and name.strip():
        Person.objects.filter(pk=person.pk).update(name=rules.clean_name(name))
        person.refresh_from_db(fields=["name"])
    primary = not EmailAddress.objects.filter(user_id=person.pk, primary=True).exists()
    row, _made = EmailAddress.objects.get_or_create(
        user_id=person.pk, email=address, defaults={"verified": True, "primary": primary}
    )
    if not row.verified:
        row.verified = True
        row.save(update_fields=["verified"])
    if not person.email:
        Person.objects.filter(pk=person.pk).update(email=address)
        person.email = address


class Profile(TypedDict, total=False):
    name: str
    zone: str
    language: str
    decent_from: dt.time
    decent_until: dt.time
    offers: str
    wants: str
    speaks: list[str]


def update_profile(*, person: Person, now: datetime, **fields: Unpack[Profile]) -> Person:  # noqa: ARG001  # `now` as in every service
    """The person corrects their own record; only the fields given change."""
    if "name" in fields:
        fields["name"] = rules.clean_name(fields["name"])
    if "zone" in fields:
        rules.check_zone(fields["zone"])
    if fields.get("language") and fields["language"] not in dict(settings.LANGUAGES):
        raise RuleBroken(_("Choose a language from the list."), code="unknown_language", field="language")
    if set(fields.get("speaks", ())) - set(dict(language_choices())):
        raise RuleBroken(_("Choose a language from the list."), code="unknown_language", field="speaks")
    for name, value in fields.items():
        setattr(person, name, value)
    rules.check_decent_hours(person.decent_from, person.decent_until)
    person.save(update_fields=list(fields))
    return person
