"""Four fields, soon after."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.models import Debrief
from convene.apps.rooms.rules.debrief import LONGEST, MOST_MINUTES, DebriefTerms

_TEXTS = ("worked", "change", "reached")


class DebriefForm(forms.Form):
    worked = forms.CharField(
        label=_("What worked"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What you would do again."),
    )
    change = forms.CharField(
        label=_("What to change next time"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    reached = forms.CharField(
        label=_("What people can do now"),
        required=False,
        max_length=LONGEST,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("How far the session reached what it was for. Of the room as a whole, nobody by name."),
    )
    preparation_minutes = forms.IntegerField(
        label=_("Minutes spent preparing"),
        required=False,
        min_value=0,
        max_value=MOST_MINUTES,
        help_text=_("By all of you together."),
    )
    revision = forms.IntegerField(widget=forms.HiddenInput, min_value=0, initial=0)

    def __init__(self, *args: Any, debrief: Debrief | None, **kwargs: Any) -> None:
        if debrief is not None:
            names = (*_TEXTS, "preparation_minutes", "revision")
            kwargs["initial"] = {name: getattr(debrief, name) for name in names}
        super().__init__(*args, **kwargs)

    def terms(self) -> DebriefTerms:
        data = self.cleaned_data
        return DebriefTerms(
            **{name: data[name] for name in _TEXTS}, preparation_minutes=data["preparation_minutes"]
        )

    def seen(self) -> int:
        """The revision the writer read."""
        return int(self.cleaned_data["revision"])

    def show_beside(self, standing: Debrief) -> None:
        """What was typed stays; saving it again replaces what stands now, knowingly."""
        self.data = {**self.data.dict(), "revision": str(standing.revision)}  # type: ignore[attr-defined]  # a POST's
