"""For those who are asked: one statement at a time, one's own words, and the map."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from convene.apps.voices import permissions, queries, reading, services
from convene.apps.voices.forms import CodeForm, StatementForm
from convene.apps.voices.models import Inquiry, Statement
from convene.apps.voices.picture import picture_of
from convene.apps.voices.routing import next_statement
from convene.apps.voices.views.shared import Way, found_inquiry, keep_secret, way_in
from convene.foundation.access.rate import check_rate
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted
from convene.foundation.live import pages as live_pages

HOUR = 3600


def inquiry(request: HttpRequest, inquiry_id: UUID, token: str = "") -> HttpResponse:
    """The next statement to vote on; without a right to answer, the way to use an invitation."""
    found = found_inquiry(inquiry_id)
    way = way_in(request, found, token)
    if way is None:
        if found.state != Inquiry.State.DRAFT:
            return redirect("inquiry_invited", inquiry_id)
        raise Http404
    return _answer_page(request, way, StatementForm())


def inquiry_short(_request: HttpRequest, short: str) -> HttpResponse:
    """From the wall: the code of an inquiry, however it is typed."""
    found = get_object_or_404(Inquiry.objects.exclude(state=Inquiry.State.DRAFT), code=short.upper())
    return redirect("inquiry", found.pk)


def _answer_page(request: HttpRequest, way: Way, form: StatementForm) -> HttpResponse:
    statements = queries.live_statements(way.inquiry)
    votes = queries.votes_of(way.inquiry, way.voter)
    context = {
        "inquiry": way.inquiry,
        "community": way.inquiry.community,
        "way": way,
        "open": way.inquiry.state == Inquiry.State.OPEN,
        "statement": next_statement(way.inquiry, statements, votes, way.voter),
        "progress": queries.progress_of(statements, votes),
        "voted": [(one, votes[one.pk]) for one in statements if one.pk in votes],
        "mine": queries.written_by(way.inquiry, way.voter.authors),
        "form": form,
    }
    return render(request, "voices/answer.html", context, status=422 if form.errors else 200)


def _must_have_way(request: HttpRequest, inquiry_id: UUID, token: str) -> Way:
    way = way_in(request, found_inquiry(inquiry_id), token)
    if way is None:
        raise Http404
    return way


@require_POST
def vote(request: HttpRequest, inquiry_id: UUID, token: str = "") -> HttpResponse:
    """Agree, disagree, pass; or change one's mind."""
    way = _must_have_way(request, inquiry_id, token)
    statement = get_object_or_404(Statement, pk=_uuid(request.POST.get("statement")), inquiry=way.inquiry)
    value = {"agree": 1, "disagree": -1, "pass": 0}.get(request.POST.get("value", ""), 9)
    try:
        services.cast(statement=statement, voter=way.voter, value=value, now=timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    return redirect(way.address)


def _uuid(text: str | None) -> UUID | None:
    try:
        return UUID(text or "")
    except ValueError:
        return None


@require_POST
def say(request: HttpRequest, inquiry_id: UUID, token: str = "") -> HttpResponse:
    """Add a statement."""
    way = _must_have_way(request, inquiry_id, token)
    form = StatementForm(request.POST)
    if form.is_valid():
        try:
            statement = services.say(
                inquiry=way.inquiry, voter=way.voter, text=form.cleaned_data["text"], now=timezone.now()
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.public_message))
        else:
            waits = statement.state == Statement.State.WAITING
            messages.success(
                request,
                _("Thank you. It is put to others as soon as it was read.")
                if waits
                else _("Thank you. Others can vote on it now."),
            )
            return redirect(way.address)
    return _answer_page(request, way, form)


@require_POST
def take_back(request: HttpRequest, inquiry_id: UUID, token: str = "") -> HttpResponse:
    """One's own statement, or (without one) all one's votes."""
    way = _must_have_way(request, inquiry_id, token)
    statement_id = _uuid(request.POST.get("statement"))
    try:
        if statement_id is None:
            services.forget(inquiry=way.inquiry, voter=way.voter)
            messages.success(request, _("Your votes in this inquiry are gone."))
        else:
            statement = get_object_or_404(Statement, pk=statement_id, inquiry=way.inquiry)
            services.take_back(statement=statement, voter=way.voter, now=timezone.now())
            messages.success(request, _("Your statement is taken back."))
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    return redirect(way.address)


def invited(request: HttpRequest, inquiry_id: UUID) -> HttpResponse:
    """Type or confirm an invitation. Opening its link uses nothing up; the button does."""
    found = found_inquiry(inquiry_id)
    if found.state == Inquiry.State.DRAFT:
        raise Http404
    form = CodeForm(posted(request), initial={"code": request.GET.get("code", "")})
    if request.method == "POST" and form.is_valid():
        try:
            check_rate(request, "inquiry_invited", most=30, seconds=HOUR)
            secret = services.use_invitation(
                inquiry_id=found.pk, code=form.cleaned_data["code"], now=timezone.now()
            )
        except RuleBroken as error:
            form.add_error(error.field if error.field in form.fields else None, str(error.public_message))
        else:
            response = redirect("inquiry", inquiry_id)
            keep_secret(request, response, found, secret)
            return response
    context = {"inquiry": found, "form": form, "open": found.state == Inquiry.State.OPEN}
    return render(request, "voices/invited.html", context, status=422 if form.errors else 200)


def inquiry_map(request: HttpRequest, inquiry_id: UUID, token: str = "") -> HttpResponse:
    """What people think, as far as it was released."""
    found = found_inquiry(inquiry_id)
    way = way_in(request, found, token)
    if way is None and not permissions.can_read(request.user, found):
        raise Http404
    context = {
        "inquiry": found,
        "community": found.community,
        "way": way,
        "runs": permissions.can_run(request.user, found),
        "reading": reading.read(found),
        "live": live_pages.region(f"inquiry:{found.pk}"),
    }
    return render(request, "voices/map.html", context)


def map_fragments(inquiry_id: str) -> dict[str, str]:
    """For everyone who watches the map, on a phone or on the wall."""
    from django.template.loader import render_to_string

    found = queries.inquiry_of(inquiry_id)
    if found is None:
        return {}
    context = map_context(found)
    return {
        "inquiry-map": render_to_string("voices/_map.html", context),
        "inquiry-wall": render_to_string("voices/_wall.html", context),
    }


def map_context(inquiry: Inquiry) -> dict[str, Any]:
    found = reading.read(inquiry)
    return {"inquiry": inquiry, "reading": found, "picture": picture_of(found)}
