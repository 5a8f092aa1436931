"""What a facilitator asks of groups, what must hold at tables, and what tables are called."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any
from uuid import UUID

from django import forms
from django.core.validators import URLValidator
from django.forms.boundfield import BoundField
from django.http import QueryDict
from django.utils.translation import gettext_lazy as _

from convene.apps.people.languages import language_name
from convene.apps.rooms.models import Group, Participant, TableRule
from convene.apps.rooms.queries.mixing import Aspect, Place
from convene.apps.rooms.rules.groups import CORE, FACILITATOR, VIEWPOINT, Wishes

Kind = TableRule.Kind
_STEPS = 5
"""The slider moves by so many percent."""


class GroupsForm(forms.Form):
    groups = forms.IntegerField(label=_("How many groups"), min_value=2, max_value=500)
    rounds = forms.IntegerField(
        label=_("How many rounds"),
        min_value=1,
        max_value=6,
        initial=1,
        help_text=_("With new tables each time."),
    )
    new_faces = forms.IntegerField(
        label=_("Mixing well, or meeting new people"),
        min_value=0,
        max_value=100,
        initial=50,
        help_text=_(
            "At the start: tables mix as well as they can. At the end: as few meet again as can be. How well "
            "both came out stands with each draft."
        ),
        widget=forms.NumberInput(attrs={"type": "range", "step": _STEPS}),
    )
    mixes = forms.MultipleChoiceField(
        label=_("People at a table should differ in"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only what people said, and let be used for tables, counts. Whoever did not is unsaid."),
    )
    ordered = forms.MultipleChoiceField(
        label=_("Answers that go from little to much"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Of these, little and much differ more than little and some do."),
    )

    def __init__(self, *args: Any, aspects: Sequence[Aspect], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(one.key, one.label) for one in aspects]
        self.fields["mixes"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them
        answered = [(one.key, one.label) for one in aspects if one.answers]
        self.fields["ordered"].choices = answered  # type: ignore[attr-defined]  # as above
        if not answered:
            del self.fields["ordered"]

    def wishes(self) -> Wishes:
        data = self.cleaned_data
        return Wishes(
            groups=data["groups"],
            rounds=data["rounds"],
            new_faces=data["new_faces"],
            mixes=tuple(data["mixes"]),
            ordered=tuple(data.get("ordered", ())),
        )


class RuleForm(forms.Form):
    """One more thing that must hold. The value of `rule` is a kind, and behind a colon what it is about."""

    rule = forms.ChoiceField(label=_("What must hold"))
    people = forms.MultipleChoiceField(
        label=_("Who"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=_("Only for those who sit together or apart."),
    )

    def __init__(
        self, *args: Any, present: Sequence[Participant], aspects: Sequence[Aspect], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        names = [(str(one.pk), one.person.name) for one in present]
        self.fields["people"].choices = names  # type: ignore[attr-defined]  # a ChoiceField has them
        self.fields["rule"].choices = [  # type: ignore[attr-defined]  # as above
            (Kind.APART.value, _("These people sit at different tables")),
            (Kind.TOGETHER.value, _("These people sit at one table")),
            (f"{Kind.AT_EACH}:{FACILITATOR}", _("Someone who facilitates at every table")),
            (f"{Kind.AT_EACH}:{CORE}", _("A core member at every table")),
            (
                Kind.LANGUAGE.value,
                _("A language all follow at every table, or someone beside who translates"),
            ),
            (Kind.STEP_FREE.value, _("A step-free table for whoever needs it")),
            *(
                (f"{Kind.NOT_ALONE}:{one.key}", _("Nobody the only one of their kind: %s") % one.label)
                for one in aspects
                if one.key != VIEWPOINT
            ),
        ]

    def rule_asked(self) -> dict[str, Any]:
        kind, _colon, key = self.cleaned_data["rule"].partition(":")
        return {"kind": kind, "key": key, "named": [UUID(one) for one in self.cleaned_data["people"]]}


class TablesForm(forms.Form):
    """A name, a link and a tick for each table."""

    def __init__(self, data: QueryDict | None = None, *, tables: Sequence[Group]) -> None:
        initial: dict[str, Any] = {}
        for one in tables:
            initial |= {
                f"label-{one.number}": one.label,
                f"link-{one.number}": one.link,
                f"step_free-{one.number}": one.step_free,
            }
        super().__init__(data, initial=initial)
        self.numbers = [one.number for one in tables]
        for number in self.numbers:
            self.fields[f"label-{number}"] = forms.CharField(
                label=_("Name or place of table %d") % number, max_length=80, required=False
            )
            self.fields[f"link-{number}"] = forms.URLField(
                label=_("Link of the breakout of table %d") % number,
                max_length=500,
                required=False,
                assume_scheme="https",
                validators=[URLValidator(schemes=["https", "http"])],
            )
            self.fields[f"step_free-{number}"] = forms.BooleanField(
                label=_("Table %d is step-free") % number, required=False
            )

    def lines(self) -> Iterator[tuple[BoundField, BoundField, BoundField]]:
        for number in self.numbers:
            yield self[f"label-{number}"], self[f"link-{number}"], self[f"step_free-{number}"]

    def places(self) -> dict[int, Place]:
        data = self.cleaned_data
        return {
            number: Place(data[f"label-{number}"], data[f"link-{number}"], data[f"step_free-{number}"])
            for number in self.numbers
        }


class SeatingForm(forms.Form):
    """On one's own phone: what may be used for one's table."""

    agrees = forms.BooleanField(label=_("What I said about myself may be used for my tables"), required=False)
    speaks = forms.MultipleChoiceField(
        label=_("I speak"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, offered: Sequence[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.offered = list(offered)
        choices = [(code, language_name(code)) for code in offered]
        self.fields["speaks"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them
