"""The draw: made by a steward where it waits for one; and what everyone can read about it."""

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
from convene.apps.seats.forms import BeaconForm, DiceForm
from convene.apps.seats.models import Draw
from convene.apps.seats.views.common import refuse, signed_in
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.queries import planned_workshop_for, workshop_for
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted


@login_required
@require_http_methods(["GET", "POST"])
def seat_draw_make(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """For stewards: where the draw stands, and making it when it waits for them."""
    workshop = planned_workshop_for(request.user, workshop_id)
    policy = services.ensure_policy(workshop=workshop, now=timezone.now())
    draw = policy.draws.first()
    form = chance_form(draw, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _make(request, draw, form)
            return redirect("seat_targets", workshop.pk)
        except RuleBroken as error:
            refuse(form, error)
    context = {"workshop": workshop, **draw_panel(draw), "chance": form}
    return render(request, "seats/make.html", context, status=422 if form.errors else 200)


def _make(request: HttpRequest, draw: Draw | None, form: DiceForm | BeaconForm) -> None:
    if draw is None:
        raise RuleBroken(_("Entries are not closed yet."), code="not_closed")
    now, actor = timezone.now(), signed_in(request)
    if isinstance(form, BeaconForm):
        services.paste_beacon(draw=draw, actor=actor, now=now, beacon=form.cleaned_data["beacon"])
    else:
        services.throw_dice(draw=draw, actor=actor, now=now, values=form.cleaned_data["values"])
    messages.success(request, _("The draw is being made. Everyone gets their result by mail."))


def chance_form(draw: Draw | None, posted: Any = None) -> DiceForm | BeaconForm:
    """What a steward can type when the draw waits for chance."""
    pastes = draw is not None and draw.source_kind == rules.ChanceSource.DRAND
    return BeaconForm(posted) if pastes else DiceForm(posted)


def draw_panel(draw: Draw | None) -> dict[str, Any]:
    """What seats/_draw_panel.html shows, beside `workshop`."""
    drawn = draw is not None and draw.state == Draw.State.DRAWN
    return {
        "draw": draw,
        "chance": chance_form(draw),
        "about": explaining.about_draw(draw) if draw is not None and drawn else [],
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
