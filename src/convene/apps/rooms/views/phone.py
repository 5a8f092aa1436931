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
from convene.apps.rooms.models import Hand, Participant, Question, Room
from convene.apps.rooms.queries import agenda as agenda_queries
from convene.apps.rooms.queries import groups as group_queries
from convene.apps.rooms.queries import turns as turn_queries
from convene.apps.rooms.rules.turns import BALANCE_WORDS
from convene.apps.rooms.services import presence, turns
from convene.apps.rooms.views.shared import Phone, phone_of
from convene.foundation.errors import RuleBroken


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
    if held.room is not None and held.participant is not None:
        context |= _of_the_room(held.room, held.participant, timezone.now())
    return render(request, "rooms/phone.html", context, status=status)


def _of_the_room(room: Room, me: Participant, now: datetime) -> dict[str, Any]:
    waiting = turn_queries.waiting(room, now) if room.turns_on else []
    speaking = turn_queries.speaking(room) if room.turns_on else None
    places = [hand.participant_id for hand in waiting]
    return {
        "agenda": agenda_queries.agenda_of(room, now),
        "here": me.state == Participant.State.HERE,
        "running": room.state == Room.State.RUNNING,
        "speaking": speaking,
        "mine": speaking is not None and speaking.participant_id == me.pk,
        "hand": Hand.objects.filter(participant=me, state=Hand.State.UP).first(),
        "place": places.index(me.pk) + 1 if me.pk in places else 0,
        "invitation": turn_queries.open_invitation(me) if room.turns_on else None,
        "table": group_queries.table_of(me),
        "share": turn_queries.own_share(me, now),
        "balance_words": BALANCE_WORDS[turn_queries.balance(room, now)],
        "questions": turn_queries.questions(room, me),
    }


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
