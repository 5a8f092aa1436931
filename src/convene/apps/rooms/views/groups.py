"""Making groups, saying what must hold, changing them by hand, publishing."""

from __future__ import annotations

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
from django.views.decorators.http import require_POST

from convene.apps.people.models import Person
from convene.apps.rooms.forms.groups import GroupsForm, RuleForm, TablesForm
from convene.apps.rooms.models import Group, Grouping, Placement, Room, TableRule
from convene.apps.rooms.queries import groups as queries
from convene.apps.rooms.queries import mixing
from convene.apps.rooms.rules.groups import TIER, Clashing, MoveBreaks, Wishes, sensible_groups
from convene.apps.rooms.services import groups as services
from convene.apps.rooms.services import moving, seating
from convene.apps.rooms.views.shared import Act, actor_of, led_room, press
from convene.foundation.errors import RuleBroken

State = Grouping.State


@login_required
def room_groups(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One press makes groups with sensible wishes; the form is for other wishes."""
    room = led_room(request, session_id)
    if request.method != "POST":
        return _page(request, room)
    usual = {
        "groups": sensible_groups(len(queries.here(room))),
        "rounds": 1,
        "new_faces": 50,
        "mixes": [TIER],
    }
    form = GroupsForm(usual if "usual" in request.POST else request.POST, aspects=mixing.aspects(room))
    if form.is_valid():
        try:
            services.make_groups(room=room, wishes=form.wishes(), actor=actor_of(request), now=timezone.now())
        except Clashing as clash:
            return _page(request, room, status=422, form=form, clash=clash)
        except RuleBroken as error:
            form.add_error(error.field, str(error.public_message))
        else:
            return redirect("room_groups", session_id)
    return _page(request, room, status=422, form=form)


@login_required
@require_POST
def groups_rule(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """One more thing that must hold at the tables."""
    room = led_room(request, session_id)
    form = RuleForm(request.POST, present=queries.here(room), aspects=mixing.aspects(room))
    if form.is_valid():
        try:
            seating.add_table_rule(
                room=room, actor=actor_of(request), now=timezone.now(), **form.rule_asked()
            )
        except RuleBroken as error:
            form.add_error(error.field, str(error.public_message))
        else:
            messages.success(request, _("It holds from the next time groups are made."))
            return redirect("room_groups", session_id)
    return _page(request, room, status=422, rule_form=form)


@login_required
@require_POST
def groups_tables(request: HttpRequest, session_id: UUID) -> HttpResponse:
    """What tables are called, and where their breakouts are."""
    room = led_room(request, session_id)
    grouping = _grouping(request, room)
    form = TablesForm(request.POST, tables=list(grouping.groups.filter(round=1)))
    if not form.is_valid():
        return _page(request, room, status=422, tables_form=form)
    moving.name_tables(grouping=grouping, places=form.places(), actor=actor_of(request))
    messages.success(request, _("Saved."))
    return redirect("room_groups", session_id)


def _page(request: HttpRequest, room: Room, *, status: int = 200, **more: Any) -> HttpResponse:
    present, aspects = queries.here(room), mixing.aspects(room)
    draft = queries.seating_of(room, state=State.DRAFT)
    published = queries.seating_of(room, state=State.PUBLISHED)
    labels = {one.key: one.label for one in aspects}
    context: dict[str, Any] = {
        "room": room,
        "session": room.session,
        "workshop": room.session.workshop,
        "form": GroupsForm(aspects=aspects, initial=_asked(draft or published, len(present))),
        "rule_form": RuleForm(present=present, aspects=aspects),
        "rules": [(rule, mixing.words_of(rule, labels)) for rule in mixing.rules_of(room)],
        "draft": draft,
        "published": published,
    }
    for name in ("draft", "published"):
        if context[name] is not None:
            context[f"{name}_broken"] = queries.what_is_broken(context[name].grouping)
    named = draft or published
    if named is not None:
        tables = [table.group for table in named.rounds[0]]
        context |= {"named": named.grouping, "tables_form": TablesForm(tables=tables)}
    return render(request, "rooms/groups/edit.html", context | more, status=status)


def _asked(seating_: queries.Seating | None, here: int) -> dict[str, Any]:
    """The form shows what was asked last."""
    if seating_ is None:
        return {"groups": sensible_groups(here), "rounds": 1, "new_faces": 50, "mixes": [TIER]}
    grouping = seating_.grouping
    wishes = Wishes.kept(grouping.rules, grouping.groups_count)
    return {
        "groups": wishes.groups,
        "rounds": wishes.rounds,
        "new_faces": wishes.new_faces,
        "mixes": list(wishes.mixes),
        "ordered": list(wishes.ordered),
    }


def _uuid(request: HttpRequest, name: str) -> UUID:
    try:
        return UUID(request.POST.get(name, ""))
    except ValueError as error:
        raise Http404 from error


def _grouping(request: HttpRequest, room: Room) -> Grouping:
    standing = Grouping.objects.select_related("room__session__workshop")
    return get_object_or_404(standing, pk=_uuid(request, "grouping"), room=room)


def _placement(request: HttpRequest, room: Room) -> Placement:
    standing = Placement.objects.select_related("grouping__room__session__workshop", "participant__person")
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


def _move(request: HttpRequest, room: Room, actor: Person, now: datetime) -> HttpResponse | None:
    """What the move would break is said first; the page then asks whether to do it anyway."""
    placement = _placement(request, room)
    to = _table(request, placement)
    try:
        moving.move(
            placement=placement, to=to, actor=actor, now=now, anyway=request.POST.get("anyway") == "1"
        )
    except MoveBreaks as error:
        asked = {"placement": placement, "to": to, "broken": error.broken}
        return _page(request, room, status=422, asked=asked)
    return None


def _table(request: HttpRequest, placement: Placement) -> Group:
    """Named by its id, or where there are many by its number in the same round."""
    tables = Group.objects.filter(grouping=placement.grouping, round=placement.round)
    number = request.POST.get("number", "")
    if not number:
        return get_object_or_404(tables, pk=_uuid(request, "to"))
    found = tables.filter(number=int(number)).first() if number.isdecimal() and len(number) < 6 else None  # noqa: PLR2004  # no room has so many
    if found is None:
        raise RuleBroken(_("There is no table of this number."), code="no_table")
    return found


def _undo(request: HttpRequest, room: Room, actor: Person, now: datetime) -> None:
    if moving.undo(grouping=_grouping(request, room), actor=actor, now=now):
        messages.success(request, _("Taken back."))
    else:
        messages.info(request, _("There is nothing to take back."))


def _fix(request: HttpRequest, room: Room, actor: Person, _now: datetime) -> None:
    placement = _placement(request, room)
    moving.fix(placement=placement, fixed=request.POST.get("fixed") == "1", actor=actor)


def _unrule(request: HttpRequest, room: Room, actor: Person, _now: datetime) -> None:
    rule = TableRule.objects.filter(pk=_uuid(request, "rule"), room=room).select_related(
        "room__session__workshop"
    )
    for one in rule:
        seating.remove_table_rule(rule=one, actor=actor)


ACTS: dict[str, Act] = {
    "publish": _publish,
    "round": _round,
    "end": _end,
    "repair": _repair,
    "move": _move,
    "undo": _undo,
    "fix": _fix,
    "unrule": _unrule,
}


@login_required
@require_POST
def groups_act(request: HttpRequest, session_id: UUID, name: str) -> HttpResponse:
    answer = press(request, session_id, name, ACTS)
    back = redirect("cockpit" if "cockpit" in request.POST else "room_groups", session_id)
    moved = request.POST.get("placement", "") if name in {"move", "fix"} else ""
    if moved:
        back["Location"] += f"#p-{UUID(moved)}"
    return answer or back
