"""What people type about themselves."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from typing import Any

from allauth.account.forms import AddEmailForm, ConfirmLoginCodeForm, RequestLoginCodeForm
from allauth.mfa.webauthn.forms import AddWebAuthnForm
from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.translation import get_language_info
from django.utils.translation import gettext_lazy as _

from convene.apps.people import languages, queries, rules
from convene.apps.people.models import Person
from convene.apps.people.rules import Purpose, PurposeWords
from convene.foundation.errors import RuleBroken


def broken_rule_as_error(check: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """Run a rule inside a form's clean method; what it says no to stands beside the field."""
    try:
        return check(*args, **kwargs)
    except RuleBroken as refused:
        raise ValidationError(str(refused.public_message), code=refused.code) from refused


class SignInForm(RequestLoginCodeForm):  # type: ignore[misc]  # allauth ships no types
    email = forms.EmailField(
        label=_("Mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email", "autofocus": True}),
    )


class SignUpForm(SignInForm):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As you want to be called. You can change it later."),
        max_length=rules.NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name", "autofocus": True}),
    )
    field_order = ["name", "email"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(self.field_order)
        self.fields["email"].widget.attrs.pop("autofocus", None)

    def clean_name(self) -> str:
        return str(broken_rule_as_error(rules.clean_name, self.cleaned_data["name"]))


class CodeForm(ConfirmLoginCodeForm):  # type: ignore[misc]  # allauth ships no types
    code = forms.CharField(
        label=_("Code"),
        max_length=20,
        widget=forms.TextInput(
            attrs={
                "autocomplete": "one-time-code",
                "autocapitalize": "characters",
                "autofocus": True,
                "spellcheck": "false",
            }
        ),
    )


class NewAddressForm(AddEmailForm):  # type: ignore[misc]  # allauth ships no types
    email = forms.EmailField(
        label=_("New mail address"),
        max_length=254,
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
    )


class PasskeyForm(AddWebAuthnForm):  # type: ignore[misc]  # allauth ships no types
    name = forms.CharField(
        label=_("What you call this passkey"),
        help_text=_("For instance the device it lives on."),
        required=False,
        max_length=60,
    )
    # A key here is always a way in of its own; the library's script reads this tick.
    passwordless = forms.BooleanField(
        initial=True, required=False, widget=forms.CheckboxInput(attrs={"hidden": True, "checked": True})
    )


def consent_choices() -> list[tuple[Purpose, PurposeWords]]:
    """The purposes a person switches on and off on their profile."""
    return [(purpose, words) for purpose, words in rules.PURPOSE_WORDS.items() if words.by_hand]


class ProfileForm(forms.Form):
    name = forms.CharField(
        label=_("Name"),
        help_text=_("As you want to be called."),
        max_length=rules.NAME_LENGTH,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    language = forms.ChoiceField(
        label=_("Language"), required=False, help_text=_("Of these pages and of our mails to you.")
    )
    speaks = forms.MultipleChoiceField(
        label=_("Languages I speak"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Used for tables at which everyone can follow, if you say yes to that below."),
    )
    zone = forms.ChoiceField(
        label=_("Time zone"), required=False, help_text=_("All times are shown in it, and it is named.")
    )
    decent_from = forms.TimeField(
        label=_("Decent hours from"),
        widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        help_text=_("Whoever looks for a time together sees when it would be early or late for you."),
    )
    decent_until = forms.TimeField(
        label=_("Decent hours until"), widget=forms.TimeInput(attrs={"type": "time"}, format="%H:%M")
    )
    offers = forms.CharField(
        label=_("What I can offer"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What others could learn from you, or ask you about."),
    )
    wants = forms.CharField(
        label=_("What I want to learn"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
    )

    def __init__(self, data: QueryDict | None = None, *, person: Person) -> None:
        initial = {name: getattr(person, name) for name in PROFILE_FIELDS}
        standing = set(queries.standing_purposes(person))
        initial |= {purpose.value: purpose in standing for purpose, _words in consent_choices()}
        super().__init__(data, initial=initial)
        self.fields["zone"].choices = zone_choices()  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["language"].choices = language_choices()  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["speaks"].choices = languages.language_choices()  # type: ignore[attr-defined]  # as above
        for purpose, words in consent_choices():
            self.fields[purpose.value] = forms.BooleanField(
                label=str(words.title), help_text=str(words.what), required=False
            )

    def clean_name(self) -> str:
        return str(broken_rule_as_error(rules.clean_name, self.cleaned_data["name"]))

    def profile(self) -> dict[str, Any]:
        return {name: self.cleaned_data[name] for name in PROFILE_FIELDS}


PROFILE_FIELDS = ("name", "zone", "language", "speaks", "decent_from", "decent_until", "offers", "wants")


def zone_choices() -> list[tuple[str, Any]]:
    """By region; the place without its region, so that typing finds it in the list."""
    regions: list[tuple[str, Any]] = [("", _("as my browser says"))]
    for region, names in rules.zones_by_region():
        places = [(name, name.partition("/")[2].replace("_", " ") or name) for name in names]
        regions.append((region, places))
    return regions


def language_choices() -> list[tuple[str, Any]]:
    """Each in its own language, for those who read no other."""
    own = [(code, get_language_info(code)["name_local"].capitalize()) for code, _name in settings.LANGUAGES]
    return [("", _("as my browser says")), *own]


class NeedForm(forms.Form):
    kind = forms.ChoiceField(label=_("What do you need?"), choices=list(rules.ACCESS_WORDS.items()))
    detail = forms.CharField(
        label=_("What should those who arrange it know?"),
        required=False,
        max_length=rules.DETAIL_LENGTH,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Only what helps to arrange it; no diagnosis is needed."),
    )
    expires_on = forms.DateField(
        label=_("Keep it until"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        help_text=_("Two years at most. On the next day it is deleted."),
    )

    def __init__(self, data: QueryDict | None = None, *, today: dt.date) -> None:
        initial = {"expires_on": today + dt.timedelta(days=rules.NEED_DAYS_USUAL)}
        super().__init__(data, initial=initial)


class EraseForm(forms.Form):
    address = forms.CharField(
        label=_("Type your mail address to confirm"),
        max_length=254,
        widget=forms.TextInput(attrs={"autocomplete": "off", "inputmode": "email", "spellcheck": "false"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_address(self) -> str:
        typed = Person.objects.normalise(self.cleaned_data["address"])
        if typed != self.person.email:
            raise ValidationError(_("This is not the address we know you by. Nothing was erased."))
        return typed
