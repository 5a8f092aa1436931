"""Repeat a workshop, publish its dates, and change them from one date on."""

from __future__ import annotations

import datetime as dt
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.workshops import ports
from convene.apps.workshops.models import ChecklistItem, Series, Session, Workshop
from convene.apps.workshops.rules import times
from convene.apps.workshops.rules import workshop as workshop_rules
from convene.apps.workshops.series import queries, rules
from convene.apps.workshops.series.events import SeriesChanged, SeriesMade
from convene.apps.workshops.services import (
    SessionPlan,
    change_sessions,
    publish_workshop,
    update_workshop,
)
from convene.apps.workshops.services.claims import claim, must_lead, must_plan
from convene.foundation.errors import RuleBroken
from convene.foundation.events import publish
from convene.foundation.mail.services import mail_domain

COPIED = (
    "summary",
    "description",
    "kind",
    "audience",
    "depth",
    "outcomes",
    "prerequisites",
    "language",
    "further_languages",
    "format",
    "recording",
    "access_offered",
    "counts_minutes",
    "brief",
    "run_sheet",
)
"""What dates of a series share; facilitators say yes to each date themselves."""


@transaction.atomic
def repeat_workshop(*, workshop: Workshop, repeat: rules.Repeat, actor: Person, now: dt.datetime) -> Series:
    """Make the dates: drafts like this one, each with its own sessions, seats and calendar entries.

    Of two stewards repeating it at once only one goes on.
    """
    must_plan(actor, workshop)
    workshop_rules.check_editable(workshop.state)
    sessions = list(workshop.sessions.order_by("starts_at"))
    if not sessions:
        raise RuleBroken(_("Give it a time first; the dates follow from it."), code="series_no_time")
    first = sessions[0]
    first_day = times.local_time(first.starts_at, first.zone).date()
    listed = rules.days(repeat, first_day)
    series = Series.objects.create(
        community_id=workshop.community_id,
        title=workshop.title,
        rrule=rules.rule_text(repeat, first.starts_at, first.zone),
    )
    if Workshop.objects.filter(pk=workshop.pk, series=None).update(series=series) != 1:
        raise RuleBroken(_("It belongs to a series already."), code="series_already")
    workshop.refresh_from_db()
    copies = [
        _copy(workshop, sessions, (day - first_day).days, actor, now)
        for day in listed[1:]
        if day not in repeat.skipped
    ]
    publish(
        SeriesMade(
            subject_id=series.pk,
            community_id=workshop.community_id,
            workshop_ids=tuple(copy.pk for copy in copies),
        ),
        actor=actor,
        now=now,
    )
    return series


def _copy(
    source: Workshop, sessions: Sequence[Session], days_on: int, actor: Person, now: dt.datetime
) -> Workshop:
    target = Workshop.objects.create(
        community_id=source.community_id,
        series_id=source.series_id,
        title=source.title,
        template=source.template,
        created_by=actor,
        **{name: getattr(source, name) for name in COPIED},
    )
    for session in sessions:
        starts_at = rules.moved_to(session.starts_at, session.zone, days_on=days_on)
        Session.objects.create(
            workshop=target,
            starts_at=starts_at,
            ends_at=starts_at + (session.ends_at - session.starts_at),
            zone=session.zone,
            place=session.place,
            join_url=session.join_url,
            uid=f"{uuid.uuid4()}@{mail_domain()}",
        )
    ChecklistItem.objects.bulk_create(
        ChecklistItem(
            workshop=target,
            key=item.key,
            text=item.text,
            lead_days=item.lead_days,
            working_days=item.working_days,
            owner_id=item.owner_id,
        )
        for item in source.checklist.all()
    )
    ports.copy_seats(
        source=source, target=target, days_on=days_on, zone=sessions[0].zone, actor=actor, now=now
    )
    return target


@dataclass(frozen=True)
class Published:
    """How many dates were published, and why others were not."""

    count: int
    refused: list[tuple[Workshop, str]]


def publish_series(*, series: Series, actor: Person, now: dt.datetime) -> Published:
    """Publish each draft that passes its check; one that does not keeps none of the others back."""
    count, refused = 0, []
    for workshop in queries.workshops_of(series).filter(state=Workshop.State.DRAFT):
        try:
            publish_workshop(workshop=workshop, actor=actor, now=now)
        except RuleBroken as error:
            refused.append((workshop, str(error.public_message)))
        else:
            count += 1
    return Published(count, refused)


@dataclass(frozen=True, kw_only=True)
class NewTime:
    """From here on: `days_on` days later (or earlier), at this wall time, for so long, there."""

    at: dt.time
    minutes: int
    days_on: int = 0
    place: str = ""
    join_url: str = ""


@transaction.atomic
def move_from_here(*, workshop: Workshop, to: NewTime, actor: Person, now: dt.datetime) -> list[Workshop]:
    """Move this date and the later ones. People of published ones are told, each choice opens again."""
    must_plan(actor, workshop)
    rows = queries.from_here(workshop)
    for row in rows:
        sessions = list(row.sessions.all())
        rules.check_one_session(len(sessions))
        session = sessions[0]
        starts_at = rules.moved_to(session.starts_at, session.zone, days_on=to.days_on, at=to.at)
        plan = SessionPlan(
            session_id=session.pk,
            starts_at=starts_at,
            ends_at=starts_at + dt.timedelta(minutes=to.minutes),
            zone=session.zone,
            place=to.place,
            join_url=to.join_url,
        )
        change_sessions(workshop=row, plans=[plan], actor=actor, now=now)
    _tell(workshop, rows, actor, now)
    return rows


@transaction.atomic
def details_from_here(*, workshop: Workshop, actor: Person, now: dt.datetime) -> list[Workshop]:
    """What this date says of itself (not its times, seats or people) holds for the later ones too."""
    must_plan(actor, workshop)
    later = queries.from_here(workshop)[1:]
    details = {name: getattr(workshop, name) for name in COPIED}
    for row in later:
        update_workshop(workshop=row, title=workshop.title, actor=actor, now=now, **details)
    if workshop.series is not None:
        Series.objects.filter(pk=workshop.series.pk).update(title=workshop.title)
    _tell(workshop, later, actor, now)
    return later


@transaction.atomic
def keep_run_sheet(*, workshop: Workshop, run_sheet: str, actor: Person, now: dt.datetime) -> int:
    """What was run becomes the run sheet, by whoever leads it, also once it was held.

    Coming dates of its series follow if theirs was the same as this one's; how many is returned. One that
    somebody rewrote is left alone.
    """
    must_lead(actor, workshop)
    old = workshop.run_sheet
    claim(workshop, (*workshop_rules.EDITABLE, workshop_rules.HELD), run_sheet=run_sheet)
    later = queries.coming_like(workshop, run_sheet=old)
    for row in later:
        claim(row, workshop_rules.EDITABLE, run_sheet=run_sheet)
    _tell(workshop, later, actor, now)
    return len(later)


def _tell(workshop: Workshop, rows: Sequence[Workshop], actor: Person, now: dt.datetime) -> None:
    if workshop.series_id is not None and rows:
        publish(
            SeriesChanged(
                subject_id=workshop.series_id,
                community_id=workshop.community_id,
                workshop_ids=tuple(row.pk for row in rows),
            ),
            actor=actor,
            now=now,
        )
