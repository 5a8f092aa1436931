"""Pulses: asked by those who lead, answered from the mail without an account, read when closed."""

from __future__ import annotations

from uuid import UUID

from django import forms as django_forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from convene.apps.communities.models import Community
from convene.apps.communities.permissions import is_steward
from convene.apps.voices import permissions, queries
from convene.apps.voices.forms import PulseAnswerForm, PulseForm, ReplyForm, YearlyForm
from convene.apps.voices.models import Pulse, PulseAsk
from convene.apps.voices.pulse_reading import read_pulse, trends
from convene.apps.voices.services import pulse as services
from convene.apps.voices.views.shared import actor_of
from convene.apps.workshops.models import Workshop
from convene.foundation.access import links
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted

LINK_DAYS = 30


def _refuse(form: django_forms.Form, error: RuleBroken) -> None:
    form.add_error(error.field if error.field in form.fields else None, str(error.public_message))


@login_required
def pulses(request: HttpRequest, slug: str) -> HttpResponse:
    """How it was, over time; for stewards."""
    community = get_object_or_404(Community, slug=slug)
    if not is_steward(actor_of(request), community.pk):
        raise Http404
    context = {
        "community": community,
        "pulses": list(queries.pulses_of(community.pk)[:30]),
        "trends": trends(community.pk),
    }
    return render(request, "voices/pulses.html", context)


@login_required
def pulse_yearly(request: HttpRequest, slug: str) -> HttpResponse:
    """A longer instrument for all members: the words are the steward's to bring, the scoring is ours."""
    community, person = get_object_or_404(Community, slug=slug), actor_of(request)
    if not permissions.can_ask(person, community.pk):
        raise Http404
    form = YearlyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_pulse(
                community=community, session=None, items=form.items(), actor=person, now=timezone.now()
            )
        except RuleBroken as error:
            _refuse(form, error)
        else:
            return redirect("pulse", made.pk)
    context = {"community": community, "form": form}
    return render(request, "voices/pulse_yearly.html", context, status=422 if form.errors else 200)


@login_required
def workshop_pulse(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """Of the last session that has begun: its pulse, or the form for one."""
    workshop = get_object_or_404(Workshop.objects.select_related("community"), pk=workshop_id)
    begun = workshop.sessions.filter(starts_at__lte=timezone.now()).order_by("-starts_at").first()
    last = begun or workshop.sessions.order_by("starts_at").first()
    if last is None or not permissions.can_ask(actor_of(request), workshop.community_id, last):
        raise Http404
    standing = Pulse.objects.filter(session=last).first()
    if standing is not None:
        return redirect("pulse", standing.pk)
    form = PulseForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            made = services.make_pulse(
                community=workshop.community,
                session=last,
                items=form.items(),
                actor=actor_of(request),
                now=timezone.now(),
            )
        except RuleBroken as error:
            _refuse(form, error)
        else:
            return redirect("pulse", made.pk)
    context = {"workshop": workshop, "session": last, "form": form}
    return render(request, "voices/pulse_new.html", context, status=422 if form.errors else 200)


def _run_pulse(request: HttpRequest, pulse_id: UUID) -> Pulse:
    found = queries.pulse_of(pulse_id)
    if found is None or not permissions.can_ask(actor_of(request), found.community_id, found.session):
        raise Http404
    return found


@login_required
def pulse_page(request: HttpRequest, pulse_id: UUID) -> HttpResponse:
    """Ask, wait, read, and reply."""
    found = _run_pulse(request, pulse_id)
    form = ReplyForm(posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            services.reply_to_pulse(
                pulse=found, text=form.cleaned_data["reply"], actor=actor_of(request), now=timezone.now()
            )
        except RuleBroken as error:
            _refuse(form, error)
        else:
            messages.success(request, _("Your reply goes to everyone who was asked."))
            return redirect("pulse", pulse_id)
    context = {
        "pulse": found,
        "community": found.community,
        "workshop": found.session.workshop if found.session else None,
        "read": read_pulse(found),
        "form": form,
    }
    return render(request, "voices/pulse.html", context, status=422 if form.errors else 200)


@login_required
@require_POST
def pulse_ask(request: HttpRequest, pulse_id: UUID) -> HttpResponse:
    found = _run_pulse(request, pulse_id)
    count = services.ask_pulse(pulse=found, actor=actor_of(request), now=timezone.now())
    told = ngettext("%(n)d person is asked.", "%(n)d people are asked.", count) % {"n": count}
    messages.success(request, told)
    return redirect("pulse", pulse_id)


def pulse_answer(request: HttpRequest, token: str) -> HttpResponse:
    """From the mail. Opening it answers nothing; the button does."""
    try:
        ask_id, _version = links.read("pulse", token, max_age_days=LINK_DAYS)
    except links.BadLink as error:
        raise Http404 from error
    ask = get_object_or_404(
        PulseAsk.objects.select_related("pulse__community", "pulse__session__workshop"), pk=ask_id
    )
    form = PulseAnswerForm(posted(request), pulse=ask.pulse)
    if request.method == "POST" and form.is_valid():
        try:
            services.answer_pulse(ask=ask, values=form.values(), words=form.words(), now=timezone.now())
        except RuleBroken as error:
            messages.error(request, str(error.public_message))
        return redirect("pulse_answer", token)
    context = {"ask": ask, "pulse": ask.pulse, "form": form, "open": ask.pulse.state == Pulse.State.OPEN}
    return render(request, "voices/pulse_answer.html", context, status=422 if form.errors else 200)
