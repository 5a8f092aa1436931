"""What inquiries do by themselves, later. Each may run twice."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from convene.apps.voices import services
from convene.apps.voices.models import Inquiry, Pulse, PulseAsk
from convene.apps.voices.services import pulse
from convene.foundation.access import links
from convene.foundation.mail.services import schedule_mail
from convene.foundation.mail.urls_absolute import absolute_to


@task()
def release_votes(inquiry_id: str) -> None:
    services.release(inquiry_id=UUID(inquiry_id), now=timezone.now())


@task()
def close_inquiry(inquiry_id: str) -> None:
    inquiry = Inquiry.objects.filter(pk=inquiry_id).first()
    if inquiry is not None:
        services.close_due(inquiry=inquiry, now=timezone.now())


@task()
def close_pulse(pulse_id: str) -> None:
    pulse.close_pulse(pulse_id=UUID(pulse_id), now=timezone.now())


@task()
def mail_pulse(pulse_id: str) -> None:
    """To each who was asked, with a link of their own; at most one mail each."""
    found = _pulse(pulse_id)
    if found is None:
        return
    for ask in _to_write_to(found):
        with translation.override(ask.person.language or found.community.language):
            link = absolute_to("pulse_answer", links.sign("pulse", ask.pk))
            _mail(ask, "pulse", _("How was it? %(name)s"), _pulse_text() % {"link": link})


def _pulse_text() -> str:
    return _(
        "it takes a minute, and nothing leads from your answers to you:\n%(link)s\n\n"
        "Answers are read when a week is over, and only if at least five people answered. You are asked "
        "at most once a month, and you need not answer.\n"
    )


@task()
def mail_reply(pulse_id: str) -> None:
    """You said, we did: to everyone who was asked, so that it tells nothing about who answered."""
    found = _pulse(pulse_id)
    if found is None:
        return
    for ask in _to_write_to(found):
        with translation.override(ask.person.language or found.community.language):
            text = _("thank you to everyone who answered. What those who asked make of it:\n\n%(reply)s\n")
            _mail(ask, "pulse_reply", _("You said, we did: %(name)s"), text % {"reply": found.reply})


def _pulse(pulse_id: str) -> Pulse | None:
    return Pulse.objects.select_related("community", "session__workshop").filter(pk=pulse_id).first()


def _to_write_to(found: Pulse) -> list[PulseAsk]:
    rows = found.asks.select_related("person", "pulse__community", "pulse__session__workshop")
    return [ask for ask in rows if ask.person.email]


def _mail(ask: PulseAsk, kind: str, subject: str, text: str) -> None:
    found = ask.pulse
    name = found.session.workshop.title if found.session else found.community.name
    hello = _("Hello %(name)s,") % {"name": ask.person.name} if ask.person.name else _("Hello,")
    schedule_mail(
        key=f"{kind}:{ask.pk}",
        kind=kind,
        person_id=ask.person_id,
        to_address=ask.person.email or "",
        language=translation.get_language(),
        subject=subject % {"name": name},
        text=f"{hello}\n\n{text}",
        send_at=timezone.now(),
        community_id=found.community_id,
    )
