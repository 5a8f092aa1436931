"""Every tag in every state, for those who build pages. Shown in demo and debug only."""

from __future__ import annotations

import datetime as dt
import zoneinfo

from django import forms
from django.conf import settings
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _


class SampleForm(forms.Form):
    title = forms.CharField(label=_("Title"), help_text=_("What people will see in the list."), max_length=80)
    note = forms.CharField(
        label=_("What would make it worth your time?"), widget=forms.Textarea, required=False
    )
    starts = forms.DateField(label=_("Day"), widget=forms.DateInput(attrs={"type": "date"}), required=False)
    seats = forms.IntegerField(label=_("Seats"), min_value=1)
    language = forms.ChoiceField(label=_("Language"), choices=[("en", _("English")), ("ar", _("Arabic"))])
    how = forms.ChoiceField(
        label=_("How are seats given?"),
        help_text=_("Everyone reads this before they ask for a seat."),
        choices=[("first", _("First come, with a waiting list")), ("draw", _("By a draw"))],
        widget=forms.RadioSelect,
    )
    access = forms.MultipleChoiceField(
        label=_("What is offered"),
        choices=[("captions", _("Captions")), ("ramp", _("Step-free room"))],
        widget=forms.CheckboxSelectMultiple,
        required=False,
    )
    agree = forms.BooleanField(label=_("Tell me when a seat is free"), help_text=_("One mail, then no more."))


def patterns(request: HttpRequest) -> HttpResponse:
    if not (settings.DEMO or settings.DEBUG):
        raise Http404
    berlin = zoneinfo.ZoneInfo("Europe/Berlin")
    start = dt.datetime(2030, 12, 12, 22, 0, tzinfo=berlin)
    context = {
        "empty_form": SampleForm(prefix="empty"),
        "wrong_form": SampleForm({"wrong-seats": "-1", "wrong-language": "en"}, prefix="wrong"),
        "start": start,
        "end": start + dt.timedelta(hours=2),
        "midnight": start + dt.timedelta(hours=3),
        "page": Paginator(range(30), 10).page(2),
        "tags": [("tip", _("tip"), "+"), ("question", _("open question"), "?")],
        "address": request.path,
    }
    return render(request, "patterns.html", context)
