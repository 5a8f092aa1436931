"""What is written into notes, and how lines are put right."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from uuid import uuid4

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.rooms.queries.notes import Sheet
from convene.apps.rooms.rules.notes import LINE_LENGTH, keeps_author

_LINE = {"rows": 2, "maxlength": LINE_LENGTH, "dir": "auto"}


class LinesForm(forms.Form):
    """New lines of one block. `new_id` names this writing, so that saving it again adds nothing twice."""

    new = forms.CharField(
        label=_("What is worth keeping"),
        help_text=_("One thought a line. What is not meant to leave the room is not written down."),
        required=False,
        strip=False,
        widget=forms.Textarea(attrs={"rows": 3, "dir": "auto", "autocomplete": "off"}),
    )
    name_shown = forms.BooleanField(label=_("Show my name beside these lines"), required=False)
    new_id = forms.UUIDField(widget=forms.HiddenInput)
    block = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, sheet: Sheet, has_name: bool, **kwargs: Any) -> None:
        kwargs["initial"] = {"block": sheet.block.pk, "new_id": uuid4()} | kwargs.get("initial", {})
        kwargs["auto_id"] = f"{sheet.block.pk}-%s"
        super().__init__(*args, **kwargs)
        self.sheet, self.has_name = sheet, has_name
        if not has_name or not keeps_author(sheet.block.recording):
            del self.fields["name_shown"]

    def with_words(self, words: Iterable[str]) -> LinesForm:
        """The same form with words that did not go in, as new ones."""
        data = {"block": self.sheet.block.pk, "new_id": uuid4(), "new": "\n".join(words)}
        again = LinesForm(data, sheet=self.sheet, has_name=self.has_name)
        again.add_error(
            "new",
            _("Someone changed this line meanwhile. Your words are here: save them as a line of its own."),
        )
        return again


class EditForm(forms.Form):
    """A line while the pen is held. `before`: what its writer saw."""

    text = forms.CharField(
        label=_("The line"),
        help_text=_("Leave it empty to take the line out."),
        required=False,
        widget=forms.Textarea(attrs=_LINE),
    )
    before = forms.CharField(required=False, strip=False, widget=forms.HiddenInput)


class AmendForm(forms.Form):
    text = forms.CharField(label=_("Your words"), max_length=LINE_LENGTH, widget=forms.Textarea(attrs=_LINE))


class PutRightForm(forms.Form):
    after = forms.CharField(
        label=_("What it should say"),
        help_text=_("Leave it empty if the line should go."),
        required=False,
        widget=forms.Textarea(attrs=_LINE),
    )
    why = forms.CharField(
        label=_("Why"),
        required=False,
        max_length=300,
        help_text=_("Those who facilitate read it, and decide."),
    )
