"""Groups are made, published, repaired and ended. `moving` changes them by hand, `seating` the rules."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.db.models import F

from convene.apps.people.models import Person
from convene.apps.rooms.events import GroupsMoved, GroupsPublished
from convene.apps.rooms.models import Group, Grouping, Participant, Placement, Room
from convene.apps.rooms.queries import groups as queries
from convene.apps.rooms.queries.mixing import Fixed, Place, places_of, setting_of
from convene.apps.rooms.rules import groups as rules
from convene.apps.rooms.rules.groups import Wishes
from convene.apps.rooms.services.claims import locked, must_facilitate
from convene.apps.rooms.services.telling import tell
from convene.engines import grouping as engine
from convene.foundation.events import publish

__all__ = [
    "Wishes",
    "end_groups",
    "make_groups",
    "measured",
    "next_round",
    "publish_groups",
    "repair_groups",
    "standing",
]
State = Grouping.State
SECONDS = 0.5
"""What the search may take, counted in steps: half a CPU second is 99 % of the best for a hundred people."""


@dataclass(frozen=True)
class _Made:
    """Groups not yet written."""

    rounds: Sequence[Sequence[Sequence[str]]]
    pinned: set[tuple[int, str]] = field(default_factory=set)


def make_groups(*, room: Room, wishes: Wishes, actor: Person, now: datetime) -> Grouping:
    """A draft for those who are here. What was fixed in the draft before stays where it was.

    The search runs outside the transaction: nobody waits for it. Raises RuleBroken for wishes that clash,
    with the names of the smallest clash found.
    """
    must_facilitate(actor, room)
    present = queries.here(room)
    rules.check_size(here=len(present), groups=wishes.groups, rounds=wishes.rounds)
    last = _last(room)
    setting = setting_of(
        room,
        present,
        wishes,
        places=places_of(last.groups.filter(round=1) if last else (), wishes.groups),
        fixed=_fixed(room, wishes, {str(one.pk) for one in present}),
    )
    try:
        plan = engine.arrange(
            setting.people,
            setting.tables,
            wishes.rounds,
            mix=setting.mix,
            rules=setting.rules,
            met=queries.met_before(room, present, now),
            meet=wishes.new_faces / 100,
            seconds=SECONDS,
            seed=secrets.randbelow(2**31),
        )
    except engine.ClashError as error:
        raise rules.refused(error.clashes[0], setting.said, setting.names) from error
    pinned = {
        (round_, one) for rule in setting.rules if rule.kind == "pinned"
        for round_ in rule.rounds or () for one in rule.people
    }  # fmt: skip
    return _write_draft(room, wishes, _Made(plan.rounds, pinned), plan.seed, actor, now)


def _last(room: Room) -> Grouping | None:
    """Whose tables keep their names: the draft, else what is published, else what was."""
    order = {State.DRAFT: 0, State.PUBLISHED: 1, State.REPLACED: 2}
    found = room.groupings.order_by("-made_at")[:20]
    return min(found, key=lambda one: order[State(one.state)], default=None)


def _fixed(room: Room, wishes: Wishes, present: set[str]) -> list[Fixed]:
    """Who was fixed by hand in the standing draft, as far as the new one has that round and table."""
    draft = room.groupings.filter(state=State.DRAFT).first()
    return [
        one
        for one in (queries.fixed_in(draft) if draft else ())
        if one[0] in present and one[1] < wishes.rounds and one[2] < wishes.groups
    ]


@transaction.atomic
def _write_draft(
    room: Room, wishes: Wishes, made: _Made, seed: int, actor: Person, now: datetime
) -> Grouping:
    room = locked(room)
    last = _last(room)
    places = places_of(last.groups.filter(round=1) if last else (), wishes.groups)
    Grouping.objects.filter(room=room, state=State.DRAFT).delete()
    grouping = Grouping.objects.create(
        room=room,
        block=room.blocks.filter(started_at__isnull=False, ended_at=None).first(),
        groups_count=wishes.groups,
        rounds_count=wishes.rounds,
        new_faces=wishes.new_faces,
        rules=[asdict(wishes)],
        mixes=list(wishes.mixes),
        seed=seed,
        made_by=actor,
        made_at=now,
    )
    _seat(grouping, made, places)
    measured(grouping)
    tell(room, screen=False, phone=False)
    return grouping


def _seat(grouping: Grouping, made: _Made, places: Sequence[Place]) -> None:
    tables = Group.objects.bulk_create(
        Group(
            grouping=grouping,
            round=round_,
            number=number,
            label=place.label,
            link=place.link,
            step_free=place.step_free,
        )
        for round_ in range(1, grouping.rounds_count + 1)
        for number, place in enumerate(places, start=1)
    )
    at = {(one.round, one.number): one for one in tables}
    Placement.objects.bulk_create(
        Placement(
            grouping=grouping,
            round=round_ + 1,
            group=at[round_ + 1, number + 1],
            participant_id=UUID(person),
            pinned=(round_, person) in made.pinned,
        )
        for round_, groups in enumerate(made.rounds)
        for number, group in enumerate(groups)
        for person in group
    )


def measured(grouping: Grouping, **changes: Any) -> None:
    """The figures of the placements as they are, and the revision that says that something changed."""
    setting = queries.setting_for(grouping)
    found = engine.measure(setting.people, queries.ids_by_round(grouping), mix=setting.mix)
    Grouping.objects.filter(pk=grouping.pk).update(
        repeats=found.repeats,
        repeats_bound=found.repeats_bound,
        mixing=found.mixing,
        mixing_bound=found.mixing_bound,
        revision=F("revision") + 1,
        **changes,
    )


def standing(grouping: Grouping, actor: Person) -> Grouping:
    """As it stands now, for one who facilitates, with the room held until the transaction ends."""
    must_facilitate(actor, grouping.room)
    locked(grouping.room)
    return Grouping.objects.select_related("room__session__workshop").get(pk=grouping.pk)


@transaction.atomic
def publish_groups(*, grouping: Grouping, actor: Person, now: datetime) -> None:
    """Everyone's phone shows their table. One grouping is published at a time; the one before is replaced."""
    grouping = standing(grouping, actor)
    rules.check_draft(grouping.state)
    Grouping.objects.filter(room=grouping.room, state=State.PUBLISHED).update(state=State.REPLACED)
    Grouping.objects.filter(pk=grouping.pk, state=State.DRAFT).update(
        state=State.PUBLISHED, published_at=now, undo={}
    )
    publish(
        GroupsPublished(
            subject_id=grouping.pk,
            community_id=grouping.room.session.workshop.community_id,
            groups=grouping.groups_count,
            rounds=grouping.rounds_count,
        ),
        actor=actor,
        now=now,
    )
    tell(grouping.room, everyone=True)


@transaction.atomic
def next_round(*, grouping: Grouping, after: int, actor: Person) -> None:
    """Of two presses at once only one goes on; after the last round nothing changes."""
    grouping = standing(grouping, actor)
    moved = Grouping.objects.filter(
        pk=grouping.pk, state=State.PUBLISHED, current_round=after, rounds_count__gt=after
    ).update(current_round=F("current_round") + 1)
    if moved:
        tell(grouping.room, everyone=True)


@transaction.atomic
def end_groups(*, grouping: Grouping, actor: Person) -> None:
    """Back together: no table is shown any more."""
    grouping = standing(grouping, actor)
    Grouping.objects.filter(pk=grouping.pk, state=State.PUBLISHED).update(state=State.REPLACED)
    tell(grouping.room, everyone=True)


def repair_groups(*, grouping: Grouping, actor: Person, now: datetime) -> int:
    """After people left or came: the fewest moves, from the round that is on. How many were moved.

    Who is told: those moved and those who came, nobody else.
    """
    must_facilitate(actor, grouping.room)
    present = queries.here(grouping.room)
    ids, seated = queries.ids_by_round(grouping), set[str]()
    for group in ids[grouping.current_round - 1]:
        seated |= set(group)
    now_here = {str(one.pk) for one in present}
    known = Participant.objects.filter(pk__in=[UUID(one) for one in seated | now_here])
    setting = queries.setting_for(grouping, list(known.select_related("person")))
    fixed = grouping.placements.filter(pinned=True, round=grouping.current_round)
    repaired = engine.repair(
        setting.people,
        ids,
        round=grouping.current_round - 1,
        absent=seated - now_here,
        arrived=now_here - seated,
        frozen=[str(one) for one in fixed.values_list("participant_id", flat=True)],
        tables=setting.tables,
        mix=setting.mix,
        rules=setting.rules,
        met=queries.met_before(grouping.room, present, now, other_than=grouping),
        meet=grouping.new_faces / 100,
    )
    moved = {person for person, _from, _to in repaired.moved}
    _write_repaired(grouping, repaired.rounds, moved | (now_here - seated), actor, now)
    return len(moved)


@transaction.atomic
def _write_repaired(
    grouping: Grouping,
    rounds: Sequence[Sequence[Sequence[str]]],
    told: set[str],
    actor: Person,
    now: datetime,
) -> None:
    seen = grouping.revision
    grouping = standing(grouping, actor)
    if grouping.revision != seen:
        return
    at = {(one.round, one.number): one for one in grouping.groups.all()}
    fixed = set(grouping.placements.filter(pinned=True).values_list("round", "participant_id"))
    grouping.placements.filter(round__gte=grouping.current_round).delete()
    Placement.objects.bulk_create(
        Placement(
            grouping=grouping,
            round=round_ + 1,
            group=at[round_ + 1, number + 1],
            participant_id=UUID(person),
            pinned=(round_ + 1, UUID(person)) in fixed,
            moved_at=now if person in told and round_ + 1 == grouping.current_round else None,
        )
        for round_, groups in enumerate(rounds)
        if round_ + 1 >= grouping.current_round
        for number, group in enumerate(groups)
        for person in group
    )
    measured(grouping, undo={})
    publish(
        GroupsMoved(
            subject_id=grouping.pk,
            community_id=grouping.room.session.workshop.community_id,
            moved=len(told),
        ),
        actor=actor,
        now=now,
    )
    tell(grouping.room, everyone=True)
