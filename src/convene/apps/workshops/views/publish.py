"""Check, publish, change, postpone, cancel, decide."""

from __future__ import annotations

import hashlib
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.forms import BaseFormSet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convene.apps.workshops import ports, queries, services
from convene.apps.workshops.forms import MinimumForm, ReasonForm, SessionForm, session_formset
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.queries.changing import change_effects
from convene.apps.workshops.queries.checking import check_before_publishing, mended_at
from convene.apps.workshops.queries.room import absent_voices
from convene.apps.workshops.queries.workshops import merge_targets
from convene.apps.workshops.rules.checks import VOICE_ABSENT, Level
from convene.apps.workshops.services.minimum import decide_minimum
from convene.apps.workshops.services.planning import SessionPlan
from convene.apps.workshops.views.common import GET_POST, page, person_of, refuse
from convene.foundation.errors import RuleBroken


@login_required
@require_GET
def workshop_check(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """What stands in the way, what is worth a look, the button; absent voices have their own place."""
    workshop = queries.planned_workshop_for(person_of(request), workshop_id)
    now = timezone.now()
    found = check_before_publishing(workshop, now, public_address=settings.PUBLIC_ADDRESS)
    linked = [(finding, mended_at(finding, workshop)) for finding in found]
    return page(
        request,
        "check",
        workshop,
        errors=[pair for pair in linked if pair[0].level == Level.ERROR],
        warnings=[pair for pair in linked if pair[0].level == Level.WARNING and pair[0].code != VOICE_ABSENT],
        absent=absent_voices(workshop),
        notices=ports.notices_of(workshop),
        sessions=workshop.sessions.all(),
    )


@login_required
@require_POST
def workshop_publish(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    try:
        services.publish_workshop(workshop=workshop, actor=person, now=timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
        return redirect("workshop_check", workshop.pk)
    messages.success(request, _("Published. Its audience sees it now."))
    return redirect("workshop_plan", workshop.pk)


def _mark(plans: list[SessionPlan]) -> str:
    """What was shown; saving needs the same again."""
    times = [f"{p.session_id} {p.starts_at.isoformat()} {p.ends_at.isoformat()} {p.zone}" for p in plans]
    return hashlib.sha256("\n".join(times).encode()).hexdigest()[:16]


@login_required
@require_http_methods(GET_POST)
def workshop_change(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """New times or places: first who is hit and how, then the move."""
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    sessions = list(workshop.sessions.all())
    formset = session_formset(sessions, request.POST or None)
    if workshop.state == Workshop.State.DRAFT or request.method == "GET" or not formset.is_valid():
        return _change_page(request, workshop, formset)
    known = {session.pk: session for session in sessions}
    plans = [plan for plan in formset.plans() if plan.session_id in known]
    changes = [(known[p.session_id], p.starts_at, p.ends_at, p.zone) for p in plans if p.session_id]
    effects = change_effects(workshop, changes)
    if effects and request.POST.get("shown") != _mark(plans):
        return _change_page(request, workshop, formset, effects=effects, shown=_mark(plans))
    try:
        revision = request.POST.get("revision", "")
        seen = int(revision) if revision.isdecimal() else -1
        services.change_sessions(
            workshop=workshop, plans=plans, actor=person, now=timezone.now(), seen_revision=seen
        )
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
        return redirect("workshop_change", workshop.pk)
    messages.success(request, _("Changed. Everyone concerned is told, and their calendars follow."))
    return redirect("workshop_plan", workshop.pk)


def _change_page(
    request: HttpRequest, workshop: Workshop, formset: BaseFormSet[SessionForm], **context: object
) -> HttpResponse:
    if workshop.state == Workshop.State.DRAFT:
        return redirect("workshop_sessions", workshop.pk)
    seated = len(ports.people_holding_seats(workshop.pk))
    return page(request, "change", workshop, formset, formset=formset, seated=seated, **context)


@login_required
@require_http_methods(GET_POST)
def workshop_cancel(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    form = ReasonForm(request.POST or None)
    form.fields["reason"].required = workshop.state != Workshop.State.DRAFT
    if form.is_valid():
        try:
            services.cancel_workshop(
                workshop=workshop, reason=form.cleaned_data["reason"], actor=person, now=timezone.now()
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Cancelled. Everyone who asked for a seat is told."))
            return redirect("workshop_list", workshop.community.slug)
    seated = len(ports.people_holding_seats(workshop.pk))
    return page(request, "cancel", workshop, form, form=form, seated=seated)


@login_required
@require_http_methods(GET_POST)
def workshop_postpone(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    form = ReasonForm(request.POST or None)
    if form.is_valid():
        try:
            services.postpone_workshop(
                workshop=workshop, reason=form.cleaned_data["reason"], actor=person, now=timezone.now()
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Postponed. Set the new time when you know it."))
            return redirect("workshop_plan", workshop.pk)
    seated = len(ports.people_holding_seats(workshop.pk))
    return page(request, "postpone", workshop, form, form=form, seated=seated)


@login_required
@require_http_methods(GET_POST)
def workshop_minimum(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Too few a week before: what becomes of it."""
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    form = MinimumForm(request.POST or None, targets=merge_targets(workshop, timezone.now()))
    if form.is_valid():
        try:
            decide_minimum(workshop=workshop, actor=person, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Decided."))
            return redirect("workshop_plan", workshop.pk)
    figures = ports.seat_figures([workshop.pk]).get(workshop.pk)
    return page(
        request,
        "minimum",
        workshop,
        form,
        form=form,
        figures=figures,
        has_targets=form.fields["into"].queryset.exists(),  # type: ignore[attr-defined]  # a ModelChoiceField
    )
