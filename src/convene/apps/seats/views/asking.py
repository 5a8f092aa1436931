"""The page on which a seat is asked for, with or without an account."""

from __future__ import annotations

import datetime as dt
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone, translation
from django.views.decorators.http import require_GET, require_http_methods

from convene.apps.people.models import Person
from convene.apps.people.queries import find_person
from convene.apps.people.services import find_or_make_person, record_access_need
from convene.apps.seats import links, queries, rules, services
from convene.apps.seats.forms import SeatForm
from convene.apps.seats.models import Pool, Registration
from convene.apps.seats.views.common import refuse, signed_in
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.queries import workshop_for
from convene.foundation.access.rate import check_rate
from convene.foundation.errors import RuleBroken

REQUESTS_AN_HOUR = 60
"""Without an account, from one place on the net: each takes a seat and mails an address not vouched for."""


@require_http_methods(["GET", "POST"])
def seat_ask(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """How seats are given, and the form. For someone signed in one press is enough."""
    workshop = workshop_for(request.user, workshop_id)
    form = _form(request, workshop)
    if request.method == "POST" and form.is_valid():
        try:
            return _ask(request, workshop, form)
        except RuleBroken as error:
            if error.code == "overlap":
                form.ask_about_overlap(str(error.public_message))
            else:
                refuse(form, error)
    context = {"workshop": workshop, "form": form, **_facts(request, workshop)}
    return render(request, "seats/ask.html", context, status=422 if form.errors else 200)


@require_GET
def seat_asked(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """For someone whose address was known already: the mail tells them what no stranger may read."""
    return render(request, "seats/asked.html", {"workshop": workshop_for(request.user, workshop_id)})


def _form(request: HttpRequest, workshop: Workshop) -> SeatForm:
    posted = request.POST if request.method == "POST" else None
    choosing = posted is None or bool(posted.get("pool"))
    return SeatForm(
        posted,
        signed_in=request.user.is_authenticated,
        pools=queries.pools_to_choose(workshop, request.user, timezone.now()) if choosing else None,
    )


def _ask(request: HttpRequest, workshop: Workshop, form: SeatForm) -> HttpResponse:
    if request.user.is_authenticated:
        registration = _request(
            workshop, signed_in(request), form, overlap_ok=form.cleaned_data["overlap_ok"]
        )
        return redirect(links.registration_path(registration))
    check_rate(request, "seat_ask", most=REQUESTS_AN_HOUR, seconds=3600)
    now = timezone.now()
    known = find_person(form.cleaned_data["email"]) is not None
    zone = timezone.get_current_timezone_name()
    person = find_or_make_person(
        email=form.cleaned_data["email"],
        name=form.cleaned_data["name"],
        language=translation.get_language() or "",
        zone="" if zone == "UTC" else zone,
        now=now,
    )
    # Whoever types an address has not shown that it is theirs: they learn nothing of its owner's other seats,
    # and get no link to what was there before. The owner reads it all in the mail.
    registration = _request(workshop, person, form, overlap_ok=True, keep_needs=not known)
    if known:
        return redirect("seat_asked", workshop.pk)
    return redirect(links.registration_path(registration))


def _request(
    workshop: Workshop, person: Person, form: SeatForm, *, overlap_ok: bool, keep_needs: bool = True
) -> Registration:
    now = timezone.now()
    data = form.cleaned_data
    pool: Pool | None = data.get("pool")
    registration = services.request_seat(
        workshop=workshop,
        person=person,
        actor=person,
        now=now,
        pool=pool,
        hope=data["hope"],
        overlap_ok=overlap_ok,
    )
    if data["access_kind"] and keep_needs:
        record_access_need(
            person=person,
            kind=data["access_kind"],
            detail=data["access_detail"],
            now=now,
            workshop_id=workshop.pk,
            expires_on=_day_after(workshop, now),
        )
    return registration


def _day_after(workshop: Workshop, now: dt.datetime) -> dt.date:
    last = workshop.sessions.order_by("-ends_at").values_list("ends_at", flat=True).first()
    return (last or now).date() + dt.timedelta(days=1)


def _facts(request: HttpRequest, workshop: Workshop) -> dict[str, Any]:
    mine = queries.registration_of(signed_in(request), workshop) if request.user.is_authenticated else None
    live = mine is not None and mine.state in rules.LIVE
    return {
        "summary": queries.seats_summary(workshop),
        "sessions": list(workshop.sessions.all()),
        "mine": mine if live else None,
        "mine_path": links.registration_path(mine) if mine is not None and live else "",
    }
