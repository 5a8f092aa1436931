"""Charter, settings, features: the stewards' pages."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convene.apps.communities import queries, rules, services
from convene.apps.communities.forms.start import CharterForm, SettingsForm
from convene.apps.communities.models import Community, Feature
from convene.apps.communities.rules import ABOUT, FeatureName
from convene.apps.communities.views.common import attempt, page, person_in, steward_community
from convene.foundation.addresses import address_of


@login_required
@require_http_methods(["GET", "POST"])
def community_settings(request: HttpRequest, slug: str) -> HttpResponse:
    community = steward_community(request, slug)
    reader = community.outside_reader
    initial = {"outside_reader": (reader.email or "") if reader else ""}
    # A model form writes into its instance while it validates; the page goes on showing what is true.
    form = SettingsForm(
        request.POST or None, instance=Community.objects.get(pk=community.pk), initial=initial
    )
    if request.method == "POST" and form.is_valid():
        done, _nothing = attempt(
            form,
            lambda: services.change_settings(
                community=community, actor=person_in(request), now=timezone.now(), **form.cleaned_data
            ),
        )
        if done:
            messages.success(request, _("Saved."))
            return redirect("community_settings", slug)
    context = {
        "community": community,
        "form": form,
        "features": queries.features_on(community.pk),
        "closed": community.stage == Community.Stage.CLOSED,
    }
    return page(request, "settings.html", context, form)


@login_required
@require_http_methods(["GET", "POST"])
def charter_edit(request: HttpRequest, slug: str) -> HttpResponse:
    community = steward_community(request, slug)
    initial = {field: getattr(community, field) for field in rules.CHARTER_FIELDS}
    initial["based_on"] = community.charter_number
    form = CharterForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        done, _number = attempt(
            form,
            lambda: services.change_charter(
                community=community,
                content=form.cleaned_data,
                based_on=form.cleaned_data["based_on"],
                note=form.cleaned_data["note"],
                actor=person_in(request),
                now=timezone.now(),
            ),
        )
        if done:
            messages.success(request, _("The charter is saved; the earlier version is kept."))
            return redirect("charter", slug)
        newest = Community.objects.get(pk=community.pk).charter_number
        form.data = {**request.POST.dict(), "based_on": str(newest)}
    return page(request, "charter_edit.html", {"community": community, "form": form}, form)


@login_required
@require_http_methods(["GET"])
def community_features(request: HttpRequest, slug: str) -> HttpResponse:
    """Everything that can be switched on, with one sentence on what it does."""
    community = steward_community(request, slug)
    rows = {row.name: row for row in Feature.objects.filter(community=community)}
    offered = set(queries.offers_waiting(community.pk))
    features = [
        {
            "name": name.value,
            "about": ABOUT[name],
            "on": name.value in rows and rows[name.value].on,
            "offered": name in offered,
        }
        for name in FeatureName
    ]
    return page(request, "features.html", {"community": community, "features": features})


@login_required
@require_POST
def feature_switch(request: HttpRequest, slug: str, name: str) -> HttpResponse:
    """`on` is 1 or 0; both settle an offer. `back=today` leads back to Today."""
    community = steward_community(request, slug)
    if name not in {feature.value for feature in FeatureName}:
        raise Http404
    on = request.POST.get("on") == "1"
    feature = FeatureName(name)
    services.switch_feature(
        community=community, name=feature, on=on, actor=person_in(request), now=timezone.now()
    )
    words = _("“%(feature)s” is on.") if on else _("“%(feature)s” is off.")
    messages.success(request, words % {"feature": ABOUT[feature].label})
    today = address_of("today", slug) if request.POST.get("back") == "today" else ""
    return redirect(today) if today else redirect("community_features", slug)


@login_required
@require_POST
def community_close(request: HttpRequest, slug: str) -> HttpResponse:
    community = steward_community(request, slug)
    services.close_community(community=community, actor=person_in(request), now=timezone.now())
    messages.success(request, _("The community is closed, with thanks to everyone who made it."))
    return redirect("community_settings", slug)


@login_required
@require_POST
def community_reopen(request: HttpRequest, slug: str) -> HttpResponse:
    community = steward_community(request, slug)
    services.reopen_community(community=community, actor=person_in(request), now=timezone.now())
    messages.success(request, _("The community is open again."))
    return redirect("community_settings", slug)
