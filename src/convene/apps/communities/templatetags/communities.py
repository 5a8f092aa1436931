"""The pages of a community, for whoever reads them."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils.translation import gettext as _

from convene.apps.communities.models import Community
from convene.apps.communities.queries import Standing, features_on, standing_of
from convene.apps.communities.rules import FeatureName
from convene.foundation.addresses import address_of

register = template.Library()


def standing_in(request: HttpRequest, community: Community) -> Standing:
    """Read once a request."""
    known: dict[object, Standing] = request.__dict__.setdefault("_standings", {})
    if community.pk not in known:
        known[community.pk] = standing_of(request.user, community.pk)
    return known[community.pk]


@register.inclusion_tag("communities/_nav.html", takes_context=True)
def community_nav(context: Context, community: Community) -> dict[str, Any]:
    """Stands in {% block nav %}. Only pages that exist and that this reader may open."""
    request: HttpRequest = context["request"]
    standing = standing_in(request, community)
    features = features_on(community.pk) if standing.is_member or standing.is_steward else set()
    return {
        "request": request,
        "community": community,
        "items": _items(community, standing, features),
    }


def _items(community: Community, standing: Standing, features: set[FeatureName]) -> list[dict[str, str]]:
    steward, inside = standing.is_steward, standing.is_member or standing.is_steward
    tabs = [
        (_("About"), "community_page", True, "exact"),
        (_("Today"), "today", steward, "prefix"),
        (_("Workshops"), "workshop_list", inside, "prefix"),
        (_("Needs"), "needs", inside and FeatureName.NEEDS in features, "prefix"),
        (_("What we steward"), "capability_map", inside and FeatureName.CAPABILITY in features, "prefix"),
        (_("Open questions"), "open_questions", inside and FeatureName.CAPABILITY in features, "prefix"),
        (_("Inquiries"), "inquiries", inside, "prefix"),
        (_("Pulse"), "pulses", steward, "prefix"),
        (_("People"), "community_people", inside, "prefix"),
        (
            _("Connections"),
            "community_connections",
            inside and FeatureName.CONNECTIONS in features,
            "prefix",
        ),
        (_("Fair access"), "equity", steward and FeatureName.TRAITS in features, "prefix"),
        (_("Stakeholders"), "stakeholders", steward and FeatureName.STAKEHOLDERS in features, "prefix"),
        (_("Settings"), "community_settings", steward, "prefix"),
        (_("Conduct"), "conduct_inbox", standing.is_contact, "prefix"),
    ]
    return [
        {"label": label, "href": href, "match": match}
        for label, name, shown, match in tabs
        if shown and (href := address_of(name, community.slug))
    ]
