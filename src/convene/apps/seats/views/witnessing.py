"""A witness's own page, by signed link or signed in: seal a value, keep it, reveal it."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from convene.apps.seats import links, services
from convene.apps.seats.chance_forms import RevealForm, SealForm
from convene.apps.seats.models import Draw, Witness
from convene.apps.seats.views.common import refuse, signed_in
from convene.foundation.access.links import BadLink
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted


@login_required
@require_GET
def seat_draw_witness(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Signed in, the way to one's own link."""
    witness = Witness.objects.filter(policy__workshop_id=workshop_id, person=signed_in(request)).first()
    if witness is None:
        raise Http404
    return redirect(links.witness_path(witness))


@never_cache
@require_http_methods(["GET", "POST"])
def draw_witness(request: HttpRequest, token: str) -> HttpResponse:
    """Before the tickets are sealed: seal a value. After: reveal it. GET never acts."""
    try:
        witness = links.witness_of(token)
    except BadLink:
        return render(request, "seats/gone.html", status=404)
    draw = Draw.objects.filter(policy=witness.policy).first()
    form = _form(request, draw)
    if request.method == "POST" and form.is_valid():
        try:
            _act(witness, form)
            return redirect("draw_witness", token)
        except RuleBroken as error:
            refuse(form, error)
    context = {"form": form, "token": token, **_facts(witness, draw)}
    return render(request, "seats/witness.html", context, status=422 if form.errors else 200)


def _form(request: HttpRequest, draw: Draw | None) -> SealForm | RevealForm:
    seals = draw is None or draw.state == Draw.State.FROZEN
    return SealForm(posted(request)) if seals else RevealForm(posted(request))


def _act(witness: Witness, form: SealForm | RevealForm) -> None:
    now = timezone.now()
    if witness.person is None:
        raise RuleBroken(_("This link is not in use any more."), code="witness_gone")
    if isinstance(form, SealForm):
        services.seal_value(
            witness=witness, sealed_hash=form.cleaned_data["sealed_hash"], actor=witness.person, now=now
        )
    else:
        services.reveal_value(
            witness=witness, value=form.cleaned_data["value"], actor=witness.person, now=now
        )


def _facts(witness: Witness, draw: Draw | None) -> dict[str, Any]:
    sealing = draw is None or draw.state == Draw.State.FROZEN
    revealing = draw is not None and draw.state == Draw.State.COMMITTED and witness.revealed_at is None
    return {
        "witness": witness,
        "workshop": witness.policy.workshop,
        "draw": draw,
        "can_seal": sealing,
        "seal_tone": "sunk" if witness.sealed_hash else "accent",
        "can_reveal": revealing and bool(witness.sealed_hash),
        "over": not sealing and not revealing,
    }
