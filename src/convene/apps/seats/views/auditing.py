"""The auditor's page: what is not published, for the one person who was named; each reading is written "
"down."""

from __future__ import annotations

import csv
import io
import json
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from convene.apps.seats import services
from convene.apps.seats.models import Draw, SeatPolicy
from convene.apps.seats.permissions import Permission, can_audit
from convene.apps.seats.views.common import signed_in
from convene.foundation.errors import NotAllowed


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def seat_draw_audit(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """What there is to check and how; POST gives a file, and its reading is written down."""
    policy = SeatPolicy.objects.filter(workshop_id=workshop_id).select_related("workshop__community").first()
    if policy is None:
        raise Http404
    if not can_audit(request.user, policy):
        raise NotAllowed(Permission.AUDIT_DRAW)
    draw = Draw.objects.filter(policy=policy).first()
    if request.method == "POST" and draw is not None:
        return _file(request, draw)
    context = {
        "workshop": policy.workshop,
        "draw": draw,
        "ready": draw is not None and draw.is_sealed and draw.state == Draw.State.DRAWN,
    }
    return render(request, "seats/audit.html", context)


def _file(request: HttpRequest, draw: Draw) -> HttpResponse:
    now, actor = timezone.now(), signed_in(request)
    if request.POST.get("file") == "people":
        header, rows = services.read_people_file(draw=draw, actor=actor, now=now)
        text = io.StringIO()
        csv.writer(text).writerows([header, *rows])
        return _download(text.getvalue(), "text/csv; charset=utf-8", "people.csv")
    full = services.read_full_record(draw=draw, actor=actor, now=now)
    return _download(json.dumps(full, ensure_ascii=False, indent=1), "application/json", "record.json")


def _download(text: str, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        text.encode(), content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
