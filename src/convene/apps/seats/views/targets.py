"""Targets of a draw, for stewards: who there is for each answer, least and most, what clashes."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convene.apps.seats import rules, services
from convene.apps.seats.forms import TargetsForm
from convene.apps.seats.models import Draw, SeatPolicy
from convene.apps.seats.targeting import Picture, picture
from convene.apps.seats.views.common import refuse, signed_in
from convene.apps.seats.views.drawing import draw_panel
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.queries import planned_workshop_for
from convene.foundation.errors import RuleBroken


@login_required
@require_http_methods(["GET", "POST"])
def seat_targets(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """For each question: who there is, least and most; what clashes, at the target; and the draw itself."""
    workshop = planned_workshop_for(request.user, workshop_id)
    policy = services.ensure_policy(workshop=workshop, now=timezone.now())
    draw = policy.draws.first()
    seen = picture(policy, draw)
    saving = request.POST if request.POST.get("act") == "save" else None
    form = TargetsForm(saving, picture=seen)
    if request.method == "POST" and (saving is None or form.is_valid()):
        try:
            messages.success(request, _act(request, workshop, form))
            return redirect("seat_targets", workshop.pk)
        except RuleBroken as error:
            refuse(form, error)
    context = _context(workshop, policy, draw, seen) | {"form": form}
    return render(request, "seats/targets.html", context, status=422 if form.errors else 200)


def _act(request: HttpRequest, workshop: Workshop, form: TargetsForm) -> str:
    now, actor = timezone.now(), signed_in(request)
    match request.POST.get("act"):
        case "save":
            services.set_targets(workshop=workshop, targets=form.targets(), actor=actor, now=now)
            return _("Saved. The targets are part of the public text.")
        case "relax":
            services.relax_targets(workshop=workshop, actor=actor, now=now)
            return _("Changed as little as possible: now the targets can be met.")
        case _:
            raise RuleBroken(_("This button is not known here. Please choose again."), code="unknown_act")


def _context(workshop: Workshop, policy: SeatPolicy, draw: Draw | None, seen: Picture) -> dict[str, Any]:
    return {
        "workshop": workshop,
        "policy": policy,
        "picture": seen,
        "is_draw": policy.kind == rules.Kind.DRAW,
        "entries": policy.workshop.registrations.filter(state=rules.State.POOLED).count(),
        **draw_panel(draw),
    }
