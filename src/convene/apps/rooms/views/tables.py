"""Tables on paper and in files, and why a table is as it is."""

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
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from convene.apps.people.queries import has_consent
from convene.apps.people.rules import PURPOSE_WORDS, Purpose
from convene.apps.rooms.forms.groups import SeatingForm
from convene.apps.rooms.models import Group, Grouping, Participant, Room
from convene.apps.rooms.queries import groups as queries
from convene.apps.rooms.queries.papers import Papers, papers_of
from convene.apps.rooms.rules import reasons as words
from convene.apps.rooms.services import seating
from convene.apps.rooms.services.papers import hand_out_zoom_file
from convene.apps.rooms.views.shared import Phone, actor_of, led_room, phone_of
from convene.apps.workshops.models import Workshop

PAPERS = {
    "cards": "rooms/groups/cards.html",
    "door": "rooms/groups/door.html",
    "sheets": "rooms/groups/sheets.html",
}
"""What is printed, and how."""


@login_required
@require_GET
def groups_print(request: HttpRequest, session_id: UUID, name: str = "cards") -> HttpResponse:
    """A card for each table, a list for the door, or a sheet for each person."""
    room = led_room(request, session_id)
    if name not in PAPERS:
        raise Http404
    context = _context(room) | {"papers": _papers(room)}
    return render(request, PAPERS[name], context)


def _context(room: Room) -> dict[str, Any]:
    return {"room": room, "session": room.session, "workshop": room.session.workshop}


def _standing(room: Room) -> Grouping:
    """What is published, else the draft."""
    found = {
        one.state: one
        for one in room.groupings.exclude(state=Grouping.State.REPLACED).select_related(
            "room__session__workshop"
        )
    }
    grouping = found.get(Grouping.State.PUBLISHED) or found.get(Grouping.State.DRAFT)
    if grouping is None:
        raise Http404
    return grouping


def _papers(room: Room) -> Papers:
    return papers_of(_standing(room))


@login_required
@require_GET
@never_cache
def groups_file(request: HttpRequest, session_id: UUID, name: str) -> HttpResponse:
    """The plan as JSON, or the round that is on as Zoom reads it."""
    room = led_room(request, session_id)
    grouping = _standing(room)
    if name == "plan.json":
        return _file(papers_of(grouping).as_json(), "application/json", "groups.json")
    if name != "zoom.csv":
        raise Http404
    made = hand_out_zoom_file(grouping=grouping, actor=actor_of(request), now=timezone.now())
    if not made.fits:
        messages.error(request, _("Zoom takes at most 100 rooms and 1,000 people; these are more."))
        return redirect("room_groups", session_id)
    return _file(made.text, "text/csv", f"zoom-round-{grouping.current_round}.csv")


def _file(text: str, kind: str, name: str) -> HttpResponse:
    answer = HttpResponse(text, content_type=f"{kind}; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer


@login_required
@require_GET
def groups_why(request: HttpRequest, session_id: UUID, group_id: UUID) -> HttpResponse:
    """Rule by rule, and the next best exchange."""
    room = led_room(request, session_id)
    tables = Group.objects.select_related("grouping__room__session__workshop")
    group = get_object_or_404(tables, pk=group_id, grouping__room=room)
    reasons, setting = queries.why_table(group, timezone.now())
    other = setting.tables[reasons.swap.other_table].name if reasons.swap else ""
    context = _context(room) | {
        "group": group,
        "table_name": setting.tables[group.number - 1].name,
        "said": words.table_words(reasons),
        "rules": words.rule_lines(reasons, setting.said, setting.names),
        "swap": words.swap_words(reasons, setting.names, other, group.grouping.mixing_bound),
        "people": group.placements.select_related("participant__person").order_by(
            "participant__person__name"
        ),
    }
    return render(request, "rooms/groups/why.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def phone_why(request: HttpRequest, session_id: UUID | None = None, token: str = "") -> HttpResponse:
    """Why this table, to the person alone; and what may be used for the next."""
    held = phone_of(request, session_id=session_id, token=token)
    me = held.participant
    if me is None:
        return redirect(held.address)
    offered = _languages(me, held.session.workshop)
    agrees = has_consent(me.person_id, Purpose.SEATING)
    known = {"agrees": agrees, "speaks": [code for code in me.person.speaks if code in offered]}
    form = SeatingForm(request.POST if request.method == "POST" else None, offered=offered, initial=known)
    if request.method == "POST" and form.is_valid():
        seating.choose_seating(participant=me, offered=offered, now=timezone.now(), **form.cleaned_data)
        messages.success(request, _("Saved. It counts from the next groups on."))
        return redirect(held.address)
    context = _why(held, me, timezone.now()) | {"form": form, "purpose": PURPOSE_WORDS[Purpose.SEATING]}
    return render(request, "rooms/groups/phone_why.html", context, status=422 if form.errors else 200)


def _languages(me: Participant, workshop: Workshop) -> list[str]:
    """Those of the workshop and of the page, and what the person named."""
    codes = [workshop.language, *workshop.further_languages, me.person.language, *me.person.speaks]
    return list(dict.fromkeys(code for code in codes if code))


def _why(held: Phone, me: Participant, now: datetime) -> dict[str, Any]:
    context: dict[str, Any] = {"phone": held, "session": held.session, "workshop": held.session.workshop}
    table = queries.table_of(me)
    if table is not None:
        reasons, setting = queries.why_person(me, table.group, now)
        context |= {
            "table_name": setting.tables[table.group.number - 1].name,
            "said": words.person_words(reasons, setting.labels),
        }
    return context
