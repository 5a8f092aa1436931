"""What a lower app's public page shows of higher ones: a community's open workshops and its feeds."""

from __future__ import annotations

from typing import Any

from django import template
from django.http import HttpRequest
from django.template import Context
from django.utils import timezone
from django.utils.safestring import SafeString

from convene.apps.communities.models import Community
from convene.apps.workshops.models import Workshop
from convene.web.pages.listing import open_of_community
from convene.web.pages.structured import as_script, list_thing

register = template.Library()
SHOWN = 10


@register.inclusion_tag("open/of_community.html", takes_context=True)
def community_open(context: Context, community: Community) -> dict[str, Any]:
    """The next workshops that this reader may come to."""
    request: HttpRequest = context["request"]
    now = timezone.now()
    rows = list(open_of_community(community, request.user, now)[: SHOWN + 1])
    open_to_all = [row for row in rows[:SHOWN] if row.audience == Workshop.Audience.EVERYONE]
    structured: SafeString | str = (
        as_script(list_thing(open_to_all, name=community.name)) if open_to_all else ""
    )
    return {
        "community": community,
        "rows": rows[:SHOWN],
        "more": len(rows) > SHOWN,
        "now": now,
        "structured": structured,
        "request": request,
    }
