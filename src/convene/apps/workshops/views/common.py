"""What every view here needs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from convene.apps.workshops.models import Workshop
from convene.foundation.errors import RuleBroken

if TYPE_CHECKING:
    from convene.apps.people.models import Person

GET_POST = ["GET", "POST"]


def person_of(request: HttpRequest) -> Person:
    """Who is signed in; only behind `login_required`."""
    person: Person = request.user  # type: ignore[assignment]  # login_required keeps the anonymous out
    return person


def refuse(form: forms.BaseForm, error: RuleBroken) -> None:
    """Put a rule's words beside the field it names, or at the head."""
    form.add_error(error.field if error.field in form.fields else None, str(error.public_message))


def page(
    request: HttpRequest,
    template: str,
    workshop: Workshop,
    *forms_: forms.BaseForm | forms.BaseFormSet[Any],
    **context: object,
) -> HttpResponse:
    """A planning page; 422 when one of its forms needs another look."""
    wrong = any(form.is_bound and not form.is_valid() for form in forms_)
    shown = {"workshop": workshop, "community": workshop.community, **context}
    return render(request, f"workshops/{template}.html", shown, status=422 if wrong else 200)
