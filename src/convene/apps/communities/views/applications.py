"""Applying for membership, and reading applications."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from convene.apps.communities import mails, permissions, queries, rules, services
from convene.apps.communities.forms.people import ApplyForm, DecisionForm, OutsiderApplyForm, ReadingForm
from convene.apps.communities.models import Application, Community
from convene.apps.communities.permissions import Permission
from convene.apps.communities.rules import FeatureName
from convene.apps.communities.views.common import attempt, page, person_in
from convene.foundation.access import links
from convene.foundation.access.rate import check_rate
from convene.foundation.errors import NotAllowed

HOUR = 3600


@require_http_methods(["GET", "POST"])
def apply(request: HttpRequest, slug: str) -> HttpResponse:
    """The criteria, then four questions; from outside also a name and an address."""
    community = queries.find_community(slug)
    if (
        not queries.feature_on(community.pk, FeatureName.APPLICATIONS)
        or community.stage == Community.Stage.CLOSED
    ):
        return render(request, "communities/apply_closed.html", {"community": community})
    if request.user.is_authenticated:
        return _apply_signed_in(request, community)
    form = OutsiderApplyForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        done, _application = attempt(form, lambda: _apply_from_outside(request, community, form))
        if done:
            return redirect("apply_sent", slug)
    return page(request, "apply.html", {"community": community, "form": form}, form)


def _apply_from_outside(request: HttpRequest, community: Community, form: OutsiderApplyForm) -> None:
    check_rate(request, "apply", most=10, seconds=HOUR)
    services.apply_from_outside(community=community, now=timezone.now(), **form.cleaned_data)


def _apply_signed_in(request: HttpRequest, community: Community) -> HttpResponse:
    me = person_in(request)
    mine = Application.objects.filter(community=community, person=me).exclude(
        state=Application.State.UNCONFIRMED
    )
    latest = mine.order_by("-submitted_at").first()
    membership = queries.live_membership(me.pk, community.pk)
    form = ApplyForm(request.POST or None)
    if request.method == "POST" and request.POST.get("withdraw") and latest is not None:
        services.withdraw_application(application=latest, actor=me, now=timezone.now())
        messages.success(request, _("Your application is withdrawn."))
        return redirect("apply", community.slug)
    if request.method == "POST" and form.is_valid():
        done, _application = attempt(
            form,
            lambda: services.apply(community=community, actor=me, now=timezone.now(), **form.cleaned_data),
        )
        if done:
            messages.success(request, _("Your application arrived. You have a mail about what comes next."))
            return redirect("apply", community.slug)
    context = {"community": community, "form": form, "latest": latest, "membership": membership}
    return page(request, "apply.html", context, form)


@require_GET
def apply_sent(request: HttpRequest, slug: str) -> HttpResponse:
    """The same for everyone, whoever the address belongs to."""
    return render(request, "communities/apply_sent.html", {"community": queries.find_community(slug)})


def _linked(purpose: str, token: str, *, days: int | None = None) -> Application | None:
    try:
        subject_id, version = links.read(purpose, token, max_age_days=days)
        found = Application.objects.select_related("community", "person").get(pk=UUID(subject_id))
    except (links.BadLink, Application.DoesNotExist, ValueError, ValidationError):
        return None
    return found if found.person.is_active and found.person.link_version == version else None


@require_http_methods(["GET", "POST"])
def application_confirm(request: HttpRequest, token: str) -> HttpResponse:
    application = _linked(mails.APPLICATION_CONFIRM, token, days=services.CONFIRM_DAYS)
    if application is None:
        return render(request, "communities/link_spent.html", status=410)
    if request.method == "POST":
        services.confirm_application(application=application, now=timezone.now())
        return redirect("application_follow", mails.application_token(mails.APPLICATION_FOLLOW, application))
    context = {
        "community": application.community,
        "application": application,
        "waiting": application.state == Application.State.UNCONFIRMED,
    }
    return render(request, "communities/application_confirm.html", context)


@require_http_methods(["GET", "POST"])
def application_follow(request: HttpRequest, token: str) -> HttpResponse:
    """Where it stands, for the applicant; with a way to withdraw it."""
    application = _linked(mails.APPLICATION_FOLLOW, token)
    if application is None:
        return render(request, "communities/link_spent.html", status=410)
    if request.method == "POST":
        services.withdraw_application(application=application, actor=application.person, now=timezone.now())
        return redirect("application_follow", token)
    context = {"community": application.community, "application": application}
    return render(request, "communities/application_follow.html", context)


@login_required
@require_GET
def applications(request: HttpRequest, slug: str) -> HttpResponse:
    community = queries.find_community(slug)
    me = person_in(request)
    steward = permissions.is_steward(me, community.pk)
    if not steward and community.outside_reader_id != me.pk:
        raise NotAllowed(Permission.READ_APPLICATION)
    decided = Application.objects.filter(community=community, decided_at__isnull=False).select_related(
        "person"
    )
    context = {
        "community": community,
        "waiting": queries.applications_waiting(me, community.pk),
        "decided": decided.order_by("-decided_at")[:20] if steward else [],
    }
    return page(request, "applications.html", context)


@login_required
@require_http_methods(["GET", "POST"])
def application_read(request: HttpRequest, slug: str, application_id: UUID) -> HttpResponse:
    """Read it, say one's view; only then the others' views, and the decision."""
    application = get_object_or_404(
        Application.objects.select_related("community", "person", "decided_by").exclude(
            state=Application.State.UNCONFIRMED
        ),
        pk=application_id,
        community__slug=slug,
    )
    if not permissions.can_read_application(request.user, application):
        raise NotAllowed(Permission.READ_APPLICATION)
    reading = ReadingForm(request.POST if "view" in request.POST else None)
    decision = DecisionForm(request.POST if "decision" in request.POST else None)
    if request.method == "POST":
        if not reading.is_bound and not decision.is_bound:
            reading = ReadingForm(request.POST)
        if _act(request, application, reading, decision):
            return redirect("application_read", slug, application.pk)
    context = _reading_context(request, application)
    context |= {"reading_form": reading, "decision_form": decision}
    return page(request, "application_read.html", context, reading, decision)


def _act(
    request: HttpRequest, application: Application, reading: ReadingForm, decision: DecisionForm
) -> bool:
    me, now = person_in(request), timezone.now()
    if reading.is_bound:
        return (
            reading.is_valid()
            and attempt(
                reading,
                lambda: services.read_application(
                    application=application, actor=me, now=now, **reading.cleaned_data
                ),
            )[0]
        )
    return (
        decision.is_valid()
        and attempt(
            decision,
            lambda: services.decide_application(
                application=application, actor=me, now=now, **decision.cleaned_data
            ),
        )[0]
    )


def _reading_context(request: HttpRequest, application: Application) -> dict[str, object]:
    me = person_in(request)
    readings = list(application.readings.select_related("reader"))
    has_read = any(reading.reader_id == me.pk for reading in readings)
    stewards = queries.stewards_of(application.community_id).count()
    needed = rules.readers_needed(stewards)
    is_open = application.state == Application.State.RECEIVED
    return {
        "community": application.community,
        "application": application,
        "has_read": has_read,
        "readings": readings if has_read or not is_open else [],
        "read_count": len(readings),
        "needed": needed,
        "is_open": is_open,
        "may_decide": is_open
        and has_read
        and len(readings) >= needed
        and permissions.can_decide_application(me, application),
    }
