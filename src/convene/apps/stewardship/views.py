"""The grid, its columns and cells, what follows, and what a workshop aims at."""

from __future__ import annotations

from typing import TYPE_CHECKING, cast
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convene.apps.capabilities.outcomes.queries import on_the_map
from convene.apps.communities.models import Community
from convene.apps.stewardship import permissions, queries, rules, services
from convene.apps.stewardship.forms import AimsForm, AudienceForm, ColumnForm
from convene.apps.stewardship.models import Audience
from convene.apps.stewardship.permissions import Permission
from convene.apps.workshops.queries import planned_workshop_for
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.forms import posted

if TYPE_CHECKING:
    from convene.apps.people.models import Person

GET_POST = ["GET", "POST"]


def _community(request: HttpRequest, slug: str, *, steward: bool = True) -> tuple[Community, Person]:
    community = get_object_or_404(Community.objects.exclude(stage=Community.Stage.CLOSED), slug=slug)
    person = cast("Person", request.user)
    if steward and not permissions.can_decide(person, community.pk):
        raise NotAllowed(Permission.DECIDE)
    if not steward and not permissions.can_read(person, community.pk):
        raise NotAllowed(Permission.READ_DECISIONS)
    return community, person


def _refuse(form: django_forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error.public_message))


def _page(request: HttpRequest, name: str, form: django_forms.Form, **context: object) -> HttpResponse:
    status = 422 if form.errors else 200
    return render(request, f"stewardship/{name}.html", {"form": form, **context}, status=status)


@login_required
@require_GET
def decisions(request: HttpRequest, slug: str) -> HttpResponse:
    """Audiences across, outcomes down. Members read it too."""
    community, person = _community(request, slug, steward=False)
    steward = permissions.can_decide(person, community.pk)
    found = queries.grid(community, timezone.localdate(), steward=steward)
    context = {
        "community": community,
        "steward": steward,
        "grid": found,
        "standings": [
            (label, [one for one in found.audiences if one.standing == value])
            for value, label in Audience.Standing.choices
        ],
    }
    return render(request, "stewardship/grid.html", context)


@login_required
@require_http_methods(GET_POST)
def audience_new(request: HttpRequest, slug: str) -> HttpResponse:
    community, person = _community(request, slug)
    form = AudienceForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.add_audience(
                community=community, actor=person, now=timezone.now(), **form.cleaned_data
            )
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Now decide what they need."))
            return redirect("audience_decisions", slug, made.pk)
    return _page(request, "audience", form, community=community)


@login_required
@require_http_methods(GET_POST)
def audience_edit(request: HttpRequest, slug: str, audience_id: UUID) -> HttpResponse:
    community, person = _community(request, slug)
    audience = get_object_or_404(queries.audiences_of(community.pk), pk=audience_id)
    initial = {name: getattr(audience, name) for name in ("name", "about", "standing", "size")}
    form = AudienceForm(posted(request), initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            services.change_audience(audience=audience, actor=person, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            _refuse(form, error)
        else:
            return redirect("decisions", slug)
    return _page(request, "audience", form, community=community, audience=audience)


@login_required
@require_POST
def audience_put_away(request: HttpRequest, slug: str, audience_id: UUID) -> HttpResponse:
    community, person = _community(request, slug)
    audience = get_object_or_404(queries.audiences_of(community.pk), pk=audience_id)
    services.put_away(audience=audience, actor=person, now=timezone.now())
    messages.success(request, _("Put away. What was decided for them is kept."))
    return redirect("decisions", slug)


@login_required
@require_http_methods(GET_POST)
def audience_decisions(
    request: HttpRequest, slug: str, audience_id: UUID, outcome_id: UUID | None = None
) -> HttpResponse:
    """A column of the grid, or one cell of it: a line each, sent together."""
    community, person = _community(request, slug)
    audience = get_object_or_404(queries.audiences_of(community.pk), pk=audience_id)
    rows = on_the_map(community.pk)
    outcomes = [get_object_or_404(rows, pk=outcome_id)] if outcome_id else list(rows)
    known = queries.decisions_for(audience)
    form = ColumnForm(
        posted(request),
        community_id=community.pk,
        outcomes=outcomes,
        decisions=known,
        initial=_about(known.get(outcome_id) if outcome_id else None, person),
    )
    if request.method == "POST" and form.is_valid() and _decide(form, audience, person):
        messages.success(request, _("Kept."))
        return redirect("decisions", slug)
    return _page(request, "column", form, community=community, audience=audience, one=outcome_id)


def _about(known: object, person: Person) -> dict[str, object]:
    if known is not None:
        return {"owner": getattr(known, "owner_id", None), "review_on": getattr(known, "review_on", None)}
    return {"owner": person.pk, "review_on": timezone.localdate() + rules.REVIEW_AFTER}


def _decide(form: ColumnForm, audience: Audience, person: Person) -> bool:
    said = form.cleaned_data
    try:
        services.decide(
            audience=audience,
            lines=form.changed_lines(),
            reason=said["reason"],
            owner=said["owner"],
            review_on=said["review_on"],
            actor=person,
            now=timezone.now(),
        )
    except RuleBroken as error:
        _refuse(form, error)
        return False
    return True


@login_required
@require_http_methods(GET_POST)
def decision_proposals(request: HttpRequest, slug: str) -> HttpResponse:
    """Sessions that would serve what is decided and not served. POST makes a draft of one."""
    community, person = _community(request, slug)
    if request.method == "POST":
        try:
            ids = [UUID(one) for one in request.POST.getlist("decision")]
            made = services.plan_proposal(
                community=community, decision_ids=ids, actor=person, now=timezone.now()
            )
        except ValueError:
            return redirect("decision_proposals", slug)
        except RuleBroken as error:
            messages.error(request, str(error.public_message))
            return redirect("decision_proposals", slug)
        messages.success(request, _("A draft is made, with what it aims at."))
        return redirect("workshop_page", made.pk)
    context = {"community": community, "proposals": queries.proposals(community.pk, timezone.now())}
    return render(request, "stewardship/proposals.html", context)


@login_required
@require_http_methods(GET_POST)
def workshop_aims(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """What people shall come away with, out of the map."""
    person = cast("Person", request.user)
    workshop = planned_workshop_for(person, workshop_id)
    outcomes = on_the_map(workshop.community_id)
    form = AimsForm(posted(request), outcomes=outcomes, initial={"outcomes": list(queries.aims_of(workshop))})
    if request.method == "POST" and form.is_valid():
        ids = [one.pk for one in form.cleaned_data["outcomes"]]
        services.set_aims(workshop=workshop, outcome_ids=ids, actor=person, now=timezone.now())
        messages.success(request, _("Kept."))
        return redirect("workshop_aims", workshop_id)
    return _page(request, "aims", form, workshop=workshop, community=workshop.community, outcomes=outcomes)
