"""Forms of import and export."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.exchange.rules import LABELS


class UploadForm(forms.Form):
    file = forms.FileField(
        label=_("Table (CSV or Excel .xlsx)"), help_text=_("The first line names the columns.")
    )


class MappingForm(forms.Form):
    """One select a column of the upload; its name is the column's."""

    def __init__(
        self, data: Any = None, *, header: list[str], questions: dict[str, str], mapping: dict[int, str]
    ) -> None:
        super().__init__(data)
        choices = [("", _("leave out"))] + [(str(column), label) for column, label in LABELS.items()]
        if questions:
            traits = [(f"trait:{pk}", label) for pk, label in questions.items()]
            choices.append((_("Answers to a question of the community"), traits))  # type: ignore[arg-type]  # an optgroup
        for place, name in enumerate(header):
            self.fields[f"column-{place}"] = forms.ChoiceField(
                label=name, choices=choices, required=False, initial=mapping.get(place, "")
            )

    def mapping(self) -> dict[int, str]:
        named = {int(name.removeprefix("column-")): value for name, value in self.cleaned_data.items()}
        return {place: value for place, value in named.items() if value}
