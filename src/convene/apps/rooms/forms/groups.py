"""What a facilitator asks of groups."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.models import Participant
from convene.apps.rooms.services.groups import Wishes


class GroupsForm(forms.Form):
    groups = forms.IntegerField(label=_("How many groups"), min_value=2, max_value=500)
    rounds = forms.IntegerField(
        label=_("How many rounds"),
        min_value=1,
        max_value=6,
        initial=1,
        help_text=_("With new tables each time."),
    )
    new_faces = forms.TypedChoiceField(
        label=_("What matters more"),
        coerce=int,
        choices=[
            (0, _("only that tables are mixed")),
            (25, _("rather that tables are mixed")),
            (50, _("both alike")),
            (75, _("rather meeting new people")),
            (100, _("only meeting new people")),
        ],
        initial=50,
    )
    facilitated = forms.BooleanField(label=_("Someone who facilitates at every table"), required=False)
    apart = forms.MultipleChoiceField(
        label=_("Not at one table"), required=False, widget=forms.CheckboxSelectMultiple
    )
    together = forms.MultipleChoiceField(
        label=_("At one table"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, present: Sequence[Participant], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(str(one.pk), one.person.name) for one in present]
        for name in ("apart", "together"):
            self.fields[name].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them

    def wishes(self) -> Wishes:
        data = self.cleaned_data
        return Wishes(
            groups=data["groups"],
            rounds=data["rounds"],
            new_faces=data["new_faces"],
            facilitated=data["facilitated"],
            apart=tuple(data["apart"]),
            together=tuple(data["together"]),
        )
