"""When and where: a day, a time on that zone's clock, how long."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from convene.apps.people.rules import zones_by_region
from convene.apps.workshops.models import Session
from convene.apps.workshops.rules import times
from convene.apps.workshops.rules import workshop as rules
from convene.apps.workshops.services import SessionPlan
from convene.foundation.errors import RuleBroken

MOST_MINUTES = 24 * 60


def zone_choices() -> list[tuple[str, list[tuple[str, str]]]]:
    """By region, so that a long list can be jumped through."""
    return [
        (region, [(name, name.replace("_", " ")) for name in names]) for region, names in zones_by_region()
    ]


def day_input() -> forms.DateInput:
    return forms.DateInput(format="%Y-%m-%d", attrs={"type": "date"})


def time_input() -> forms.TimeInput:
    return forms.TimeInput(format="%H:%M", attrs={"type": "time"})


class WallTimeForm(forms.Form):
    """Reads a wall time; `cleaned_data` gains `starts_at` and `ends_at` as instants."""

    day = forms.DateField(label=_("Day"), widget=day_input())
    starts = forms.TimeField(label=_("Starts at"), widget=time_input())
    minutes = forms.IntegerField(label=_("Minutes"), min_value=5, max_value=MOST_MINUTES)
    zone = forms.ChoiceField(
        label=_("Time zone"), choices=zone_choices, help_text=_("The clock on which you planned it.")
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if {"day", "starts", "zone"} <= cleaned.keys() and cleaned["day"] and cleaned["starts"]:
            try:
                cleaned["starts_at"] = times.to_instant(cleaned["day"], cleaned["starts"], cleaned["zone"])
                if self._is_new_time(cleaned["starts_at"]):
                    rules.check_future(cleaned["starts_at"], timezone.now())
            except RuleBroken as error:
                self.add_error(error.field, str(error.public_message))
            else:
                minutes = cleaned.get("minutes") or self.minutes_if_empty(cleaned)
                cleaned["ends_at"] = cleaned["starts_at"] + dt.timedelta(minutes=minutes)
        return cleaned

    def minutes_if_empty(self, _cleaned: Mapping[str, Any]) -> int:
        return 60

    def _is_new_time(self, _starts_at: dt.datetime) -> bool:
        return True


class SlotForm(WallTimeForm):
    """A candidate time."""


class SessionForm(WallTimeForm):
    session_id = forms.UUIDField(required=False, widget=forms.HiddenInput)
    place = forms.CharField(label=_("Place"), max_length=300, required=False)
    join_url = forms.URLField(label=_("Join link"), max_length=500, required=False, assume_scheme="https")

    def _is_new_time(self, starts_at: dt.datetime) -> bool:
        """A session that has begun may keep its time while another one moves."""
        return bool(starts_at != self.initial.get("was_at"))

    def plan(self) -> SessionPlan:
        found = self.cleaned_data
        return SessionPlan(
            session_id=found["session_id"],
            starts_at=found["starts_at"],
            ends_at=found["ends_at"],
            zone=found["zone"],
            place=found["place"],
            join_url=found["join_url"],
        )


class _SessionFormSet(forms.BaseFormSet[SessionForm]):
    def clean(self) -> None:
        if any(self.errors):
            return
        spans = [(form.cleaned_data["starts_at"], form.cleaned_data["ends_at"]) for form in self.forms]
        try:
            rules.check_no_overlap(spans)
        except RuleBroken as error:
            self.forms[-1].add_error("starts", str(error.public_message))

    def plans(self) -> list[SessionPlan]:
        return [form.plan() for form in self.forms]


def initial_of(session: Session) -> dict[str, object]:
    local = times.local_time(session.starts_at, session.zone)
    return {
        "session_id": session.pk,
        "was_at": session.starts_at,
        "day": local.date(),
        "starts": local.time(),
        "minutes": int((session.ends_at - session.starts_at).total_seconds() // 60),
        "zone": session.zone,
        "place": session.place,
        "join_url": session.join_url,
    }


def session_formset(sessions: Sequence[Session], data: Mapping[str, Any] | None = None) -> _SessionFormSet:
    """One form for each session, in order; no empty one."""
    cls = forms.formset_factory(SessionForm, formset=_SessionFormSet, extra=0, max_num=rules.MOST_SESSIONS)
    formset = cls(data, initial=[initial_of(session) for session in sessions], prefix="session")
    assert isinstance(formset, _SessionFormSet)  # the factory keeps the class it was given
    return formset
