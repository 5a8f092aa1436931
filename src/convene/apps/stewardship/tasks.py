"""What the worker does: gather open questions, and tell those who want to think."""

from __future__ import annotations

import datetime as dt
from uuid import UUID

from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django_tasks import task

from convene.apps.stewardship.board import queries, services
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
