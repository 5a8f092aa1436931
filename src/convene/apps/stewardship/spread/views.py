"""The spread, for stewards."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_GET

from convene.apps.communities.models import Community
from convene.apps.stewardship import permissions
from convene.apps.stewardship.permissions import Permission
from convene.apps.stewardship.spread import queries
from convene.foundation.errors import NotAllowed


@login_required
@require_GET
def spread(request: HttpRequest, slug: str) -> HttpResponse:
    """All closed quarters, newest first."""
    community = get_object_or_404(Community.objects.exclude(stage=Community.Stage.CLOSED), slug=slug)
    if not permissions.can_decide(request.user, community.pk):
        raise NotAllowed(Permission.DECIDE)
    every = [queries.shown(one) for one in queries.published(community.pk)]
    context = {
        "community": community,
        "quarters": [one for one in every if one is not None],
        "width": queries.BAR,
    }
    return render(request, "stewardship/spread/spread.html", context)
