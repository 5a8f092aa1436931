"""What stewards type about the map."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.capabilities.models import Depth, Outcome
from convene.apps.capabilities.outcomes import rules
from convene.apps.capabilities.outcomes.queries import possible_teachers
from convene.apps.communities.models import Membership
from convene.foundation.uploads import text_of

if TYPE_CHECKING:
    _Choice = forms.ModelChoiceField[Membership]
else:
    _Choice = forms.ModelChoiceField

MOST_BYTES = 1_000_000
_PREFIX = "depth_"


class OutcomeForm(forms.Form):
    code = forms.CharField(
        label=_("Code"),
        max_length=rules.LONGEST_CODE,
        help_text=_("Short, such as A1; it stays beside the title."),
    )
    title = forms.CharField(
        label=_("What people can do"),
        max_length=rules.LONGEST_TITLE,
        help_text=_("A verb and its object: “Screen studies with a second reader”."),
    )
    part = forms.CharField(label=_("Under which heading"), max_length=rules.LONGEST_PART, required=False)

    def __init__(self, *args: Any, outcome: Outcome | None = None, **kwargs: Any) -> None:
        if outcome is not None:
            depths = {f"{_PREFIX}{depth}": words for depth, words in outcome.depths.items()}
            initial = {"code": outcome.code, "title": outcome.title, "part": outcome.part, **depths}
            kwargs.setdefault("initial", initial)
        super().__init__(*args, **kwargs)
        for depth in Depth:
            self.fields[f"{_PREFIX}{depth.value}"] = forms.CharField(
                label=depth.label,
                max_length=rules.LONGEST_DEPTH,
                required=False,
                widget=forms.Textarea(attrs={"rows": 2}),
            )

    def words(self) -> dict[str, Any]:
        """As the services take them."""
        said = self.cleaned_data
        depths = {depth: said[f"{_PREFIX}{depth}"] for depth in rules.DEPTHS}
        return {"code": said["code"], "title": said["title"], "part": said["part"], "depths": depths}


class CaseForm(forms.Form):
    """A file to look at; then its text once more, with the press that brings it in."""

    file = forms.FileField(label=_("CASE file (JSON)"), required=False)
    text = forms.CharField(required=False, widget=forms.HiddenInput, strip=False)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        upload, text = cleaned.get("file"), cleaned.get("text", "")
        if not upload and not text:
            self.add_error("file", _("Choose a file."))
        elif (upload.size if upload else len(text.encode())) > MOST_BYTES:
            self.add_error("file", _("The file is larger than one megabyte."))
        elif upload:
            cleaned["text"] = text_of(upload.read())
        return cleaned


class _Member(_Choice):
    def label_from_instance(self, obj: Any) -> str:
        return str(obj.person.name)


class QualifyForm(forms.Form):
    person = _Member(label=_("Who can teach it"), queryset=Membership.objects.none(), empty_label=_("choose"))
    expires_on = forms.DateField(
        label=_("Until (if it ends)"),
        required=False,
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )

    def __init__(self, *args: Any, community_id: UUID, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["person"]
        assert isinstance(field, forms.ModelChoiceField)
        field.queryset = possible_teachers(community_id)
