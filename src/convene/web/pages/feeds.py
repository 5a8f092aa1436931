"""Calendars to subscribe to: the site's, a community's, one workshop's, and a person's own.

Public ones hold what is open to everyone, and never a way in. A person's own leads to their join page, not to
the room's own address: calendars are synchronised to many places.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Iterable, Iterator
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.cache import patch_cache_control
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from convene.apps.communities.models import Community
from convene.apps.people.models import Person
from convene.apps.seats.links import version_of
from convene.apps.seats.models import Registration
from convene.apps.workshops.models import Facilitation, Session, Workshop
from convene.apps.workshops.queries import visible_workshops
from convene.foundation.access import links
from convene.foundation.calendars import MIME, CalendarEntry, build
from convene.foundation.calendars.services import feed_of, live_feed, make_feed, revoke_feed
from convene.foundation.mail.urls_absolute import absolute_to

KEPT = dt.timedelta(days=31)
"""How long a session stays in a feed after its end."""
MOST = 1000
_SHOWN = "calendar_address"


def _open_sessions(now: dt.datetime) -> QuerySet[Session]:
    """Of workshops open to everyone; what was cancelled stays, marked so, until its day has passed."""
    seen = visible_workshops(AnonymousUser()).exclude(state=Workshop.State.POSTPONED)
    return (
        Session.objects.filter(workshop__in=seen, ends_at__gt=now - KEPT)
        .select_related("workshop__community")
        .order_by("starts_at", "pk")
    )


def _entry(session: Session, *, tentative: bool = False, note: str = "") -> CalendarEntry:
    workshop = session.workshop
    url = absolute_to("workshop_page", workshop.pk)
    status = "CANCELLED" if workshop.state == Workshop.State.CANCELLED else "CONFIRMED"
    online = "" if workshop.format == Workshop.Format.IN_PERSON else _("Online")
    words = [workshop.summary, note, url]
    return CalendarEntry(
        uid=session.uid,
        sequence=session.sequence,
        starts_at=session.starts_at,
        ends_at=session.ends_at,
        zone=session.zone,
        title=workshop.title,
        description="\n\n".join(part for part in words if part),
        location=session.place or online,
        url=url,
        organiser_name=workshop.community.name,
        organiser_address=workshop.community.contact,
        status="TENTATIVE" if tentative and status == "CONFIRMED" else status,
        created_at=workshop.published_at,
    )


def _answer(
    request: HttpRequest, entries: Iterable[CalendarEntry], name: str, *, public: bool
) -> HttpResponse:
    """The calendar, or 304 when the reader has this very state: the digest leaves the time of asking out."""
    listed = list(entries)
    digest = hashlib.sha256(repr((name, listed)).encode()).hexdigest()[:32]
    etag = f'"{digest}"'
    if request.headers.get("If-None-Match") == etag:
        response = HttpResponse(status=304)
    else:
        text = build(listed, method="PUBLISH", now=timezone.now(), name=name)
        response = HttpResponse(text, content_type=MIME)
    response["ETag"] = etag
    patch_cache_control(response, max_age=900, **({"public": True} if public else {"private": True}))
    return response


@require_safe
def open_calendar(request: HttpRequest) -> HttpResponse:
    sessions = _open_sessions(timezone.now())[:MOST]
    return _answer(request, (_entry(session) for session in sessions), _("What’s open"), public=True)


@require_safe
def community_calendar(request: HttpRequest, slug: str) -> HttpResponse:
    community = get_object_or_404(Community, slug=slug)
    sessions = _open_sessions(timezone.now()).filter(workshop__community=community)[:MOST]
    return _answer(request, (_entry(session) for session in sessions), community.name, public=True)


@require_safe
def workshop_calendar(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """One workshop that is open to everyone, to put into a calendar before asking for a seat."""
    workshop = visible_workshops(AnonymousUser()).filter(pk=workshop_id).first()
    if workshop is None or workshop.state == Workshop.State.POSTPONED:
        raise Http404
    sessions = Session.objects.filter(workshop=workshop).select_related("workshop__community")
    response = _answer(request, (_entry(session) for session in sessions), workshop.title, public=True)
    response["Content-Disposition"] = 'inline; filename="session.ics"'
    return response


@require_safe
def own_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """By the secret address alone: calendars cannot sign in."""
    feed = feed_of(token)
    if feed is None:
        raise Http404
    person = Person.objects.get(pk=feed.person_id)
    with translation.override(person.language or translation.get_language()):
        entries = list(_own_entries(person, timezone.now()))
        return _answer(request, entries, _("My sessions"), public=False)


def _own_entries(person: Person, now: dt.datetime) -> Iterator[CalendarEntry]:
    """Sessions they hold a seat for, are offered one for (tentative), or facilitate."""
    held = {
        row.workshop_id: row
        for row in Registration.objects.filter(
            person=person, state__in=list(Registration.HOLDING)
        ).select_related("person")
    }
    led = set(
        Facilitation.objects.filter(person=person, state=Facilitation.State.ACCEPTED).values_list(
            "workshop_id", flat=True
        )
    )
    sessions = (
        Session.objects.filter(Q(workshop__in=list(held)) | Q(workshop__in=led), ends_at__gt=now - KEPT)
        .exclude(workshop__state__in=[Workshop.State.DRAFT, Workshop.State.POSTPONED])
        .select_related("workshop__community")
        .order_by("starts_at", "pk")
    )
    for session in sessions[:MOST]:
        seat = held.get(session.workshop_id)
        offered = seat is not None and seat.state == Registration.State.OFFERED
        if session.workshop_id in led:
            note = _("You facilitate this.")
        elif offered:
            note = _("A seat is offered to you; please answer.")
        else:
            note = _("You have a seat.") + _way_in(seat, session)
        yield _entry(session, tentative=offered and session.workshop_id not in led, note=note)


def _way_in(seat: Registration | None, session: Session) -> str:
    """The page that lets them in and notes that they came; never the room's own address."""
    if seat is None or not session.join_url:
        return ""
    token = links.sign("join", f"{seat.pk}:{session.pk}", version_of(seat))
    return " " + _("Your way in: %(page)s") % {"page": absolute_to("join", token)}


@login_required
@require_http_methods(["GET", "POST"])
def my_calendar(request: HttpRequest) -> HttpResponseBase:
    """Make or revoke one's own calendar address. It is shown once, after it was made."""
    assert request.user.pk is not None, "login_required keeps the anonymous out"
    if request.method == "POST":
        if request.POST.get("act") == "revoke":
            revoke_feed(person_id=request.user.pk, now=timezone.now())
            messages.success(request, _("The address no longer works."))
        else:
            request.session[_SHOWN] = make_feed(person_id=request.user.pk, now=timezone.now())
        return redirect("my_calendar")
    token = request.session.pop(_SHOWN, "")
    context = {
        "feed": live_feed(request.user.pk),
        "address": absolute_to("own_calendar", token) if token else "",
    }
    response = render(request, "feeds/mine.html", context)
    response["Cache-Control"] = "no-store"
    return response
