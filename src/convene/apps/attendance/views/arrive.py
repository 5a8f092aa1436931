"""Arriving: by one's own join link, or by the room's code."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.encoding import iri_to_uri
from django.utils.translation import gettext as _

from convene.apps.attendance import queries, rules, services
from convene.apps.attendance.forms import CodeForm, HereForm
from convene.apps.attendance.models import Attendance
from convene.apps.attendance.views.shared import linked_seat
from convene.apps.people.models import Person
from convene.apps.seats.models import Registration
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.access.rate import is_spent, take
from convene.foundation.addresses import address_of
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted

MISSES = 30
MISSES_FORGOTTEN = 60
"""Wrong codes and addresses from one place on the net, and for how many seconds they count. A room full of
people behind one address checks in at once: who is right is not counted."""


def join(request: HttpRequest, token: str) -> HttpResponse:
    """A page with one button; pressing it records the arrival and leads on to the video call."""
    registration, session = linked_seat(token)
    opens_at = session.starts_at - rules.OPENS_BEFORE
    context = {
        "phone": address_of("phone_link", token),
        "registration": registration,
        "session": session,
        "workshop": session.workshop,
        "opens_at": opens_at,
        "open": opens_at <= timezone.now() <= session.ends_at,
        "off": session.workshop.state != Workshop.State.PUBLISHED,
        "seat": registration.state == Registration.State.CONFIRMED,
    }
    if request.method == "POST" and context["seat"] and not context["off"]:
        try:
            services.arrive(
                registration=registration,
                session=session,
                source=Attendance.Source.JOIN_LINK,
                now=timezone.now(),
            )
        except RuleBroken as error:
            return render(
                request, "attendance/join.html", context | {"error": error.public_message}, status=422
            )
        return _onward(request, context) if session.join_url else redirect(request.path)
    return render(request, "attendance/join.html", context)


def _onward(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    """On to the call by a Refresh: browsers hold a redirect after a form to `form-action`, and stay here."""
    response = render(request, "attendance/join.html", context | {"onward": True})
    response["Refresh"] = f"0; url={iri_to_uri(context['session'].join_url)}"
    return response


def room_code(request: HttpRequest) -> HttpResponse:
    """Type the code from the wall (the QR leads past this page)."""
    form = CodeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        if is_spent(request, "here", most=MISSES):
            form.add_error("code", _("Too many tries. Wait a minute, or ask at the door."))
        elif queries.session_by_code(form.cleaned_data["code"]) is None:
            _miss(request)
            form.add_error("code", _("There is no such code. Look again, or ask at the door."))
        else:
            return redirect("here", rules.tidy_code(form.cleaned_data["code"]))
    return render(request, "attendance/code.html", {"form": form}, status=422 if form.errors else 200)


def here(request: HttpRequest, code: str) -> HttpResponse:
    """“I am here”: one button when signed in, else the address one registered with."""
    session = queries.session_by_code(code)
    if session is None:
        return render(request, "attendance/code.html", {"form": CodeForm()}, status=404)
    person = request.user if isinstance(request.user, Person) else None
    form = HereForm(posted(request)) if person is None else None
    context = {"session": session, "workshop": session.workshop, "form": form}
    if request.method != "POST":
        return render(request, "attendance/here.html", context)
    if form is not None and not form.is_valid():
        return render(request, "attendance/here.html", context, status=422)
    email = form.cleaned_data["email"] if form is not None else ""
    error = _check_in(request, session, person, email)
    if error:
        return render(request, "attendance/here.html", context | {"error": error}, status=422)
    messages.success(request, _("You are checked in. Welcome!"))
    # Only to someone signed in: an address typed in at the door opens nobody's own page.
    phone = address_of("phone", session.pk) if person is not None else ""
    return redirect(phone) if phone else redirect("workshop_page", session.workshop_id)


def _check_in(request: HttpRequest, session: Session, person: Person | None, email: str) -> str:
    if person is None and is_spent(request, "here", most=MISSES):
        return _("Too many tries. Wait a minute, or ask at the door.")
    seat = queries.seat_of(session.workshop, person=person, email=email)
    if seat is None:
        _miss(request)
        return _("We find no confirmed seat here. Please ask at the door.")
    try:
        services.arrive(
            registration=seat, session=session, source=Attendance.Source.ROOM_CODE, now=timezone.now()
        )
    except RuleBroken as error:
        return str(error.public_message)
    return ""


def _miss(request: HttpRequest) -> None:
    take(request, "here", most=MISSES, seconds=MISSES_FORGOTTEN)
