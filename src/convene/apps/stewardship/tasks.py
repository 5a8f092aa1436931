"""What the worker does: gather open questions; tell those who want to think, and hosts and guests."""

from __future__ import annotations

import datetime as dt
from contextlib import AbstractContextManager
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from convene.apps.communities.models import Community
from convene.apps.people.models import Person
from convene.apps.stewardship.board import queries, services
from convene.apps.stewardship.models import Practice
from convene.apps.stewardship.spread import queries as spread_queries
from convene.apps.stewardship.spread import services as spread
from convene.foundation.mail.services import schedule_mail
from convene.foundation.mail.urls_absolute import absolute_to


def gather_questions(now: dt.datetime) -> None:
    services.gather(now=now)


@task()
def tell_thinkers(workshop_id: str) -> None:
    """A question of the board has become a conversation with a date."""
    for thinker in queries.thinkers_told(UUID(workshop_id)):
        person, question = thinker.person, thinker.question
        with translation.override(person.language or question.community.language):
            schedule_mail(
                key=f"question_published:{workshop_id}:{person.pk}",
                kind="question_published",
                person_id=person.pk,
                to_address=person.email or "",
                language=translation.get_language() or "en",
                subject=_("You wanted to think about it: %(question)s") % {"question": question.text},
                text=_(
                    "Hello %(name)s,\n\n"
                    "on the board of %(community)s you wanted to think about this: %(question)s\n\n"
                    "There is a conversation now. Read when it is and how seats are given:\n"
                    "%(link)s\n"
                )
                % {
                    "name": person.name,
                    "community": question.community.name,
                    "question": question.text,
                    "link": absolute_to("workshop_page", workshop_id),
                },
                send_at=timezone.now(),
                community_id=question.community_id,
                about_id=question.pk,
            )


@task()
def tell_host(practice_id: str) -> None:
    """Someone would like to come."""
    found = _practice(practice_id, Practice.State.ASKED)
    if found is not None and found.guest is not None and found.host is not None:
        with _language_of(found.host, found):
            subject = _("%(name)s would like to come along") % {"name": found.guest.name}
            _tell(found, found.host, kind="practice_asked", subject=subject)


@task()
def tell_guest(practice_id: str) -> None:
    """The host says yes."""
    found = _practice(practice_id, Practice.State.RUNNING)
    if found is not None and found.guest is not None and found.host is not None:
        with _language_of(found.guest, found):
            subject = _("%(name)s says: yes, come") % {"name": found.host.name}
            _tell(found, found.guest, kind="practice_agreed", subject=subject)


def _practice(practice_id: str, state: str) -> Practice | None:
    rows = Practice.objects.select_related("outcome__community", "host", "guest")
    return rows.filter(pk=practice_id, state=state).first()


def _language_of(person: Person, practice: Practice) -> AbstractContextManager[None]:
    return translation.override(person.language or practice.outcome.community.language)


def _tell(practice: Practice, person: Person, *, kind: str, subject: str) -> None:
    """Once for each guest."""
    if not (person.is_active and person.email):
        return
    community = practice.outcome.community
    schedule_mail(
        key=f"{kind}:{practice.pk}:{practice.guest_id}",
        kind=kind,
        person_id=person.pk,
        to_address=person.email,
        language=translation.get_language() or "en",
        subject=subject,
        text=_(
            "Hello %(name)s,\n\n"
            "this is about guided practice in %(community)s: %(outcome)s (%(what)s).\n\n"
            "%(news)s. Answer, agree on a day and keep your log here:\n"
            "%(link)s\n"
        )
        % {
            "name": person.name,
            "community": community.name,
            "outcome": practice.outcome.title,
            "what": practice.what,
            "news": subject,
            "link": absolute_to("practices", community.slug),
        },
        send_at=timezone.now(),
        community_id=community.pk,
        about_id=practice.pk,
    )


def publish_spread_due(now: dt.datetime) -> None:
    """A task for each community: the proof that figures give nobody away takes time."""
    for community in spread_queries.communities_due(now):
        publish_spread.enqueue(community_id=str(community.pk))


@task()
def publish_spread(community_id: str) -> None:
    spread.publish_due(community=Community.objects.get(pk=community_id), now=timezone.now())
