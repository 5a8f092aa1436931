"""Offer, ask, agree, log, end. Nothing else writes guided practice."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.capabilities.models import Outcome
from convene.apps.communities.models import Community
from convene.apps.stewardship import permissions
from convene.apps.stewardship.models import Practice, PracticeLog
from convene.apps.stewardship.permissions import Permission
from convene.apps.stewardship.practice import rules
from convene.apps.stewardship.practice.events import (
    PracticeAgreed,
    PracticeAsked,
    PracticeEnded,
    PracticeLogged,
    PracticeNotAgreed,
    PracticeOffered,
    PracticeWithdrawn,
)
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import Event, publish

if TYPE_CHECKING:
    from convene.apps.people.models import Person

State = Practice.State


@transaction.atomic
def offer(*, outcome: Outcome, kind: str, what: str, actor: Person, now: datetime) -> Practice:
    """A member takes someone along, or coaches them."""
    if not permissions.can_read(actor, outcome.community_id):
        raise NotAllowed(Permission.PRACTISE)
    Community.objects.select_for_update().get(pk=outcome.community_id)
    standing = Practice.objects.filter(
        outcome__community_id=outcome.community_id, host=actor, state=State.OFFERED
    )
    what = rules.tidy(what)
    rules.check_offer(what, standing.count())
    made = Practice.objects.create(outcome=outcome, host=actor, kind=kind, what=what, offered_at=now)
    _say(PracticeOffered, made, actor, now)
    return made


@transaction.atomic
def ask(*, practice: Practice, actor: Person, now: datetime) -> None:
    """One guest at a time: of two who ask at once the first is put to the host."""
    if not permissions.can_read(actor, practice.outcome.community_id) or actor.pk == practice.host_id:
        raise NotAllowed(Permission.PRACTISE)
    _claim(practice, (State.OFFERED,), state=State.ASKED, guest=actor)
    _say(PracticeAsked, practice, actor, now)


@transaction.atomic
def agree(*, practice: Practice, actor: Person, now: datetime) -> None:
    _is(actor, practice.host_id)
    _claim(practice, (State.ASKED,), state=State.RUNNING)
    _say(PracticeAgreed, practice, actor, now)


@transaction.atomic
def step_back(*, practice: Practice, actor: Person, now: datetime) -> None:
    """Before it runs, by the host or the guest: it is offered again, and the wish is forgotten."""
    _is(actor, practice.host_id, practice.guest_id)
    _claim(practice, (State.ASKED,), state=State.OFFERED, guest=None)
    _say(PracticeNotAgreed, practice, actor, now)


@transaction.atomic
def withdraw(*, practice: Practice, actor: Person, now: datetime) -> None:
    _is(actor, practice.host_id)
    _claim(practice, (State.OFFERED,), state=State.WITHDRAWN, ended_at=now)
    _say(PracticeWithdrawn, practice, actor, now)


@transaction.atomic
def end(*, practice: Practice, actor: Person, now: datetime) -> None:
    """By either; what was logged stays with the two."""
    _is(actor, practice.host_id, practice.guest_id)
    _claim(practice, (State.RUNNING,), state=State.ENDED, ended_at=now)
    _say(PracticeEnded, practice, actor, now)


@transaction.atomic
def log(
    *, practice: Practice, day: date, minutes: int, text: str, actor: Person, now: datetime
) -> PracticeLog:
    _is(actor, practice.host_id, practice.guest_id)
    standing = Practice.objects.select_for_update().get(pk=practice.pk)
    if standing.state != State.RUNNING:
        raise RuleBroken(_("It is not under way."), code="practice_over", field="text")
    text = rules.tidy(text)
    since = practice.offered_at.date()
    rules.check_line(day=day, minutes=minutes, text=text, since=since, today=now.date())
    made = PracticeLog.objects.create(
        practice=practice, day=day, minutes=minutes, text=text, written_by=actor, written_at=now
    )
    publish(
        PracticeLogged(subject_id=practice.pk, community_id=practice.outcome.community_id, minutes=minutes),
        actor=actor,
        now=now,
    )
    return made


def _is(actor: Person, *people: object) -> None:
    if actor.pk not in people:
        raise NotAllowed(Permission.PRACTISE)


def _claim(practice: Practice, states: tuple[str, ...], **values: object) -> None:
    if Practice.objects.filter(pk=practice.pk, state__in=states).update(**values) != 1:
        raise RuleBroken(_("It has changed just now. Look again."), code="practice_changed")


def _say(event: type[Event], practice: Practice, actor: Person, now: datetime) -> None:
    publish(event(subject_id=practice.pk, community_id=practice.outcome.community_id), actor=actor, now=now)
