"""One's own weight, for oneself alone; saying that it is wrong; and a steward's answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from convene.apps.people.models import Person
from convene.apps.seats import links, queries, services
from convene.apps.seats.forms import CorrectionAnswerForm, CorrectionForm
from convene.apps.seats.models import Correction
from convene.apps.seats.own_weight import own_weight, own_weights
from convene.apps.seats.views.common import refuse, signed_in
from convene.apps.workshops.queries import planned_workshop_for
from convene.foundation.access.links import BadLink
from convene.foundation.errors import RuleBroken


@login_required
@never_cache
@require_http_methods(["GET", "POST"])
def my_weight(request: HttpRequest) -> HttpResponse:
    """In every community in which the person asked for a seat."""
    me = signed_in(request)
    form = _correction(request, me)
    if form.is_bound and form.is_valid() and _asked(form, me):
        messages.success(request, _("Your words are with the stewards. You read their answer here."))
        return redirect("my_weight")
    context = {"owns": own_weights(me, now=timezone.now()), "form": form, "own": True}
    return render(request, "seats/weight.html", context, status=422 if form.errors else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def registration_weight(request: HttpRequest, token: str) -> HttpResponse:
    """By the signed link of a registration, also without an account: of its community."""
    try:
        found = links.registration_of(token)
    except BadLink:
        return render(request, "seats/gone.html", status=404)
    form = _correction(request, found.person)
    if form.is_bound and form.is_valid() and _asked(form, found.person):
        return redirect("registration_weight", token)
    owns = [own_weight(found.person, found.workshop.community, now=timezone.now())]
    context = {"owns": owns, "form": form, "registration": found, "token": token}
    return render(request, "seats/weight.html", context, status=422 if form.errors else 200)


def _correction(request: HttpRequest, person: Person) -> CorrectionForm:
    posted = request.POST if request.method == "POST" else None
    return CorrectionForm(posted, workshops=queries.correctable(person, now=timezone.now()))


def _asked(form: CorrectionForm, person: Person) -> bool:
    try:
        services.ask_correction(person=person, now=timezone.now(), **form.cleaned_data)
    except RuleBroken as error:
        refuse(form, error)
        return False
    return True


@login_required
@require_http_methods(["GET", "POST"])
def correction_answer(request: HttpRequest, workshop_id: UUID, correction_id: UUID) -> HttpResponse:
    """For stewards: what they say, and what Convene holds of them in this workshop; nothing else."""
    workshop = planned_workshop_for(request.user, workshop_id)
    found = get_object_or_404(
        Correction.objects.select_related("person", "workshop"), pk=correction_id, workshop=workshop
    )
    form = CorrectionAnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_correction(
                correction=found,
                agree=request.POST.get("act") == "agree",
                answer=form.cleaned_data["answer"],
                actor=signed_in(request),
                now=timezone.now(),
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Answered. They read it on the page about their weight."))
            return redirect("registrations", workshop.pk)
    context: dict[str, Any] = {"workshop": workshop, "correction": found, "form": form}
    context["steps"] = queries.steps_of(found.person, workshop)
    return render(request, "seats/correction.html", context, status=422 if form.errors else 200)
