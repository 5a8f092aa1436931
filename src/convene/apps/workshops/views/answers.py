"""What someone was asked: by signed link, or signed in. GET shows, only the button acts."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from convene.apps.people.models import Person
from convene.apps.workshops import invitations, services
from convene.apps.workshops.forms import AnswerForm, FacilitationForm, SlotAnswersForm
from convene.apps.workshops.models import Facilitation, Invitee, Workshop
from convene.apps.workshops.queries.slots import own_hours
from convene.apps.workshops.rules.blocks import parse_blocks
from convene.apps.workshops.services.room import answer_room_invitation
from convene.apps.workshops.services.slots import answer_slots
from convene.apps.workshops.views.common import GET_POST, person_of, refuse
from convene.foundation.access.links import BadLink
from convene.foundation.errors import RuleBroken
from convene.foundation.times import moment, zone_or


def _bad_link(request: HttpRequest) -> HttpResponse:
    return render(request, "workshops/bad_link.html", status=404)


def _private(response: HttpResponse) -> HttpResponse:
    """A page behind a signed link stays out of caches and search engines."""
    response["Cache-Control"] = "no-store"
    response["X-Robots-Tag"] = "noindex"
    return response


def _times_form(request: HttpRequest, workshop: Workshop, person: Person) -> SlotAnswersForm | None:
    """A question for each candidate time still open, in the person's own hour; None without one."""
    if workshop.state not in {Workshop.State.DRAFT, Workshop.State.POSTPONED}:
        return None
    zone = person.zone or timezone.get_current_timezone_name()
    rows = own_hours(workshop, person, zone, timezone.now())
    if not rows:
        return None
    labels = [_slot_label(hour.local, zone, is_odd=hour.is_odd) for _row, hour in rows]
    data = request.POST if request.POST.get("form") == "times" else None
    return SlotAnswersForm(data, rows=rows, labels=labels)


def _slot_label(local: datetime, zone: str, *, is_odd: bool) -> str:
    when = moment(local, zone_or(zone))
    return _("%(when)s, outside your decent hours") % {"when": when} if is_odd else when


def _save_times(form: SlotAnswersForm, workshop: Workshop, person: Person) -> None:
    answer_slots(workshop=workshop, answers=form.answers(), actor=person, now=timezone.now())


def _facilitation_page(request: HttpRequest, facilitation: Facilitation) -> HttpResponse:
    workshop, person = facilitation.workshop, facilitation.person
    data = request.POST if request.POST.get("form") == "answer" else None
    form = FacilitationForm(
        data, initial={"answer": facilitation.state, "suggestion": facilitation.suggestion}
    )
    times = _times_form(request, workshop, person)
    if times is not None and times.is_valid():
        _save_times(times, workshop, person)
        messages.success(request, _("Thank you. Your times are noted."))
        return redirect(request.path)
    if form.is_valid():
        try:
            services.answer_facilitation(
                facilitation=facilitation, actor=person, now=timezone.now(), **form.cleaned_data
            )
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Thank you, your answer is noted."))
            return redirect(request.path)
    return _asked_page(request, "facilitation", workshop, form, times, asked=facilitation)


def _room_page(request: HttpRequest, invitee: Invitee) -> HttpResponse:
    workshop, person = invitee.workshop, invitee.person
    data = request.POST if request.POST.get("form") == "answer" else None
    form = AnswerForm(data, initial={"answer": invitee.answer})
    times = _times_form(request, workshop, person)
    if times is not None and times.is_valid():
        _save_times(times, workshop, person)
        messages.success(request, _("Thank you. Your times are noted."))
        return redirect(request.path)
    if form.is_valid():
        try:
            answer_room_invitation(invitee=invitee, actor=person, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as error:
            refuse(form, error)
        else:
            messages.success(request, _("Thank you, your answer is noted."))
            return redirect(request.path)
    return _asked_page(request, "invitation", workshop, form, times, asked=invitee)


def _asked_page(  # what one page shows
    request: HttpRequest,
    template: str,
    workshop: Workshop,
    form: AnswerForm | FacilitationForm,
    times: SlotAnswersForm | None,
    *,
    asked: Facilitation | Invitee,
) -> HttpResponse:
    wrong = bool(form.errors) or (times is not None and bool(times.errors))
    context = {
        "workshop": workshop,
        "community": workshop.community,
        "sessions": workshop.sessions.all(),
        "asked": asked,
        "form": form,
        "times": times,
        "blocks": parse_blocks(workshop.run_sheet),
    }
    return render(request, f"workshops/{template}.html", context, status=422 if wrong else 200)


@require_http_methods(GET_POST)
def facilitation_answer(request: HttpRequest, token: str) -> HttpResponse:
    try:
        facilitation = invitations.facilitation_of(token)
    except BadLink:
        return _bad_link(request)
    return _private(_facilitation_page(request, facilitation))


@require_http_methods(GET_POST)
def room_answer(request: HttpRequest, token: str) -> HttpResponse:
    try:
        invitee = invitations.invitee_of(token)
    except BadLink:
        return _bad_link(request)
    return _private(_room_page(request, invitee))


@login_required
@require_http_methods(GET_POST)
def workshop_facilitate(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """The same for someone signed in; the brief stays here after they accepted."""
    rows = Facilitation.objects.select_related("workshop__community", "person")
    facilitation = get_object_or_404(rows, workshop_id=workshop_id, person_id=person_of(request).pk)
    return _facilitation_page(request, facilitation)


@login_required
@require_http_methods(GET_POST)
def workshop_invitation(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    rows = Invitee.objects.select_related("workshop__community", "person")
    rows = rows.exclude(state=Invitee.State.LISTED)
    invitee = get_object_or_404(rows, workshop_id=workshop_id, person_id=person_of(request).pk)
    return _room_page(request, invitee)
