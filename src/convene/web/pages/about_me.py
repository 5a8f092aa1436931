"""What the pages about oneself need of other apps: titles of workshops, and one's sessions as a file."""

from __future__ import annotations

from collections.abc import Iterable
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convene.apps.people.models import Person
from convene.apps.people.views.about_me import about_me
from convene.apps.seats.models import Registration
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.calendars import MIME, CalendarEntry, build
from convene.foundation.mail.urls_absolute import absolute_to


def titles_of(ids: Iterable[UUID]) -> dict[UUID, str]:
    """Of workshops that an access need, or a look at it, belongs to."""
    return dict(Workshop.objects.filter(pk__in=list(ids)).values_list("pk", "title"))


@require_safe
@about_me
def my_sessions_file(_request: HttpRequest, me: Person) -> HttpResponse:
    """Every session the person has or had a seat in, to keep; not a feed, and without join links."""
    seats = Registration.objects.filter(person=me, state=Registration.State.CONFIRMED)
    sessions = (
        Session.objects.filter(workshop__in=seats.values("workshop"))
        .select_related("workshop__community")
        .order_by("starts_at", "pk")
    )
    text = build([_entry(s) for s in sessions], method="PUBLISH", now=timezone.now(), name=_("My sessions"))
    response = HttpResponse(text, content_type=MIME)
    response["Content-Disposition"] = 'attachment; filename="my-sessions.ics"'
    return response


def _entry(session: Session) -> CalendarEntry:
    workshop = session.workshop
    return CalendarEntry(
        uid=session.uid,
        sequence=session.sequence,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=session.zone,
        title=workshop.title,
        description=workshop.summary,
        location=session.place,
        url=absolute_to("workshop_page", workshop.pk),
        organiser_name=workshop.community.name,
        organiser_address=workshop.community.contact,
        status="CANCELLED" if workshop.state == Workshop.State.CANCELLED else "CONFIRMED",
        created_at=workshop.published_at,
    )
