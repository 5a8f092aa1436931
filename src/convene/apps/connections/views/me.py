"""Whom I met and whom I have not met yet; by account, or by the link that opens one's own data."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.views import redirect_to_login
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from convene.apps.connections.forms import ContactForm
from convene.apps.connections.queries import met as queries
from convene.apps.connections.queries.introductions import suggestions_for
from convene.apps.connections.queries.unmet import not_met
from convene.apps.connections.services import contacts, introductions
from convene.apps.people.links import person_of
from convene.apps.people.models import Person
from convene.apps.people.queries import has_account, has_consent
from convene.apps.people.rules import Purpose
from convene.apps.people.views.about_me import about_me, context_of, remember_link
from convene.foundation.access.links import BadLink
from convene.foundation.errors import RuleBroken

SESSIONS_A_PAGE = 10


@require_http_methods(["GET", "HEAD", "POST"])
@about_me
def my_connections(request: HttpRequest, me: Person) -> HttpResponse:
    contact = queries.contact_of(me.pk)
    form = ContactForm(request.POST or None, initial={"contact": contact or me.email})
    if request.method == "POST" and form.is_valid():
        contacts.share_contact(person=me, text=form.cleaned_data["contact"], now=timezone.now())
        messages.success(request, _("Kept. Nobody sees it before both of you say so."))
        return redirect("my_connections")
    return _page(request, me, form, contact)


def _page(request: HttpRequest, me: Person, form: ContactForm, contact: str) -> HttpResponse:
    now = timezone.now()
    gatherings = queries.people_met(me, now)
    context = context_of(
        me,
        form=form,
        contact=contact,
        open_to_introductions=has_consent(me.pk, Purpose.INTRODUCTIONS),
        suggestions=suggestions_for(me, queries.contacts_shown_to(me.pk), now),
        page=Paginator(gatherings, SESSIONS_A_PAGE).get_page(request.GET.get("page")),
        unmet=not_met(me, {one.person.pk for each in gatherings for one in each.people}, now),
    )
    return render(request, "connections/mine.html", context, status=422 if form.errors else 200)


@require_POST
@about_me
def stop_sharing(request: HttpRequest, me: Person) -> HttpResponse:
    contacts.stop_sharing(person=me, now=timezone.now())
    messages.success(request, _("Taken back. Nobody sees your contact any more."))
    return redirect("my_connections")


@require_POST
@about_me
def exchange(request: HttpRequest, me: Person, person_id: UUID) -> HttpResponse:
    """Yes to one person, or that yes taken back."""
    other = get_object_or_404(Person, pk=person_id, erased_at=None)
    if request.POST.get("yes") == "1":
        try:
            contacts.say_yes(person=me, other_id=other.pk, now=timezone.now())
        except RuleBroken as refused:
            messages.error(request, str(refused.public_message))
        else:
            messages.success(request, _("Noted. You see each other’s contact as soon as both of you say so."))
    else:
        contacts.take_back(person=me, other_id=other.pk)
        messages.success(request, _("Taken back."))
    return redirect("my_connections")


@require_POST
@about_me
def switch_introductions(request: HttpRequest, me: Person) -> HttpResponse:
    on = request.POST.get("on") == "1"
    introductions.switch_introductions(person=me, on=on, now=timezone.now())
    messages.success(
        request,
        _("Noted. After your next session we may suggest someone.")
        if on
        else _("Noted. Nobody is suggested to you, nor you to anyone."),
    )
    return redirect("my_connections")


@require_POST
@about_me
def answer_introduction(request: HttpRequest, me: Person, introduction_id: UUID) -> HttpResponse:
    yes = request.POST.get("yes") == "1"
    try:
        both = introductions.answer(person=me, introduction_id=introduction_id, yes=yes, now=timezone.now())
    except RuleBroken as refused:
        messages.error(request, str(refused.public_message))
    else:
        messages.success(request, _("You are introduced.") if both else _("Noted. Nobody else sees it."))
    return redirect("my_connections")


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def my_connections_link(request: HttpRequest, token: str) -> HttpResponse:
    """From a mail: a page with one button, which lets in for an hour. Who has an account signs in instead."""
    try:
        person = person_of(token)
    except BadLink:
        return render(request, "people/link_gone.html", status=404)
    if request.user == person:
        return redirect("my_connections")
    if has_account(person):
        return redirect_to_login(reverse("my_connections"))
    if request.method == "POST":
        remember_link(request, person)
        return redirect("my_connections")
    return render(request, "connections/link.html")
