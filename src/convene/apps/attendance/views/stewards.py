"""For stewards: contested records, lists of video tools, what people said afterwards."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.attendance import permissions, queries, services
from convene.apps.attendance.forms import DecisionForm, ListForm
from convene.apps.attendance.models import AttendanceImport, Contest
from convene.apps.attendance.views.shared import actor_of, door_session
from convene.apps.seats.queries import confirmed_list
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.permissions import can_lead
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted, uploaded


@login_required
def contest_decide(request: HttpRequest, contest_id: UUID) -> HttpResponse:
    contest = get_object_or_404(
        Contest.objects.select_related(
            "registration__person", "registration__workshop__community", "session"
        ),
        pk=contest_id,
    )
    if not permissions.can_decide(actor_of(request), contest.registration.workshop):
        raise Http404
    form = DecisionForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.decide_contest(
                contest=contest,
                accept=request.POST.get("decision") == "accept",
                reason=form.cleaned_data["reason"],
                actor=actor_of(request),
                now=timezone.now(),
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.public_message))
        else:
            messages.success(request, _("Decided. The person sees it on their record."))
            return redirect("contest_decide", contest.pk)
    context = {
        "contest": contest,
        "workshop": contest.registration.workshop,
        "form": form,
        "finding": queries.finding(contest.registration_id, contest.session_id),
    }
    return render(request, "attendance/decide.html", context, status=422 if form.errors else 200)


@login_required
def import_new(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """Upload an attendance list."""
    session = door_session(request, session_id)
    form = ListForm(*uploaded(request))
    if request.method == "POST" and form.is_valid():
        try:
            pending = services.start_import(
                session=session,
                data=form.cleaned_data["file"].read(),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.public_message))
        else:
            return redirect("import_match", pending.pk)
    context = {"session": session, "workshop": session.workshop, "form": form}
    return render(request, "attendance/import.html", context, status=422 if form.errors else 200)


@login_required
def import_match(request: HttpRequest, import_id: UUID) -> HttpResponse:
    """Every row and whom we take it for; nothing is recorded before the yes."""
    pending = get_object_or_404(
        AttendanceImport.objects.select_related("session"), pk=import_id, applied_at=None
    )
    session = door_session(request, pending.session_id)
    seats = [row.registration for row in queries.door_rows(session)]
    error = ""
    if request.method == "POST" and "drop" in request.POST:
        services.drop_import(pending=pending, actor=actor_of(request))
        messages.success(request, _("The list is thrown away; nothing was recorded."))
        return redirect("door", session.pk)
    chosen = _chosen(request, len(pending.rows)) if request.method == "POST" else queries.matched(pending)
    if request.method == "POST":
        known = {seat.pk: seat for seat in seats}
        matches = {number: known[pk] for number, pk in enumerate(chosen) if pk in known}
        try:
            n = services.apply_import(
                pending=pending, matches=matches, actor=actor_of(request), now=timezone.now()
            )
        except RuleBroken as broken:
            error = str(broken.public_message)
        else:
            text = ngettext("One person's presence is recorded.", "%(n)d people's presence is recorded.", n)
            messages.success(request, text % {"n": n})
            return redirect("door", session.pk)
    rows = [
        {"name": name, "email": email, "minutes": minutes, "chosen": pk}
        for (name, email, minutes), pk in zip(pending.rows, chosen, strict=True)
    ]
    context = {"session": session, "workshop": session.workshop, "rows": rows, "seats": seats, "error": error}
    return render(request, "attendance/match.html", context, status=422 if error else 200)


def _chosen(request: HttpRequest, count: int) -> list[UUID | None]:
    found: list[UUID | None] = []
    for number in range(count):
        try:
            found.append(UUID(request.POST.get(f"row-{number}", "")))
        except ValueError:
            found.append(None)
    return found


@login_required
def feedback_read(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """What people said afterwards, from five answers on."""
    workshop = get_object_or_404(Workshop.objects.select_related("community"), pk=workshop_id)
    if not can_lead(actor_of(request), workshop):
        raise Http404
    asked = confirmed_list(workshop).count()
    summary = queries.feedback_of(workshop, asked=asked)
    return render(request, "attendance/feedback_read.html", {"workshop": workshop, "summary": summary})
