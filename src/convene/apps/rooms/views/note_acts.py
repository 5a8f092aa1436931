"""What is pressed and written in notes.

Every act works as a plain POST. A script sends the same forms in the background and asks for JSON; it then
gets what was said instead of a page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from convene.apps.rooms.forms.notes import LinesForm
from convene.apps.rooms.models import Block, LineRequest, NoteLine
from convene.apps.rooms.queries import notes as queries
from convene.apps.rooms.services import notes as services
from convene.apps.rooms.views.desks import Desk, desk_of, keep_pen, pen_of, reader_of, seated
from convene.apps.rooms.views.notes import page_of
from convene.foundation.errors import RuleBroken


@dataclass(frozen=True)
class Asked:
    """One act: who asks, about which block, with what. An act answers with a secret to keep, or None."""

    desk: Desk
    by: services.Scribe
    block: Block
    pen: str
    data: Any
    now: datetime

    @property
    def line(self) -> NoteLine:
        lines = NoteLine.objects.select_related("block__room__session__workshop")
        return get_object_or_404(lines, pk=_uuid(self.data.get("line", "")), block=self.block)


def _uuid(text: str) -> UUID:
    try:
        return UUID(text)
    except ValueError as error:
        raise Http404 from error


def _take(asked: Asked) -> str:
    return services.take_pen(
        block=asked.block, by=asked.by, now=asked.now, key=asked.data.get("live_key", "")
    )


def _ask(asked: Asked) -> str:
    return services.ask_for_pen(
        block=asked.block, by=asked.by, now=asked.now, key=asked.data.get("live_key", "")
    )


def _give(asked: Asked) -> None:
    services.give_pen(block=asked.block, by=asked.by, token=asked.pen, now=asked.now)


def _down(asked: Asked) -> None:
    services.put_pen_down(block=asked.block, token=asked.pen)


def _open(asked: Asked) -> None:
    anyone = asked.data.get("anyone") == "1"
    services.open_pen(block=asked.block, by=asked.by, anyone=anyone, now=asked.now)


def _tag(asked: Asked) -> None:
    tag = asked.data.get("tag", "")
    services.tag_line(line=asked.line, tag=tag, by=asked.by, token=asked.pen, now=asked.now)


def _show(asked: Asked) -> None:
    shown = asked.data.get("shown") == "1"
    services.show_name(line=asked.line, by=asked.by, shown=shown, now=asked.now)


def _decide(asked: Asked) -> None:
    wanted = LineRequest.objects.select_related("line__block__room__session__workshop")
    request = get_object_or_404(wanted, pk=_uuid(asked.data.get("request", "")), line__block=asked.block)
    accept = asked.data.get("accept") == "1"
    services.decide_request(
        request=request, by=asked.by, accept=accept, actor=asked.desk.person, now=asked.now
    )


ACTS: dict[str, Callable[[Asked], str | None]] = {
    "take": _take,
    "ask": _ask,
    "give": _give,
    "down": _down,
    "open": _open,
    "tag": _tag,
    "show": _show,
    "decide": _decide,
}


def asks_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == "application/json"


@require_POST
@never_cache
def act(
    request: HttpRequest,
    name: str,
    session_id: UUID | None = None,
    token: str = "",
    *,
    cockpit: bool = False,
) -> HttpResponse:
    """One press. What a rule refuses is said at the head of the page, or to the script."""
    desk = desk_of(request, session_id, token, cockpit=cockpit)
    room, by = seated(desk)
    if name in WRITES:
        return _write(request, desk, add=name == "append")
    if name not in ACTS:
        raise Http404
    block = get_object_or_404(Block, pk=_uuid(request.POST.get("block", "")), room=room)
    asked = Asked(desk, by, block, pen_of(request, block.pk), request.POST, timezone.now())
    try:
        secret = ACTS[name](asked)
    except RuleBroken as error:
        return _refused(request, desk, block, error)
    response: HttpResponse = JsonResponse({}) if asks_json(request) else redirect(desk.of(block))
    if secret is not None:
        keep_pen(response, desk, block.pk, secret)
    return response


def _refused(request: HttpRequest, desk: Desk, block: Block, error: RuleBroken) -> HttpResponse:
    if asks_json(request):
        return JsonResponse({"code": error.code, "said": str(error.public_message)}, status=422)
    messages.error(request, str(error.public_message))
    return redirect(desk.of(block))


# --- writing

WRITES = {"save", "append"}


def _write(request: HttpRequest, desk: Desk, *, add: bool) -> HttpResponse:
    """Save new lines, and with `line` a changed one; refused words come back in the form."""
    room, by = seated(desk)
    sheets = queries.sheets_of(room, reader_of(request, desk), timezone.now())
    wanted = _uuid(request.POST.get("block", ""))
    sheet = next((one for one in sheets if one.block.pk == wanted), None)
    if sheet is None:
        raise Http404
    form = LinesForm(request.POST, sheet=sheet, has_name=by.participant is not None)
    if not form.is_valid():
        raise Http404  # its only fields that can be wrong are hidden ones
    try:
        refused = _saved(request, by, form, add=add)
    except RuleBroken as error:
        form.add_error("new", str(error.public_message))
        return _kept(request, desk, form, error.code)
    if refused:
        form = form.with_words(refused)
        return _kept(request, desk, form, "line_changed", refused)
    return JsonResponse({"refused": []}) if asks_json(request) else redirect(desk.of(wanted))


def _saved(request: HttpRequest, by: services.Scribe, form: LinesForm, *, add: bool) -> tuple[str, ...]:
    block, data, now = form.sheet.block, form.cleaned_data, timezone.now()
    block.room = by.room
    pen = pen_of(request, block.pk)
    if add:
        services.append_lines(block=block, by=by, token=pen, now=now, new=data["new"], new_id=data["new_id"])
        return ()
    changed = {}
    if "line" in request.POST:
        before, after = request.POST.get("before", ""), request.POST.get("text", "")
        changed[_uuid(request.POST["line"])] = (before, after)
    saved = services.save_notes(
        block=block,
        by=by,
        token=pen,
        now=now,
        changed=changed,
        new=data["new"],
        new_id=data["new_id"],
        name_shown=data.get("name_shown", False),
    )
    return saved.refused


def _kept(
    request: HttpRequest, desk: Desk, form: LinesForm, code: str, refused: tuple[str, ...] = ()
) -> HttpResponse:
    """Nothing typed is lost: 422, with the words in the form or left with the script."""
    if asks_json(request):
        said = " ".join(str(text) for text in form.errors.get("new", []))
        return JsonResponse({"code": code, "said": said, "refused": list(refused)}, status=422)
    return page_of(request, desk, form, status=422)
