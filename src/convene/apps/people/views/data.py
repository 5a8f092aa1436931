"""My data: see it, take it along, take back a yes, be forgotten."""

from __future__ import annotations

from django.contrib.auth import logout
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from convene.apps.people import queries, services
from convene.apps.people.forms import EraseForm
from convene.apps.people.links import person_of
from convene.apps.people.models import Consent, Person
from convene.apps.people.ports import leave_links, name_scopes
from convene.apps.people.rules import PURPOSE_WORDS, Purpose
from convene.apps.people.views.about_me import about_me, context_of, forget_link, remember_link
from convene.apps.people.views.fresh import is_fresh
from convene.foundation import privacy
from convene.foundation.access.links import BadLink
from convene.foundation.errors import RuleBroken


@require_safe
@about_me
def my_data(request: HttpRequest, me: Person) -> HttpResponse:
    context = context_of(me, held=queries.held_on(me), consents=_consents(me), leaving=leave_links(me))
    return render(request, "people/data.html", context)


def _consents(me: Person) -> list[dict[str, object]]:
    consents: list[Consent] = list(queries.consents_of(me))
    titles = name_scopes(consent.scope_id for consent in consents if consent.scope_id)
    return [
        {
            "consent": consent,
            "words": PURPOSE_WORDS[Purpose(consent.purpose)],
            "scope": titles.get(consent.scope_id, "") if consent.scope_id else "",
        }
        for consent in consents
    ]


@require_safe
@about_me
def my_data_file(_request: HttpRequest, me: Person) -> HttpResponse:
    """Everything, for the person and for machines."""
    held = [
        {"what": entry.title, "why": str(entry.why), "rows": rows}
        for entry, rows in ((entry, entry.export(me.pk)) for entry in privacy.registered())
    ]
    answer = {"person": str(me.pk), "made_at": timezone.now().isoformat(), "held": held}
    response = JsonResponse(answer, json_dumps_params={"indent": 2, "ensure_ascii": False})
    response["Content-Disposition"] = 'attachment; filename="my-data.json"'
    return response


@require_http_methods(["GET", "HEAD", "POST"])
@about_me
def erase(request: HttpRequest, me: Person) -> HttpResponse:
    """What goes and what stays, then the end. Asks for a fresh code, or for a link opened within the hour."""
    if request.user.is_authenticated and not is_fresh(request):
        return redirect(f"{reverse('account_reauthenticate')}?next={reverse('erase_me')}")
    form = EraseForm(request.POST or None, person=me)
    if request.method == "POST" and form.is_valid() and _forgotten(me, form):
        forget_link(request)
        logout(request)
        return redirect("erased")
    context = context_of(me, form=form, held=queries.held_on(me))
    return render(request, "people/erase.html", context, status=422 if form.errors else 200)


def _forgotten(me: Person, form: EraseForm) -> bool:
    """False, with the reason in the form, when something must be handed over first."""
    try:
        services.erase_person(person=me, now=timezone.now())
    except RuleBroken as refused:
        form.add_error(None, str(refused.public_message))
        return False
    return True


@require_safe
@never_cache
def erased(request: HttpRequest) -> HttpResponse:
    return render(request, "people/erased.html")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_link(request: HttpRequest, token: str) -> HttpResponse:
    """From a mail. Opening it shows a button; pressing the button opens one's data, for an hour.

    Who has an account signs in instead: a forwarded mail must not open it.
    """
    try:
        person = person_of(token)
    except BadLink:
        return render(request, "people/link_gone.html", status=404)
    if request.user == person:
        return redirect("my_data")
    if queries.has_account(person):
        return redirect_to_login(reverse("my_data"))
    if request.method == "POST":
        remember_link(request, person)
        return redirect("my_data")
    return render(request, "people/link.html")
