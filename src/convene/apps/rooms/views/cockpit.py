"""What those who facilitate see and press, and what the room sees on the wall."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from convene.apps.people.models import Person
from convene.apps.rooms import permissions
from convene.apps.rooms.forms.turns import TurnsForm
from convene.apps.rooms.models import Block, Participant, Question, Room, Turn
from convene.apps.rooms.queries import rooms as room_queries
from convene.apps.rooms.rules.agenda import STEP
from convene.apps.rooms.services import agenda, ending, presence, turns
from convene.apps.rooms.views.shared import Act, actor_of, led_room, led_session, press
from convene.apps.workshops.models import Workshop
from convene.foundation.errors import RuleBroken
from convene.foundation.live import pages as live_pages
from convene.foundation.live import topic


@login_required
def workshop_live(request: HttpRequest, workshop_id: UUID) -> HttpResponse:
    """To the cockpit of the session that is on, else the next, else the last."""
    workshop = get_object_or_404(Workshop.objects.select_related("community"), pk=workshop_id)
    sessions = list(workshop.sessions.all())
    if not permissions.can_prepare(actor_of(request), workshop) or not sessions:
        raise Http404
    now = timezone.now()
    ahead = [session for session in sessions if session.ends_at >= now]
    return redirect("cockpit", (ahead or sessions[-1:])[0].pk)


@login_required
def cockpit(request: HttpRequest, session_id: UUID) -> HttpResponse:
    session = led_session(request, session_id)
    context = {
        "session": session,
        "workshop": session.workshop,
        "room": room_queries.room_of(session_id),
        "live": live_pages.region(topic("room-cockpit", session_id), who=actor_of(request).pk),
    }
    return render(request, "rooms/cockpit.html", context)


@login_required
def screen(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """For the projector."""
    room = led_room(request, session_id)
    context = {
        "room": room,
        "session": room.session,
        "workshop": room.session.workshop,
        "live": live_pages.region(topic("room-screen", session_id)),
    }
    return render(request, "rooms/screen.html", context)


@login_required
def people(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What people hope for, and who is here; never on the wall. Access needs are one press further."""
    room = led_room(request, session_id)
    found = list(room_queries.participants_of(room).select_related("registration"))
    hopes = [one for one in found if one.registration and (one.registration.warm_up or one.registration.hope)]
    context = {
        "room": room,
        "session": room.session,
        "workshop": room.session.workshop,
        "participants": found,
        "hopes": hopes,
    }
    return render(request, "rooms/people.html", context)


@login_required
@require_POST
def start(request: HttpRequest, session_id: UUID) -> HttpResponse:
    session = led_session(request, session_id)
    if "prepare" in request.POST:
        agenda.open_room(session=session, actor=actor_of(request), now=timezone.now())
        return redirect("room_agenda", session_id)
    agenda.start_session(session=session, actor=actor_of(request), now=timezone.now())
    return redirect("cockpit", session_id)


def _id(request: HttpRequest, name: str) -> UUID | None:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError:
        return None


def _next(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    agenda.next_block(room=room, after=_id(request, "after"), actor=actor, now=now)


def _back(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    agenda.go_back(room=room, seen=_id(request, "after"), actor=actor, now=now)


def _extend(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    block = get_object_or_404(Block, pk=_id(request, "block"), room=room)
    minutes = -STEP if request.POST.get("minutes") == "less" else STEP
    agenda.extend_block(block=block, minutes=minutes, actor=actor, now=now)


def _end(_request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    ending.end_session(room=room, actor=actor, now=now)


def _resume(_request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    ending.resume(room=room, actor=actor, now=now)


def _switch(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    form = TurnsForm(request.POST)
    if not form.is_valid():
        raise RuleBroken(_("Seconds are a whole number, or empty for no limit."), code="turn_limit")
    on = request.POST.get("on") == "1"
    turns.switch_turns(room=room, on=on, turn_seconds=form.cleaned_data["turn_seconds"], actor=actor, now=now)


def _turn(request: HttpRequest, room: Room) -> Turn | None:
    turn_id = _id(request, "turn")
    return Turn.objects.filter(pk=turn_id, room=room).first() if turn_id else None


def _speaker(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    turn = turns.next_speaker(room=room, actor=actor, now=now, after=_turn(request, room))
    if turn is None:
        messages.info(request, _("No hand is up."))


def _thank(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    turn = _turn(request, room)
    if turn is not None:
        turns.end_turn(turn=turn, actor=actor, now=now)


def _waive(request: HttpRequest, room: Room, actor: Person, _now: datetime) -> None:
    turn = _turn(request, room)
    if turn is not None:
        turns.waive_limit(turn=turn, actor=actor)


def _invite(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    turns.invite_quiet(room=room, actor=actor, now=now)
    messages.success(request, _("Someone not heard yet has been asked, on their phone only."))


def _settle(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    question = get_object_or_404(Question, pk=_id(request, "question"), room=room)
    state = Question.State.HIDDEN if request.POST.get("state") == "hidden" else Question.State.ANSWERED
    turns.settle_question(question=question, state=state, actor=actor, now=now)


def _leave(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    participant = get_object_or_404(Participant, pk=_id(request, "participant"), room=room)
    presence.leave(participant=participant, actor=actor, now=now)


def _welcome(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    participant = get_object_or_404(Participant, pk=_id(request, "participant"), room=room)
    participant.room = room
    presence.welcome(participant=participant, actor=actor, now=now)


ACTS: dict[str, Act] = {
    "next": _next,
    "back": _back,
    "extend": _extend,
    "end": _end,
    "resume": _resume,
    "turns": _switch,
    "speaker": _speaker,
    "thank": _thank,
    "waive": _waive,
    "invite": _invite,
    "settle": _settle,
    "leave": _leave,
    "welcome": _welcome,
}
"""The buttons of the cockpit, each one press."""


@login_required
@require_POST
def act(request: HttpRequest, session_id: UUID, name: str) -> HttpResponse:
    """What was pressed, then back to the page it was pressed on."""
    answer = press(request, session_id, name, ACTS)
    return answer or redirect("room_people" if name in {"leave", "welcome"} else "cockpit", session_id)
