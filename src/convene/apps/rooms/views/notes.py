"""Notes at the cockpit, on a phone and by the link of a mail: the same page, with what each may do there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid4

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from convene.apps.rooms.forms.notes import LinesForm
from convene.apps.rooms.models import NoteLine
from convene.apps.rooms.queries import notes as queries
from convene.apps.rooms.rules.notes import PREFIXES
from convene.apps.rooms.services.notes import Scribe
from convene.apps.rooms.views.desks import Desk, desk_of, reader_of, seated


@require_GET
@never_cache
def page(
    request: HttpRequest, session_id: UUID | None = None, token: str = "", *, cockpit: bool = False
) -> HttpResponse:
    """Written in while it runs, put right for five days, then read and printed."""
    return page_of(request, desk_of(request, session_id, token, cockpit=cockpit))


@require_GET
@never_cache
def part(
    request: HttpRequest, session_id: UUID | None = None, token: str = "", *, cockpit: bool = False
) -> HttpResponse:
    """The notes without the page around them, for the script: of all blocks, or of the one that is on."""
    desk = desk_of(request, session_id, token, cockpit=cockpit)
    seated(desk)
    context = _notes(request, desk, only_now="now" in request.GET)
    return render(request, "rooms/notes/_sheets.html", context)


def page_of(
    request: HttpRequest, desk: Desk, typed: LinesForm | None = None, status: int = 200
) -> HttpResponse:
    context: dict[str, Any] = {
        "desk": desk,
        "room": desk.room,
        "session": desk.session,
        "workshop": desk.session.workshop,
        "notes_url": desk.url(),
        "part_url": desk.url("part"),
    }
    if desk.by is not None:
        context |= _notes(request, desk, typed=typed)
    return render(request, "rooms/notes/page.html", context, status=status)


def _notes(
    request: HttpRequest, desk: Desk, *, typed: LinesForm | None = None, only_now: bool = False
) -> dict[str, Any]:
    room, by = seated(desk)
    now = timezone.now()
    sheets = queries.sheets_of(room, reader_of(request, desk), now)
    on = queries.current(sheets)
    shown = [sheet for sheet in sheets if sheet == on] if only_now else sheets
    note_set = queries.note_set_of(room)
    return {
        "desk": desk,
        "room": room,
        "by": by,
        "note_set": note_set,
        "amends": queries.in_review(room, now),
        "final": note_set is not None and note_set.state == note_set.State.FINAL,
        "sheets": [Written(sheet, _form(sheet, by, typed), str(uuid4())) for sheet in shown],
        "own": [line for sheet in sheets for line in sheet.lines if line.own],  # type: ignore[attr-defined]  # annotated
        "tags": _tags(),
        "level": 3 if only_now else 2,
        "requests": queries.open_requests(room) if by.leads and not only_now else [],
        "act_url": desk.url("act", "NAME").removesuffix("NAME/"),
        "line_url": desk.url("line", UUID(int=0)).removesuffix(f"{UUID(int=0)}/"),
    }


def _tags() -> list[tuple[str, str, str]]:
    """Value, word, and the sign that stands for it, also as a key."""
    words = dict(NoteLine.Tag.choices)
    return [(tag, str(words[tag]), sign) for sign, tag in PREFIXES.items()]


@dataclass(frozen=True)
class Written:
    """A sheet with the form to write in, and a key that makes taking or asking for its pen one act."""

    sheet: queries.Sheet
    form: LinesForm
    key: str


def _form(sheet: queries.Sheet, by: Scribe, typed: LinesForm | None) -> LinesForm:
    if typed is not None and typed.sheet.block == sheet.block:
        return typed
    return LinesForm(sheet=sheet, has_name=by.participant is not None)
