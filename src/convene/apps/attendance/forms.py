"""Forms of the door, the record and the three questions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.attendance.models import Attendance

SCALE = [
    ("5", _("very")),
    ("4", _("rather")),
    ("3", _("half and half")),
    ("2", _("little")),
    ("1", _("not at all")),
]
LARGEST_LIST = 2 * 1024 * 1024


class WalkInForm(forms.Form):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(
        label=_("E-mail"), required=False, help_text=_("Only if they want the notes and a record.")
    )


class CodeForm(forms.Form):
    code = forms.CharField(
        label=_("Room code"), max_length=20, help_text=_("It stands on the wall or the screen.")
    )


class HereForm(forms.Form):
    email = forms.EmailField(label=_("The e-mail address you registered with"))


class AttendanceForm(forms.Form):
    state = forms.ChoiceField(label=_("What happened"), choices=Attendance.State.choices)
    minutes = forms.IntegerField(label=_("Minutes"), required=False, min_value=0)
    reason = forms.CharField(label=_("Reason for the change"), max_length=300, required=False)


class ContestForm(forms.Form):
    claim = forms.ChoiceField(
        label=_("What it should say"), choices=Attendance.State.choices, widget=forms.RadioSelect
    )
    text = forms.CharField(
        label=_("Anything a steward should know"), widget=forms.Textarea(attrs={"rows": 3}), required=False
    )


class DecisionForm(forms.Form):
    reason = forms.CharField(label=_("Reason"), max_length=300, required=False)


class ListForm(forms.Form):
    file = forms.FileField(
        label=_("Attendance list (CSV)"), help_text=_("As exported by Zoom, Microsoft Teams or Google Meet.")
    )

    def clean_file(self) -> Any:
        upload = self.cleaned_data["file"]
        if upload.size > LARGEST_LIST:
            raise forms.ValidationError(_("This file is larger than 2 MB; an attendance list is not."))
        return upload


class FeedbackForm(forms.Form):
    useful = forms.TypedChoiceField(
        label=_("Was it useful for your work?"),
        choices=SCALE,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    said = forms.TypedChoiceField(
        label=_("Could you say what you wanted to say?"),
        choices=SCALE,
        coerce=int,
        empty_value=None,
        required=False,
        widget=forms.RadioSelect,
    )
    change = forms.CharField(
        label=_("What should change next time?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        max_length=4000,
        required=False,
    )
