"""From a template to a plan: list, new, plan, details, sessions."""

from __future__ import annotations

import copy
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convene.apps.communities.permissions import is_member
from convene.apps.communities.queries import find_community
from convene.apps.workshops import permissions, queries, services
from convene.apps.workshops.forms import DetailsForm, NewWorkshopForm, RunForm, SessionForm, session_formset
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.queries.planning import plan_steps, shown_workshops
from convene.apps.workshops.starters import STARTERS
from convene.apps.workshops.views.common import GET_POST, page, person_of, refuse
from convene.foundation.errors import RuleBroken


@login_required
@require_GET
def workshop_list(request: HttpRequest, slug: str) -> HttpResponse:
    """Stewards see every workshop of the community; members those they may see."""
    community, person = find_community(slug), person_of(request)
    plans = permissions.can_create(person, community.pk)
    if not plans and not is_member(person, community.pk):
        raise Http404
    rows = queries.community_workshops(community)
    if not plans:
        rows = rows.filter(pk__in=queries.visible_workshops(person).values("pk"))
    coming, past = shown_workshops(rows, timezone.now())
    context = {"community": community, "coming": coming, "past": past, "plans": plans}
    return render(request, "workshops/list.html", context)


@login_required
@require_http_methods(GET_POST)
def workshop_new(request: HttpRequest, slug: str) -> HttpResponse:
    """One page: what, when, where, how many."""
    community, person = find_community(slug), person_of(request)
    if not permissions.can_create(person, community.pk):
        raise Http404
    chosen = request.GET.get("template", "")
    initial = {"template": chosen if chosen in STARTERS else "hot_topic", "zone": community.zone}
    form = NewWorkshopForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            workshop = services.create_workshop(
                community=community, actor=person, now=timezone.now(), **form.details()
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("The draft is there. Nobody but you stewards sees it yet."))
            return redirect("workshop_plan", workshop.pk)
    context = {"community": community, "form": form}
    return render(request, "workshops/new.html", context, status=422 if form.errors else 200)


@login_required
@require_GET
def workshop_plan(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """What is done and what is open; facilitators read it, stewards change it."""
    workshop = queries.led_workshop_for(person_of(request), workshop_id)
    return page(
        request,
        "plan",
        workshop,
        plans=permissions.can_plan(person_of(request), workshop),
        steps=plan_steps(workshop, timezone.now()),
        sessions=workshop.sessions.all(),
    )


@login_required
@require_http_methods(GET_POST)
def workshop_details(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    # a ModelForm writes into its instance while it validates; the service compares with the row as it was
    form = DetailsForm(request.POST or None, instance=copy.copy(workshop))
    if form.is_valid():
        try:
            services.update_workshop(
                workshop=workshop,
                actor=person,
                now=timezone.now(),
                seen_revision=form.cleaned_data["revision"],
                **form.details(),
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("workshop_plan", workshop.pk)
    return page(request, "details", workshop, form, form=form)


@login_required
@require_http_methods(GET_POST)
def workshop_run(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """The brief and the run of blocks."""
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    initial = {"brief": workshop.brief, "run_sheet": workshop.run_sheet}
    form = RunForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            services.update_workshop(workshop=workshop, actor=person, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Saved."))
            return redirect("workshop_run_sheet", workshop.pk)
    return page(request, "run", workshop, form, form=form)


@login_required
@require_http_methods(GET_POST)
def workshop_sessions(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Sessions of a draft; once people rely on them, the page for changes says who is hit."""
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    if workshop.state != Workshop.State.DRAFT:
        return redirect("workshop_change", workshop.pk)
    formset = session_formset(list(workshop.sessions.all()), request.POST or None)
    if request.method == "POST" and formset.is_valid():
        try:
            services.change_sessions(
                workshop=workshop, plans=formset.plans(), actor=person, now=timezone.now()
            )
        except RuleBroken as error:
            refuse(formset.forms[0], error)
        else:
            messages.success(request, _("Saved."))
            return redirect("workshop_plan", workshop.pk)
    return page(request, "sessions", workshop, formset, formset=formset)


@login_required
@require_http_methods(GET_POST)
def workshop_session_add(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    last = workshop.sessions.last()
    initial = {"zone": last.zone if last else workshop.community.zone}
    if last is not None:
        initial |= {"join_url": last.join_url, "place": last.place}
    form = SessionForm(request.POST or None, initial=initial)
    if form.is_valid():
        try:
            services.add_session(workshop=workshop, plan=form.plan(), actor=person, now=timezone.now())
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("The session is added."))
            return redirect("workshop_sessions", workshop.pk)
    return page(request, "session_add", workshop, form, form=form)


@login_required
@require_POST
def workshop_session_remove(request: HttpRequest, workshop_id: UUID, session_id: UUID) -> HttpResponse:
    workshop, person = queries.planned_workshop_for(person_of(request), workshop_id), person_of(request)
    try:
        services.remove_session(workshop=workshop, session_id=session_id, actor=person, now=timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    else:
        messages.success(request, _("The session is removed."))
    return redirect("workshop_sessions", workshop.pk)
