"""Keeping in touch with who has a stake."""

from __future__ import annotations

import datetime as dt
from datetime import datetime
from typing import TypedDict, Unpack
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.communities.events import StakeholderChanged, StakeholderContacted
from convene.apps.communities.known import person_at
from convene.apps.communities.models import Community, Membership, Stakeholder, StakeholderContact
from convene.apps.communities.services.common import require_steward, steward_ids
from convene.apps.people.models import Person
from convene.foundation.errors import RuleBroken
from convene.foundation.events import publish


class Words(TypedDict):
    name: str
    stake: str
    wants: str
    contact_email: str
    contact_name: str
    keeper: Person | None
    last_on: dt.date | None
    next_on: dt.date | None


@transaction.atomic
def add_stakeholder(
    *, community: Community, actor: Person, now: datetime, **words: Unpack[Words]
) -> Stakeholder:
    require_steward(actor, community.pk)
    stakeholder = Stakeholder(community=community)
    _write(stakeholder, words, actor=actor, now=now)
    return stakeholder


@transaction.atomic
def change_stakeholder(
    *, stakeholder: Stakeholder, actor: Person, now: datetime, **words: Unpack[Words]
) -> None:
    require_steward(actor, stakeholder.community_id)
    _write(stakeholder, words, actor=actor, now=now)


def _write(stakeholder: Stakeholder, words: Words, *, actor: Person, now: datetime) -> None:
    if not words["name"].strip():
        raise RuleBroken(_("Say who has a stake."), code="name_missing", field="name")
    if not words["stake"].strip():
        raise RuleBroken(_("Say what is at stake for them."), code="stake_missing", field="stake")
    keeper = words["keeper"]
    if keeper is not None and not _may_keep(keeper, stakeholder.community_id, now.date()):
        raise RuleBroken(_("Choose a member of this community."), code="keeper_outside", field="keeper")
    for field in ("name", "stake", "wants"):
        setattr(stakeholder, field, words[field].strip())
    stakeholder.keeper = keeper
    stakeholder.last_on, stakeholder.next_on = words["last_on"], words["next_on"]
    email = words["contact_email"].strip()
    stakeholder.contact = (
        person_at(email, name=words["contact_name"], community=stakeholder.community, now=now)
        if email
        else None
    )
    stakeholder.save()
    publish(
        StakeholderChanged(subject_id=stakeholder.pk, community_id=stakeholder.community_id),
        actor=actor,
        now=now,
    )


def _may_keep(person: Person, community_id: UUID, today: dt.date) -> bool:
    member = Membership.objects.filter(
        community_id=community_id,
        person=person,
        state=Membership.State.ACTIVE,
    )
    return member.exists() or person.pk in steward_ids(community_id, today)


@transaction.atomic
def note_contact(
    *,
    stakeholder: Stakeholder,
    on: dt.date,
    note: str,
    next_on: dt.date | None,
    actor: Person,
    now: datetime,
) -> StakeholderContact:
    """Somebody spoke with them; the newest day counts as last contact."""
    require_steward(actor, stakeholder.community_id)
    if on > now.date() + dt.timedelta(days=1):
        raise RuleBroken(_("That day is still to come."), code="contact_in_future", field="on")
    if next_on is not None and next_on <= on:
        raise RuleBroken(_("The next contact comes after this one."), code="next_before", field="next_on")
    contact = StakeholderContact.objects.create(stakeholder=stakeholder, on=on, note=note.strip(), by=actor)
    stakeholder.last_on = max(on, stakeholder.last_on or on)
    stakeholder.next_on = next_on
    stakeholder.save(update_fields=["last_on", "next_on"])
    publish(
        StakeholderContacted(subject_id=stakeholder.pk, community_id=stakeholder.community_id),
        actor=actor,
        now=now,
    )
    return contact


@transaction.atomic
def end_stakeholder(*, stakeholder: Stakeholder, actor: Person, now: datetime) -> None:
    """They have no stake any more; what was said stays on record."""
    require_steward(actor, stakeholder.community_id)
    Stakeholder.objects.filter(pk=stakeholder.pk, ended_on=None).update(ended_on=now.date(), next_on=None)
    publish(
        StakeholderChanged(subject_id=stakeholder.pk, community_id=stakeholder.community_id),
        actor=actor,
        now=now,
    )
