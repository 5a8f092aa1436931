"""The dry run before closing, for stewards."""

from __future__ import annotations

from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_GET

from convene.apps.seats import rules, services
from convene.apps.seats.forecasting import forecast
from convene.apps.seats.services.draws.preparing import TICKETS
from convene.apps.seats.targeting import sheet_of
from convene.apps.workshops.queries import planned_workshop_for


@login_required
@require_GET
def seat_forecast(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """What to expect if entries closed now."""
    workshop = planned_workshop_for(request.user, workshop_id)
    policy = services.ensure_policy(workshop=workshop, now=timezone.now())
    draw = policy.draws.first()
    is_draw = policy.kind == rules.Kind.DRAW
    seen = forecast(sheet_of(policy, draw)) if is_draw and draw is None else None
    context = {"workshop": workshop, "policy": policy, "is_draw": is_draw, "draw": draw, "seen": seen}
    context["tickets"] = TICKETS
    return render(request, "seats/forecast.html", context)
