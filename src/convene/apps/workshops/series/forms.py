"""What a steward types about a series."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.workshops.models import Session
from convene.apps.workshops.series.rules import MOST, Every, Repeat
from convene.apps.workshops.series.services import NewTime


class RepeatForm(forms.Form):
    every = forms.ChoiceField(label=_("How often?"), choices=Every.choices, widget=forms.RadioSelect)
    count = forms.IntegerField(
        label=_("How many times, this one included?"), required=False, min_value=2, max_value=MOST
    )
    until = forms.DateField(
        label=_("Or until which day?"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def repeat(self, skipped: frozenset[dt.date] = frozenset()) -> Repeat:
        data = self.cleaned_data
        return Repeat(every=data["every"], count=data["count"], until=data["until"], skipped=skipped)


class MoveForm(forms.Form):
    """A new time for this date and the later ones; filled with what holds now."""

    at = forms.TimeField(label=_("Starts at"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"))
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=24 * 60)
    days_on = forms.IntegerField(
        label=_("Days later"),
        min_value=-6,
        max_value=6,
        initial=0,
        help_text=_("0: the same day; 1: a day later; -1: a day earlier."),
    )
    place = forms.CharField(label=_("Place"), max_length=300, required=False)
    join_url = forms.URLField(label=_("Join link"), max_length=500, required=False, assume_scheme="https")

    @staticmethod
    def initial_of(session: Session, local: dt.datetime) -> dict[str, Any]:
        return {
            "at": local.time(),
            "minutes": int((session.ends_at - session.starts_at).total_seconds() // 60),
            "days_on": 0,
            "place": session.place,
            "join_url": session.join_url,
        }

    def new_time(self) -> NewTime:
        return NewTime(**self.cleaned_data)
