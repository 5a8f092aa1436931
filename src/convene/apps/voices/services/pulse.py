"""The only writer of pulses: asked, answered without a name, closed, and replied to."""

from __future__ import annotations

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.attendance.models import Attendance
from convene.apps.attendance.rules import PRESENT
from convene.apps.communities.models import Community, Membership
from convene.apps.people.models import Person
from convene.apps.voices import events, permissions
from convene.apps.voices.models import Pulse, PulseAnswer, PulseAsk, PulseItem
from convene.apps.voices.permissions import Permission
from convene.apps.voices.rules import pulse as rules
from convene.apps.workshops.models import Session
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish
from convene.foundation.jobs.services import schedule

CLOSE = "convene.apps.voices.tasks.close_pulse"


def _must_run(actor: Person, pulse: Pulse) -> None:
    if not permissions.can_ask(actor, pulse.community_id, pulse.session):
        raise NotAllowed(Permission.RUN)


@transaction.atomic
def make_pulse(
    *,
    community: Community,
    session: Session | None,
    items: Sequence[rules.Item],
    actor: Person,
    now: datetime,
) -> Pulse:
    """Of a session, at most three items and one pulse; without a session, the yearly one."""
    if not permissions.can_ask(actor, community.pk, session):
        raise NotAllowed(Permission.ASK)
    rules.check_items(items, yearly=session is None)
    if session is not None and Pulse.objects.select_for_update().filter(session=session).exists():
        raise RuleBroken(_("This session has its pulse already."), code="once")
    pulse = Pulse.objects.create(
        community=community,
        session=session,
        kind=Pulse.Kind.SESSION if session else Pulse.Kind.YEARLY,
        created_by=actor,
    )
    PulseItem.objects.bulk_create(
        PulseItem(
            pulse=pulse,
            number=number,
            text=item.text,
            answer=item.answer,
            scale=item.scale,
            reversed=item.reversed,
        )
        for number, item in enumerate(items, start=1)
    )
    publish(events.PulseMade(subject_id=pulse.pk, community_id=community.pk), actor=actor, now=now)
    return pulse


@transaction.atomic
def ask_pulse(*, pulse: Pulse, actor: Person, now: datetime) -> int:
    """Ask those who took part (yearly: the members) and were not asked for a month. Returns how many.

    Asked twice, nothing more happens.
    """
    _must_run(actor, pulse)
    claimed = Pulse.objects.filter(pk=pulse.pk, state=Pulse.State.DRAFT).update(
        state=Pulse.State.OPEN, asked_at=now, closes_at=now + rules.OPEN_FOR
    )
    if not claimed:
        return 0
    people = _to_ask(pulse, now)
    PulseAsk.objects.bulk_create(
        PulseAsk(pulse=pulse, person_id=person_id, asked_on=now.date()) for person_id in people
    )
    args = {"pulse_id": str(pulse.pk)}
    schedule(key=f"pulse:{pulse.pk}:close", task=CLOSE, args=args, due_at=now + rules.OPEN_FOR)
    publish(
        events.PulseAsked(subject_id=pulse.pk, community_id=pulse.community_id, count=len(people)),
        actor=actor,
        now=now,
    )
    return len(people)


def _to_ask(pulse: Pulse, now: datetime) -> list[UUID]:
    if pulse.session is not None:
        rows = Attendance.objects.filter(session=pulse.session, holds=True, state__in=PRESENT)
        people = set(rows.values_list("registration__person_id", flat=True))
    else:
        members = Membership.objects.filter(community=pulse.community, state=Membership.State.ACTIVE)
        people = set(members.values_list("person_id", flat=True))
    lately = PulseAsk.objects.filter(asked_on__gt=(now - rules.REST).date())
    if pulse.kind == Pulse.Kind.YEARLY:
        lately = lately.none()
    living = Person.objects.filter(pk__in=people, erased_at=None)
    return sorted(set(living.values_list("pk", flat=True)) - set(lately.values_list("person_id", flat=True)))


@transaction.atomic
def answer_pulse(
    *, ask: PulseAsk, values: Mapping[UUID, int], words: Mapping[UUID, str], now: datetime
) -> None:
    """Keep the answers without any link to who gave them. Each who was asked answers once.

    `values`, `words`: item -> 1 to 5, item -> text; items left out were not answered.
    """
    pulse = Pulse.objects.get(pk=ask.pulse_id)
    rules.check_open(pulse.state, pulse.closes_at, now)
    if PulseAsk.objects.filter(pk=ask.pk, answered=False).update(answered=True) != 1:
        raise RuleBroken(_("You have answered already. Thank you."), code="answered")
    sheet = uuid.uuid4()
    items = {item.pk: item for item in pulse.items.all()}
    PulseAnswer.objects.bulk_create(
        [
            PulseAnswer(item=items[item_id], sheet=sheet, value=value)
            for item_id, value in values.items()
            if item_id in items
        ]
        + [
            PulseAnswer(item=items[item_id], sheet=sheet, words=text.strip())
            for item_id, text in words.items()
            if item_id in items and text.strip()
        ]
    )


@transaction.atomic
def close_pulse(*, pulse_id: UUID, now: datetime) -> None:
    """When its time is over. Only then are answers read: nothing is seen to move."""
    closed = Pulse.objects.filter(pk=pulse_id, state=Pulse.State.OPEN, closes_at__lte=now).update(
        state=Pulse.State.CLOSED
    )
    if closed:
        pulse = Pulse.objects.get(pk=pulse_id)
        publish(events.PulseClosed(subject_id=pulse.pk, community_id=pulse.community_id), actor=None, now=now)


@transaction.atomic
def reply_to_pulse(*, pulse: Pulse, text: str, actor: Person, now: datetime) -> None:
    """You said, we did: to everyone who was asked, whether they answered or not. Once."""
    _must_run(actor, pulse)
    tidy = rules.check_reply(text)
    changed = Pulse.objects.filter(pk=pulse.pk, state=Pulse.State.CLOSED, replied_at=None).update(
        reply=tidy, replied_at=now
    )
    if changed != 1:
        raise RuleBroken(_("It has been replied to, or it is not closed yet."), code="replied")
    publish(events.PulseReplied(subject_id=pulse.pk, community_id=pulse.community_id), actor=actor, now=now)
