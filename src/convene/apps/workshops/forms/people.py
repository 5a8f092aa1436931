"""Who facilitates, who should be in the room, and what they answer."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from convene.apps.communities.models import Stakeholder
from convene.apps.people.models import Person
from convene.apps.workshops.models import Facilitation, Invitee, MissingView, Slot, SlotAnswer
from convene.apps.workshops.queries.slots import Hour

MEMBER = "member"


class _PersonForm(forms.Form):
    """A member by name, or anyone by name and mail address."""

    person = forms.ModelChoiceField(
        label=_("A member"),
        queryset=Person.objects.none(),
        required=False,
        empty_label=_("Someone else, named below"),
    )
    name = forms.CharField(label=_("Or their name"), max_length=120, required=False)
    email = forms.EmailField(label=_("and mail address"), required=False)

    def __init__(self, *args: Any, people: QuerySet[Person], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].queryset = people  # type: ignore[attr-defined]  # a ModelChoiceField

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if not cleaned.get("person"):
            if not cleaned.get("name") and "name" not in self.errors:
                self.add_error("name", _("Choose a member, or give a name."))
            if not cleaned.get("email") and "email" not in self.errors:
                self.add_error("email", _("Choose a member, or give a mail address."))
        return cleaned


class FacilitatorForm(_PersonForm):
    """One person to ask."""


class RoomForm(_PersonForm):
    """One person, and why they should be in the room."""

    reason = forms.ChoiceField(label=_("Why"), initial=MEMBER)
    field_order = ["reason", "person", "name", "email"]

    def __init__(
        self,
        *args: Any,
        views: QuerySet[MissingView],
        stakeholders: QuerySet[Stakeholder],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.views = {view.pk: view for view in views}
        self.stakeholders = {stakeholder.pk: stakeholder for stakeholder in stakeholders}
        choices: list[tuple[str, object]] = [(MEMBER, _("someone who should not be missing"))]
        choices += [(f"view:{pk}", _("the view: %(view)s") % {"view": v}) for pk, v in self.views.items()]
        choices += [
            (f"stake:{pk}", _("for %(stakeholder)s") % {"stakeholder": s})
            for pk, s in self.stakeholders.items()
        ]
        self.fields["reason"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField

    def reasons(self) -> dict[str, Any]:
        """`view` and `stakeholder` for the service."""
        kind, _colon, pk = self.cleaned_data["reason"].partition(":")
        return {
            "view": self.views.get(UUID(pk)) if kind == "view" else None,
            "stakeholder": self.stakeholders.get(UUID(pk)) if kind == "stake" else None,
        }


class ViewForm(forms.Form):
    text = forms.CharField(
        label=_("A view that is missing"),
        max_length=160,
        help_text=_("In your words, without a name: “someone from a night shift”."),
    )


class AnswerForm(forms.Form):
    """Yes or no to an invitation into the room."""

    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (Invitee.Answer.COMING, _("I want to come")),
            (Invitee.Answer.NOT_COMING, _("I cannot come")),
        ],
    )


class FacilitationForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Your answer"),
        widget=forms.RadioSelect,
        choices=[
            (Facilitation.State.ACCEPTED, _("I will facilitate")),
            (Facilitation.State.DECLINED, _("I cannot")),
            (Facilitation.State.SUGGESTED, _("I cannot, but ask someone else")),
        ],
    )
    suggestion = forms.CharField(
        label=_("Whom should we ask?"),
        max_length=200,
        required=False,
        help_text=_("Only if you suggest someone else."),
    )


class SlotAnswersForm(forms.Form):
    """One question for each candidate time, asked in the reader's own hour."""

    def __init__(self, *args: Any, rows: list[tuple[Slot, Hour]], labels: list[str], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for (slot, hour), label in zip(rows, labels, strict=True):
            self.fields[str(slot.pk)] = forms.ChoiceField(
                label=label,
                choices=SlotAnswer.Answer.choices,
                widget=forms.RadioSelect,
                required=False,
                initial=hour.answer,
            )

    def answers(self) -> dict[UUID, str]:
        return {UUID(name): value for name, value in self.cleaned_data.items() if value}
