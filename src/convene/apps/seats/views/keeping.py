"""One's own registration, by signed link: where it stands, why, and what can be done. GET never acts."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from convene.apps.people.queries import has_consent
from convene.apps.people.rules import Purpose
from convene.apps.people.services import give_consent
from convene.apps.seats import checking, explaining, links, queries, receipts, rules, services
from convene.apps.seats.forms import AnswerForm, DecisionForm
from convene.apps.seats.models import Registration
from convene.apps.seats.rules import State
from convene.apps.seats.views.common import refuse, signed_in
from convene.apps.workshops.invitations import material_path
from convene.foundation.access.links import BadLink
from convene.foundation.errors import RuleBroken


@never_cache
@require_http_methods(["GET", "POST"])
def registration(request: HttpRequest, token: str) -> HttpResponse:
    """Also for people without an account. Every button posts here; `act` says which."""
    try:
        found = links.registration_of(token)
    except BadLink:
        return render(request, "seats/gone.html", status=404)
    # Signed in, the reader has a zone already; None would not mean that one but the site's.
    own_zone = found.person.zone if not request.user.is_authenticated else ""
    with timezone.override(own_zone or timezone.get_current_timezone()):
        form = AnswerForm(
            request.POST if request.POST.get("act") == "yes" else None,
            question=queries.warm_up_of(found),
            asks_seating=found.state == State.OFFERED and not has_consent(found.person_id, Purpose.SEATING),
        )
        refusal = ""
        if request.method == "POST":
            refusal = _act(request.POST.get("act", ""), found, form)
            if not refusal and not form.errors:
                return redirect("registration", token)
        context = {"form": form, "refusal": refusal, "token": token, **_facts(found), **_receipt(found)}
        wrong = bool(refusal or form.errors)
        return render(request, "seats/registration.html", context, status=422 if wrong else 200)


def _act(act: str, found: Registration, form: AnswerForm) -> str:
    """Do what the button says; what to say if a rule stands against it."""
    now, person = timezone.now(), found.person
    try:
        if act == "yes" and form.is_valid():
            answers = dict(form.cleaned_data)
            seating = answers.pop("seating", False)
            services.confirm_offer(registration=found, actor=person, now=now, **answers)
            if seating:
                give_consent(person=person, purpose=Purpose.SEATING, now=now)
        elif act == "no":
            services.decline_offer(registration=found, actor=person, now=now)
        elif act == "cancel":
            services.cancel(registration=found, actor=person, now=now)
        elif act != "yes":
            return _("This button is not known here. Please choose again.")
    except RuleBroken as error:
        if error.code != "overlap":
            return str(error.public_message)
        form.ask_about_overlap(str(error.public_message))
    found.refresh_from_db()
    return ""


def _facts(found: Registration) -> dict[str, Any]:
    history = [
        {"title": rules.State(row.after).label, "reason": rules.Reason(row.reason).label, "at": row.at}
        for row in found.movements.all()
    ]
    return {
        "registration": found,
        "workshop": found.workshop,
        "sessions": list(found.workshop.sessions.all()),
        "material": material_path(found.workshop_id, found.person),
        "says": rules.state_text(found.state),
        "offer": queries.open_offer(found) if found.state == State.OFFERED else None,
        "place": queries.place_in_line(found),
        "remembers": queries.remembers(found.workshop),
        "drawn_anew": found.state in rules.WAITING and queries.was_drawn(found.workshop),
        "also_then": queries.overlapping(found) if found.state in rules.HOLDING else None,
        "why": explaining.why(found),
        "history": history,
        "is_waiting": found.state in {*rules.WAITING, State.POOLED, State.NEEDS_APPROVAL},
        "can_ask_again": found.state not in rules.LIVE and found.state != State.VOIDED,
    }


def _receipt(found: Registration) -> dict[str, Any]:
    receipt = receipts.receipt_of(found)
    if receipt is None:
        return {"receipt": None}
    drawn = "chance" in receipt.draw.record
    return {
        "receipt": receipt,
        "receipt_words": receipts.drawn_words(receipt),
        "steps": checking.steps(drawn=drawn, source=receipt.draw.source_kind, receipt=True),
    }


@login_required
@require_GET
def my_seats(request: HttpRequest) -> HttpResponse:
    """Every registration of the person, the live ones first."""
    rows = [
        {"row": row, "path": links.registration_path(row), "live": row.state in rules.LIVE}
        for row in queries.registrations_of(signed_in(request))
    ]
    context = {"live": [row for row in rows if row["live"]], "past": [row for row in rows if not row["live"]]}
    return render(request, "seats/mine.html", context)


@never_cache
@require_http_methods(["GET", "POST"])
def seat_approval(request: HttpRequest, token: str) -> HttpResponse:
    """An approver or deputy answers from the mail, without an account; only the buttons act."""
    try:
        found, approver = links.approval_of(token)
    except BadLink:
        return render(request, "seats/gone.html", status=404)
    form = DecisionForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        decide = (
            services.approve_request if request.POST.get("act") == "approve" else services.decline_request
        )
        try:
            decide(registration=found, actor=approver, now=timezone.now(), note=form.cleaned_data["note"])
        except RuleBroken as error:
            refuse(form, error)
        else:
            return redirect("seat_approval", token)
    context = {
        "registration": found,
        "workshop": found.workshop,
        "form": form,
        "waits": found.state == State.NEEDS_APPROVAL,
    }
    return render(request, "seats/approval.html", context, status=422 if form.errors else 200)
