"""Members, roles, applications."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import Application, Membership, Reading, RoleTerm

DATE = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
ANY = ("", _("any"))


class PeopleFilter(forms.Form):
    """Search by GET; whatever is not understood filters nothing."""

    q = forms.CharField(label=_("Name or organisation"), required=False, max_length=100)
    tier = forms.ChoiceField(label=_("Tier"), required=False, choices=[ANY, *Membership.Tier.choices])
    role = forms.ChoiceField(label=_("Role"), required=False, choices=[ANY, *RoleTerm.Role.choices])
    state = forms.ChoiceField(
        label=_("State"),
        required=False,
        choices=[ANY, *(c for c in Membership.State.choices if c[0] != Membership.State.LEFT)],
    )


class InviteForm(forms.Form):
    email = forms.EmailField(label=_("Mail address"), widget=forms.EmailInput(attrs={"autocomplete": "off"}))
    name = forms.CharField(
        label=_("Name"),
        required=False,
        max_length=120,
        help_text=_("As you know it; they can change it."),
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    tier = forms.ChoiceField(
        label=_("Tier"),
        choices=Membership.Tier.choices,
        initial=Membership.Tier.ACTIVE,
        widget=forms.RadioSelect,
        help_text=_(
            "Core: carries the community. Active: takes part often. Peripheral: looks in now and then."
        ),
    )


class AcceptInvitationForm(forms.Form):
    name = forms.CharField(
        label=_("What do you want to be called?"),
        max_length=120,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )


class MemberForm(forms.Form):
    """What a steward changes of a membership."""

    tier = forms.ChoiceField(label=_("Tier"), choices=Membership.Tier.choices, widget=forms.RadioSelect)
    organisation = forms.CharField(label=_("Organisation"), required=False, max_length=160)


class OwnMembershipForm(forms.Form):
    organisation = forms.CharField(
        label=_("Your organisation"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )
    listed = forms.BooleanField(
        label=_("Other members may see me in the list of members"),
        required=False,
        help_text=_("Your name, your organisation and your roles. Stewards see you either way."),
    )


class RoleForm(forms.Form):
    role = forms.ChoiceField(label=_("Role"), choices=RoleTerm.Role.choices, widget=forms.RadioSelect)
    until = forms.DateField(
        label=_("Until"),
        required=False,
        widget=DATE,
        help_text=_("A term makes handing over normal. Empty: until it is ended."),
    )


class TermForm(forms.Form):
    until = forms.DateField(
        label=_("Until"), required=False, widget=DATE, help_text=_("Empty: until it is ended.")
    )


class ApplyForm(forms.Form):
    practice = forms.CharField(
        label=_("What is your practice?"),
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("What of your own work touches what this community is about."),
        max_length=4000,
    )
    bring = forms.CharField(
        label=_("What would you bring?"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("A case, a question, a method, your time: questions count as much as answers."),
        max_length=4000,
    )
    time = forms.CharField(
        label=_("How much time can you give?"),
        max_length=200,
        help_text=_("For instance “two hours a month”."),
    )
    organisation = forms.CharField(
        label=_("Organisation"),
        required=False,
        max_length=160,
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
    )


class OutsiderApplyForm(ApplyForm):
    name = forms.CharField(
        label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    email = forms.EmailField(
        label=_("Your mail address"),
        widget=forms.EmailInput(attrs={"autocomplete": "email"}),
        help_text=_("We send one mail there; your application counts once you confirm it."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["name", "email"])


class ReadingForm(forms.Form):
    view = forms.ChoiceField(label=_("My view"), choices=Reading.View.choices, widget=forms.RadioSelect)
    note = forms.CharField(
        label=_("Why"),
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("By the public criteria. The other readers see it after their own reading."),
        max_length=2000,
    )


class DecisionForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("Decision"),
        choices=[
            (Application.State.ACCEPTED, _("Accept")),
            (Application.State.NOT_NOW, _("Not now")),
            (Application.State.REDIRECTED, _("Point elsewhere")),
        ],
        widget=forms.RadioSelect,
    )
    reason = forms.CharField(
        label=_("Reason"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("They read it as you write it. For “accept” a word of welcome, if you like."),
        max_length=2000,
    )
    pointer = forms.CharField(
        label=_("Where else?"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("For “point elsewhere”: a course, a group, a person, with how to get there."),
        max_length=2000,
    )
    tier = forms.ChoiceField(
        label=_("Tier, if you accept"),
        choices=Membership.Tier.choices,
        initial=Membership.Tier.ACTIVE,
    )
