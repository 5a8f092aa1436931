"""What every view of this app needs."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from convene.apps.communities import permissions, queries
from convene.apps.communities.models import Community
from convene.apps.communities.permissions import Permission
from convene.apps.people.models import Person
from convene.foundation.errors import NotAllowed, RuleBroken

T = TypeVar("T")


def person_in(request: HttpRequest) -> Person:
    """Who is signed in; only behind `login_required`."""
    person: Person = request.user  # type: ignore[assignment]  # login_required keeps the anonymous out
    return person


def steward_community(request: HttpRequest, slug: str) -> Community:
    """The community, for its stewards only. One that is not there is refused like one that is not theirs."""
    community = Community.objects.filter(slug=slug).first()
    if community is None or not permissions.can_manage(request.user, community.pk):
        raise NotAllowed(Permission.MANAGE_COMMUNITY)
    return community


def member_community(request: HttpRequest, slug: str) -> Community:
    community = queries.find_community(slug)
    if not permissions.can_see_members(request.user, community.pk):
        raise NotAllowed(Permission.SEE_MEMBERS)
    return community


def attempt(form: forms.BaseForm, act: Callable[[], T]) -> tuple[bool, T | None]:
    """Do it; a broken rule becomes the error beside its field."""
    try:
        return True, act()
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.public_message))
        return False, None


def page(
    request: HttpRequest, template: str, context: dict[str, Any], *forms_: forms.BaseForm
) -> HttpResponse:
    """422 when one of the forms has an error, with all that was typed."""
    wrong = any(form.is_bound and form.errors for form in forms_)
    return render(request, f"communities/{template}", context, status=422 if wrong else 200)
