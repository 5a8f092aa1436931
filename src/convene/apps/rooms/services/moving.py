"""Groups changed by hand: a move, a place fixed, the last change taken back, tables named."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from uuid import UUID

from django.db import transaction

from convene.apps.people import services as people
from convene.apps.people.models import Person
from convene.apps.rooms.models import Group, Grouping, Participant, Placement
from convene.apps.rooms.queries import groups as queries
from convene.apps.rooms.queries.mixing import Place, without_pins
from convene.apps.rooms.rules import groups as rules
from convene.apps.rooms.services.claims import must_facilitate
from convene.apps.rooms.services.groups import measured, standing
from convene.apps.rooms.services.telling import tell

State = Grouping.State


def move(*, placement: Placement, to: Group, actor: Person, now: datetime, anyway: bool = False) -> None:
    """To another table of the same round, fixed there; once published, the one who moves is told.

    Raises MoveBreaks with what would no longer hold, unless it is to be done `anyway`.
    """
    must_facilitate(actor, placement.grouping.room)
    if not anyway:
        would = _would_break(placement, to, actor, now)
        if would:
            raise rules.MoveBreaks(would)
    _move(placement, to, actor, now)


def _would_break(placement: Placement, to: Group, actor: Person, now: datetime) -> list[str]:
    """What holds now and would not afterwards. If it tells of someone's need, that look is written down."""
    grouping = placement.grouping
    setting = without_pins(queries.setting_for(grouping))
    rounds = queries.ids_by_round(grouping)
    person, round_ = str(placement.participant_id), placement.round - 1
    before = queries.broken_in(setting, rounds)
    rounds[round_] = [[one for one in group if one != person] for group in rounds[round_]]
    rounds[round_][to.number - 1].append(person)
    after = queries.broken_in(setting, rounds)
    new = set(after) - set(before)
    needy = {one for key in new if setting.rules[key[0]].kind == "needs" for one in after[key]}
    if needy:
        owners = Participant.objects.filter(pk__in=[UUID(one) for one in needy])
        people.show_access_needs(
            viewer=actor,
            person_ids=list(owners.values_list("person_id", flat=True)),
            workshop_id=grouping.room.session.workshop_id,
            now=now,
        )
    return queries.broken_words(setting, new)


@transaction.atomic
def _move(placement: Placement, to: Group, actor: Person, now: datetime) -> None:
    grouping = standing(placement.grouping, actor)
    rules.check_standing(grouping.state)
    if to.grouping_id != grouping.pk or to.round != placement.round:
        return
    was = Placement.objects.filter(pk=placement.pk).exclude(group=to).first()
    if was is None:
        return
    published = grouping.state == State.PUBLISHED
    Placement.objects.filter(pk=was.pk).update(group=to, pinned=True, moved_at=now if published else None)
    measured(grouping, undo={"placement": str(was.pk), "group": str(was.group_id), "pinned": was.pinned})
    tell(grouping.room, screen=published, phone=published, everyone=published)


@transaction.atomic
def undo(*, grouping: Grouping, actor: Person, now: datetime) -> bool:
    """Take the last change by hand back, once; False when there is none."""
    grouping = standing(grouping, actor)
    rules.check_standing(grouping.state)
    was = grouping.undo
    place = grouping.placements.filter(pk=was["placement"]).first() if was else None
    back = grouping.groups.filter(pk=was["group"]).first() if was else None
    if place is None or back is None:
        return False
    published = grouping.state == State.PUBLISHED
    Placement.objects.filter(pk=place.pk).update(
        group=back, pinned=was["pinned"], moved_at=now if published else None
    )
    measured(grouping, undo={})
    tell(grouping.room, screen=published, phone=published, everyone=published)
    return True


@transaction.atomic
def fix(*, placement: Placement, fixed: bool, actor: Person) -> None:
    """Stays at this table when the groups are made again; or no longer."""
    grouping = standing(placement.grouping, actor)
    was = Placement.objects.filter(pk=placement.pk).exclude(pinned=fixed).first()
    if was is None:
        return
    Placement.objects.filter(pk=was.pk).update(pinned=fixed)
    kept = {"placement": str(was.pk), "group": str(was.group_id), "pinned": was.pinned}
    Grouping.objects.filter(pk=grouping.pk).update(undo=kept)
    tell(grouping.room, screen=False, phone=False)


@transaction.atomic
def name_tables(*, grouping: Grouping, places: Mapping[int, Place], actor: Person) -> None:
    """What a table of each number is called, where its breakout is and whether it is step-free."""
    grouping = standing(grouping, actor)
    for number, place in places.items():
        grouping.groups.filter(number=number).update(
            label=place.label.strip(), link=place.link, step_free=place.step_free
        )
    published = grouping.state == State.PUBLISHED
    tell(grouping.room, screen=published, phone=published, everyone=published)
