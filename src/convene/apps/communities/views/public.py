"""What everyone sees: a community's page, its charter; and starting one."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from convene.apps.communities import permissions, queries, services
from convene.apps.communities.forms.start import StartForm
from convene.apps.communities.models import Community
from convene.apps.communities.permissions import Permission
from convene.apps.communities.rules import FeatureName, TemplateName
from convene.apps.communities.templatetags.communities import standing_in
from convene.apps.communities.views.common import attempt, page, person_in
from convene.foundation.addresses import address_of
from convene.foundation.errors import NotAllowed


@login_required
@require_http_methods(["GET", "POST"])
def start(request: HttpRequest) -> HttpResponse:
    """A community in three minutes; then straight to its first session."""
    if not permissions.can_start(request.user):
        raise NotAllowed(Permission.START_COMMUNITY)
    form = StartForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        data = form.cleaned_data
        done, community = attempt(
            form,
            lambda: services.start_community(
                name=data["name"],
                domain=data["domain"],
                colleagues=[data["colleague_1"], data["colleague_2"]],
                template=TemplateName(data["template"]),
                actor=person_in(request),
                now=timezone.now(),
            ),
        )
        if done and community is not None:
            messages.success(request, _("“%(name)s” is there. Now its first session.") % {"name": community})
            return redirect(_first_session(community, data["template"]))
    return page(request, "start.html", {"form": form}, form)


def _first_session(community: Community, template: str) -> str:
    new_workshop = address_of("workshop_new", community.slug)
    return (
        f"{new_workshop}?template={template}"
        if new_workshop
        else reverse("community_page", args=[community.slug])
    )


@require_GET
def community_page(request: HttpRequest, slug: str) -> HttpResponse:
    found = queries.find_community(slug)
    context = {
        "community": found,
        "standing": standing_in(request, found),
        "stewards": queries.stewards_of(found),
        "contacts": queries.conduct_contacts_of(found),
        "features": {name.value for name in queries.features_on(found.pk)},
        "applications_open": queries.feature_on(found.pk, FeatureName.APPLICATIONS),
        "closed": found.stage == Community.Stage.CLOSED,
    }
    return page(request, "community.html", context)


@require_GET
def charter(request: HttpRequest, slug: str, number: int | None = None) -> HttpResponse:
    """The charter as it stands, or as it stood; public, as is every version."""
    community = queries.find_community(slug)
    versions = list(community.charter_versions.select_related("by"))
    shown = next((v for v in versions if v.number == number), None) if number else next(iter(versions), None)
    if number and shown is None:
        raise Http404
    content = shown.content if shown else {"domain": community.domain}
    context = {"community": community, "versions": versions, "shown": shown, "charter": content}
    return page(request, "charter.html", context)
