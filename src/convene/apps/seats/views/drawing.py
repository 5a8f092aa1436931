"""The draw, for stewards: where it stands, and what it waits for from them; and who confirms the dice."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convene.apps.seats import explaining, rules, services
from convene.apps.seats.chance_forms import BeaconForm, DiceForm
from convene.apps.seats.chance_words import beacon_address
from convene.apps.seats.models import Draw
from convene.apps.seats.showing import shown
from convene.apps.seats.views.common import refuse, signed_in
from convene.apps.workshops.queries import planned_workshop_for
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted


@login_required
@require_http_methods(["GET", "POST"])
def seat_draw_make(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """For stewards: where the draw stands, and bringing the chance that it waits for."""
    workshop = planned_workshop_for(request.user, workshop_id)
    policy = services.ensure_policy(workshop=workshop, now=timezone.now())
    draw = policy.draws.first()
    if request.POST.get("act") == "go_on" and draw is not None:
        services.go_on_without(draw=draw, actor=signed_in(request), now=timezone.now())
        return redirect("seat_draw_make", workshop.pk)
    form = chance_form(draw, posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            _make(request, draw, form)
            return redirect("seat_draw_make", workshop.pk)
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
    messages.success(request, _("Chance has spoken. Everyone gets their result by mail."))


def chance_form(draw: Draw | None, data: Any = None) -> DiceForm | BeaconForm:
    """What a steward can type when the draw waits for chance."""
    pastes = draw is not None and draw.source_kind == rules.ChanceSource.DRAND
    return BeaconForm(data) if pastes else DiceForm(data)


def draw_panel(draw: Draw | None) -> dict[str, Any]:
    """What seats/_draw_panel.html shows, beside `workshop`."""
    if draw is None:
        return {"draw": None, "chance": chance_form(None)}
    waits = draw.state == Draw.State.FROZEN and not draw.problem
    sealed = draw.policy.witnesses.exclude(sealed_hash="").count() if waits else 0
    return {
        "draw": draw,
        "page": shown(draw.policy, draw, timezone.now()),
        "chance": chance_form(draw),
        "about": explaining.about_draw(draw) if draw.state == Draw.State.DRAWN else [],
        "may_go_on": sealed >= rules.FEWEST_WITNESSES,
        "beacon_address": beacon_address(draw),
    }


@login_required
@require_POST
def seat_draw_confirm(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Someone else who was in the room says that these are the throws."""
    draw = Draw.objects.filter(policy__workshop_id=workshop_id).first()
    if draw is None:
        raise Http404
    services.confirm_chance(draw=draw, actor=signed_in(request), now=timezone.now())
    messages.success(request, _("Thank you. It stands on the page that a second person saw the throws."))
    return redirect("seat_draw", workshop_id)
