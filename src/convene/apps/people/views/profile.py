"""Name, zone, language, decent hours, what I offer and want; access needs."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from convene.apps.people import queries, services
from convene.apps.people.forms import NeedForm, ProfileForm, consent_choices
from convene.apps.people.models import Person
from convene.apps.people.ports import name_scopes
from convene.apps.people.rules import Purpose
from convene.apps.people.views.about_me import about_me, context_of
from convene.foundation.errors import RuleBroken


@require_http_methods(["GET", "HEAD", "POST"])
@about_me
def my_profile(request: HttpRequest, me: Person) -> HttpResponse:
    form = ProfileForm(request.POST or None, person=me)
    if request.method == "POST" and form.is_valid():
        try:
            services.update_profile(person=me, now=timezone.now(), **form.profile())
        except RuleBroken as refused:
            form.add_error(refused.field, str(refused.public_message))
        else:
            _consent_as_ticked(me, form)
            messages.success(request, _("Your profile is saved."))
            return redirect("my_profile")
    status = 422 if form.errors else 200
    return render(request, "people/profile.html", context_of(me, form=form), status=status)


def _consent_as_ticked(me: Person, form: ProfileForm) -> None:
    now = timezone.now()
    for purpose, _words in consent_choices():
        act = services.give_consent if form.cleaned_data[purpose.value] else services.withdraw_consent
        act(person=me, purpose=purpose, now=now)


@require_http_methods(["GET", "HEAD", "POST"])
@about_me
def my_needs(request: HttpRequest, me: Person) -> HttpResponse:
    form = NeedForm(request.POST or None, today=timezone.localdate())
    if request.method == "POST" and form.is_valid():
        try:
            services.record_access_need(person=me, now=timezone.now(), **form.cleaned_data)
        except RuleBroken as refused:
            form.add_error(refused.field, str(refused.public_message))
        else:
            messages.success(request, _("Noted. You can remove it whenever you like."))
            return redirect("my_needs")
    needs, looks = list(queries.needs_of(me)), list(queries.looks_at_needs(me)[:100])
    titles = name_scopes({*(n.scope_id for n in needs if n.scope_id), *(v.workshop_id for v in looks)})
    context = context_of(
        me,
        form=form,
        needs=[(need, titles.get(need.scope_id) if need.scope_id else "") for need in needs],
        looks=[(look, titles.get(look.workshop_id, "")) for look in looks],
    )
    return render(request, "people/needs.html", context, status=422 if form.errors else 200)


@require_POST
@about_me
def remove_need(request: HttpRequest, me: Person, need_id: UUID) -> HttpResponse:
    if not services.remove_access_need(person=me, need_id=need_id):
        raise Http404
    messages.success(request, _("Removed."))
    return redirect("my_needs")


@require_POST
@about_me
def withdraw(request: HttpRequest, me: Person, consent_id: UUID) -> HttpResponse:
    """Take back one yes; a second press does no harm."""
    consent = me.consents.filter(pk=consent_id).first()
    if consent is None:
        raise Http404
    services.withdraw_consent(
        person=me, purpose=Purpose(consent.purpose), scope_id=consent.scope_id, now=timezone.now()
    )
    messages.success(request, _("Taken back."))
    return redirect("my_data")
