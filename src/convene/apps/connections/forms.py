"""What people type about how they want to be reached."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from convene.apps.connections.rules import contacts as rules
from convene.foundation.errors import RuleBroken


class ContactForm(forms.Form):
    contact = forms.CharField(
        label=_("The contact you share"),
        help_text=_(
            "A mail address, a number, a page. People you met see it only if both of you say so, one by one."
        ),
        required=False,
    )

    def clean_contact(self) -> str:
        try:
            return rules.clean_contact(self.cleaned_data["contact"])
        except RuleBroken as refused:
            raise ValidationError(str(refused.public_message), code=refused.code) from refused
