"""The map for members; writing it, files and who can teach for stewards."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, cast
from uuid import UUID, uuid5

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convene.apps.capabilities import permissions
from convene.apps.capabilities.models import Outcome, Qualification
from convene.apps.capabilities.outcomes import case, queries, rules, services
from convene.apps.capabilities.outcomes.forms import CaseForm, OutcomeForm, QualifyForm
from convene.apps.capabilities.permissions import Permission
from convene.apps.communities.models import Community
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.forms import posted, uploaded
from convene.foundation.mail.urls_absolute import absolute_to

if TYPE_CHECKING:
    from convene.apps.people.models import Person


def _community(request: HttpRequest, slug: str, *, steward: bool = False) -> tuple[Community, Person]:
    community = get_object_or_404(Community.objects.exclude(stage=Community.Stage.CLOSED), slug=slug)
    person = cast("Person", request.user)
    if steward and not permissions.can_maintain_map(person, community.pk):
        raise NotAllowed(Permission.MAINTAIN_MAP)
    if not steward and not permissions.can_read_map(person, community.pk):
        raise NotAllowed(Permission.READ_MAP)
    return community, person


def _refuse(form: django_forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error.public_message))


@login_required
@require_GET
def capability_map(request: HttpRequest, slug: str) -> HttpResponse:
    community, person = _community(request, slug)
    steward = permissions.can_maintain_map(person, community.pk)
    outcomes = list(queries.on_the_map(community.pk))
    teachers = queries.teachers(person, community.pk, timezone.localdate())
    context = {
        "community": community,
        "steward": steward,
        "parts": [
            (part, [(one, queries.depth_words(one), teachers.get(one.pk, [])) for one in rows])
            for part, rows in queries.parts(outcomes)
        ],
        "taken_off": queries.taken_off(community.pk) if steward else [],
        "first": outcomes[0].pk if outcomes else None,
        "last": outcomes[-1].pk if outcomes else None,
    }
    return render(request, "capabilities/outcomes/map.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def outcome_new(request: HttpRequest, slug: str) -> HttpResponse:
    community, person = _community(request, slug, steward=True)
    form = OutcomeForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_outcome(community=community, actor=person, now=timezone.now(), **form.words())
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("%(code)s is on the map.") % {"code": made.code})
            return redirect("outcome_new" if "more" in request.POST else "capability_map", slug)
    context = {"community": community, "form": form}
    return render(request, "capabilities/outcomes/edit.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def outcome_edit(request: HttpRequest, slug: str, outcome_id: UUID) -> HttpResponse:
    community, person = _community(request, slug, steward=True)
    outcome = get_object_or_404(queries.on_the_map(community.pk), pk=outcome_id)
    form = OutcomeForm(posted(request), outcome=outcome)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_outcome(outcome=outcome, actor=person, now=timezone.now(), **form.words())
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Kept."))
            return redirect("outcome", slug, outcome_id)
    context = {"community": community, "form": form, "outcome": outcome}
    return render(request, "capabilities/outcomes/edit.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def outcome(request: HttpRequest, slug: str, outcome_id: UUID) -> HttpResponse:
    """What it means at each depth, and who can teach it. POST, by a steward: one who can."""
    community, person = _community(request, slug, steward=request.method == "POST")
    found = get_object_or_404(Outcome, community=community, pk=outcome_id)
    form = QualifyForm(posted(request), community_id=community.pk)
    if request.method == "POST" and form.is_valid():
        row = form.cleaned_data["person"]
        expires = form.cleaned_data["expires_on"]
        try:
            services.qualify(
                outcome=found, person=row.person, expires_on=expires, actor=person, now=timezone.now()
            )
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Noted: %(name)s can teach it.") % {"name": row.person.name})
            return redirect("outcome", slug, outcome_id)
    context = {
        "community": community,
        "outcome": found,
        "depths": queries.depth_words(found),
        "teachers": queries.teachers(person, community.pk, timezone.localdate()).get(found.pk, []),
        "steward": permissions.can_maintain_map(person, community.pk),
        "form": form,
    }
    return render(request, "capabilities/outcomes/outcome.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def outcome_move(request: HttpRequest, slug: str, outcome_id: UUID) -> HttpResponse:
    """`way`: earlier or later."""
    community, person = _community(request, slug, steward=True)
    found = get_object_or_404(Outcome, community=community, pk=outcome_id)
    earlier = request.POST.get("way") == "earlier"
    services.move_outcome(outcome=found, earlier=earlier, actor=person, now=timezone.now())
    return redirect("capability_map", slug)


@login_required
@require_POST
def outcome_take_off(request: HttpRequest, slug: str, outcome_id: UUID) -> HttpResponse:
    community, person = _community(request, slug, steward=True)
    found = get_object_or_404(Outcome, community=community, pk=outcome_id)
    services.take_off(outcome=found, actor=person, now=timezone.now())
    messages.success(request, _("%(code)s is off the map. What rests on it stays.") % {"code": found.code})
    return redirect("capability_map", slug)


@login_required
@require_POST
def outcome_put_back(request: HttpRequest, slug: str, outcome_id: UUID) -> HttpResponse:
    community, person = _community(request, slug, steward=True)
    found = get_object_or_404(Outcome, community=community, pk=outcome_id)
    try:
        services.put_back(outcome=found, actor=person, now=timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    else:
        messages.success(request, _("%(code)s is on the map.") % {"code": found.code})
    return redirect("capability_map", slug)


@login_required
@require_POST
def qualification_end(request: HttpRequest, slug: str, qualification_id: UUID) -> HttpResponse:
    community, person = _community(request, slug)
    row = get_object_or_404(
        Qualification.objects.select_related("outcome"), pk=qualification_id, outcome__community=community
    )
    services.end_qualification(qualification=row, actor=person, now=timezone.now())
    messages.success(request, _("Ended."))
    return redirect("outcome", slug, row.outcome_id)


@login_required
@require_GET
def capability_export(request: HttpRequest, slug: str) -> HttpResponse:
    """The map as a CASE package; unchanged, it is the same file to the byte."""
    community, _person = _community(request, slug)
    outcomes = list(queries.on_the_map(community.pk))
    document = case.Document(
        identifier=uuid5(community.pk, "capability map"),
        title=_("Capability map of %(name)s") % {"name": community.name},
        creator=community.name,
        language=community.language,
        address=absolute_to("capability_map", slug),
        changed_at=max((one.changed_at for one in outcomes), default=community.created_at),
    )
    body = case.package(document, [queries.item_of(one) for one in outcomes])
    text = json.dumps(body, ensure_ascii=False, indent=2, sort_keys=True)
    answer = HttpResponse(text, content_type="application/json; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{slug}-capability.json"'
    return answer


@login_required
@require_http_methods(["GET", "POST"])
def capability_import(request: HttpRequest, slug: str) -> HttpResponse:
    """A dry run first: what the file would change. `go` brings it in."""
    community, person = _community(request, slug, steward=True)
    form = CaseForm(*uploaded(request))
    plan, text = None, ""
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        try:
            items = case.read(text)
            if "go" in request.POST:
                services.bring_in(community=community, items=items, actor=person, now=timezone.now())
                messages.success(request, _("The map is as in the file."))
                return redirect("capability_map", slug)
            standing = list(queries.on_the_map(community.pk).values_list("identifier", flat=True))
            plan = rules.compare(queries.known_items(community.pk), standing, items)
        except RuleBroken as error:
            _refuse(form, error)
    context = {"community": community, "form": form, "plan": plan, "text": text}
    return render(request, "capabilities/outcomes/import.html", context, status=422 if form.errors else 200)
