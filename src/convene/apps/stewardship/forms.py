"""What stewards type: an audience; a column of the grid; what a workshop aims at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from convene.apps.capabilities.models import Depth, Outcome
from convene.apps.people.models import Person
from convene.apps.stewardship.models import Audience, AudienceDecision
from convene.apps.stewardship.queries import possible_owners
from convene.apps.stewardship.rules import Line, tidy

MOST_PEOPLE = 10_000_000


class AudienceForm(forms.Form):
    name = forms.CharField(
        label=_("Who they are"),
        max_length=80,
        help_text=_("A kind of people, such as “ward nurses”; nobody by name."),
    )
    about = forms.CharField(label=_("What they need it for"), max_length=300, required=False)
    standing = forms.ChoiceField(
        label=_("What the domain is to them"), choices=Audience.Standing.choices, widget=forms.RadioSelect
    )
    size = forms.IntegerField(label=_("About how many"), required=False, min_value=1, max_value=MOST_PEOPLE)


@dataclass(frozen=True)
class Row:
    """A line of the form: an outcome and its fields."""

    outcome: Outcome
    depth: BoundField
    route: BoundField
    reason: BoundField
    seen: BoundField


class ColumnForm(forms.Form):
    """What is decided for one audience, a line for each outcome. Only lines that were changed are written."""

    reason = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=300,
        help_text=_("For all lines you change that have no reason of their own."),
    )
    owner = forms.ModelChoiceField(
        label=_("Who looks after it"),
        required=False,
        queryset=Person.objects.none(),
        empty_label=_("nobody yet"),
    )
    review_on = forms.DateField(
        label=_("Look again on"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(
        self,
        *args: Any,
        community_id: UUID,
        outcomes: Sequence[Outcome],
        decisions: Mapping[UUID, AudienceDecision],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self._outcomes, self._decisions = outcomes, decisions
        owner = self.fields["owner"]
        assert isinstance(owner, forms.ModelChoiceField)
        owner.queryset = possible_owners(community_id)
        depths = [("", "–"), *((value, str(label)) for value, label in Depth.choices)]
        routes = [("", "–"), *((value, str(label)) for value, label in AudienceDecision.Route.choices)]
        for outcome in outcomes:
            self._add(outcome, decisions.get(outcome.pk), depths, routes)

    def _add(
        self,
        outcome: Outcome,
        known: AudienceDecision | None,
        depths: list[tuple[str, str]],
        routes: list[tuple[str, str]],
    ) -> None:
        code = {"code": outcome.code}
        made: dict[str, forms.Field] = {
            "depth": forms.ChoiceField(
                label=gettext("%(code)s: how deep") % code,
                choices=depths,
                required=False,
                initial=known.depth if known else "",
            ),
            "route": forms.ChoiceField(
                label=gettext("%(code)s: by which route") % code,
                choices=routes,
                required=False,
                initial=known.route if known else "",
            ),
            "reason": forms.CharField(
                label=gettext("%(code)s: why") % code,
                max_length=300,
                required=False,
                initial=known.reason if known else "",
            ),
        }
        for name, field in made.items():
            field.widget.attrs["aria-label"] = field.label
            self.fields[f"{name}-{outcome.pk}"] = field
        self.fields[f"seen-{outcome.pk}"] = forms.IntegerField(
            required=False, min_value=0, widget=forms.HiddenInput, initial=known.revision if known else 0
        )

    @property
    def rows(self) -> list[Row]:
        return [
            Row(one, *(self[f"{name}-{one.pk}"] for name in ("depth", "route", "reason", "seen")))
            for one in self._outcomes
        ]

    def changed_lines(self) -> list[Line]:
        """Against what is stored now; when someone else changed it meanwhile, `seen` tells."""
        lines = []
        for outcome in self._outcomes:
            said = {
                name: self.cleaned_data[f"{name}-{outcome.pk}"]
                for name in ("depth", "route", "reason", "seen")
            }
            known = self._decisions.get(outcome.pk)
            before = (known.depth, known.route, known.reason) if known else ("", "", "")
            if (said["depth"], said["route"], tidy(said["reason"])) != before:
                lines.append(
                    Line(outcome.pk, said["depth"], said["route"], said["reason"], said["seen"] or 0)
                )
        return lines


class AimsForm(forms.Form):
    outcomes = forms.ModelMultipleChoiceField(
        label=_("Outcomes"),
        queryset=Outcome.objects.none(),
        required=False,
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, *args: Any, outcomes: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["outcomes"]
        assert isinstance(field, forms.ModelMultipleChoiceField)
        field.queryset = outcomes
        field.choices = [(one.pk, f"{one.code} {one.title}") for one in outcomes]
