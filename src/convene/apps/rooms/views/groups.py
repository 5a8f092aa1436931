"""Making groups, changing them by hand, publishing, and paper for those without a phone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from convene.apps.people.models import Person
from convene.apps.rooms.forms.groups import GroupsForm
from convene.apps.rooms.models import Group, Grouping, Placement, Room
from convene.apps.rooms.queries import groups as queries
from convene.apps.rooms.rules.groups import sensible_groups
from convene.apps.rooms.services import groups as services
from convene.apps.rooms.views.shared import actor_of, led_room
from convene.foundation.errors import RuleBroken


@login_required
def room_groups(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One press makes groups with sensible wishes; the form is for other wishes."""
    room = led_room(request, session_id)
    present = queries.here(room)
    usual = {"groups": sensible_groups(len(present)), "rounds": 1, "new_faces": 50}
    if request.method != "POST":
        return _page(request, room, GroupsForm(present=present, initial=usual))
    form = GroupsForm(usual if "usual" in request.POST else request.POST, present=present)
    if form.is_valid():
        try:
            services.make_groups(room=room, wishes=form.wishes(), actor=actor_of(request), now=timezone.now())
        except RuleBroken as error:
            form.add_error(error.field, str(error.public_message))
        else:
            return redirect("room_groups", session_id)
    return _page(request, room, form, status=422)


def _page(request: HttpRequest, room: Room, form: GroupsForm, status: int = 200) -> HttpResponse:
    context: dict[str, Any] = {
        "room": room,
        "session": room.session,
        "workshop": room.session.workshop,
        "form": form,
        "draft": queries.seating_of(room, state=Grouping.State.DRAFT),
        "published": queries.seating_of(room, state=Grouping.State.PUBLISHED),
    }
    return render(request, "rooms/groups/edit.html", context, status=status)


@login_required
@require_GET
def groups_print(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """A card for each table of each round."""
    room = led_room(request, session_id)
    seating = queries.seating_of(room, state=Grouping.State.PUBLISHED) or queries.seating_of(
        room, state=Grouping.State.DRAFT
    )
    if seating is None:
        raise Http404
    context = {"room": room, "session": room.session, "workshop": room.session.workshop, "seating": seating}
    return render(request, "rooms/groups/cards.html", context)


def _uuid(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Http404 from error


def _grouping(request: HttpRequest, room: Room) -> Grouping:
    standing = Grouping.objects.select_related("room__session__workshop")
    return get_object_or_404(standing, pk=_uuid(request, "grouping"), room=room)


def _placement(request: HttpRequest, room: Room) -> Placement:
    standing = Placement.objects.select_related("grouping__room__session__workshop")
    return get_object_or_404(standing, pk=_uuid(request, "placement"), grouping__room=room)


def _publish(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    services.publish_groups(grouping=_grouping(request, room), actor=actor, now=now)
    messages.success(request, _("Published: every phone shows its table."))


def _round(request: HttpRequest, room: Room, actor: Person, _now: datetime) -> None:
    after = request.POST.get("after", "")
    if after.isdecimal():
        services.next_round(grouping=_grouping(request, room), after=int(after), actor=actor)


def _end(request: HttpRequest, room: Room, actor: Person, _now: datetime) -> None:
    services.end_groups(grouping=_grouping(request, room), actor=actor)


def _repair(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    moved = services.repair_groups(grouping=_grouping(request, room), actor=actor, now=now)
    said = ngettext("One person changes tables.", "%(n)d people change tables.", moved)
    messages.success(request, said % {"n": moved} if moved else _("Done; nobody had to change tables."))


def _move(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    placement = _placement(request, room)
    to = get_object_or_404(Group, pk=_uuid(request, "to"), grouping=placement.grouping)
    services.move(placement=placement, to=to, actor=actor, now=now)


def _fix(request: HttpRequest, room: Room, actor: Person, _now: datetime) -> None:
    placement = _placement(request, room)
    services.fix(placement=placement, fixed=request.POST.get("fixed") == "1", actor=actor)


ACTS: dict[str, Callable[[HttpRequest, Room, Person, datetime], None]] = {
    "publish": _publish,
    "round": _round,
    "end": _end,
    "repair": _repair,
    "move": _move,
    "fix": _fix,
}


@login_required
@require_POST
def groups_act(request: HttpRequest, session_id: UUID, name: str) -> HttpResponse:
    room = led_room(request, session_id)
    if name not in ACTS:
        raise Http404
    try:
        ACTS[name](request, room, actor_of(request), timezone.now())
    except RuleBroken as error:
        messages.error(request, str(error.public_message))
    return redirect("cockpit" if "cockpit" in request.POST else "room_groups", session_id)
