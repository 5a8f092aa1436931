"""Some acts need a sign-in of the last minutes: a code just typed, or a passkey just used."""

from __future__ import annotations

import time
from collections.abc import Callable
from functools import wraps
from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import get_adapter
from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.account.utils import get_next_redirect_url
from allauth.core import ratelimit
from allauth.core.internal.cryptokit import compare_user_code
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from convene.apps.people.forms import CodeForm
from convene.apps.people.models import Person

FRESH_SECONDS = 10 * 60
CODE_SECONDS = 10 * 60
ATTEMPTS = 3
_STATE = "fresh_code"
_PROOFS = {"code", "mfa"}
"""Not an organisation's sign-in: it may go through without anyone being asked."""
View = Callable[..., HttpResponse]


def is_fresh(request: HttpRequest) -> bool:
    """Whether this person typed a code or used a passkey here within the last ten minutes."""
    if not isinstance(request.user, Person):
        return False
    records = get_authentication_records(request, request.user)
    return any(
        record["method"] in _PROOFS and time.time() - record["at"] < FRESH_SECONDS for record in records
    )


def needs_fresh_sign_in(view: View) -> View:
    """Ask for a new code first, then come back; what was typed into a form is asked again."""

    @login_required
    @wraps(view)
    def guarded(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
        if is_fresh(request):
            return view(request, *args, **kwargs)
        query = urlencode({"next": request.get_full_path()})
        return redirect(f"{reverse('account_reauthenticate')}?{query}")

    return guarded


@never_cache
@login_required
def confirm_it_is_you(request: HttpRequest) -> HttpResponse:
    """A button that sends a code, then a field to type it."""
    state = _pending(request)
    if request.method == "POST" and request.POST.get("action") == "send":
        return _send(request)
    if request.method == "POST" and state is not None:
        return _check(request, state)
    form = CodeForm(code="") if state is not None else None
    return _page(request, form)


def _pending(request: HttpRequest) -> dict[str, Any] | None:
    state = request.session.get(_STATE)
    if state is None or time.time() - state["at"] > CODE_SECONDS or state["attempts"] >= ATTEMPTS:
        return None
    return dict(state)


def _send(request: HttpRequest) -> HttpResponse:
    assert isinstance(request.user, Person)
    adapter = get_adapter(request)
    if not ratelimit.consume(request, action="reauthenticate", user=request.user):
        too_many: HttpResponse = ratelimit.respond_429(request)
        return too_many
    code = adapter.generate_login_code()
    request.session[_STATE] = {"code": code, "at": time.time(), "attempts": 0}
    adapter.send_mail("account/email/confirm_code", request.user.email, {"code": code})
    query = urlencode({"next": _next(request)})
    return redirect(f"{reverse('account_reauthenticate')}?{query}")


def _check(request: HttpRequest, state: dict[str, Any]) -> HttpResponse:
    form = CodeForm(request.POST, code=state["code"])
    if form.is_valid() and compare_user_code(actual=form.cleaned_data["code"], expected=state["code"]):
        del request.session[_STATE]
        record_authentication(request, request.user, method="code", reauthenticated=True)
        return redirect(_next(request))
    request.session[_STATE] = {**state, "attempts": state["attempts"] + 1}
    return _page(request, form if _pending(request) else None, status=422)


def _next(request: HttpRequest) -> str:
    return get_next_redirect_url(request) or reverse("my_profile")


def _page(request: HttpRequest, form: CodeForm | None, status: int = 200) -> HttpResponse:
    context = {"form": form, "next": _next(request)}
    return render(request, "people/confirm_it_is_you.html", context, status=status)
