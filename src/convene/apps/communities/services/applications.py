"""Applying, reading each on one's own, deciding with a reason."""

from __future__ import annotations

import datetime as dt
from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from convene.apps.communities import mails, permissions, rules
from convene.apps.communities.events import (
    ApplicationDecided,
    ApplicationRead,
    ApplicationReceived,
    ApplicationWithdrawn,
)
from convene.apps.communities.known import person_at
from convene.apps.communities.models import Application, Community, Membership, Reading
from convene.apps.communities.permissions import Permission
from convene.apps.communities.services.common import locked, steward_ids
from convene.apps.communities.services.membership import join, organisation_named
from convene.apps.people.models import Person
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish

State = Application.State
UNCONFIRMED_MOST = 3
CONFIRM_DAYS = 7


def _answers(practice: str, bring: str, time: str, organisation: str) -> dict[str, str]:
    for field, text in (("practice", practice), ("bring", bring), ("time", time)):
        if not text.strip():
            raise RuleBroken(_("Please answer this."), code="answer_missing", field=field)
    return {
        "practice": practice.strip(),
        "bring": bring.strip(),
        "time": time.strip(),
        "organisation": " ".join(organisation.split()),
    }


def _check_may_apply(community: Community, person: Person) -> None:
    live = Membership.objects.filter(community=community, person=person).exclude(state=Membership.State.LEFT)
    if live.exists():
        raise RuleBroken(_("You are a member, or invited, already."), code="already_member")
    if Application.objects.filter(community=community, person=person, state=State.RECEIVED).exists():
        raise RuleBroken(_("Your application is being read."), code="already_applied")


@transaction.atomic
def apply(
    *,
    community: Community,
    practice: str,
    bring: str,
    time: str,
    actor: Person,
    now: datetime,
    organisation: str = "",
) -> Application:
    """By someone signed in: it counts at once."""
    answers = _answers(practice, bring, time, organisation)
    _check_may_apply(community, actor)
    application = Application.objects.create(community=community, person=actor, submitted_at=now, **answers)
    _receive(application, now)
    return application


@transaction.atomic
def apply_from_outside(
    *,
    community: Community,
    name: str,
    email: str,
    practice: str,
    bring: str,
    time: str,
    now: datetime,
    organisation: str = "",
) -> Application | None:
    """By someone who only typed an address: it counts once confirmed from there.

    None, and no mail, for who is a member or has asked too often; the page must say the same either way.
    """
    answers = _answers(practice, bring, time, organisation)
    if not name.strip():
        raise RuleBroken(_("Please give your name."), code="no_name", field="name")
    person = person_at(email, name=name, community=community, now=now)
    try:
        _check_may_apply(community, person)
    except RuleBroken:
        return None
    waiting = Application.objects.filter(community=community, person=person, state=State.UNCONFIRMED)
    if waiting.count() >= UNCONFIRMED_MOST:
        return None
    application = Application.objects.create(community=community, person=person, submitted_at=now, **answers)
    mails.send_application_confirm(application, now=now)
    return application


@transaction.atomic
def confirm_application(*, application: Application, now: datetime) -> None:
    """The link in the mail was followed and its button pressed."""
    _check_may_apply(application.community, application.person)
    _receive(application, now)
    Application.objects.filter(
        community=application.community, person=application.person, state=State.UNCONFIRMED
    ).delete()


def _receive(application: Application, now: datetime) -> None:
    try:
        with transaction.atomic():
            moved = Application.objects.filter(pk=application.pk, state=State.UNCONFIRMED).update(
                state=State.RECEIVED, received_at=now
            )
    except IntegrityError as error:
        raise RuleBroken(_("Your application is being read."), code="already_applied") from error
    if moved != 1:
        raise RuleBroken(_("This application was confirmed already."), code="confirmed_already")
    application.refresh_from_db()
    publish(
        ApplicationReceived(subject_id=application.pk, community_id=application.community_id),
        actor=application.person,
        now=now,
    )
    mails.send_application_received(application, now=now)
    for reader in _readers(application, now):
        mails.send_application_waiting(application, reader, now=now)


def _readers(application: Application, now: datetime) -> list[Person]:
    ids = steward_ids(application.community_id, now.date())
    if application.community.outside_reader_id:
        ids.add(application.community.outside_reader_id)
    return list(Person.objects.filter(pk__in=ids - {application.person_id}, is_active=True))


@transaction.atomic
def read_application(
    *, application: Application, view: str, note: str, actor: Person, now: datetime
) -> Reading:
    """One's own view, formed before seeing the others'; final."""
    if not permissions.can_read_application(actor, application):
        raise NotAllowed(Permission.READ_APPLICATION)
    if application.state != State.RECEIVED:
        raise RuleBroken(_("This application is no longer open."), code="application_not_open")
    if view not in Reading.View.values:
        raise RuleBroken(_("Choose your view."), code="unknown_view", field="view")
    if not note.strip():
        raise RuleBroken(_("Say why, by the public criteria."), code="note_missing", field="note")
    try:
        with transaction.atomic():
            reading = Reading.objects.create(
                application=application, reader=actor, view=view, note=note.strip(), at=now
            )
    except IntegrityError as error:
        raise RuleBroken(_("You have read it already."), code="read_already") from error
    publish(
        ApplicationRead(
            subject_id=application.pk,
            community_id=application.community_id,
            readings=application.readings.count(),
        ),
        actor=actor,
        now=now,
    )
    return reading


@transaction.atomic
def decide_application(
    *,
    application: Application,
    decision: str,
    reason: str,
    actor: Person,
    now: datetime,
    pointer: str = "",
    tier: str = Membership.Tier.ACTIVE,
) -> None:
    """A steward who has read it decides, once enough have read; a no has a reason, an elsewhere a where."""
    if not permissions.can_decide_application(actor, application):
        raise NotAllowed(Permission.DECIDE_APPLICATION)
    community = locked(application.community_id)
    readings = list(application.readings.values_list("reader_id", flat=True))
    rules.check_decidable(
        state=Application.objects.values_list("state", flat=True).get(pk=application.pk),
        readings=len(readings),
        stewards=len(steward_ids(community.pk, now.date())),
        decider_has_read=actor.pk in readings,
    )
    _check_words(decision, reason, pointer)
    decided = Application.objects.filter(pk=application.pk, state=State.RECEIVED).update(
        state=decision,
        reason=reason.strip(),
        pointer=pointer.strip() if decision == State.REDIRECTED else "",
        decided_at=now,
        decided_by=actor,
    )
    if decided != 1:
        raise RuleBroken(_("This application is no longer open."), code="application_not_open")
    application.refresh_from_db()
    publish(
        ApplicationDecided(subject_id=application.pk, community_id=community.pk, state=decision),
        actor=actor,
        now=now,
    )
    if decision == State.ACCEPTED:
        join(
            community=community,
            person=application.person,
            tier=tier,
            organisation=organisation_named(community, application.organisation),
            actor=actor,
            now=now,
        )
    mails.send_application_decided(application, now=now)


def _check_words(decision: str, reason: str, pointer: str) -> None:
    if decision not in {State.ACCEPTED, State.NOT_NOW, State.REDIRECTED}:
        raise RuleBroken(_("Choose a decision."), code="unknown_decision", field="decision")
    if decision != State.ACCEPTED and not reason.strip():
        raise RuleBroken(
            _("Give the reason; without one a no is only a closed door."),
            code="reason_missing",
            field="reason",
        )
    if decision == State.REDIRECTED and not pointer.strip():
        raise RuleBroken(_("Say where else, and how to get there."), code="pointer_missing", field="pointer")


@transaction.atomic
def withdraw_application(*, application: Application, actor: Person, now: datetime) -> None:
    if application.person_id != actor.pk:
        raise NotAllowed(Permission.OWN_MEMBERSHIP)
    if not Application.objects.filter(
        pk=application.pk, state__in=[State.RECEIVED, State.UNCONFIRMED]
    ).update(state=State.WITHDRAWN):
        raise RuleBroken(_("This application is no longer open."), code="application_not_open")
    publish(
        ApplicationWithdrawn(subject_id=application.pk, community_id=application.community_id),
        actor=actor,
        now=now,
    )


def forget_unconfirmed(now: datetime) -> int:
    """Applications nobody confirmed within a week: deleted, with all that was typed. How many."""
    old = Application.objects.filter(
        state=State.UNCONFIRMED, submitted_at__lt=now - dt.timedelta(days=CONFIRM_DAYS)
    )
    return old.delete()[0]
