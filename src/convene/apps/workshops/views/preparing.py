"""Checklist, resources and the run sheet."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convene.apps.people.models import Person
from convene.apps.workshops import invitations, permissions, ports, queries
from convene.apps.workshops.forms import ChecklistForm, ResourceForm
from convene.apps.workshops.models import Resource, Workshop
from convene.apps.workshops.queries.preparing import due_items, possible_owners
from convene.apps.workshops.queries.resources import file_path, resource_for, resources_for
from convene.apps.workshops.queries.runsheet import run_sheet_of
from convene.apps.workshops.rules.workshop import FILE_TYPES, Standing, may_share_beyond_seats
from convene.apps.workshops.services import preparing, resources
from convene.apps.workshops.views.common import GET_POST, page, person_of, refuse
from convene.foundation.access.links import BadLink
from convene.foundation.errors import RuleBroken


@login_required
@require_http_methods(GET_POST)
def workshop_checklist(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop, person = queries.led_workshop_for(person_of(request), workshop_id), person_of(request)
    owners = possible_owners(workshop)
    form = ChecklistForm(request.POST or None, owners=owners)
    if form.is_valid():
        try:
            preparing.add_item(workshop=workshop, actor=person, **form.cleaned_data)
        except RuleBroken as error:
            refuse(form, error)
        else:
            return redirect("workshop_checklist", workshop.pk)
    items = due_items(workshop, timezone.now())
    return page(request, "checklist", workshop, form, form=form, items=items, owners=list(owners))


@login_required
@require_POST
def checklist_item(request: HttpRequest, workshop_id: UUID, item_id: UUID) -> HttpResponse:
    """One press: tick, untick, hand to someone, remove."""
    workshop, person = queries.led_workshop_for(person_of(request), workshop_id), person_of(request)
    item = get_object_or_404(workshop.checklist.select_related("workshop"), pk=item_id)
    act = request.POST.get("act")
    if act in {"done", "open"}:
        preparing.tick_item(item=item, done=act == "done", actor=person, now=timezone.now())
    elif act == "own":
        owners = {str(owner.pk): owner for owner in possible_owners(workshop)}
        preparing.own_item(item=item, owner=owners.get(request.POST.get("owner", "")), actor=person)
    elif act == "remove":
        preparing.remove_item(item=item, actor=person)
    return redirect("workshop_checklist", workshop.pk)


@login_required
@require_http_methods(GET_POST)
def workshop_resources(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """To read for those who take part; to fill for those who lead."""
    workshop, person = _workshop_with_material(person_of(request), workshop_id), person_of(request)
    shown, standing, leads = resources_for(person, workshop)
    form = ResourceForm(request.POST or None, request.FILES or None) if leads else None
    if form is not None and form.is_valid():
        try:
            resources.add_resource(workshop=workshop, actor=person, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Added."))
            return redirect("workshop_resources", workshop.pk)
    return _resources_page(request, workshop, shown, standing, form=form)


def _workshop_with_material(person: Person, workshop_id: UUID) -> Workshop:
    """Whoever may see it, or asked for a seat of it; Http404 otherwise."""
    if ports.standing_of(workshop_id, person.pk) != Standing.NONE:
        return get_object_or_404(Workshop.objects.select_related("community"), pk=workshop_id)
    return queries.workshop_for(person, workshop_id)


def _resources_page(  # what one page shows
    request: HttpRequest,
    workshop: Workshop,
    shown: list[Resource],
    standing: Standing,
    *,
    form: ResourceForm | None = None,
    token: str = "",
) -> HttpResponse:
    forms = [form] if form is not None else []
    return page(
        request,
        "resources",
        workshop,
        *forms,
        form=form,
        shown=shown,
        standing=standing,
        token=token,
        shares_beyond=may_share_beyond_seats(workshop.recording),
    )


@require_GET
def workshop_resources_link(request: HttpRequest, token: str) -> HttpResponse:
    """The same by signed link, to read only."""
    try:
        workshop_id, person = invitations.material_of(token)
    except BadLink:
        return render(request, "workshops/bad_link.html", status=404)
    workshop = get_object_or_404(Workshop.objects.select_related("community"), pk=workshop_id)
    shown, standing, _leads = resources_for(person, workshop)
    response = _resources_page(request, workshop, shown, standing, token=token)
    response["Cache-Control"] = "no-store"
    return response


def _file(person: Person, workshop: Workshop, resource_id: UUID) -> HttpResponseBase:
    """The file itself: always as a download, never as something the browser would run."""
    resource = resource_for(person, workshop, resource_id)
    if resource is None or not resource.stored_as:
        raise Http404
    path = file_path(resource)
    if not path.is_file():
        raise Http404
    extension = resource.stored_as.rpartition(".")[2]
    response = FileResponse(
        path.open("rb"),
        as_attachment=True,
        filename=resource.file_name,
        content_type=FILE_TYPES[extension],
    )
    response["X-Content-Type-Options"] = "nosniff"
    response["Content-Security-Policy"] = "default-src 'none'; sandbox"
    response["Cache-Control"] = "private, no-store"
    return response


@login_required
@require_GET
def resource_file(request: HttpRequest, workshop_id: UUID, resource_id: UUID) -> HttpResponseBase:
    person = person_of(request)
    return _file(person, _workshop_with_material(person, workshop_id), resource_id)


@require_GET
def resource_file_link(request: HttpRequest, token: str, resource_id: UUID) -> HttpResponseBase:
    try:
        workshop_id, person = invitations.material_of(token)
    except BadLink:
        return render(request, "workshops/bad_link.html", status=404)
    return _file(person, get_object_or_404(Workshop, pk=workshop_id), resource_id)


@login_required
@require_POST
def resource_remove(request: HttpRequest, workshop_id: UUID, resource_id: UUID) -> HttpResponse:
    workshop, person = queries.led_workshop_for(person_of(request), workshop_id), person_of(request)
    resource = get_object_or_404(workshop.resources, pk=resource_id)
    resources.remove_resource(resource=resource, actor=person, now=timezone.now())
    messages.success(request, _("Removed."))
    return redirect("workshop_resources", workshop.pk)


@login_required
@require_GET
def workshop_run_sheet(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """One page to print."""
    workshop = queries.led_workshop_for(person_of(request), workshop_id)
    plans = permissions.can_plan(person_of(request), workshop)
    return page(request, "run_sheet", workshop, sheet=run_sheet_of(workshop), plans=plans)
