"""One line on a page of its own: changed by the writer, amended by its author, or asked to be put right."""

from __future__ import annotations

from enum import StrEnum
from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache

from convene.apps.rooms import permissions
from convene.apps.rooms.forms.notes import AmendForm, EditForm, PutRightForm
from convene.apps.rooms.models import NoteLine
from convene.apps.rooms.queries import notes as queries
from convene.apps.rooms.services import notes as services
from convene.apps.rooms.views.desks import Desk, desk_of, pen_of, reader_of, seated
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted


class Way(StrEnum):
    EDIT = "edit"
    AMEND = "amend"
    ASK = "ask"
    NONE = ""


FORMS: dict[Way, type[forms.Form]] = {Way.EDIT: EditForm, Way.AMEND: AmendForm, Way.ASK: PutRightForm}


@never_cache
def line_page(
    request: HttpRequest,
    line_id: UUID,
    session_id: UUID | None = None,
    token: str = "",
    *,
    cockpit: bool = False,
) -> HttpResponse:
    desk = desk_of(request, session_id, token, cockpit=cockpit)
    room, _by = seated(desk)
    lines = NoteLine.objects.select_related("block__room__session__workshop")
    line = get_object_or_404(lines, pk=line_id, block__room=room)
    way = _way(request, desk, line)
    if way == Way.NONE:
        return redirect(desk.of(line.block_id))
    words = {"text": line.text, "before": line.text, "after": line.text}
    form = FORMS[way](posted(request), initial=words)
    if request.method == "POST" and _done(request, desk, line, way, form):
        return redirect(desk.of(line.block_id))
    context = {"desk": desk, "line": line, "way": way, "form": form, "notes_url": desk.of(line.block_id)}
    context |= {
        "session": desk.session,
        "workshop": desk.session.workshop,
        "act_url": desk.url("act", "show"),
    }
    return render(request, "rooms/notes/line.html", context, status=422 if form.errors else 200)


def _way(request: HttpRequest, desk: Desk, line: NoteLine) -> Way:
    """What this reader may do with it now."""
    room, by = seated(desk)
    now = timezone.now()
    sheets = queries.sheets_of(room, reader_of(request, desk), now)
    if any(sheet.mine and sheet.writes for sheet in sheets if sheet.block.pk == line.block_id):
        return Way.EDIT
    if not queries.in_review(room, now):
        return Way.NONE
    if permissions.can_amend(by.participant, line):
        return Way.AMEND
    return Way.ASK if line.text else Way.NONE


def _done(request: HttpRequest, desk: Desk, line: NoteLine, way: Way, form: forms.Form) -> bool:
    if way == Way.AMEND and "withdraw" in request.POST:
        form = forms.Form(request.POST)
    if not form.is_valid():
        return False
    try:
        said = _ACTS[way](request, desk, line, form.cleaned_data)
    except RuleBroken as error:
        form.add_error(error.field if error.field in form.fields else None, str(error.public_message))
        return False
    if said:
        messages.success(request, said)
    return True


def _edit(request: HttpRequest, desk: Desk, line: NoteLine, data: dict[str, Any]) -> str:
    _room, by = seated(desk)
    saved = services.save_notes(
        block=line.block,
        by=by,
        token=pen_of(request, line.block_id),
        now=timezone.now(),
        changed={line.pk: (data["before"], data["text"])},
    )
    if saved.refused:
        raise RuleBroken(
            _("Someone changed this line meanwhile. Look at it, then save your words again."),
            code="line_changed",
            field="text",
        )
    return ""


def _amend(_request: HttpRequest, desk: Desk, line: NoteLine, data: dict[str, Any]) -> str:
    _room, by = seated(desk)
    services.amend_line(line=line, by=by, text=data.get("text", ""), now=timezone.now())
    return _("Your words are put right.") if data.get("text") else _("Your words are taken back.")


def _ask(_request: HttpRequest, desk: Desk, line: NoteLine, data: dict[str, Any]) -> str:
    _room, by = seated(desk)
    services.ask_to_put_right(line=line, by=by, after=data["after"], why=data["why"], now=timezone.now())
    return _("Asked. Those who facilitate decide; that it was you is not kept.")


_ACTS = {Way.EDIT: _edit, Way.AMEND: _amend, Way.ASK: _ask}
