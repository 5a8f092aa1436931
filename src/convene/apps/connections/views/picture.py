"""How a community grows together: closed quarters, groups of five or more, nobody's name."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.http import require_safe

from convene.apps.communities.models import Community
from convene.apps.communities.permissions import is_steward
from convene.apps.connections import permissions
from convene.apps.connections.drawing import Drawing, draw, span_words
from convene.apps.connections.models import Picture
from convene.apps.connections.permissions import Permission
from convene.apps.connections.queries.picture import pictures_of
from convene.apps.equity.page import short
from convene.apps.equity.periods import parse
from convene.apps.equity.wording import percent
from convene.foundation.errors import NotAllowed


@login_required
@require_safe
def community_connections(request: HttpRequest, slug: str) -> HttpResponse:
    community = get_object_or_404(Community, slug=slug)
    if not permissions.can_see_picture(request.user, community.pk):
        raise NotAllowed(Permission.SEE_PICTURE)
    pictures = pictures_of(community.pk)
    wanted = request.GET.get("period")
    picture = next((one for one in pictures if one.period == wanted), pictures[0] if pictures else None)
    context: dict[str, Any] = {"community": community, "steward": is_steward(request.user, community.pk)}
    if picture is None:
        return render(request, "connections/no_picture.html", context)
    drawings = _drawings(picture)
    context |= {
        "picture": picture,
        "period": parse(picture.period),
        "periods": [(one.period, found.words) for one in pictures if (found := parse(one.period))],
        "drawing": next((one for one in drawings if one.by == request.GET.get("by")), _first(drawings)),
        "drawings": drawings,
        "quarters": [_line(one) for one in pictures],
        "figures": _line(picture),
        "spans": [(span, span_words(span)) for span in (3, 2, 1)],
    }
    return render(request, "connections/picture.html", context)


def _drawings(picture: Picture) -> list[Drawing]:
    return [draw(view) for view in picture.facts["views"]]


def _first(drawings: list[Drawing]) -> Drawing | None:
    return drawings[0] if drawings else None


def _line(picture: Picture) -> dict[str, Any]:
    """A quarter's figures; what is hidden is None."""
    facts = picture.facts
    new = facts["figures"]["new"]
    return {
        "period": short(picture.period),
        "members": facts["members"],
        "new": new,
        "share": percent(new / facts["members"]) if new is not None else "",
        "median": facts["median"],
    }
