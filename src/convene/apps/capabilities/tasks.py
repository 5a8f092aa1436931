"""Mails about needs, and forgetting what nobody confirmed. Each is idempotent: a mail has its key."""

from __future__ import annotations

from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from convene.apps.capabilities import queries, services
from convene.apps.capabilities.links import confirm_url
from convene.apps.capabilities.models import Need, NeedSource, SessionRequest
from convene.apps.communities.rules import FeatureName
from convene.apps.communities.services import offer_feature
from convene.apps.people.models import Person
from convene.foundation.mail.services import schedule_mail
from convene.foundation.mail.urls_absolute import absolute_to


@task()
def forget_unconfirmed(request_id: str) -> None:
    services.forget_unconfirmed(request_id=UUID(request_id))


@task()
def offer_what_helps(need_id: str, source_id: str) -> None:
    """The first wish offers a list of needs; the first request from outside also an open door."""
    need = Need.objects.select_related("community").filter(pk=need_id).first()
    if need is None:
        return
    offer_feature(need.community, FeatureName.NEEDS, timezone.now())
    if need.sources.filter(pk=source_id, kind=NeedSource.Kind.REQUEST).exists():
        offer_feature(need.community, FeatureName.OPEN_DOOR, timezone.now())


@task()
def offer_map(need_id: str) -> None:
    """The first need that is planned offers the map of what the community stewards."""
    need = Need.objects.select_related("community").filter(pk=need_id).first()
    if need is not None:
        offer_feature(need.community, FeatureName.CAPABILITY, timezone.now())


@task()
def mail_confirmation(request_id: str) -> None:
    """Ask the address that was typed whether it asked; the link leads to a page with one button."""
    request = SessionRequest.objects.select_related("community").filter(pk=request_id).first()
    if request is None or request.confirmed_at is not None:
        return
    with translation.override(request.language):
        schedule_mail(
            key=f"session_request:{request.pk}",
            kind="session_request",
            person_id=None,
            to_address=request.email,
            language=request.language,
            subject=_("Please confirm: a session about %(topic)s") % {"topic": request.topic},
            text=_(
                "Hello %(name)s,\n\n"
                "someone, we hope you, asked %(community)s for a session for a team: %(topic)s.\n\n"
                "Please confirm it within a week on this page, so that the stewards see it:\n%(link)s\n\n"
                "Was it not you? Then do nothing: it disappears by itself, and your address with it.\n"
            )
            % {
                "name": request.name,
                "community": request.community.name,
                "topic": request.topic,
                "link": confirm_url(request),
            },
            send_at=timezone.now(),
            community_id=request.community_id,
            about_id=request.pk,
        )


@task()
def tell_declined(need_id: str) -> None:
    """Everyone who asked reads why not, and where else to turn."""
    need = Need.objects.select_related("community").filter(pk=need_id, state=Need.State.DECLINED).first()
    if need is None or need.decided_at is None:
        return
    for person in _askers(need):
        with translation.override(person.language or need.community.language):
            text = _(
                "Hello %(name)s,\n\n"
                "you asked %(community)s for this: %(title)s.\n\n"
                "The stewards decided not to plan it, because: %(reason)s\n"
            ) % {
                "name": person.name,
                "community": need.community.name,
                "title": need.title,
                "reason": need.reason,
            }
            if need.pointer:
                text += "\n" + _("You may find help here: %(pointer)s") % {"pointer": need.pointer} + "\n"
            _mail(
                need,
                person,
                key=f"need_declined:{need.pk}:{need.decided_at:%Y%m%dT%H%M%S}:{person.pk}",
                kind="need_declined",
                subject=_("About what you asked for: %(title)s") % {"title": need.title},
                text=text,
            )


@task()
def tell_published(workshop_id: str) -> None:
    """What people asked for can be had: those who asked get the link."""
    needs = Need.objects.select_related("community").filter(workshop_id=workshop_id, state=Need.State.PLANNED)
    for need in needs:
        for person in _askers(need):
            with translation.override(person.language or need.community.language):
                _mail(
                    need,
                    person,
                    key=f"need_published:{workshop_id}:{person.pk}",
                    kind="need_published",
                    subject=_("You asked for it: %(title)s") % {"title": need.title},
                    text=_(
                        "Hello %(name)s,\n\n"
                        "you asked %(community)s for this: %(title)s.\n\n"
                        "There is a date now. Read when it is, who it is for and how seats are given:\n"
                        "%(link)s\n"
                    )
                    % {
                        "name": person.name,
                        "community": need.community.name,
                        "title": need.title,
                        "link": absolute_to("workshop_page", workshop_id),
                    },
                )


def _askers(need: Need) -> list[Person]:
    ids = queries.asker_ids(need.pk)
    return list(Person.objects.filter(pk__in=ids, is_active=True, erased_at=None, email__isnull=False))


def _mail(need: Need, person: Person, *, key: str, kind: str, subject: str, text: str) -> None:
    schedule_mail(
        key=key,
        kind=kind,
        person_id=person.pk,
        to_address=person.email or "",
        language=translation.get_language() or "en",
        subject=subject,
        text=text,
        send_at=timezone.now(),
        community_id=need.community_id,
        about_id=need.pk,
    )
