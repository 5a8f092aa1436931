"""Writing the agenda, before and while it runs."""

from __future__ import annotations

from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from convene.apps.rooms.forms.agenda import BlockForm
from convene.apps.rooms.models import Block, Room
from convene.apps.rooms.queries.agenda import agenda_of
from convene.apps.rooms.queries.rooms import hosts_of
from convene.apps.rooms.services import agenda as services
from convene.apps.rooms.services.keeping import keep_agenda
from convene.apps.rooms.views.shared import actor_of, led_room
from convene.foundation.errors import RuleBroken
from convene.foundation.forms import posted


@login_required
def room_agenda(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The agenda, and a form for one more part of it."""
    room = led_room(request, session_id)
    initial = {"recording": room.session.workshop.recording, "minutes": 10}
    form = BlockForm(posted(request), hosts=hosts_of(room), initial=initial)
    if request.method == "POST" and form.is_valid() and _added(request, room, form):
        return redirect("room_agenda", session_id)
    context = {
        "room": room,
        "session": room.session,
        "workshop": room.session.workshop,
        "agenda": agenda_of(room, timezone.now()),
        "form": form,
    }
    return render(request, "rooms/agenda/edit.html", context, status=422 if form.errors else 200)


def _added(request: HttpRequest, room: Room, form: BlockForm) -> bool:
    try:
        services.add_block(room=room, terms=form.terms(), actor=actor_of(request), now=timezone.now())
    except RuleBroken as error:
        form.add_error(error.field, str(error.public_message))
        return False
    return True


def _block(room: Room, block_id: UUID) -> Block:
    return get_object_or_404(Block.objects.select_related("room__session__workshop"), pk=block_id, room=room)


@login_required
def block_edit(request: HttpRequest, session_id: UUID, block_id: UUID) -> HttpResponse:
    room = led_room(request, session_id)
    block = _block(room, block_id)
    form = BlockForm(posted(request), hosts=hosts_of(room), block=block)
    if request.method == "POST" and form.is_valid():
        try:
            services.edit_block(block=block, terms=form.terms(), actor=actor_of(request), now=timezone.now())
        except RuleBroken as error:
            form.add_error(error.field, str(error.public_message))
        else:
            return redirect("room_agenda", session_id)
    context = {"room": room, "session": room.session, "workshop": room.session.workshop, "part": block}
    return render(
        request, "rooms/agenda/block.html", context | {"form": form}, status=422 if form.errors else 200
    )


@login_required
@require_POST
def block_move(request: HttpRequest, session_id: UUID, block_id: UUID) -> HttpResponse:
    """Up, down, or out of the agenda."""
    block = _block(led_room(request, session_id), block_id)
    way, actor, now = request.POST.get("way"), actor_of(request), timezone.now()
    try:
        if way == "out":
            services.remove_block(block=block, actor=actor, now=now)
            messages.success(request, _("“%(title)s” is no longer in the agenda.") % {"title": block.title})
        else:
            services.move_block(block=block, up=way == "up", actor=actor, now=now)
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    return redirect("room_agenda", session_id)


@login_required
@require_POST
def agenda_keep(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """The agenda becomes the workshop's run sheet."""
    room, ran = led_room(request, session_id), request.POST.get("minutes") == "ran"
    try:
        count = keep_agenda(room=room, as_it_ran=ran, actor=actor_of(request), now=timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    else:
        told = _("This is the run sheet now.")
        if count:
            told = ngettext(
                "This is the run sheet now, also of %(n)d coming date.",
                "This is the run sheet now, also of %(n)d coming dates.",
                count,
            ) % {"n": count}
        messages.success(request, told)
    return redirect("room_agenda", session_id)
