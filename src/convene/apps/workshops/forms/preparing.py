"""Checklist, material, and the decisions about a published workshop."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from convene.apps.people.models import Person
from convene.apps.workshops.models import Resource, Workshop
from convene.apps.workshops.rules.workshop import FILE_TYPES, MinimumDecision

MOST_LEAD = 365


class ChecklistForm(forms.Form):
    text = forms.CharField(label=_("What is to be done"), max_length=200)
    lead_days = forms.IntegerField(
        label=_("Days before the first session"), min_value=0, max_value=MOST_LEAD, initial=3
    )
    working_days = forms.BooleanField(
        label=_("Count working days only"),
        required=False,
        help_text=_("For what offices do, such as captions."),
    )
    owner = forms.ModelChoiceField(
        label=_("Who looks after it"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("nobody yet"),
    )

    def __init__(self, *args: Any, owners: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["owner"].queryset = owners  # type: ignore[attr-defined]  # a ModelChoiceField


class ResourceForm(forms.Form):
    kind = forms.ChoiceField(label=_("What it is"), choices=Resource.Kind.choices)
    title = forms.CharField(label=_("Title"), max_length=160)
    url = forms.URLField(label=_("Address of a page"), max_length=500, required=False, assume_scheme="https")
    file = forms.FileField(
        label=_("or a file"),
        required=False,
        allow_empty_file=True,
        help_text=_("Up to 25 MB: text, slides, tables, pictures, sound, PDF."),
        widget=forms.FileInput(attrs={"accept": ",".join(f".{name}" for name in FILE_TYPES)}),
    )
    share = forms.ChoiceField(label=_("Who sees it"), choices=Resource.Share.choices)


class ReasonForm(forms.Form):
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Everyone who asked for a seat reads it."),
    )


class MinimumForm(forms.Form):
    decision = forms.ChoiceField(
        label=_("What becomes of it"), choices=MinimumDecision.choices, widget=forms.RadioSelect
    )
    into = forms.ModelChoiceField(
        label=_("Merge it into"),
        queryset=Workshop.objects.none(),
        required=False,
        empty_label=_("choose a workshop"),
    )
    reason = forms.CharField(
        label=_("Why"),
        max_length=300,
        required=False,
        help_text=_("Needed to postpone; those with a seat read it."),
    )

    def __init__(self, *args: Any, targets: QuerySet[Workshop], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["into"].queryset = targets  # type: ignore[attr-defined]  # a ModelChoiceField
