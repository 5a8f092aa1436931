"""The debrief: written on its page after the session, read and printed there."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import NON_FIELD_ERRORS, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _

from convene.apps.rooms.forms.debrief import DebriefForm
from convene.apps.rooms.models import Room
from convene.apps.rooms.queries.debrief import debrief_of
from convene.apps.rooms.services.debrief import save_debrief
from convene.apps.rooms.views.shared import actor_of, led_room
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted


@login_required
def room_debrief(request: HttpRequest, session_id: UUID) -> HttpResponse:
    room = led_room(request, session_id)
    form = DebriefForm(posted(request), debrief=debrief_of(room))
    context: dict[str, Any] = {"room": room, "session": room.session, "workshop": room.session.workshop}
    if request.method == "POST" and form.is_valid():
        if _saved(request, room, form):
            messages.success(request, _("Thank you. The debrief is saved."))
            return redirect("room_debrief", session_id)
        context["meanwhile"] = (
            debrief_of(room) if form.has_error(NON_FIELD_ERRORS, "debrief_changed") else None
        )
    context |= {"form": form, "debrief": debrief_of(room)}
    return render(request, "rooms/debrief.html", context, status=422 if form.errors else 200)


def _saved(request: HttpRequest, room: Room, form: DebriefForm) -> bool:
    try:
        save_debrief(
            room=room, terms=form.terms(), seen=form.seen(), actor=actor_of(request), now=timezone.now()
        )
    except RuleBroken as error:
        form.add_error(error.field, ValidationError(str(error.public_message), code=error.code))
        standing = debrief_of(room)
        if standing is not None and error.code == "debrief_changed":
            form.show_beside(standing)
        return False
    return True
