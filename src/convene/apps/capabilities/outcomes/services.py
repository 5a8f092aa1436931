"""Write the map: add, change, order, take off, bring in from a file; say who can teach."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.capabilities import permissions
from convene.apps.capabilities.models import Outcome, Qualification
from convene.apps.capabilities.outcomes import queries, rules
from convene.apps.capabilities.outcomes.events import (
    MapBroughtIn,
    OutcomeAdded,
    OutcomeChanged,
    OutcomePutBack,
    OutcomeTakenOff,
    QualificationEnded,
    TeacherQualified,
)
from convene.apps.capabilities.outcomes.rules import Item, Plan
from convene.apps.capabilities.permissions import Permission
from convene.apps.communities.models import Community
from convene.apps.communities.permissions import is_member, is_steward
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish

if TYPE_CHECKING:
    from convene.apps.people.models import Person


def _begin(community_id: UUID, actor: Person) -> None:
    """Who may, and one at a time: how many there are and which codes are taken hold until the end."""
    if not permissions.can_maintain_map(actor, community_id):
        raise NotAllowed(Permission.MAINTAIN_MAP)
    Community.objects.select_for_update().get(pk=community_id)


def _item(identifier: UUID, code: str, title: str, part: str, depths: dict[str, str]) -> Item:
    words = {depth: rules.tidy(depths.get(depth, ""))[: rules.LONGEST_DEPTH] for depth in rules.DEPTHS}
    item = Item(
        identifier,
        rules.tidy(code),
        rules.tidy(title),
        rules.tidy(part)[: rules.LONGEST_PART],
        {depth: said for depth, said in words.items() if said},
    )
    rules.check_item(item)
    return item


@transaction.atomic
def add_outcome(
    *,
    community: Community,
    code: str,
    title: str,
    part: str = "",
    depths: dict[str, str] | None = None,
    actor: Person,
    now: datetime,
) -> Outcome:
    """One more, at the end of the map."""
    _begin(community.pk, actor)
    item = _item(uuid4(), code, title, part, depths or {})
    standing = list(queries.on_the_map(community.pk))
    rules.check_room(len(standing) + 1)
    rules.check_code_free(item.code, [one.code for one in standing])
    last = max((one.position for one in standing), default=0)
    outcome = Outcome.objects.create(
        community=community, identifier=item.identifier, position=last + 1, changed_at=now, **_words(item)
    )
    publish(OutcomeAdded(subject_id=outcome.pk, community_id=community.pk), actor=actor, now=now)
    return outcome


def _words(item: Item) -> dict[str, object]:
    return {"code": item.code, "title": item.title, "part": item.part, "depths": dict(item.depths)}


@transaction.atomic
def change_outcome(
    *,
    outcome: Outcome,
    code: str,
    title: str,
    part: str = "",
    depths: dict[str, str] | None = None,
    actor: Person,
    now: datetime,
) -> None:
    _begin(outcome.community_id, actor)
    item = _item(outcome.identifier, code, title, part, depths or {})
    others = queries.on_the_map(outcome.community_id).exclude(pk=outcome.pk)
    rules.check_code_free(item.code, list(others.values_list("code", flat=True)))
    changed = Outcome.objects.filter(pk=outcome.pk, taken_off_at=None).update(changed_at=now, **_words(item))
    if changed != 1:
        raise RuleBroken(_("It has been taken off the map."), code="outcome_gone")
    publish(OutcomeChanged(subject_id=outcome.pk, community_id=outcome.community_id), actor=actor, now=now)


@transaction.atomic
def move_outcome(*, outcome: Outcome, earlier: bool, actor: Person, now: datetime) -> None:
    _begin(outcome.community_id, actor)
    ids = list(queries.on_the_map(outcome.community_id).values_list("pk", flat=True))
    if outcome.pk in ids:
        _number(rules.moved(ids, outcome.pk, earlier=earlier))
        publish(
            OutcomeChanged(subject_id=outcome.pk, community_id=outcome.community_id), actor=actor, now=now
        )


def _number(ids: Sequence[UUID]) -> None:
    rows = [Outcome(pk=one, position=place) for place, one in enumerate(ids, start=1)]
    Outcome.objects.bulk_update(rows, ["position"])


@transaction.atomic
def take_off(*, outcome: Outcome, actor: Person, now: datetime) -> None:
    """Off the map, not out of the world: workshops and decisions that name it stay as they are."""
    _begin(outcome.community_id, actor)
    if Outcome.objects.filter(pk=outcome.pk, taken_off_at=None).update(taken_off_at=now, changed_at=now):
        publish(
            OutcomeTakenOff(subject_id=outcome.pk, community_id=outcome.community_id), actor=actor, now=now
        )


@transaction.atomic
def put_back(*, outcome: Outcome, actor: Person, now: datetime) -> None:
    _begin(outcome.community_id, actor)
    standing = list(queries.on_the_map(outcome.community_id).exclude(pk=outcome.pk))
    rules.check_room(len(standing) + 1)
    rules.check_code_free(outcome.code, [one.code for one in standing])
    last = max((one.position for one in standing), default=0)
    if Outcome.objects.filter(pk=outcome.pk, taken_off_at__isnull=False).update(
        taken_off_at=None, changed_at=now, position=last + 1
    ):
        publish(
            OutcomePutBack(subject_id=outcome.pk, community_id=outcome.community_id), actor=actor, now=now
        )


@transaction.atomic
def bring_in(*, community: Community, items: Sequence[Item], actor: Person, now: datetime) -> Plan:
    """What the file holds stands on the map, in its order; brought in twice nothing changes any more."""
    _begin(community.pk, actor)
    standing = list(queries.on_the_map(community.pk).values_list("identifier", flat=True))
    plan = rules.compare(queries.known_items(community.pk), standing, items)
    mine = Outcome.objects.filter(community=community)
    ids = [item.identifier for _before, item in plan.changed]
    for place, outcome in enumerate(mine.filter(identifier__in=ids)):
        # Codes may change places among them; so first none of them has one.
        Outcome.objects.filter(pk=outcome.pk).update(code=f"~{place}")
    for _before, item in plan.changed:
        mine.filter(identifier=item.identifier).update(taken_off_at=None, changed_at=now, **_words(item))
    Outcome.objects.bulk_create(
        Outcome(community=community, identifier=item.identifier, position=0, changed_at=now, **_words(item))
        for item in plan.new
    )
    coming = [item.identifier for item in items]
    by_identifier = dict(mine.values_list("identifier", "pk"))
    _number([by_identifier[one] for one in (*coming, *(one for one in standing if one not in set(coming)))])
    if plan.does_something:
        publish(
            MapBroughtIn(
                subject_id=community.pk,
                community_id=community.pk,
                new=len(plan.new),
                changed=len(plan.changed),
            ),
            actor=actor,
            now=now,
        )
    return plan


@transaction.atomic
def qualify(
    *, outcome: Outcome, person: Person, expires_on: date | None, actor: Person, now: datetime
) -> Qualification:
    """A steward says that someone can teach it; said again, the newer word and day hold."""
    _begin(outcome.community_id, actor)
    rules.check_expiry(expires_on, now.date())
    if not is_member(person, outcome.community_id) and not is_steward(person, outcome.community_id):
        raise RuleBroken(_("Choose a member."), code="teacher_member", field="person")
    row, _made = Qualification.objects.update_or_create(
        outcome=outcome,
        person=person,
        ended_on=None,
        defaults={"qualified_by": actor, "qualified_on": now.date(), "expires_on": expires_on},
    )
    publish(
        TeacherQualified(subject_id=row.pk, community_id=outcome.community_id, outcome_id=outcome.pk),
        actor=actor,
        now=now,
    )
    return row


@transaction.atomic
def end_qualification(*, qualification: Qualification, actor: Person, now: datetime) -> None:
    """By a steward, or by the person themselves."""
    community_id = qualification.outcome.community_id
    if actor.pk != qualification.person_id and not permissions.can_maintain_map(actor, community_id):
        raise NotAllowed(Permission.MAINTAIN_MAP)
    if Qualification.objects.filter(pk=qualification.pk, ended_on=None).update(ended_on=now.date()):
        publish(
            QualificationEnded(
                subject_id=qualification.pk,
                community_id=community_id,
                outcome_id=qualification.outcome_id,
            ),
            actor=actor,
            now=now,
        )
