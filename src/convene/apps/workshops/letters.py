"""Mails of planning, as rows: each says why it comes and leads to a page with a button."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import AbstractContextManager
from datetime import datetime

from django.utils import translation
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.workshops.invitations import facilitation_url, room_url
from convene.apps.workshops.models import Facilitation, Invitee, Session, Workshop
from convene.apps.workshops.rules.workshop import SeatFigures
from convene.foundation.mail.services import schedule_mail
from convene.foundation.mail.urls_absolute import absolute_to
from convene.foundation.times import span, zone_or


def _language(person: Person, workshop: Workshop) -> str:
    return person.language or workshop.community.language


def _in_their_words(person: Person, workshop: Workshop) -> AbstractContextManager[None]:
    return translation.override(_language(person, workshop))


def _when(sessions: Iterable[Session], person: Person) -> str:
    lines = [
        span(session.starts_at, session.ends_at, zone_or(person.zone or session.zone)) for session in sessions
    ]
    return "\n".join(lines) or _("The time is still open; you can help to find it.")


def _send(  # one call, one mail
    *, key: str, kind: str, person: Person, workshop: Workshop, subject: str, text: str, now: datetime
) -> None:
    if not person.email:
        return
    schedule_mail(
        key=key,
        kind=kind,
        person_id=person.pk,
        to_address=person.email,
        language=_language(person, workshop),
        subject=subject,
        text=text,
        send_at=now,
        reply_to=workshop.community.contact,
        community_id=workshop.community_id,
        about_id=workshop.pk,
    )


def ask_to_facilitate(facilitation: Facilitation, now: datetime) -> None:
    workshop, person = facilitation.workshop, facilitation.person
    with _in_their_words(person, workshop):
        words = {
            "name": person.name,
            "community": workshop.community.name,
            "title": workshop.title,
            "kind": workshop.get_kind_display(),
            "when": _when(workshop.sessions.order_by("starts_at"), person),
            "link": facilitation_url(facilitation),
        }
        text = _(
            "Hello %(name)s,\n\n"
            "%(community)s asks whether you would help to facilitate “%(title)s” (%(kind)s).\n\n"
            "%(when)s\n\n"
            "Read the brief and answer here; you can accept, decline, or suggest someone else:\n%(link)s\n\n"
            "The link stays yours: you find the brief there afterwards as well."
        )
        _send(
            key=f"facilitate:{facilitation.pk}:{facilitation.link_version}",
            kind="facilitator_invited",
            person=person,
            workshop=workshop,
            subject=_("Would you facilitate “%(title)s”?") % words,
            text=text % words,
            now=now,
        )


def invite_into_room(invitee: Invitee, now: datetime) -> None:
    workshop, person = invitee.workshop, invitee.person
    with _in_their_words(person, workshop):
        words = {
            "name": person.name,
            "community": workshop.community.name,
            "title": workshop.title,
            "kind": workshop.get_kind_display(),
            "when": _when(workshop.sessions.order_by("starts_at"), person),
            "link": room_url(invitee),
            "why": _why(invitee),
        }
        text = _(
            "Hello %(name)s,\n\n"
            "%(community)s plans “%(title)s” (%(kind)s) and would like you to be in the room. %(why)s\n\n"
            "%(when)s\n\n"
            "Read what it is about and answer here:\n%(link)s\n\n"
            "An invitation is no duty: if you cannot come, one press says so."
        )
        _send(
            key=f"room:{invitee.pk}:{invitee.link_version}",
            kind="room_invitation",
            person=person,
            workshop=workshop,
            subject=_("An invitation: “%(title)s”") % words,
            text=text % words,
            now=now,
        )


def _why(invitee: Invitee) -> str:
    if invitee.because == Invitee.Because.STAKEHOLDER:
        return _("You have a stake in what is talked about.")
    if invitee.because == Invitee.Because.VIEW and invitee.view is not None:
        return _("A view that should not be missing: %(view)s.") % {"view": invitee.view.text}
    return _("You are a member.")


def ask_for_times(workshop: Workshop, person: Person, link: str, *, key: str, now: datetime) -> None:
    with _in_their_words(person, workshop):
        words = {"name": person.name, "title": workshop.title, "link": link}
        text = _(
            "Hello %(name)s,\n\n"
            "We are looking for a time for “%(title)s”. Each is shown in your own hours; "
            "please say for each whether it suits you:\n%(link)s"
        )
        _send(
            key=key,
            kind="times_asked",
            person=person,
            workshop=workshop,
            subject=_("Which time suits you? “%(title)s”") % words,
            text=text % words,
            now=now,
        )


def tell_below_minimum(
    workshop: Workshop, figures: SeatFigures, stewards: Iterable[Person], now: datetime
) -> None:
    for person in stewards:
        with _in_their_words(person, workshop):
            words = {
                "title": workshop.title,
                "seated": figures.seated,
                "minimum": figures.minimum,
                "link": absolute_to("workshop_minimum", workshop.pk),
            }
            text = _(
                "“%(title)s” is a week away. So far %(seated)d hold a seat; it was planned for at least "
                "%(minimum)d.\n\n"
                "Decide what becomes of it: run it small, merge it, postpone it, or make it an open "
                "conversation.\n%(link)s"
            )
            _send(
                key=f"minimum:{workshop.pk}:{workshop.revision}:{person.pk}",
                kind="below_minimum",
                person=person,
                workshop=workshop,
                subject=_("Few people yet for “%(title)s”: your decision") % words,
                text=text % words,
                now=now,
            )
