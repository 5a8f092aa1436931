from __future__ import annotations

from typing import TYPE_CHECKING

from django import forms
from django.http import HttpRequest

from convene.foundation.errors import RuleBroken

if TYPE_CHECKING:
    from convene.apps.people.models import Person


def signed_in(request: HttpRequest) -> Person:
    """Who is signed in; only where that was checked."""
    person: Person = request.user  # type: ignore[assignment]  # the caller has checked
    return person


def refuse(form: forms.Form, error: RuleBroken) -> None:
    """The rule's words beside their field, else at the head of the form."""
    field = error.field if error.field in form.fields or ":" in (error.field or "") else None
    form.add_error(field, str(error.public_message))
