"""What each participant holds in the hand; by account or by their own link, with or without JavaScript."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from convene.apps.rooms.forms.turns import QuestionForm
from convene.apps.rooms.models import Participant, Question
from convene.apps.rooms.queries import turns as turn_queries
from convene.apps.rooms.services import presence, turns
from convene.apps.rooms.views.shared import Phone, phone_of
from convene.foundation.errors import RuleBroken
from convene.foundation.live import pages as live_pages
from convene.foundation.live import topic
from convene.foundation.live.once import first_time


@require_GET
@never_cache
def phone(request: HttpRequest, session_id: UUID | None = None, token: str = "") -> HttpResponse:
    held = phone_of(request, session_id=session_id, token=token)
    return _page(request, held, QuestionForm())


def _page(request: HttpRequest, held: Phone, form: QuestionForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "phone": held,
        "session": held.session,
        "workshop": held.session.workshop,
        "room": held.room,
        "me": held.participant,
        "form": form,
    }
    topics = [topic("room-phone", held.session.pk)]
    if held.participant is not None:
        topics.append(topic("room-me", held.participant.pk))
    context["live"] = live_pages.region(*topics, base=held.address, who=held.person.pk)
    return render(request, "rooms/phone.html", context, status=status)


def _arrive(_request: HttpRequest, held: Phone, me: Participant, now: datetime) -> None:
    presence.arrive(participant=me, session=held.session, now=now)


def _go(_request: HttpRequest, held: Phone, me: Participant, now: datetime) -> None:
    presence.leave(participant=me, actor=held.person, now=now)


def _hand(request: HttpRequest, _held: Phone, me: Participant, now: datetime) -> None:
    if request.POST.get("up") == "1":
        turns.raise_hand(participant=me, now=now)
    else:
        turns.lower_hand(participant=me, now=now)


def _openness(request: HttpRequest, _held: Phone, me: Participant, _now: datetime) -> None:
    turns.choose_openness(participant=me, is_open=request.POST.get("open") == "1")


def _answer(request: HttpRequest, _held: Phone, me: Participant, now: datetime) -> None:
    invitation = turn_queries.open_invitation(me)
    if invitation is not None:
        speaks = request.POST.get("speaks") == "1"
        turns.answer_invitation(invitation=invitation, speaks=speaks, now=now)


def _vote(request: HttpRequest, held: Phone, me: Participant, _now: datetime) -> None:
    try:
        wanted = UUID(request.POST.get("question", ""))
    except ValueError as error:
        raise Http404 from error
    question = get_object_or_404(Question, pk=wanted, room=held.room, state=Question.State.OPEN)
    turns.vote(question=question, participant=me, up=request.POST.get("up") == "1")


ACTS: dict[str, Callable[[HttpRequest, Phone, Participant, datetime], None]] = {
    "here": _arrive,
    "go": _go,
    "hand": _hand,
    "open": _openness,
    "answer": _answer,
    "vote": _vote,
}
"""The buttons of the phone, each one press."""


@require_POST
@never_cache
def act(request: HttpRequest, name: str, session_id: UUID | None = None, token: str = "") -> HttpResponse:
    held = phone_of(request, session_id=session_id, token=token)
    if held.participant is None or name not in ACTS:
        raise Http404
    try:
        ACTS[name](request, held, held.participant, timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    return redirect(held.address)


@require_POST
@never_cache
def ask(request: HttpRequest, session_id: UUID | None = None, token: str = "") -> HttpResponse:
    """Under one's name or anonymously: two buttons of one form; what is refused stays typed."""
    held = phone_of(request, session_id=session_id, token=token)
    if held.participant is None:
        raise Http404
    form = QuestionForm(request.POST)
    if not form.is_valid():
        return _page(request, held, form, status=422)
    anonymous = request.POST.get("as") != "me"
    try:
        with first_time(request, held.person.pk) as first:
            if first:
                turns.ask(
                    participant=held.participant,
                    text=form.cleaned_data["text"],
                    anonymous=anonymous,
                    now=timezone.now(),
                )
    except RuleBroken as error:
        form.add_error("text", str(error.public_message))
        return _page(request, held, form, status=422)
    messages.success(
        request,
        _("Asked. Nobody can find out that it was you.") if anonymous else _("Asked, under your name."),
    )
    return redirect(held.address)
