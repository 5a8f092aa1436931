"""The page of a series for those who come: its dates, and a seat in one, several or all of them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any, cast
from uuid import UUID

from django import forms
from django.contrib import messages
from django.db import transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import formats, timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_safe

from convene.apps.people.services import find_or_make_person
from convene.apps.seats.models import Registration
from convene.apps.seats.queries import public_text
from convene.apps.seats.services import request_seat
from convene.apps.workshops.models import Series, Workshop
from convene.apps.workshops.permissions import can_create
from convene.apps.workshops.series.queries import visible_in
from convene.foundation.access.rate import check_rate
from convene.foundation.errors import RuleBroken
from convene.web.pages.workshop import Seats, seats_state

if TYPE_CHECKING:
    from convene.apps.people.models import Person

HOUR = 3600


class SignUpForm(forms.Form):
    """Who comes, for someone without an account; the dates are ticked in the list."""

    name = forms.CharField(
        label=gettext_lazy("Your name"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    email = forms.EmailField(
        label=gettext_lazy("Your e-mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )

    def __init__(self, *args: Any, signed_in: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if signed_in:
            del self.fields["name"], self.fields["email"]


@require_http_methods(["GET", "HEAD", "POST"])
def series_page(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """Every date that the reader may see; POST asks for a seat in those that are ticked."""
    series = get_object_or_404(Series.objects.select_related("community"), pk=series_id)
    now = timezone.now()
    rows = list(visible_in(series, request.user).exclude(state=Workshop.State.DRAFT))
    plans = can_create(request.user, series.community_id)
    if not rows and not plans:
        raise Http404
    dates = _dates(request, rows, now)
    form = SignUpForm(request.POST or None, signed_in=request.user.is_authenticated)
    if request.method == "POST" and form.is_valid():
        chosen = [workshop for workshop, seats, ticked, _standing in dates if ticked and seats.can_ask]
        try:
            return _sign_up(request, series, chosen, form, now)
        except RuleBroken as error:
            form.add_error(None, str(error.public_message))
    policy = getattr(rows[0], "seat_policy", None) if rows else None
    context = {
        "series": series,
        "community": series.community,
        "dates": dates,
        "form": form,
        "how": public_text(policy) if policy else [],
        "any_open": any(seats.can_ask and not standing for _w, seats, _t, standing in dates),
        "plans": plans,
    }
    return render(request, "series/page.html", context, status=422 if form.errors else 200)


def _dates(
    request: HttpRequest, rows: Sequence[Workshop], now: dt.datetime
) -> list[tuple[Workshop, Seats, bool, str]]:
    """Each date, how it stands with seats there, whether it is ticked, and the reader's own state."""
    ticked = set(request.POST.getlist("dates"))
    mine: dict[UUID, str] = {}
    if request.user.is_authenticated:
        live = Registration.objects.filter(
            workshop__in=[row.pk for row in rows], person=request.user.pk, state__in=list(Registration.LIVE)
        ).select_related("workshop")
        mine = {row.workshop_id: row.get_state_display() for row in live}
    return [
        (
            row,
            seats_state(row, getattr(row, "seat_policy", None), list(row.sessions.all()), now),
            str(row.pk) in ticked,
            mine.get(row.pk, ""),
        )
        for row in rows
    ]


def _sign_up(
    request: HttpRequest, series: Series, chosen: Sequence[Workshop], form: SignUpForm, now: dt.datetime
) -> HttpResponse:
    """A seat in each, or none of them: a refusal names its date. The mails tell where each stands."""
    if not chosen:
        raise RuleBroken(_("Tick at least one date."), code="no_date")
    signed_in = request.user.is_authenticated
    if not signed_in:
        check_rate(request, "series_sign_up", most=20, seconds=HOUR)
    with transaction.atomic():
        person = cast("Person", request.user) if signed_in else _outsider(form, now)
        for workshop in chosen:
            _ask(workshop, person, now, overlap_ok=not signed_in)
    if not signed_in:
        return redirect("series_asked", series.pk)
    text = ngettext("You asked for %(count)d date.", "You asked for %(count)d dates.", len(chosen))
    messages.success(request, text % {"count": len(chosen)})
    return redirect("my_seats")


def _outsider(form: SignUpForm, now: dt.datetime) -> Person:
    zone = timezone.get_current_timezone_name()
    return find_or_make_person(
        email=form.cleaned_data["email"],
        name=form.cleaned_data["name"],
        language=translation.get_language() or "",
        zone="" if zone == "UTC" else zone,
        now=now,
    )


def _ask(workshop: Workshop, person: Person, now: dt.datetime, *, overlap_ok: bool) -> None:
    """Someone who typed an address learns nothing of its owner's other seats: no question about overlap."""
    try:
        request_seat(workshop=workshop, person=person, actor=person, now=now, overlap_ok=overlap_ok)
    except RuleBroken as error:
        first = workshop.sessions.all()[0].starts_at
        day = timezone.localtime(first)
        raise RuleBroken(
            _("%(day)s: %(why)s") % {"day": formats.date_format(day, "j F Y"), "why": error.public_message},
            code=error.code,
        ) from error


@require_safe
def series_asked(request: HttpRequest, series_id: UUID) -> HttpResponse:
    """The same words for every address: the mails tell their owner the rest."""
    series = get_object_or_404(Series.objects.select_related("community"), pk=series_id)
    return render(request, "series/asked.html", {"series": series, "community": series.community})
