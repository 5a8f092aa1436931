"""A new workshop on one page, and everything that may be said later."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.workshops.forms.times import WallTimeForm
from convene.apps.workshops.languages import language_choices
from convene.apps.workshops.models import Workshop
from convene.apps.workshops.rules import blocks
from convene.apps.workshops.starters import STARTERS, starter_for

MOST_SEATS = 10_000


def starter_choices() -> list[tuple[str, str]]:
    return [(starter.key, f"{starter.name}: {starter.when}") for starter in STARTERS.values()]


class NewWorkshopForm(WallTimeForm):
    """Four answers make a first session; the template gives the rest."""

    template = forms.ChoiceField(
        label=_("What kind of gathering is it?"), choices=starter_choices, widget=forms.RadioSelect
    )
    title = forms.CharField(label=_("Title"), max_length=160)
    place = forms.CharField(
        label=_("Place"), max_length=300, required=False, help_text=_("If people meet in a room.")
    )
    join_url = forms.URLField(
        label=_("Join link"),
        max_length=500,
        required=False,
        assume_scheme="https",
        help_text=_("If people meet online. You can add it later; it is shown to those with a seat only."),
    )
    seats = forms.IntegerField(
        label=_("How many seats"),
        min_value=1,
        max_value=MOST_SEATS,
        required=False,
        help_text=_("Empty: as many as the template suggests."),
    )
    field_order = ["template", "title", "day", "starts", "minutes", "zone", "place", "join_url", "seats"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].required = False
        self.fields["minutes"].help_text = _("Empty: as the template suggests.")
        self.fields["day"].required = self.fields["starts"].required = False
        self.fields["day"].help_text = _("Empty: you look for a time together later.")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        if cleaned.get("day") and not cleaned.get("starts") and "starts" not in self.errors:
            self.add_error("starts", _("Say at what time it starts."))
        if cleaned.get("starts") and not cleaned.get("day") and "day" not in self.errors:
            self.add_error("day", _("Say on which day it starts."))
        return cleaned

    def minutes_if_empty(self, cleaned: Mapping[str, Any]) -> int:
        return starter_for(cleaned.get("template", "")).minutes

    def details(self) -> dict[str, Any]:
        """Arguments of `create_workshop`; the format follows from what was filled in."""
        found = self.cleaned_data
        meets = {(True, True): Workshop.Format.HYBRID, (True, False): Workshop.Format.IN_PERSON}
        return {
            "template": found["template"],
            "title": found["title"],
            "starts_at": found.get("starts_at"),
            "minutes": found.get("minutes"),
            "zone": found["zone"],
            "place": found["place"],
            "join_url": found["join_url"],
            "seats": found["seats"],
            "format": meets.get((bool(found["place"]), bool(found["join_url"])), Workshop.Format.ONLINE),
        }


class DetailsForm(forms.ModelForm[Workshop]):
    """What it is about and for whom; never saved itself, the service takes the answers."""

    revision = forms.IntegerField(widget=forms.HiddenInput)
    language = forms.ChoiceField(label=_("Language"), choices=language_choices)
    also_1 = forms.ChoiceField(
        label=_("People may also speak"), choices=lambda: [("", "—"), *language_choices()], required=False
    )
    also_2 = forms.ChoiceField(
        label=_("and"), choices=lambda: [("", "—"), *language_choices()], required=False
    )

    class Meta:
        model = Workshop
        fields = [
            "title",
            "summary",
            "description",
            "kind",
            "audience",
            "depth",
            "outcomes",
            "prerequisites",
            "language",
            "format",
            "recording",
            "access_offered",
            "counts_minutes",
        ]
        widgets = {
            "description": forms.Textarea(attrs={"rows": 6}),
            "outcomes": forms.Textarea(attrs={"rows": 3}),
            "prerequisites": forms.Textarea(attrs={"rows": 2}),
            "access_offered": forms.Textarea(attrs={"rows": 2}),
        }
        help_texts = {
            "summary": _("It stands in lists, under the title."),
            "outcomes": _("One a line: what someone can do afterwards that they could not do before."),
            "prerequisites": _("What people should know or bring. Empty: nothing."),
            "access_offered": _("Captions, breaks, a step-free room: what is there without asking."),
            "depth": _("How far it takes people."),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        further = [*self.instance.further_languages, "", ""]
        self.initial["revision"] = self.instance.revision
        self.initial["also_1"], self.initial["also_2"] = further[:2]

    def details(self) -> dict[str, Any]:
        found = dict(self.cleaned_data)
        found.pop("revision")
        also = [found.pop("also_1"), found.pop("also_2")]
        spoken = dict.fromkeys(code for code in also if code and code != found["language"])
        return {**found, "further_languages": list(spoken)}


class RunForm(forms.Form):
    """The brief and the run of blocks."""

    brief = forms.CharField(
        label=_("Brief for those who facilitate"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_(
            "What you hope for, who comes, what to look out for. They keep seeing it after they accept."
        ),
    )
    run_sheet = forms.CharField(
        label=_("Run of the session"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One block a line: minutes, then what happens. “10 Welcome”."),
    )

    def clean_run_sheet(self) -> str:
        text: str = self.cleaned_data["run_sheet"]
        if any(block.minutes == 0 for block in blocks.parse_blocks(text)):
            raise forms.ValidationError(_("A block lasts at least a minute."))
        return text
