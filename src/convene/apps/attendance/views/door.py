"""The door list: who has a seat, who is here; for a helper with a phone in poor light."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from convene.apps.attendance import permissions, queries, rules, services
from convene.apps.attendance.forms import AttendanceForm, WalkInForm
from convene.apps.attendance.views.shared import actor_of, door_session
from convene.apps.people.models import Person
from convene.apps.people.services import find_or_make_person, make_person_without_address
from convene.apps.seats.models import Registration
from convene.apps.seats.services import walk_in
from convene.apps.workshops.models import Session, Workshop
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted
from convene.foundation.mail.urls_absolute import absolute
from convene.foundation.qr import qr_svg


@login_required
def workshop_door(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """To the session that is on, else the next, else the last."""
    workshop = get_object_or_404(Workshop.objects.select_related("community"), pk=workshop_id)
    sessions = list(workshop.sessions.all())
    if not permissions.can_keep_door(actor_of(request), workshop):
        raise Http404
    if not sessions:
        return render(request, "attendance/no_session.html", {"workshop": workshop})
    now = timezone.now()
    ahead = [session for session in sessions if session.ends_at >= now]
    return redirect("door", (ahead or sessions[-1:])[0].pk)


@login_required
def door(request: HttpRequest, session_id: UUID) -> HttpResponse:
    session = door_session(request, session_id)
    context = _door_context(session, WalkInForm(), search=request.GET.get("q", "").strip())
    partial = "#rows" if request.headers.get("HX-Request") else ""
    return render(request, f"attendance/door.html{partial}", context)


def _door_context(session: Session, form: WalkInForm, *, search: str = "") -> dict[str, object]:
    rows, now = queries.door_rows(session, search=search), timezone.now()
    return {
        "session": session,
        "workshop": session.workshop,
        "sessions": session.workshop.sessions.all(),
        "rows": rows,
        "here": sum(row.here for row in rows),
        "search": search,
        "form": form,
        "begun": now >= session.starts_at - rules.OPENS_BEFORE,
        "over": now >= session.ends_at,
    }


@login_required
@require_POST
def door_mark(request: HttpRequest, session_id: UUID, registration_id: UUID) -> HttpResponse:
    """Tick someone off, or take it back."""
    session = door_session(request, session_id)
    registration = get_object_or_404(Registration, pk=registration_id, workshop_id=session.workshop_id)
    state = rules.ATTENDED if request.POST.get("here") == "1" else rules.ABSENT
    services.mark_at_door(
        registration=registration, session=session, state=state, actor=actor_of(request), now=timezone.now()
    )
    if request.headers.get("HX-Request"):
        return door(request, session_id)
    return redirect(f"{reverse('door', args=[session.pk])}#seat-{registration.pk}")


@login_required
@require_POST
def door_walk_in(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Someone stands at the door without a seat: a seat and presence in one step, within capacity."""
    session = door_session(request, session_id)
    form = WalkInForm(request.POST)
    now = timezone.now()
    if form.is_valid():
        try:
            with transaction.atomic():
                registration = walk_in(
                    workshop=session.workshop,
                    person=_someone(form.cleaned_data["name"], form.cleaned_data["email"], now),
                    actor=actor_of(request),
                    now=now,
                )
                services.mark_at_door(
                    registration=registration,
                    session=session,
                    state=rules.ATTENDED,
                    actor=actor_of(request),
                    now=now,
                )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.public_message))
        else:
            messages.success(request, _("%(name)s has a seat.") % {"name": form.cleaned_data["name"]})
            return redirect("door", session.pk)
    context = _door_context(session, form)
    return render(request, "attendance/door.html", context, status=422)


def _someone(name: str, email: str, now: datetime) -> Person:
    language = translation.get_language() or ""
    if email:
        return find_or_make_person(email=email, name=name, language=language, zone="", now=now)
    return make_person_without_address(name=name, language=language, now=now)


@login_required
def door_code(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The room's code, large, as text and QR: to project or to print."""
    session = door_session(request, session_id)
    code = services.make_room_code(session=session, actor=actor_of(request))
    url = absolute(reverse("here", args=[code]))
    context = {"session": session, "workshop": session.workshop, "code": code, "url": url}
    return render(request, "attendance/room_code.html", context | {"qr": qr_svg(url)})


@login_required
@require_POST
def session_close(request: HttpRequest, session_id: UUID) -> HttpResponse:
    session = door_session(request, session_id)
    absent = services.close_session(session=session, actor=actor_of(request), now=timezone.now())
    text = ngettext("Closed. One person was absent.", "Closed. %(n)d people were absent.", absent)
    messages.success(request, text % {"n": absent} if absent else _("Closed. Everyone is accounted for."))
    return redirect("door", session.pk)


@login_required
def attendance_edit(request: HttpRequest, session_id: UUID, registration_id: UUID) -> HttpResponse:
    """Write what happened for one person; what stood before stays readable below."""
    session = door_session(request, session_id)
    registration = get_object_or_404(
        Registration.objects.select_related("person"), pk=registration_id, workshop_id=session.workshop_id
    )
    standing = queries.finding(registration.pk, session.pk)
    initial = {"state": standing.state, "minutes": standing.minutes} if standing else {}
    form = AttendanceForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.set_attendance(
                registration=registration,
                session=session,
                actor=actor_of(request),
                now=timezone.now(),
                **form.cleaned_data,
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.public_message))
        else:
            return redirect(f"{reverse('door', args=[session.pk])}#seat-{registration.pk}")
    context = {
        "session": session,
        "workshop": session.workshop,
        "registration": registration,
        "form": form,
        "history": registration.attendances.filter(session=session).order_by("-at"),
    }
    return render(request, "attendance/edit.html", context, status=422 if form.errors else 200)
