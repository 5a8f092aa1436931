"""The draw for everyone: what was sealed, where chance comes from, the result, and repeating it oneself."""

from __future__ import annotations

import hashlib
import inspect
import json
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_safe

from convene.apps.seats import checking, links, queries, receipts, rules
from convene.apps.seats.models import Draw, SeatPolicy
from convene.apps.seats.showing import result, shown
from convene.apps.workshops.queries import workshop_for
from convene.engines.allotment import verifier
from convene.foundation.access.links import BadLink

VERIFIER = inspect.getsource(verifier).encode()
VERIFIER_HASH = hashlib.sha256(VERIFIER).hexdigest()


@require_safe
def seat_draw(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Where the draw stands, in every state. `check` lets the site go through the steps itself."""
    policy, draw = _of(request, workshop_id)
    page = shown(policy, draw, timezone.now())
    noted, looks = request.GET.get("noted", ""), bool(request.GET.get("check")) and page.is_sealed
    context = {
        "workshop": policy.workshop,
        "page": page,
        "result": result(draw) if draw is not None and page.is_drawn else [],
        "text": queries.public_text(policy),
        "auditor": policy.auditor,
        "noted": noted,
        "checked": looks,
        "steps": _steps(draw, noted, looks=looks),
        "verifier_hash": VERIFIER_HASH,
        "role": receipts.roles(request.user, policy, draw),
    }
    return render(request, "seats/draw.html", context)


def _of(request: HttpRequest, workshop_id: UUID) -> tuple[SeatPolicy, Draw | None]:
    """The policy of a draw that the reader may see, and the draw if entries are closed."""
    workshop = workshop_for(request.user, workshop_id)
    policy = SeatPolicy.objects.filter(workshop=workshop).select_related("workshop", "auditor").first()
    if policy is None:
        raise Http404
    draw = Draw.objects.filter(policy=policy).first()
    if draw is None and policy.kind != rules.Kind.DRAW:
        raise Http404
    if draw is not None:
        draw.policy = policy
    return policy, draw


def _steps(draw: Draw | None, noted: str, *, looks: bool) -> list[checking.Step]:
    if draw is None or not draw.is_sealed:
        return []
    if looks:
        return checking.checked(draw.record, source=draw.source_kind, noted=noted)
    return checking.steps(drawn="chance" in draw.record, source=draw.source_kind, receipt=True)


@require_safe
def seat_draw_file(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """The public record, for the verifier: no name, no answer, no salt."""
    _policy, draw = _of(request, workshop_id)
    if draw is None or not draw.is_sealed:
        raise Http404
    response = JsonResponse(draw.record, json_dumps_params={"indent": 1, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="record.json"'
    return response


@require_safe
def draw_verifier(_request: HttpRequest) -> HttpResponse:
    """The verifier as this site runs it: one file, to read and to run."""
    return HttpResponse(
        VERIFIER,
        content_type="text/x-python; charset=utf-8",
        headers={"Content-Disposition": 'attachment; filename="verifier.py"'},
    )


@require_safe
def fair_draw(request: HttpRequest) -> HttpResponse:
    """What makes a draw fair, for someone who never heard of it."""
    return render(
        request, "seats/fair_draw.html", {"example": receipts.EXAMPLE, "verifier_hash": VERIFIER_HASH}
    )


@never_cache
@require_GET
def registration_receipt(request: HttpRequest, token: str) -> HttpResponse:
    """One's own receipt, by the same signed link as the registration."""
    try:
        found = links.registration_of(token)
    except BadLink:
        return render(request, "seats/gone.html", status=404)
    receipt = receipts.receipt_of(found)
    if receipt is None:
        return render(request, "seats/gone.html", status=404)
    return HttpResponse(
        json.dumps(receipt.file, ensure_ascii=False, indent=1),
        content_type="application/json",
        headers={"Content-Disposition": 'attachment; filename="receipt.json"'},
    )
