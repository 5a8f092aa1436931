"""Forms of the notices pages."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.notices import rules
from convene.apps.notices.models import Letter
from convene.foundation.errors import RuleBroken


def _checked(text: str, field: str) -> str:
    try:
        rules.check_text(text, field=field)
    except RuleBroken as error:
        raise forms.ValidationError(str(error.public_message)) from error
    return text


class NoticeForm(forms.Form):
    on = forms.BooleanField(label=_("Send this notice"), required=False)
    subject = forms.CharField(label=_("Subject"), max_length=200, required=False)
    text = forms.CharField(
        label=_("Text"),
        widget=forms.Textarea(attrs={"rows": 12}),
        required=False,
        help_text=_("Empty it to have our words back."),
    )

    def clean_subject(self) -> str:
        return _checked(self.cleaned_data["subject"], "subject")

    def clean_text(self) -> str:
        return _checked(self.cleaned_data["text"], "text")


class LetterForm(forms.Form):
    group = forms.ChoiceField(label=_("To"), choices=Letter.Group.choices, widget=forms.RadioSelect)
    subject = forms.CharField(label=_("Subject"), max_length=200)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 10}))

    def clean_subject(self) -> str:
        return _checked(self.cleaned_data["subject"], "subject")

    def clean_text(self) -> str:
        return _checked(self.cleaned_data["text"], "text")


class MailForm(forms.Form):
    subject = forms.CharField(label=_("Subject"), max_length=250)
    text = forms.CharField(label=_("Text"), widget=forms.Textarea(attrs={"rows": 16}))
