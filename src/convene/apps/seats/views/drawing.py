"""Targets and the draw: for stewards; and what everyone can read about a draw that was made."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from convene.apps.seats import explaining, queries, rules, services
from convene.apps.seats.forms import SeedForm, TargetsForm
from convene.apps.seats.models import Draw, SeatPolicy
from convene.apps.seats.targeting import Picture, picture
from convene.apps.seats.views.common import refuse, signed_in
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.queries import planned_workshop_for, workshop_for
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
    drawing = request.POST if request.POST.get("act") == "draw" else None
    form, seed = TargetsForm(saving, picture=seen), SeedForm(drawing)
    if (
        request.method == "POST"
        and (saving is None or form.is_valid())
        and (drawing is None or seed.is_valid())
    ):
        try:
            messages.success(request, _act(request, workshop, draw, form, seed))
            return redirect("seat_targets", workshop.pk)
        except RuleBroken as error:
            refuse(seed if drawing is not None else form, error)
    wrong = bool(form.errors or seed.errors)
    context = _context(workshop, policy, draw, seen) | {"form": form, "seed": seed}
    return render(request, "seats/targets.html", context, status=422 if wrong else 200)


def _act(
    request: HttpRequest, workshop: Workshop, draw: Draw | None, form: TargetsForm, seed: SeedForm
) -> str:
    now, actor = timezone.now(), signed_in(request)
    match request.POST.get("act"):
        case "save":
            services.set_targets(workshop=workshop, targets=form.targets(), actor=actor, now=now)
            return _("Saved. The targets are part of the public text.")
        case "relax":
            services.relax_targets(workshop=workshop, actor=actor, now=now)
            return _("Changed as little as possible: now the targets can be met.")
        case "draw" if draw is not None:
            services.start_draw(draw=draw, actor=actor, now=now, seed=seed.cleaned_data["seed"])
            return _("The draw is being made. Everyone gets their result by mail.")
        case _:
            raise RuleBroken(_("This button is not known here. Please choose again."), code="unknown_act")


def _context(workshop: Workshop, policy: SeatPolicy, draw: Draw | None, seen: Picture) -> dict[str, Any]:
    return {
        "workshop": workshop,
        "policy": policy,
        "draw": draw,
        "picture": seen,
        "is_draw": policy.kind == rules.Kind.DRAW,
        "entries": policy.workshop.registrations.filter(state=rules.State.POOLED).count(),
        "about": explaining.about_draw(draw) if draw is not None and draw.state == Draw.State.DRAWN else [],
    }


@require_GET
def seat_draw(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """The draw as everyone may read it: the rule, the value that fixed it, the figures."""
    workshop = workshop_for(request.user, workshop_id)
    draw = _made(workshop)
    context = {
        "workshop": workshop,
        "draw": draw,
        "about": explaining.about_draw(draw),
        "text": queries.public_text(draw.policy),
    }
    return render(request, "seats/draw.html", context)


@login_required
@require_GET
def seat_draw_record(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """For stewards: the record that repeats the draw, by numbers; who stands behind a number is not in it."""
    workshop = planned_workshop_for(request.user, workshop_id)
    return JsonResponse(_made(workshop).record, json_dumps_params={"indent": 1})


def _made(workshop: Workshop) -> Draw:
    draw = (
        Draw.objects.filter(policy__workshop=workshop, state=Draw.State.DRAWN)
        .select_related("policy")
        .first()
    )
    if draw is None:
        raise Http404
    return draw
