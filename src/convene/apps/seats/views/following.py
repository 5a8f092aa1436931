"""For stewards: drawn seats that are free, and the choice where targets stand against giving them."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods

from convene.apps.seats import candidates, following, queries, services
from convene.apps.seats.complaining import name_of
from convene.apps.seats.explaining import FEW
from convene.apps.seats.models import Draw
from convene.apps.seats.views.common import signed_in
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.queries import planned_workshop_for
from convene.foundation.errors import RuleBroken


@login_required
@require_http_methods(["GET", "POST"])
def seat_replace(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    workshop = planned_workshop_for(request.user, workshop_id)
    draw = Draw.objects.filter(policy__workshop=workshop, state=Draw.State.DRAWN).first()
    if draw is None:
        raise Http404
    refusal = ""
    if request.method == "POST":
        try:
            _press(request, workshop)
            return redirect("seat_replace", workshop.pk)
        except RuleBroken as error:
            refusal = str(error.public_message)
    context = {"workshop": workshop, "refusal": refusal, **_picture(draw)}
    return render(request, "seats/replace.html", context, status=422 if refusal else 200)


def _press(request: HttpRequest, workshop: Workshop) -> None:
    now, actor = timezone.now(), signed_in(request)
    if request.POST.get("act") == "relax":
        services.relax_targets(workshop=workshop, actor=actor, now=now)
        messages.success(request, _("The targets are changed, and the free seats are drawn anew."))
        return
    offers = services.draw_anew(workshop=workshop, actor=actor, now=now)
    if offers:
        text = ngettext("%(count)d seat was drawn anew.", "%(count)d seats were drawn anew.", len(offers))
        messages.success(request, text % {"count": len(offers)})
    else:
        messages.info(request, _("Nothing to draw at this moment."))


def _picture(draw: Draw) -> dict[str, Any]:
    """Numbers of people below five are not said; seats are no people."""
    now_is = candidates.situation(draw.policy, draw)
    fault = following.fault(now_is)
    waiting = len(now_is.waiting)
    labels = {str(each.pk): each.label for each in candidates.questions_of(draw.policy)}
    return {
        "free": following.seats_to_fill(now_is),
        "waiting": waiting if waiting >= FEW else None,
        "someone_waits": waiting > 0,
        "stuck": fault is not None,
        "changes": [
            {"name": name_of(mend, labels), "side": mend.side, "was": mend.was, "becomes": mend.becomes}
            for mend in (fault.relaxation if fault else ())
        ],
        "past": queries.replacements_of(draw),
    }
