"""What's open: every published workshop that the reader may come to."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from convene.apps.workshops.models import Workshop
from convene.web.pages import listing
from convene.web.pages.structured import as_script, list_thing

PER_PAGE = 20


@require_safe
def open_list(request: HttpRequest) -> HttpResponse:
    """Plain GET addresses throughout, so that a search can be kept, sent and read by machines."""
    now = timezone.now()
    filters = listing.read_filters(request.GET)
    is_past = filters.when == listing.PAST
    rows = listing.past(request.user, now) if is_past else listing.upcoming(request.user, now)
    page = Paginator(listing.for_cards(listing.narrow(rows, filters, now)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    everyone = [row for row in page if row.audience == Workshop.Audience.EVERYONE]
    context = {
        "page": page,
        "filters": filters,
        "facets": listing.facets(rows, filters),
        "query": request.GET.get("q", ""),
        "is_past": is_past,
        "now": now,
        "structured": as_script(list_thing(everyone, name=_("What’s open"))) if everyone else "",
    }
    return render(request, "open/list.html", context)
