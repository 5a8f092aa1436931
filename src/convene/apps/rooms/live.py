"""What the pages of a room show, fragment by fragment: first when they are opened, then as it changes.

Rendered once for all who look, in their language and zone; what is one person's alone is in `room-me`.
Forms begin with `{{ base }}`, which each page fills in: its own address.
"""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.urls import reverse
from django.utils import timezone

from convene.apps.attendance import queries as attendance
from convene.apps.rooms.forms.turns import QuestionForm, TurnsForm
from convene.apps.rooms.models import Grouping, Participant, Room
from convene.apps.rooms.queries import agenda as agenda_queries
from convene.apps.rooms.queries import groups as group_queries
from convene.apps.rooms.queries import rooms as room_queries
from convene.apps.rooms.queries import turns as turn_queries
from convene.apps.rooms.queries.debrief import debrief_of
from convene.apps.rooms.queries.mine import mine_of
from convene.apps.rooms.rules.agenda import STEP
from convene.apps.rooms.rules.ending import may_resume
from convene.apps.rooms.rules.turns import BALANCE_WORDS
from convene.foundation.live import registry, rendering
from convene.foundation.mail.urls_absolute import absolute
from convene.foundation.qr import qr_svg

Fragments = registry.Fragments
COCKPIT = {
    "cockpit-now": "rooms/_cockpit.html",
    "cockpit-groups": "rooms/groups/cockpit_panel.html",
    "cockpit-turns": "rooms/turns/cockpit_panel.html",
    "cockpit-agenda": "rooms/agenda/_lines.html",
}
SCREEN = {
    "screen-now": "rooms/live/screen_now.html",
    "screen-tables": "rooms/live/screen_tables.html",
    "screen-turns": "rooms/live/screen_turns.html",
    "screen-sign": "rooms/live/screen_sign.html",
}
PHONE = {
    "phone-open": "rooms/live/opened.html",
    "phone-now": "rooms/live/phone_now.html",
    "phone-questions": "rooms/live/phone_questions.html",
}
ME = {
    "me-state": "rooms/live/me_state.html",
    "me-table": "rooms/live/me_table.html",
    "me-turn": "rooms/live/me_turn.html",
    "me-votes": "rooms/live/me_votes.html",
    "me-ask": "rooms/live/me_ask.html",
    "me-go": "rooms/live/me_go.html",
}


def register() -> None:
    registry.register("room-cockpit", cockpit)
    registry.register("room-screen", screen)
    registry.register("room-phone", phone)
    registry.register("room-me", me, many=many_of_me, by_zone=False)


def _made(templates: dict[str, str], context: dict[str, Any]) -> Fragments:
    return {name: rendering.html(template, context).strip() for name, template in templates.items()}


def _of(room: Room) -> dict[str, Any]:
    return {"room": room, "session": room.session, "workshop": room.session.workshop}


def cockpit(session_id: str) -> Fragments:
    room = room_queries.room_of(session_id)
    if room is None:
        return {}
    now = timezone.now()
    speaking = turn_queries.speaking(room)
    context = _of(room) | {
        "agenda": agenda_queries.agenda_of(room, now),
        "groups": group_queries.seating_of(room, state=Grouping.State.PUBLISHED),
        "presence": room_queries.presence_of(room),
        "speaking": speaking,
        "speaks_until": turn_queries.speaks_until(speaking, room.turn_seconds),
        "waiting": turn_queries.waiting(room, now) if room.turns_on else [],
        "quiet": len(turn_queries.may_be_invited(room, now)) if room.turns_on else 0,
        "balance_words": BALANCE_WORDS[turn_queries.balance(room, now)],
        "questions": turn_queries.questions(room),
        "turns_form": TurnsForm(initial={"turn_seconds": room.turn_seconds}),
        "step": STEP,
        "debriefed": debrief_of(room) is not None if room.state == Room.State.OVER else False,
        "may_resume": room.state == Room.State.OVER and may_resume(room.ended_at, now),
    }
    opened = {"cockpit-open": rendering.html("rooms/live/opened.html", context)}
    return _made(COCKPIT, context) | opened


def screen(session_id: str) -> Fragments:
    """For the projector: nothing that only those who facilitate may know."""
    room = room_queries.room_of(session_id)
    if room is None:
        return {}
    now = timezone.now()
    code = attendance.room_code(room.session)
    context = _of(room) | {
        "agenda": agenda_queries.agenda_of(room, now),
        "groups": group_queries.seating_of(room, state=Grouping.State.PUBLISHED),
        "speaking": turn_queries.speaking(room),
        "waiting": turn_queries.waiting(room, now)[:1] if room.turns_on else [],
        "top": turn_queries.questions(room)[:5],
        "code": code,
        "qr": qr_svg(absolute(reverse("here", args=[code]))) if code else "",
    }
    return _made(SCREEN, context)


def phone(session_id: str) -> Fragments:
    """What all phones show alike."""
    room = room_queries.room_of(session_id)
    if room is None:
        return {}
    now = timezone.now()
    context = _of(room) | {
        "agenda": agenda_queries.agenda_of(room, now),
        "presence": room_queries.presence_of(room),
        "balance_words": BALANCE_WORDS[turn_queries.balance(room, now)] if room.turns_on else "",
        "questions": turn_queries.questions(room),
        "running": room.state == Room.State.RUNNING,
    }
    return _made(PHONE, context)


def me(participant_id: str) -> Fragments:
    return many_of_me([participant_id]).get(participant_id, {})


def many_of_me(ids: list[str]) -> dict[str, Fragments]:
    """What each phone shows of its own person, room by room."""
    rooms: dict[UUID, list[Participant]] = {}
    found = Participant.objects.filter(pk__in=ids).select_related(
        "person", "room__session__workshop__community"
    )
    for participant in found:
        rooms.setdefault(participant.room_id, []).append(participant)
    made = {}
    for participants in rooms.values():
        room = participants[0].room
        for one_id, mine in mine_of(room, participants, timezone.now()).items():
            context = _of(room) | {
                "me": mine.participant,
                "mine": mine,
                "here": mine.participant.state == Participant.State.HERE,
                "running": room.state == Room.State.RUNNING,
                "form": QuestionForm(),
            }
            made[str(one_id)] = _made(ME, context)
    return made
