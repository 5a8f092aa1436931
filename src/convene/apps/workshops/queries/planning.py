"""The plan at a glance: what is done, what is open."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.workshops import ports
from convene.apps.workshops.models import Facilitation, Invitee, Session, Workshop
from convene.apps.workshops.queries.preparing import due_items
from convene.apps.workshops.rules.checks import FEWEST_FACILITATORS


@dataclass(frozen=True)
class PlanStep:
    """One part of the plan; `note` says how far it is in words."""

    label: str
    url_name: str
    is_done: bool
    note: str
    only_stewards: bool = True


def plan_steps(workshop: Workshop, now: dt.datetime) -> list[PlanStep]:
    """In the order one plans; seven queries."""
    sessions = list(workshop.sessions.all())
    return [
        _details(workshop),
        _sessions(workshop, sessions),
        _facilitators(workshop),
        _room(workshop),
        _seats(workshop),
        _run(workshop),
        _checklist(workshop, now),
        _resources(workshop),
    ]


def _details(workshop: Workshop) -> PlanStep:
    done = bool(workshop.description.strip() or workshop.outcomes.strip())
    note = _("%(kind)s, for %(audience)s") % {
        "kind": workshop.get_kind_display(),
        "audience": workshop.get_audience_display(),
    }
    return PlanStep(_("What it is about"), "workshop_details", done, note)


def _sessions(workshop: Workshop, sessions: list[Session]) -> PlanStep:
    online = workshop.format != Workshop.Format.IN_PERSON
    placed = all(session.join_url if online else session.place for session in sessions)
    if not sessions:
        note = _("no time yet")
    elif not placed:
        note = _("the join link is missing") if online else _("the place is missing")
    else:
        note = ngettext("%(count)d session", "%(count)d sessions", len(sessions)) % {"count": len(sessions)}
    return PlanStep(_("When and where"), "workshop_sessions", bool(sessions) and placed, note)


def _facilitators(workshop: Workshop) -> PlanStep:
    states = list(workshop.facilitations.values_list("state", flat=True))
    accepted, asked = states.count(Facilitation.State.ACCEPTED), states.count(Facilitation.State.INVITED)
    note = ngettext("%(count)d has accepted", "%(count)d have accepted", accepted) % {"count": accepted}
    if asked:
        waiting = ngettext("%(count)d is asked", "%(count)d are asked", asked) % {"count": asked}
        note = f"{note}, {waiting}"
    return PlanStep(_("Who facilitates"), "workshop_people", accepted >= FEWEST_FACILITATORS, note)


def _room(workshop: Workshop) -> PlanStep:
    states = list(workshop.invitees.values_list("state", flat=True))
    invited = len(states) - states.count(Invitee.State.LISTED)
    note = ngettext("%(count)d invited", "%(count)d invited", invited) % {"count": invited}
    return PlanStep(_("Who should be in the room"), "workshop_room", invited > 0, note)


def _seats(workshop: Workshop) -> PlanStep:
    figures = ports.seat_figures([workshop.pk]).get(workshop.pk)
    if figures is None:
        note = _("not said yet")
    elif figures.capacity is None:
        note = _("no limit")
    else:
        note = ngettext("%(count)d seat", "%(count)d seats", figures.capacity) % {"count": figures.capacity}
    return PlanStep(_("How seats are given"), "seat_policy", figures is not None, note)


def _run(workshop: Workshop) -> PlanStep:
    done = bool(workshop.brief.strip() and workshop.run_sheet.strip())
    note = _("the brief is empty") if not workshop.brief.strip() else _("brief and blocks are there")
    return PlanStep(_("Brief and run of the session"), "workshop_run", done, note)


def _checklist(workshop: Workshop, now: dt.datetime) -> PlanStep:
    items = due_items(workshop, now)
    open_items = [due for due in items if due.item.done_at is None]
    late = sum(due.is_late for due in items)
    note = ngettext("%(count)d open", "%(count)d open", len(open_items)) % {"count": len(open_items)}
    if late:
        note = f"{note}, {ngettext('%(count)d late', '%(count)d late', late) % {'count': late}}"
    return PlanStep(_("Checklist"), "workshop_checklist", not open_items, note, only_stewards=False)


def _resources(workshop: Workshop) -> PlanStep:
    count = workshop.resources.count()
    note = ngettext("%(count)d thing to read", "%(count)d things to read", count) % {"count": count}
    return PlanStep(_("Resources"), "workshop_resources", count > 0, note, only_stewards=False)


def shown_workshops(rows: QuerySet[Workshop], now: dt.datetime) -> tuple[list[Workshop], list[Workshop]]:
    """Those to come (drafts and postponed ones too), and those that are over or cancelled, newest first."""
    over = {Workshop.State.HELD, Workshop.State.CANCELLED}
    found = list(rows)
    past = [row for row in found if row.state in over or _is_past(row, now)]
    coming = [row for row in found if row not in past]
    return coming, past[::-1]


def _is_past(workshop: Workshop, now: dt.datetime) -> bool:
    sessions = workshop.sessions.all()
    published = workshop.state == Workshop.State.PUBLISHED
    return published and bool(sessions) and max(session.ends_at for session in sessions) <= now
