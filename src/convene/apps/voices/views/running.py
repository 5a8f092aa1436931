"""For those who ask: the list, a new inquiry, and the page it is run from."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from convene.apps.communities.models import Community
from convene.apps.communities.permissions import is_member, is_steward
from convene.apps.people.models import Person
from convene.apps.voices import permissions, queries, reading, services
from convene.apps.voices.forms import InquiryForm, InvitationsForm, SeedsForm, TakeOutForm
from convene.apps.voices.models import Inquiry, Statement
from convene.apps.voices.views.shared import actor_of, run_inquiry
from convene.apps.workshops.models import Session
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted
from convene.foundation.live import pages as live_pages
from convene.foundation.mail.urls_absolute import absolute
from convene.foundation.qr import qr_svg


def _community(slug: str) -> Community:
    return get_object_or_404(Community.objects.exclude(stage=Community.Stage.CLOSED), slug=slug)


@login_required
def inquiries(request: HttpRequest, slug: str) -> HttpResponse:
    """Members read what is asked now and what came of it; stewards also drafts."""
    community, person = _community(slug), actor_of(request)
    steward = is_steward(person, community.pk)
    if not steward and not is_member(person, community.pk):
        raise Http404
    rows = list(queries.inquiries_of(community.pk))
    answerable = {one.pk for one in queries.open_for(person, community.pk)}
    context = {
        "community": community,
        "steward": steward,
        "drafts": [one for one in rows if steward and one.state == Inquiry.State.DRAFT],
        "open": [(one, one.pk in answerable) for one in rows if one.state == Inquiry.State.OPEN],
        "closed": [one for one in rows if one.state == Inquiry.State.CLOSED],
    }
    return render(request, "voices/list.html", context)


@login_required
def inquiry_new(request: HttpRequest, slug: str) -> HttpResponse:
    """Of a session, also by those who facilitate it."""
    community, person = _community(slug), actor_of(request)
    session = _session(request.GET.get("session", ""), community)
    if not permissions.can_ask(person, community.pk, session):
        raise Http404
    initial: dict[str, Any] = {"kind": Inquiry.Kind.VIEWS, "moderation": Inquiry.Moderation.AFTER}
    if session is not None:
        initial |= {"session": session.pk, "asks": Inquiry.Asks.SESSION}
    form = InquiryForm(posted(request), community=community, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_inquiry(
                community=community, terms=form.terms(), actor=person, now=timezone.now()
            )
        except RuleBroken as error:
            _refuse(form, error)
        else:
            return redirect("inquiry_run", made.pk)
    context = {"community": community, "form": form, "unfolded": bool(form.errors) or session is not None}
    return render(request, "voices/new.html", context, status=422 if form.errors else 200)


def _session(text: str, community: Community) -> Session | None:
    try:
        session_id = UUID(text)
    except ValueError:
        return None
    return (
        Session.objects.select_related("workshop")
        .filter(pk=session_id, workshop__community=community)
        .first()
    )


def _refuse(form: django_forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error.public_message))


@login_required
def inquiry_run(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    return _run_page(request, run_inquiry(request, inquiry_id))


def _run_page(request: HttpRequest, inquiry: Inquiry, **forms: Any) -> HttpResponse:
    read = reading.read(inquiry)
    statements = list(queries.statements_of(inquiry))
    context = {
        "inquiry": inquiry,
        "community": inquiry.community,
        "reading": read,
        "waiting": [one for one in statements if one.state == Statement.State.WAITING],
        "rows": [reading.shown(one) for one in statements if one.state == Statement.State.LIVE],
        "seeds_form": SeedsForm(),
        "out_form": TakeOutForm(),
        "invitations_form": InvitationsForm(),
        "address": absolute(_address(inquiry)),
    } | forms
    status = 422 if any(form.errors for form in forms.values()) else 200
    return render(request, "voices/run.html", context, status=status)


def _address(inquiry: Inquiry) -> str:
    return reverse("inquiry", args=[inquiry.pk])


@login_required
def inquiry_screen(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """For the wall: the question, how to answer, and common ground as it grows."""
    inquiry = run_inquiry(request, inquiry_id)
    address = absolute(reverse("inquiry_short", args=[inquiry.code]))
    context = {
        "inquiry": inquiry,
        "where": address.partition("://")[2].removesuffix(f"{inquiry.code}/"),
        "qr": qr_svg(address),
        "live": live_pages.region(f"inquiry:{inquiry.pk}"),
    }
    return render(request, "voices/screen.html", context)


def _statement(request: HttpRequest, inquiry: Inquiry) -> Statement:
    try:
        statement_id = UUID(request.POST.get("statement", ""))
    except ValueError as error:
        raise Http404 from error
    found = get_object_or_404(Statement.objects.select_related("need"), pk=statement_id, inquiry=inquiry)
    found.inquiry = inquiry
    return found


def _open(_request: HttpRequest, inquiry: Inquiry, actor: Person, now: datetime) -> None:
    services.ask_everyone(inquiry=inquiry, actor=actor, now=now)


def _close(_request: HttpRequest, inquiry: Inquiry, actor: Person, now: datetime) -> None:
    services.close_inquiry(inquiry=inquiry, actor=actor, now=now)


def _accept(request: HttpRequest, inquiry: Inquiry, actor: Person, now: datetime) -> None:
    services.accept_statement(statement=_statement(request, inquiry), actor=actor, now=now)


def _out(request: HttpRequest, inquiry: Inquiry, actor: Person, now: datetime) -> None:
    statement, reason = _statement(request, inquiry), request.POST.get("reason", "")
    services.take_out(statement=statement, reason=reason, actor=actor, now=now)


def _question(request: HttpRequest, inquiry: Inquiry, actor: Person, _now: datetime) -> None:
    is_open = request.POST.get("open") == "1"
    services.mark_open_question(statement=_statement(request, inquiry), is_open=is_open, actor=actor)


def _plan(request: HttpRequest, inquiry: Inquiry, actor: Person, now: datetime) -> None:
    services.plan_topic(statement=_statement(request, inquiry), actor=actor, now=now)
    messages.success(request, _("A draft workshop was made of it."))


ACTS: dict[str, Callable[[HttpRequest, Inquiry, Person, datetime], None]] = {
    "open": _open,
    "close": _close,
    "accept": _accept,
    "out": _out,
    "question": _question,
    "plan": _plan,
}


@login_required
@require_POST
def inquiry_act(request: HttpRequest, inquiry_id: UUID, name: str) -> HttpResponse:
    """One press each; what a rule refuses is said at the head of the page, or beside its field."""
    inquiry = run_inquiry(request, inquiry_id)
    if name not in ACTS:
        raise Http404
    try:
        ACTS[name](request, inquiry, actor_of(request), timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    return redirect("inquiry_run", inquiry_id)


@login_required
@require_POST
def inquiry_seeds(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    inquiry = run_inquiry(request, inquiry_id)
    form = SeedsForm(request.POST)
    if form.is_valid():
        texts = form.cleaned_data["seeds"].splitlines()
        try:
            services.add_seeds(inquiry=inquiry, texts=texts, actor=actor_of(request), now=timezone.now())
        except RuleBroken as error:
            _refuse(form, error)
        else:
            return redirect("inquiry_run", inquiry_id)
    return _run_page(request, inquiry, seeds_form=form)


@login_required
@require_POST
def inquiry_invitations(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """New invitations, to print and hand out. Their codes are shown on this page and never again."""
    inquiry = run_inquiry(request, inquiry_id)
    form = InvitationsForm(request.POST)
    if form.is_valid():
        count = form.cleaned_data["count"]
        codes = services.make_invitations(
            inquiry=inquiry, count=count, actor=actor_of(request), now=timezone.now()
        )
        where = absolute(reverse("inquiry_invited", args=[inquiry.pk]))
        context = {"inquiry": inquiry, "codes": [(code, f"{where}?code={code}") for code in codes]}
        return render(request, "voices/invitations.html", context)
    return _run_page(request, inquiry, invitations_form=form)
