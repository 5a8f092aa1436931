"""Who the pages under /me/ are about: someone signed in, or someone who came by their signed link."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import update_wrapper
from typing import Any, Concatenate, ParamSpec
from uuid import UUID

from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache

from convene.apps.people.models import Person

LINK_SECONDS = 60 * 60
"""How long a signed link, once opened, lets someone look at and change what we hold on them."""
_KEY = "my_link"
Rest = ParamSpec("Rest")


def remember_link(request: HttpRequest, person: Person) -> None:
    request.session.cycle_key()  # a session somebody else began does not come to know them
    request.session[_KEY] = [str(person.pk), person.link_version, time.time()]


def forget_link(request: HttpRequest) -> None:
    request.session.pop(_KEY, None)


def person_by_link(request: HttpRequest) -> Person | None:
    """Who opened their link in this browser within the hour; nobody once it is revoked."""
    kept = request.session.get(_KEY)
    if not kept:
        return None
    person_id, version, at = kept
    if time.time() - at > LINK_SECONDS:
        return None
    return Person.objects.filter(pk=UUID(person_id), link_version=version, is_active=True).first()


def about_me(
    view: Callable[Concatenate[HttpRequest, Person, Rest], HttpResponse],
) -> Callable[Concatenate[HttpRequest, Rest], HttpResponse]:
    """Give the view the person it is about; whoever is unknown signs in first."""

    def asked(request: HttpRequest, /, *args: Rest.args, **kwargs: Rest.kwargs) -> HttpResponse:
        person = request.user if isinstance(request.user, Person) else person_by_link(request)
        if person is None:
            return redirect_to_login(request.get_full_path())
        return view(request, person, *args, **kwargs)

    update_wrapper(asked, view)
    return never_cache(asked)


def context_of(person: Person, **values: Any) -> dict[str, Any]:
    return {"me": person, **values}
