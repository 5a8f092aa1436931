"""What will go wrong by itself, for the stewards' Today."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from convene.apps.communities.models import Community
from convene.apps.workshops import ports
from convene.apps.workshops.models import ChecklistItem, Facilitation, Session, Workshop
from convene.apps.workshops.queries.preparing import due_items, first_session
from convene.apps.workshops.rules.checks import FEWEST_FACILITATORS
from convene.apps.workshops.rules.workshop import SeatFigures, needs_decision
from convene.apps.workshops.starters import ItemKey

SECOND_FACILITATOR = dt.timedelta(days=9)
LINK_NEEDED = dt.timedelta(days=2)
PLACE_NEEDED = dt.timedelta(days=7)
DRAFT_CLOSE = dt.timedelta(days=7)
CAPTIONS_AHEAD = dt.timedelta(days=2)


@dataclass(frozen=True)
class Risk:
    """One thing to mend, and the page where: `url_name` takes the workshop's id."""

    workshop: Workshop
    code: str
    text: str
    url_name: str
    is_decision: bool = False


def planning_risks(community: Community, now: dt.datetime) -> list[Risk]:
    """Risks of the community's coming workshops, the soonest workshop first; five queries at most."""
    workshops = list(
        Workshop.objects.filter(
            community=community,
            state__in=[Workshop.State.DRAFT, Workshop.State.PUBLISHED],
            sessions__ends_at__gt=now,
        )
        .distinct()
        .prefetch_related(
            Prefetch("sessions", Session.objects.order_by("starts_at")),
            Prefetch("checklist", ChecklistItem.objects.filter(done_at=None)),
            Prefetch("facilitations", Facilitation.objects.select_related("person")),
        )
    )
    figures = ports.seat_figures([workshop.pk for workshop in workshops])
    workshops.sort(key=lambda workshop: workshop.sessions.all()[0].starts_at)
    return [
        risk
        for workshop in workshops
        for risk in _risks(workshop, figures.get(workshop.pk) or SeatFigures(), now)
    ]


def _risks(workshop: Workshop, figures: SeatFigures, now: dt.datetime) -> Iterable[Risk]:
    first = first_session(workshop)
    if first is None:
        return
    yield from _decisions(workshop, figures, first, now)
    yield from _people(workshop, first.starts_at - now)
    yield from _where(workshop, now)
    yield from _checklist(workshop, now)


def _decisions(workshop: Workshop, figures: SeatFigures, first: Session, now: dt.datetime) -> Iterable[Risk]:
    decided = bool(workshop.minimum_decision)
    published = workshop.state == Workshop.State.PUBLISHED
    since = workshop.published_at or now
    if published and needs_decision(
        figures=figures, first_start=first.starts_at, published_at=since, decided=decided, now=now
    ):
        text = _("Fewer people hold a seat than it needs: decide what becomes of it.")
        yield Risk(workshop, "below_minimum", text, "workshop_minimum", is_decision=True)
    if not published and now < first.starts_at <= now + DRAFT_CLOSE:
        text = _("It is still a draft, and its first session is less than a week away.")
        yield Risk(workshop, "draft_close", text, "workshop_check")
    for facilitation in workshop.facilitations.all():
        if facilitation.state == Facilitation.State.SUGGESTED:
            text = _("%(name)s suggests someone else to facilitate.") % {"name": facilitation.person}
            yield Risk(workshop, "facilitator_suggests", text, "workshop_people", is_decision=True)


def _people(workshop: Workshop, ahead: dt.timedelta) -> Iterable[Risk]:
    accepted = sum(f.state == Facilitation.State.ACCEPTED for f in workshop.facilitations.all())
    if accepted < FEWEST_FACILITATORS and ahead <= SECOND_FACILITATOR:
        text = _("There is no second person to facilitate.") if accepted else _("Nobody facilitates yet.")
        yield Risk(workshop, "facilitator_missing", text, "workshop_people")


def _where(workshop: Workshop, now: dt.datetime) -> Iterable[Risk]:
    online = workshop.format in {Workshop.Format.ONLINE, Workshop.Format.HYBRID}
    in_person = workshop.format in {Workshop.Format.IN_PERSON, Workshop.Format.HYBRID}
    coming = [session for session in workshop.sessions.all() if session.starts_at > now]
    if online and any(not s.join_url and s.starts_at - now <= LINK_NEEDED for s in coming):
        text = _("There is no join link yet, and it starts within two days.")
        yield Risk(workshop, "join_link_missing", text, "workshop_sessions")
    if in_person and any(not s.place and s.starts_at - now <= PLACE_NEEDED for s in coming):
        text = _("There is no place yet, and it starts within a week.")
        yield Risk(workshop, "place_missing", text, "workshop_sessions")


def _checklist(workshop: Workshop, now: dt.datetime) -> Iterable[Risk]:
    items = due_items(workshop, now)
    captions = [due for due in items if due.item.key == ItemKey.CAPTIONS and not due.item.done_at]
    for due in captions:
        if due.due_on is not None and due.due_on <= (now + CAPTIONS_AHEAD).date():
            text = _("Captions are not ordered; they need five working days.")
            yield Risk(workshop, "captions_not_ordered", text, "workshop_checklist")
    late = sum(due.is_late for due in items if due not in captions)
    if late:
        text = ngettext(
            "%(count)d thing of the checklist is late.", "%(count)d things of the checklist are late.", late
        )
        yield Risk(workshop, "checklist_late", text % {"count": late}, "workshop_checklist")
