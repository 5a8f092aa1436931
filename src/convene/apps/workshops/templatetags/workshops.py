"""The pages of one workshop's plan, and small words of workshops."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django import template
from django.template import Context
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.communities.queries import features_on
from convene.apps.communities.rules import FeatureName
from convene.apps.workshops import permissions
from convene.apps.workshops.languages import language_name as name_of_language
from convene.apps.workshops.models import Workshop
from convene.foundation.addresses import address_of

if TYPE_CHECKING:
    from convene.apps.communities.permissions import Actor

register = template.Library()
TONES = {
    Workshop.State.DRAFT: "neutral",
    Workshop.State.PUBLISHED: "success",
    Workshop.State.POSTPONED: "warning",
    Workshop.State.CANCELLED: "error",
    Workshop.State.HELD: "info",
}


@dataclass(frozen=True)
class NavLink:
    label: str
    href: str
    match: str = "exact"


def plan_links(workshop: Workshop, *, plans: bool) -> list[NavLink]:
    """Pages of the plan that exist and that this reader may open; seats, notices and door when built."""
    draft = workshop.state == Workshop.State.DRAFT
    features = features_on(workshop.community_id) if plans else set()
    undated = workshop.state in {Workshop.State.DRAFT, Workshop.State.POSTPONED}
    pages = [
        (_("Plan"), "workshop_plan", True, "exact"),
        (_("What it is about"), "workshop_details", plans, "exact"),
        (_("When and where"), "workshop_sessions" if draft else "workshop_change", plans, "prefix"),
        (_("A time together"), "workshop_time", plans and undated, "exact"),
        (_("Who facilitates"), "workshop_people", plans, "exact"),
        (_("In the room"), "workshop_room", plans, "exact"),
        (_("Seats"), "seat_policy", plans, "prefix"),
        (_("Mails"), "workshop_notices", plans, "prefix"),
        (_("Run sheet"), "workshop_run_sheet", True, "exact"),
        (_("Checklist"), "workshop_checklist", True, "exact"),
        (_("Resources"), "workshop_resources", True, "exact"),
        (_("Outcomes"), "workshop_aims", FeatureName.CAPABILITY in features, "exact"),
        (_("Repeat it"), "series_repeat", plans and _repeats(workshop, features), "exact"),
        (_("Check and publish"), "workshop_check", plans and draft, "exact"),
        (_("What people need"), "workshop_access", not draft, "exact"),
        (_("Door"), "workshop_door", not undated, "prefix"),
        (_("Live session"), "workshop_live", not undated, "exact"),
        (_("Pulse"), "workshop_pulse", not undated, "exact"),
        (_("What people said"), "feedback_read", workshop.state == Workshop.State.HELD, "exact"),
    ]
    return [
        NavLink(label, href, match)
        for label, name, shown, match in pages
        if shown and (href := address_of(name, workshop.pk))
    ]


def _repeats(workshop: Workshop, features: Collection[FeatureName]) -> bool:
    """One of a series, or of a community that switched series on."""
    return workshop.series_id is not None or FeatureName.SERIES in features


@register.inclusion_tag("workshops/_plan_nav.html", takes_context=True)
def plan_nav(context: Context, workshop: Workshop) -> dict[str, Any]:
    """Stands in {% block nav %} of every planning page, those of other apps too. Three queries at most."""
    actor: Actor = context["request"].user
    plans = permissions.can_plan(actor, workshop)
    leads = plans or permissions.can_lead(actor, workshop)
    return {
        "request": context["request"],
        "workshop": workshop,
        "community": workshop.community,
        "links": plan_links(workshop, plans=plans) if leads else [],
    }


@register.filter
def state_tone(workshop: Workshop) -> str:
    """The badge's tone for the workshop's state."""
    return TONES[Workshop.State(workshop.state)]


@register.filter
def language_name(code: str) -> str:
    return name_of_language(code)


@register.simple_tag
def people_count(count: int) -> str:
    """ "1 person", "5 people"."""
    return ngettext("%(count)d person", "%(count)d people", count) % {"count": count}


@register.simple_tag
def if_exists(url_name: str, *args: object) -> str:
    """The address of a page that another part of the site may bring, or nothing."""
    return address_of(url_name, *args)
