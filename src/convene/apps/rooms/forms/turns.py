"""How turns are taken; a question from a phone."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.rules.turns import QUESTION_LENGTH


class TurnsForm(forms.Form):
    turn_seconds = forms.IntegerField(
        label=_("Seconds for each turn"), required=False, help_text=_("Leave it empty for no limit.")
    )


class QuestionForm(forms.Form):
    text = forms.CharField(
        label=_("Your question"), max_length=QUESTION_LENGTH, widget=forms.Textarea(attrs={"rows": 3})
    )
