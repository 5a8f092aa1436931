"""What a facilitator writes about a part of the session."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django import forms
from django.utils.translation import gettext_lazy as _

from convene.apps.people.models import Person
from convene.apps.rooms.models import Block
from convene.apps.rooms.rules.agenda import MINUTES
from convene.apps.rooms.services.agenda import BlockTerms
from convene.apps.workshops.models import Workshop


class BlockForm(forms.Form):
    title = forms.CharField(label=_("What happens"), max_length=160)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=MINUTES[0], max_value=MINUTES[1], initial=10)
    purpose = forms.CharField(label=_("What it is for"), max_length=300, required=False)
    method = forms.CharField(
        label=_("How"),
        max_length=160,
        required=False,
        help_text=_("For instance: in pairs, then everyone once."),
    )
    host = forms.ChoiceField(label=_("Who leads it"), required=False)
    recording = forms.ChoiceField(label=_("What may leave the room"), choices=Workshop.Recording.choices)

    def __init__(self, *args: Any, hosts: list[Person], block: Block | None = None, **kwargs: Any) -> None:
        if block is not None:
            kwargs["initial"] = {
                "title": block.title,
                "minutes": block.minutes,
                "purpose": block.purpose,
                "method": block.method,
                "host": str(block.host_id or ""),
                "recording": block.recording,
            }
        super().__init__(*args, **kwargs)
        choices = [("", _("nobody in particular")), *((str(one.pk), one.name) for one in hosts)]
        self.fields["host"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField has them
        if block is not None and block.started_at is not None:
            for name in ("minutes", "recording"):
                self.fields[name].disabled = True

    def terms(self) -> BlockTerms:
        data = self.cleaned_data
        return BlockTerms(
            title=data["title"],
            minutes=data["minutes"],
            purpose=data["purpose"],
            method=data["method"],
            host_id=UUID(data["host"]) if data["host"] else None,
            recording=data["recording"],
        )
