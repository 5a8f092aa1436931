"""Repeat a workshop with a preview of the dates; the page of a series; change from here on."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.dateparse import parse_date
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from convene.apps.workshops.models import Session, Workshop
from convene.apps.workshops.queries import planned_workshop_for
from convene.apps.workshops.rules import times
from convene.apps.workshops.series import queries, rules, services
from convene.apps.workshops.series.forms import MoveForm, RepeatForm
from convene.foundation.errors import RuleBroken

if TYPE_CHECKING:
    from convene.apps.people.models import Person


def _person(request: HttpRequest) -> Person:
    person: Person = request.user  # type: ignore[assignment]  # login_required keeps the anonymous out
    return person


def _refuse(form: django_forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error.public_message))


@dataclass(frozen=True)
class PreviewDate:
    day: dt.date
    starts_at: dt.datetime | None
    problem: str
    is_first: bool
    kept: bool


@login_required
@require_http_methods(["GET", "POST"])
def series_repeat(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """POST `act=preview` shows the dates, `act=make` makes those that are ticked."""
    workshop = planned_workshop_for(_person(request), workshop_id)
    if workshop.series_id is not None:
        return redirect("series_plan", workshop.series_id)
    form = RepeatForm(request.POST or None)
    first = workshop.sessions.first()
    dates: list[PreviewDate] = []
    if first is not None and form.is_valid():
        try:
            dates = _preview(request, first, form)
            if request.POST.get("act") == "make":
                skipped = frozenset(date.day for date in dates if not date.kept)
                series = services.repeat_workshop(
                    workshop=workshop, repeat=form.repeat(skipped), actor=_person(request), now=timezone.now()
                )
                messages.success(request, _("The dates are made. Publish them when you are ready."))
                return redirect("series_plan", series.pk)
        except RuleBroken as error:
            _refuse(form, error)
    context = {"workshop": workshop, "community": workshop.community, "form": form, "first": first}
    context["dates"] = dates
    return render(request, "workshops/series/repeat.html", context, status=422 if form.errors else 200)


def _preview(request: HttpRequest, first: Session, form: RepeatForm) -> list[PreviewDate]:
    """Every date of the rule; ticked unless the steward took the tick away or the clocks skip its hour."""
    first_day = times.local_time(first.starts_at, first.zone).date()
    ticked = {parse_date(value) for value in request.POST.getlist("keep")}
    chosen = request.POST.get("shown") == _shown(form)
    dates = []
    for day in rules.days(form.repeat(), first_day):
        starts_at, problem = None, ""
        try:
            starts_at = rules.moved_to(first.starts_at, first.zone, days_on=(day - first_day).days)
        except RuleBroken as error:
            problem = str(error.public_message)
        kept = day == first_day or (not problem and (not chosen or day in ticked))
        dates.append(PreviewDate(day, starts_at, problem, day == first_day, kept))
    return dates


def _shown(form: RepeatForm) -> str:
    """Marks which rule the ticks belong to: another rule begins with every date ticked."""
    repeat = form.repeat()
    return f"{repeat.every}|{repeat.count}|{repeat.until}"


@login_required
@require_http_methods(["GET", "POST"])
def series_plan(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """All dates with their state. POST publishes the drafts among them."""
    series = queries.planned_series_for(_person(request), series_id)
    refused: list[tuple[Workshop, str]] = []
    if request.method == "POST":
        result = services.publish_series(series=series, actor=_person(request), now=timezone.now())
        refused = result.refused
        if result.count:
            text = ngettext("%(count)d date is published.", "%(count)d dates are published.", result.count)
            messages.success(request, text % {"count": result.count})
        if not refused:
            return redirect("series_plan", series.pk)
    rows = list(queries.workshops_of(series))
    context: dict[str, Any] = {
        "series": series,
        "community": series.community,
        "rows": rows,
        "drafts": sum(row.state == Workshop.State.DRAFT for row in rows),
        "refused": refused,
    }
    return render(request, "workshops/series/plan.html", context, status=422 if refused else 200)


@login_required
@require_http_methods(["GET", "POST"])
def series_move(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """This date and the later ones get another time or place."""
    workshop = planned_workshop_for(_person(request), workshop_id)
    session = workshop.sessions.first()
    if workshop.series_id is None or session is None:
        raise Http404
    local = times.local_time(session.starts_at, session.zone)
    form = MoveForm(request.POST or None, initial=MoveForm.initial_of(session, local))
    if form.is_valid():
        try:
            services.move_from_here(
                workshop=workshop, to=form.new_time(), actor=_person(request), now=timezone.now()
            )
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Changed from here on. Those with a seat are told."))
            return redirect("series_plan", workshop.series_id)
    context = {
        "workshop": workshop,
        "community": workshop.community,
        "session": session,
        "form": form,
        "later": queries.from_here(workshop),
    }
    return render(request, "workshops/series/move.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def series_details(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """What this date says of itself holds for the later ones."""
    workshop = planned_workshop_for(_person(request), workshop_id)
    if workshop.series_id is None:
        raise Http404
    services.details_from_here(workshop=workshop, actor=_person(request), now=timezone.now())
    messages.success(request, _("The later dates now say the same."))
    return redirect("series_plan", workshop.series_id)
