"""What is typed where chance speaks: dice, a beacon, a witness's value. Rules speak through the services."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.seats.rules.chance import check_value, read_hash, sealed
from convene.foundation.errors import RuleBroken

_LONGEST = 200
"""Characters of a value: as many as can be revealed."""


class DiceForm(forms.Form):
    values = forms.CharField(
        label=_("What the dice showed"),
        max_length=400,
        help_text=_(
            "In the order of the throws, with spaces: 4 2 6 1 3. It decides at once, is published, and "
            "cannot be changed: read it back to the room first."
        ),
    )


class BeaconForm(forms.Form):
    beacon = forms.CharField(
        label=_("The beacon"),
        max_length=4000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "All of what the address of the round shows, from { to }. It is verified before it counts."
        ),
    )


class SealForm(forms.Form):
    """The value, or its fingerprint alone. Given the value, the fingerprint is worked out and the value "
    "forgotten."""

    value = forms.CharField(
        label=_("Your value"),
        required=False,
        max_length=_LONGEST,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "auto"}),
    )
    sealed_hash = forms.CharField(
        label=_("Its fingerprint (SHA-256)"),
        required=False,
        max_length=100,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "ltr"}),
        help_text=_("64 digits and letters from a to f."),
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        value, said = data.get("value") or "", data.get("sealed_hash") or ""
        if not value and not said and not self.errors:
            self.add_error("value", _("Give a value, or its fingerprint."))
            return data
        try:
            if value:
                check_value(value)
                data["sealed_hash"] = sealed(value)
            elif said:
                read_hash(said)
        except RuleBroken as error:
            self.add_error(error.field or None, str(error.public_message))
        return data


class RevealForm(forms.Form):
    value = forms.CharField(
        label=_("The value you sealed"),
        max_length=_LONGEST,
        strip=False,
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "dir": "auto"}),
        help_text=_("Capital letters, spaces and signs count."),
    )
