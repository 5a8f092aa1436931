"""Mails between people who met. They belong to no community: no steward reads who exchanged what."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.utils import timezone, translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from convene.apps.connections.models import Introduction
from convene.apps.connections.queries.introductions import suggestion_of
from convene.apps.people.links import my_data_token
from convene.apps.people.models import Person
from convene.foundation.mail.services import schedule_mail
from convene.foundation.mail.urls_absolute import absolute_to

Words = Callable[[], tuple[str, list[str]]]


def page_link(person: Person) -> str:
    """To the page of whom they met, also without an account; revoked with all links of the person."""
    return absolute_to("my_connections_link", my_data_token(person))


def send(person: Person, *, key: str, kind: str, words: Words, now: datetime) -> None:
    """One mail in the reader's language; no address, no mail. At most one for each key."""
    if not person.email:
        return
    language = person.language or translation.get_language() or "en"
    with translation.override(language):
        subject, paragraphs = words()
    schedule_mail(
        key=key,
        kind=kind,
        person_id=person.pk,
        to_address=person.email,
        language=language,
        subject=subject,
        text="\n\n".join(paragraphs) + "\n",
        send_at=now,
    )


def tell_exchanged(person: Person, other: Person, *, key: str, now: datetime) -> None:
    """The contact itself stays on the page, where it can be taken back."""

    def words() -> tuple[str, list[str]]:
        names = {"name": str(other)}
        return _("You and %(name)s exchange contacts") % names, [
            _("You met %(name)s, and both of you said that you want to exchange contacts.") % names,
            _("You find the contact here, for as long as both of you say so:") + "\n" + page_link(person),
            _("You can take your yes back there at any time."),
        ]

    send(person, key=key, kind="contacts_exchanged", words=words, now=now)


def tell_suggested(introduction: Introduction, person: Person, *, now: datetime) -> None:
    """Would you like to be introduced? In words about the reader alone."""

    def words() -> tuple[str, list[str]]:
        found = suggestion_of(person, introduction.pk, now)
        names = {"name": str(found.other), "community": introduction.community.name}
        with timezone.override(person.zone or introduction.community.zone):
            day = date_format(timezone.localtime(introduction.expires_at), "DATE_FORMAT")
        return _("Would you like to be introduced to %(name)s?") % names, [
            _("You and %(name)s belong to “%(community)s” and have not met.") % names,
            f"{found.common} {found.differs}",
            _("Say yes or no here, until %(day)s:") % {"day": day} + "\n" + page_link(person),
            _(
                "%(name)s is asked the same. Only if both of you say yes, both get a mail, and each sees "
                "the contact the other chose. Nobody learns of a no, nor that you did not answer."
            )
            % names,
            _("You get this because you agreed to be introduced to people; on that page you can stop it."),
        ]

    key = f"introduction_suggested:{introduction.pk}:{person.pk}"
    send(person, key=key, kind="introduction_suggested", words=words, now=now)


def tell_introduced(introduction: Introduction, person: Person, other: Person, *, now: datetime) -> None:
    def words() -> tuple[str, list[str]]:
        names = {"name": str(other)}
        return _("You are introduced: %(name)s") % names, [
            _("You and %(name)s both said yes.") % names,
            _("You find the contact here, for as long as both of you say so:") + "\n" + page_link(person),
            _("Who writes first? Whoever reads this first."),
        ]

    key = f"introduction_made:{introduction.pk}:{person.pk}"
    send(person, key=key, kind="introduction_made", words=words, now=now)
