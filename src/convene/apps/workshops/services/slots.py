"""A time together: propose slots, ask, choose one; it becomes the session."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.workshops import letters
from convene.apps.workshops.invitations import facilitation_url, room_url
from convene.apps.workshops.models import Slot, SlotAnswer, Workshop
from convene.apps.workshops.permissions import Permission
from convene.apps.workshops.queries.slots import asked_facilitators, asked_invitees, is_asked
from convene.apps.workshops.rules import times
from convene.apps.workshops.rules import workshop as rules
from convene.apps.workshops.services.claims import must_plan
from convene.apps.workshops.services.planning import SessionPlan, add_session, change_sessions
from convene.foundation.errors import NotAllowed, RuleBroken

MOST_SLOTS = 12


@transaction.atomic
def propose_slot(
    *,
    workshop: Workshop,
    starts_at: datetime,
    ends_at: datetime,
    zone: str,
    actor: Person,
    now: datetime,
) -> Slot:
    must_plan(actor, workshop)
    rules.check_state(workshop.state, {rules.DRAFT, rules.POSTPONED})
    rules.check_future(starts_at, now)
    rules.check_session_times(starts_at, ends_at)
    times.zone_named(zone)
    if workshop.slots.count() >= MOST_SLOTS:
        raise RuleBroken(
            _("Twelve times are enough to choose from. Remove one first."), code="too_many_slots"
        )
    slot, made = Slot.objects.get_or_create(
        workshop=workshop, starts_at=starts_at, defaults={"ends_at": ends_at, "zone": zone}
    )
    if not made:
        raise RuleBroken(_("This time is on the list already."), code="slot_twice", field="starts")
    return slot


@transaction.atomic
def drop_slot(*, workshop: Workshop, slot_id: UUID, actor: Person) -> None:
    must_plan(actor, workshop)
    Slot.objects.filter(pk=slot_id, workshop=workshop, chosen_at=None).delete()


@transaction.atomic
def ask_about_slots(*, workshop: Workshop, actor: Person, now: datetime) -> int:
    """Mail everyone invited, once for each set of slots; how many were asked."""
    must_plan(actor, workshop)
    slot_ids = sorted(str(pk) for pk in workshop.slots.values_list("pk", flat=True))
    if not slot_ids:
        raise RuleBroken(_("Propose at least one time first."), code="no_slots")
    mark = hashlib.sha256("".join(slot_ids).encode()).hexdigest()[:12]
    asked: dict[UUID, tuple[Person, str]] = {
        f.person_id: (f.person, facilitation_url(f)) for f in asked_facilitators(workshop)
    }
    asked |= {i.person_id: (i.person, room_url(i)) for i in asked_invitees(workshop)}
    for person, link in asked.values():
        key = f"times:{workshop.pk}:{person.pk}:{mark}"
        letters.ask_for_times(workshop, person, link, key=key, now=now)
    return len(asked)


@transaction.atomic
def answer_slots(*, workshop: Workshop, answers: Mapping[UUID, str], actor: Person, now: datetime) -> None:
    """The answers of one person who was invited or asked to facilitate."""
    if not is_asked(workshop, actor.pk):
        raise NotAllowed(Permission.ANSWER_INVITATION)
    rules.check_editable(workshop.state)
    known = set(workshop.slots.values_list("pk", flat=True))
    for slot_id, answer in answers.items():
        if slot_id in known and answer in SlotAnswer.Answer.values:
            SlotAnswer.objects.update_or_create(
                slot_id=slot_id, person=actor, defaults={"answer": answer, "answered_at": now}
            )


@transaction.atomic
def choose_slot(*, slot: Slot, actor: Person, now: datetime) -> None:
    """The slot becomes the session: the only one moves there, else one is added."""
    workshop = slot.workshop
    must_plan(actor, workshop)
    rules.check_state(workshop.state, {rules.DRAFT, rules.POSTPONED})
    sessions = list(workshop.sessions.all())
    plan = SessionPlan(starts_at=slot.starts_at, ends_at=slot.ends_at, zone=slot.zone)
    if len(sessions) == 1:
        only = sessions[0]
        moved = replace(plan, session_id=only.pk, place=only.place, join_url=only.join_url)
        change_sessions(workshop=workshop, plans=[moved], actor=actor, now=now)
    else:
        add_session(workshop=workshop, plan=plan, actor=actor, now=now)
    workshop.slots.update(chosen_at=None)
    Slot.objects.filter(pk=slot.pk).update(chosen_at=now)
