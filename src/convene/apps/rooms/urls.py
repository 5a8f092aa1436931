"""The live session: the cockpit and the wall for those who facilitate, the phone for everyone in the room."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.urls import URLPattern, path

from convene.apps.rooms.views import (
    agenda,
    cockpit,
    debrief,
    groups,
    note_acts,
    note_lines,
    notes,
    phone,
    tables,
)

_ROOM = "room/<uuid:session_id>/"
_BY_ACCOUNT = "phone/<uuid:session_id>/"
_BY_LINK = "phone/l/<str:token>/"


def _same(view: Callable[..., HttpResponse]) -> Callable[..., HttpResponse]:
    return view


def _notes(
    base: str, name: str, shut: Callable[[Any], Callable[..., HttpResponse]] = _same, **said: bool
) -> list[URLPattern]:
    """The same pages at three places; `shut`: what stands before each view."""
    return [
        path(base + "notes/", shut(notes.page), said, name=name),
        path(base + "notes/part/", shut(notes.part), said, name=f"{name}_part"),
        path(base + "notes/do/<str:name>/", shut(note_acts.act), said, name=f"{name}_act"),
        path(base + "notes/line/<uuid:line_id>/", shut(note_lines.line_page), said, name=f"{name}_line"),
    ]


urlpatterns = [
    path("w/<uuid:workshop_id>/live/", cockpit.workshop_live, name="workshop_live"),
    path(_ROOM, cockpit.cockpit, name="cockpit"),
    path(_ROOM + "start/", cockpit.start, name="room_start"),
    path(_ROOM + "do/<str:name>/", cockpit.act, name="room_act"),
    path(_ROOM + "screen/", cockpit.screen, name="room_screen"),
    path(_ROOM + "people/", cockpit.people, name="room_people"),
    path(_ROOM + "agenda/", agenda.room_agenda, name="room_agenda"),
    path(_ROOM + "agenda/keep/", agenda.agenda_keep, name="agenda_keep"),
    path(_ROOM + "agenda/<uuid:block_id>/", agenda.block_edit, name="block_edit"),
    path(_ROOM + "agenda/<uuid:block_id>/move/", agenda.block_move, name="block_move"),
    path(_ROOM + "debrief/", debrief.room_debrief, name="room_debrief"),
    path(_ROOM + "groups/", groups.room_groups, name="room_groups"),
    path(_ROOM + "groups/rule/", groups.groups_rule, name="groups_rule"),
    path(_ROOM + "groups/tables/", groups.groups_tables, name="groups_tables"),
    path(_ROOM + "groups/print/<str:name>/", tables.groups_print, name="groups_print"),
    path(_ROOM + "groups/file/<str:name>", tables.groups_file, name="groups_file"),
    path(_ROOM + "groups/why/<uuid:group_id>/", tables.groups_why, name="groups_why"),
    path(_ROOM + "groups/do/<str:name>/", groups.groups_act, name="groups_act"),
    *_notes(_ROOM, "room_notes", login_required, cockpit=True),
    *_notes(_BY_ACCOUNT, "phone_notes"),
    *_notes(_BY_LINK, "phone_link_notes"),
    path(_BY_ACCOUNT, phone.phone, name="phone"),
    path(_BY_ACCOUNT + "do/<str:name>/", phone.act, name="phone_act"),
    path(_BY_ACCOUNT + "ask/", phone.ask, name="phone_ask"),
    path(_BY_ACCOUNT + "table/", tables.phone_why, name="phone_why"),
    path(_BY_LINK, phone.phone, name="phone_link"),
    path(_BY_LINK + "do/<str:name>/", phone.act, name="phone_link_act"),
    path(_BY_LINK + "ask/", phone.ask, name="phone_link_ask"),
    path(_BY_LINK + "table/", tables.phone_why, name="phone_link_why"),
]
