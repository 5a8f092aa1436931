"""What people type about needs. Rules speak through the services; a form only cleans."""

from __future__ import annotations

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.capabilities.models import Need
from convene.apps.capabilities.rules import MOST_PEOPLE

_NAME_ME = _("You may name me with it")


class WishForm(forms.Form):
    title = forms.CharField(label=_("What would you like to learn?"), max_length=200)
    text = forms.CharField(
        label=_("What would it make possible? (if you like)"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    may_name = forms.BooleanField(label=_NAME_ME, required=False)


class SessionRequestForm(forms.Form):
    topic = forms.CharField(label=_("What should it be about?"), max_length=200)
    audience = forms.CharField(
        label=_("Who would take part?"), max_length=200, help_text=_("For instance: ward nurses, night shift")
    )
    size = forms.IntegerField(label=_("About how many people?"), min_value=1, max_value=MOST_PEOPLE)
    why_now = forms.CharField(
        label=_("Why now?"), required=False, max_length=2000, widget=forms.Textarea(attrs={"rows": 3})
    )
    time_from = forms.CharField(
        label=_("Who gives them the time?"),
        required=False,
        max_length=200,
        help_text=_("For instance: the head of the ward agreed to two hours"),
    )
    name = forms.CharField(label=_("Your name"), max_length=120)
    email = forms.EmailField(
        label=_("Your e-mail address"),
        max_length=254,
        help_text=_("We send you one link to confirm, and what becomes of it."),
    )
    may_name = forms.BooleanField(label=_NAME_ME, required=False)


class DeclineForm(forms.Form):
    reason = forms.CharField(
        label=_("Why not? Everyone who asked will read this"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
    )
    pointer = forms.CharField(
        label=_("Where can they turn instead? (words or an address)"), max_length=300, required=False
    )


class MergeForm(forms.Form):
    """`needs`: those ticked; `into`: the one that stays."""

    needs = forms.ModelMultipleChoiceField(queryset=Need.objects.none())
    into = forms.ModelChoiceField(queryset=Need.objects.none())
    title = forms.CharField(label=_("Title of the merged need"), max_length=200, required=False)

    def __init__(self, *args: object, needs: object, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # Django's own arguments pass through
        self.fields["needs"].queryset = needs  # type: ignore[attr-defined]  # a model choice field has it
        self.fields["into"].queryset = needs  # type: ignore[attr-defined]  # as above
