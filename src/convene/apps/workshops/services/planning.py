"""Make a workshop, edit it, and set its sessions. Times come in as instants; forms read wall times."""

from __future__ import annotations

import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.db.models import F, ProtectedError
from django.utils import translation
from django.utils.translation import gettext as _

from convene.apps.communities.models import Community
from convene.apps.people.models import Person
from convene.apps.workshops import permissions, ports
from convene.apps.workshops.events import SessionRemoved, WorkshopDetailsChanged, WorkshopTimesChanged
from convene.apps.workshops.models import ChecklistItem, Session, Workshop
from convene.apps.workshops.permissions import Permission
from convene.apps.workshops.rules import times
from convene.apps.workshops.rules import workshop as rules
from convene.apps.workshops.services.claims import claim, must_plan
from convene.apps.workshops.services.due import schedule_due
from convene.apps.workshops.starters import Starter, starter_for
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish
from convene.foundation.mail.services import mail_domain


class Details(TypedDict, total=False):
    """What a workshop is about; its title apart, since a new one cannot do without."""

    summary: str
    description: str
    kind: str
    audience: str
    depth: str
    outcomes: str
    prerequisites: str
    language: str
    further_languages: list[str]
    format: str
    recording: str
    access_offered: str
    counts_minutes: bool
    brief: str
    run_sheet: str


@dataclass(frozen=True, kw_only=True)
class SessionPlan:
    """What one session shall be; `session_id` None adds one."""

    starts_at: datetime
    ends_at: datetime
    zone: str
    place: str = ""
    join_url: str = ""
    session_id: UUID | None = None


@transaction.atomic
def create_workshop(
    *,
    community: Community,
    template: str,
    title: str,
    actor: Person,
    now: datetime,
    starts_at: datetime | None = None,
    minutes: int | None = None,
    zone: str = "",
    place: str = "",
    join_url: str = "",
    seats: int | None = None,
    minimum: int | None = None,
    **details: Unpack[Details],
) -> Workshop:
    """A draft from a template, with checklist and seat policy; and its first session, given `starts_at`."""
    if not permissions.can_create(actor, community.pk):
        raise NotAllowed(Permission.PLAN_WORKSHOP)
    starter = starter_for(template)
    workshop = Workshop(community=community, title=title.strip(), template=starter.key, created_by=actor)
    with translation.override(community.language):
        _fill_from(workshop, starter)
    for name, value in details.items():
        setattr(workshop, name, value)
    workshop.save()
    _write_checklist(workshop, starter)
    if starts_at is not None:
        ends_at = starts_at + timedelta(minutes=minutes or starter.minutes)
        plan = SessionPlan(
            starts_at=starts_at, ends_at=ends_at, zone=zone or community.zone, place=place, join_url=join_url
        )
        rules.check_future(starts_at, now)
        _add(workshop, plan)
    capacity = starter.seats if seats is None else seats
    fewest = min(starter.minimum if minimum is None else minimum, capacity)
    ports.give_seats(workshop=workshop, capacity=capacity, minimum=fewest, actor=actor, now=now)
    return workshop


def _fill_from(workshop: Workshop, starter: Starter) -> None:
    workshop.kind, workshop.audience, workshop.depth = starter.kind, starter.audience, starter.depth
    workshop.recording, workshop.language = starter.recording, workshop.community.language
    workshop.description, workshop.run_sheet = str(starter.description), str(starter.run_sheet)


def _write_checklist(workshop: Workshop, starter: Starter) -> None:
    with translation.override(workshop.community.language):
        ChecklistItem.objects.bulk_create(
            ChecklistItem(
                workshop=workshop,
                key=item.key,
                text=str(item.text),
                lead_days=item.lead_days,
                working_days=item.working_days,
            )
            for item in starter.checklist
        )


@transaction.atomic
def update_workshop(
    *,
    workshop: Workshop,
    actor: Person,
    now: datetime,
    title: str | None = None,
    seen_revision: int | None = None,
    **details: Unpack[Details],
) -> None:
    """Change what it is about; a new title also reaches calendars once it is published."""
    must_plan(actor, workshop)
    old_title = workshop.title
    new_title = old_title if title is None else title.strip()
    claim(workshop, rules.EDITABLE, seen_revision=seen_revision, title=new_title, **details)
    if new_title != old_title:
        _tell_details(workshop, list(workshop.sessions.values_list("pk", flat=True)), actor=actor, now=now)


@transaction.atomic
def add_session(*, workshop: Workshop, plan: SessionPlan, actor: Person, now: datetime) -> Session:
    must_plan(actor, workshop)
    claim(workshop, rules.EDITABLE)
    sessions = list(workshop.sessions.all())
    rules.check_room_for_session(len(sessions))
    rules.check_future(plan.starts_at, now)
    rules.check_no_overlap([*((s.starts_at, s.ends_at) for s in sessions), (plan.starts_at, plan.ends_at)])
    session = _add(workshop, plan)
    _tell_times(workshop, [session.pk], actor=actor, now=now)
    return session


def _add(workshop: Workshop, plan: SessionPlan) -> Session:
    rules.check_session_times(plan.starts_at, plan.ends_at)
    times.zone_named(plan.zone)
    return Session.objects.create(
        workshop=workshop,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        zone=plan.zone,
        place=plan.place.strip(),
        join_url=plan.join_url.strip(),
        uid=f"{uuid.uuid4()}@{mail_domain()}",
    )


@transaction.atomic
def remove_session(*, workshop: Workshop, session_id: UUID, actor: Person, now: datetime) -> None:
    """Take one session out; the others' calendar entries stay, its own goes.

    Raises RuleBroken(session_on_record) when somebody's presence or apology is: nothing relied on vanishes.
    """
    must_plan(actor, workshop)
    claim(workshop, rules.EDITABLE)
    rules.check_removable(workshop.state, workshop.sessions.count())
    session = Session.objects.filter(pk=session_id, workshop=workshop).first()
    if session is None:
        raise RuleBroken(_("This session is gone already."), code="session_gone")
    if workshop.state != Workshop.State.DRAFT:
        publish(
            SessionRemoved(subject_id=workshop.pk, community_id=workshop.community_id, session_id=session_id),
            actor=actor,
            now=now,
        )
    try:
        session.delete()
    except ProtectedError as error:
        raise RuleBroken(
            _("Somebody came to this session or sent apologies for it, so it stays on their record."),
            code="session_on_record",
        ) from error
    _tell_times(workshop, [session_id], actor=actor, now=now)


@transaction.atomic
def change_sessions(
    *,
    workshop: Workshop,
    plans: Sequence[SessionPlan],
    actor: Person,
    now: datetime,
    seen_revision: int | None = None,
) -> None:
    """Move sessions or their places. Published ones rise in SEQUENCE; a postponed workshop is on again.

    Of two changes made from the same page (`seen_revision`) only one goes on.
    """
    must_plan(actor, workshop)
    was_postponed = workshop.state == Workshop.State.POSTPONED
    known = {session.pk: session for session in workshop.sessions.all()}
    pairs = [(known[plan.session_id], plan) for plan in plans if plan.session_id in known]
    moved = [(session, plan) for session, plan in pairs if _moves(session, plan)]
    if was_postponed and not moved:
        raise RuleBroken(_("Choose the new time."), code="no_new_time", field="starts")
    _check_new_times(known, moved, now)
    if was_postponed:
        on_again = {"state": rules.PUBLISHED, "state_reason": "", "minimum_decision": ""}
        claim(workshop, rules.EDITABLE, seen_revision=seen_revision, **on_again)
    else:
        claim(workshop, rules.EDITABLE, seen_revision=seen_revision)
    told = workshop.state != Workshop.State.DRAFT
    for session, plan in moved:
        _move(session, plan, told=told)
    elsewhere = [session.pk for session, plan in pairs if _place(session, plan)]
    _tell_times(workshop, [session.pk for session, _plan in moved], actor=actor, now=now)
    _tell_details(workshop, set(elsewhere) - {session.pk for session, _plan in moved}, actor=actor, now=now)


def _moves(session: Session, plan: SessionPlan) -> bool:
    return (session.starts_at, session.ends_at, session.zone) != (plan.starts_at, plan.ends_at, plan.zone)


def _check_new_times(
    known: dict[UUID, Session], moved: Sequence[tuple[Session, SessionPlan]], now: datetime
) -> None:
    after = {pk: (session.starts_at, session.ends_at) for pk, session in known.items()}
    for session, plan in moved:
        times.zone_named(plan.zone)
        rules.check_session_times(plan.starts_at, plan.ends_at)
        rules.check_future(plan.starts_at, now)
        after[session.pk] = (plan.starts_at, plan.ends_at)
    rules.check_no_overlap(list(after.values()))


def _move(session: Session, plan: SessionPlan, *, told: bool) -> None:
    Session.objects.filter(pk=session.pk).update(
        previous_starts_at=F("starts_at") if told else None,
        starts_at=plan.starts_at,
        ends_at=plan.ends_at,
        zone=plan.zone,
        sequence=F("sequence") + (1 if told else 0),
    )


def _place(session: Session, plan: SessionPlan) -> bool:
    """Set place and link; whether that changed anything."""
    place, join_url = plan.place.strip(), plan.join_url.strip()
    if (session.place, session.join_url) == (place, join_url):
        return False
    Session.objects.filter(pk=session.pk).update(place=place, join_url=join_url)
    return True


def _tell_times(workshop: Workshop, session_ids: Sequence[UUID], *, actor: Person, now: datetime) -> None:
    if session_ids and workshop.state == Workshop.State.PUBLISHED:
        schedule_due(workshop, now)
        publish(
            WorkshopTimesChanged(
                subject_id=workshop.pk, community_id=workshop.community_id, session_ids=tuple(session_ids)
            ),
            actor=actor,
            now=now,
        )


def _tell_details(
    workshop: Workshop, session_ids: Sequence[UUID] | set[UUID], *, actor: Person, now: datetime
) -> None:
    """Raise SEQUENCE where the time did not (a mover has risen already) and say so."""
    if not session_ids or workshop.state != Workshop.State.PUBLISHED:
        return
    Session.objects.filter(pk__in=list(session_ids)).update(sequence=F("sequence") + 1)
    publish(
        WorkshopDetailsChanged(
            subject_id=workshop.pk, community_id=workshop.community_id, session_ids=tuple(session_ids)
        ),
        actor=actor,
        now=now,
    )
