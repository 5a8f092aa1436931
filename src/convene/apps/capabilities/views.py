"""Wishes, requests from outside, and the stewards' page where they are settled."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from convene.apps.capabilities import links, permissions, queries, services
from convene.apps.capabilities.forms import DeclineForm, MergeForm, SessionRequestForm, WishForm
from convene.apps.capabilities.models import Need
from convene.apps.capabilities.permissions import Permission
from convene.apps.communities.models import Community
from convene.foundation.access.links import BadLink
from convene.foundation.access.rate import check_rate
from convene.foundation.errors import NotAllowed, RuleBroken

if TYPE_CHECKING:
    from convene.apps.people.models import Person

HOUR = 3600


def _community(slug: str) -> Community:
    return get_object_or_404(Community.objects.exclude(stage=Community.Stage.CLOSED), slug=slug)


def _person(request: HttpRequest) -> Person:
    """Who is signed in; only behind `login_required`."""
    person: Person = request.user  # type: ignore[assignment]  # login_required keeps the anonymous out
    return person


def _refuse(form: django_forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error.public_message))


@login_required
@require_http_methods(["GET", "POST"])
def needs(request: HttpRequest, slug: str) -> HttpResponse:
    """What members want to learn; a wish of one's own, and "me too"."""
    community = _community(slug)
    person = _person(request)
    if not permissions.can_wish(person, community.pk):
        raise NotAllowed(Permission.WISH)
    form = WishForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.wish(community=community, actor=person, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Your wish is on the list. Others can join it."))
            return redirect("needs", slug)
    context = {
        "community": community,
        "form": form,
        "needs": queries.with_mine(queries.open_needs(community.pk), person),
        "settled": queries.settled_needs(community.pk)[:10],
        "settles": permissions.can_settle(person, community.pk),
    }
    return render(request, "capabilities/needs.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def need_join(request: HttpRequest, slug: str, need_id: UUID) -> HttpResponse:
    need = get_object_or_404(Need, pk=need_id, community__slug=slug)
    services.join_need(
        need=need, may_name=request.POST.get("may_name") == "on", actor=_person(request), now=timezone.now()
    )
    messages.success(request, _("Noted: you want this too."))
    return redirect("needs", slug)


@login_required
@require_POST
def need_leave(request: HttpRequest, slug: str, need_id: UUID) -> HttpResponse:
    need = get_object_or_404(Need, pk=need_id, community__slug=slug)
    services.leave_need(need=need, actor=_person(request), now=timezone.now())
    messages.success(request, _("Your wish is taken back."))
    return redirect("needs", slug)


@require_http_methods(["GET", "POST"])
def need_ask(request: HttpRequest, slug: str) -> HttpResponse:
    """From outside, without an account: a session for your team."""
    community = _community(slug)
    form = SessionRequestForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            check_rate(request, "need_ask", most=10, seconds=HOUR)
            services.request_session(
                community=community,
                language=translation.get_language() or "en",
                now=timezone.now(),
                **form.cleaned_data,
            )
        except RuleBroken as error:
            _refuse(form, error)
        else:
            return redirect("need_asked", slug)
    context = {"community": community, "form": form}
    return render(request, "capabilities/ask.html", context, status=422 if form.errors else 200)


@require_GET
def need_asked(request: HttpRequest, slug: str) -> HttpResponse:
    return render(request, "capabilities/asked.html", {"community": _community(slug)})


@require_http_methods(["GET", "POST"])
def need_confirm(request: HttpRequest, token: str) -> HttpResponse:
    """Opened from the mail; only the button confirms."""
    try:
        asked = links.request_of(token)
    except BadLink:
        return render(request, "capabilities/confirm_gone.html", status=404)
    if request.method == "POST":
        services.confirm_request(request=asked, now=timezone.now())
        return redirect("need_confirm", token)
    return render(request, "capabilities/confirm.html", {"asked": asked, "community": asked.community})


def _settling(request: HttpRequest, slug: str) -> Community:
    community = _community(slug)
    if not permissions.can_settle(request.user, community.pk):
        raise NotAllowed(Permission.SETTLE_NEEDS)
    return community


@login_required
@require_http_methods(["GET", "POST"])
def needs_settle(request: HttpRequest, slug: str) -> HttpResponse:
    """The stewards' list: read, merge, and go to one to plan or decline it. POST merges."""
    community = _settling(request, slug)
    listed = queries.with_sources(queries.open_needs(community.pk))
    form = MergeForm(
        request.POST or None, needs=Need.objects.filter(community=community, state=Need.State.OPEN)
    )
    if request.method == "POST" and form.is_valid():
        into = form.cleaned_data["into"]
        try:
            services.merge_needs(
                into=into,
                others=[need for need in form.cleaned_data["needs"] if need != into],
                title=form.cleaned_data["title"],
                actor=_person(request),
                now=timezone.now(),
            )
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Merged. Everyone who asked counts once."))
            return redirect("needs_settle", slug)
    context = {"community": community, "needs": listed, "form": form, "ticked": request.POST.getlist("needs")}
    return render(request, "capabilities/settle.html", context, status=422 if form.errors else 200)


@login_required
@require_http_methods(["GET", "POST"])
def need_detail(request: HttpRequest, slug: str, need_id: UUID) -> HttpResponse:
    """One need with its sources, for stewards. POST declines it."""
    community = _settling(request, slug)
    need = get_object_or_404(queries.with_sources(queries.all_needs(community.pk)), pk=need_id)
    form = DeclineForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.decline_need(need=need, actor=_person(request), now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Declined. Everyone who asked gets your reason by mail."))
            return redirect("needs_settle", slug)
    context = {"community": community, "need": need, "form": form}
    return render(request, "capabilities/need.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def need_reopen(request: HttpRequest, slug: str, need_id: UUID) -> HttpResponse:
    community = _settling(request, slug)
    need = get_object_or_404(Need, pk=need_id, community=community)
    services.reopen_need(need=need, actor=_person(request), now=timezone.now())
    messages.success(request, _("It stands on the list again."))
    return redirect("need_detail", slug, need_id)
