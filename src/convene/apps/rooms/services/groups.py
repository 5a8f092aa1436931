"""The only writer of groupings: made, changed by hand, published, repaired."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import F

from convene.apps.people.models import Person
from convene.apps.rooms.events import GroupsMoved, GroupsPublished
from convene.apps.rooms.models import Group, Grouping, Participant, Placement, Room
from convene.apps.rooms.queries import groups as queries
from convene.apps.rooms.rules import groups as rules
from convene.apps.rooms.services.claims import locked, must_facilitate
from convene.apps.rooms.services.telling import tell
from convene.engines import grouping as engine
from convene.foundation.events import publish

State = Grouping.State
SECONDS = 0.5
"""What the search may take, counted in steps: half a CPU second is 99 % of the best for a hundred people."""
MIX = engine.Mix(traits=(queries.TIER,))


@dataclass(frozen=True)
class Wishes:
    """What the facilitator asks of groups. `new_faces`: 0 mix only, 100 meet new people only.

    `apart`, `together`: ids of participants; no two of the first share a table, all of the second do.
    """

    groups: int
    rounds: int = 1
    new_faces: int = 50
    facilitated: bool = False
    apart: tuple[str, ...] = ()
    together: tuple[str, ...] = ()

    def as_rules(self, present: set[str]) -> list[engine.Rule]:
        found = []
        if self.facilitated:
            found.append(engine.Rule("at_least", flag=queries.FACILITATOR, number=1))
        for kind, people in (("apart", self.apart), ("together", self.together)):
            named = tuple(one for one in people if one in present)
            if len(named) > 1:
                found.append(engine.Rule(kind, people=named))  # type: ignore[arg-type]  # one of the two
        return found


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
    names = {str(one.pk): one.person.name for one in present}
    fixed = _fixed(room, wishes, set(names))
    try:
        plan = engine.arrange(
            queries.engine_people(present),
            wishes.groups,
            wishes.rounds,
            mix=MIX,
            rules=[*wishes.as_rules(set(names)), *engine.pins(fixed)],
            met=queries.met_before(room, present, now),
            meet=wishes.new_faces / 100,
            seconds=SECONDS,
            seed=secrets.randbelow(2**31),
        )
    except engine.ClashError as error:
        raise rules.refused(error.clashes[0], names) from error
    made = _Made(plan.rounds, {(round_, person) for person, round_, _table in fixed})
    return _write_draft(room, wishes, made, plan.seed, actor, now)


def _fixed(room: Room, wishes: Wishes, present: set[str]) -> list[tuple[str, int, int]]:
    """(participant, round, table), from 0, of what was fixed by hand in the standing draft."""
    rows = Placement.objects.filter(grouping__room=room, grouping__state=State.DRAFT, pinned=True)
    found = [
        (str(participant_id), round_ - 1, number - 1)
        for participant_id, round_, number in rows.values_list("participant_id", "round", "group__number")
    ]
    return [one for one in found if one[0] in present and one[1] < wishes.rounds and one[2] < wishes.groups]


@transaction.atomic
def _write_draft(
    room: Room, wishes: Wishes, made: _Made, seed: int, actor: Person, now: datetime
) -> Grouping:
    room = locked(room)
    Grouping.objects.filter(room=room, state=State.DRAFT).delete()
    grouping = Grouping.objects.create(
        room=room,
        block=room.blocks.filter(started_at__isnull=False, ended_at=None).first(),
        groups_count=wishes.groups,
        rounds_count=wishes.rounds,
        new_faces=wishes.new_faces,
        rules=[asdict(wishes)],
        mixes=[queries.TIER],
        seed=seed,
        made_by=actor,
        made_at=now,
    )
    _seat(grouping, made)
    _measure(grouping)
    tell(room, screen=False, phone=False)
    return grouping


def _seat(grouping: Grouping, made: _Made) -> None:
    tables = Group.objects.bulk_create(
        Group(grouping=grouping, round=round_, number=number)
        for round_ in range(1, grouping.rounds_count + 1)
        for number in range(1, grouping.groups_count + 1)
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


def _measure(grouping: Grouping) -> None:
    """The figures of the placements as they are."""
    ids = queries.ids_by_round(grouping)
    seated = {person for round_ in ids for group in round_ for person in group}
    people = Participant.objects.filter(pk__in=[UUID(one) for one in seated]).select_related(
        "room__session__workshop"
    )
    found = engine.measure(queries.engine_people(list(people)), ids, mix=MIX)
    Grouping.objects.filter(pk=grouping.pk).update(
        repeats=found.repeats,
        repeats_bound=found.repeats_bound,
        mixing=found.mixing,
        mixing_bound=found.mixing_bound,
        revision=F("revision") + 1,
    )


@transaction.atomic
def move(*, placement: Placement, to: Group, actor: Person, now: datetime) -> None:
    """To another table of the same round, fixed there; once published, the one who moves is told."""
    grouping = _standing(placement.grouping, actor)
    if to.grouping_id != grouping.pk or to.round != placement.round:
        return
    published = grouping.state == State.PUBLISHED
    changed = (
        Placement.objects.filter(pk=placement.pk)
        .exclude(group=to)
        .update(group=to, pinned=True, moved_at=now if published else None)
    )
    if changed:
        _measure(grouping)
        tell(grouping.room, screen=published, phone=published, participants=[placement.participant_id])


@transaction.atomic
def fix(*, placement: Placement, fixed: bool, actor: Person) -> None:
    """Stays at this table when the groups are made again; or no longer."""
    grouping = _standing(placement.grouping, actor)
    Placement.objects.filter(pk=placement.pk).update(pinned=fixed)
    tell(grouping.room, screen=False, phone=False)


def _standing(grouping: Grouping, actor: Person) -> Grouping:
    must_facilitate(actor, grouping.room)
    locked(grouping.room)
    return Grouping.objects.select_related("room__session__workshop").get(pk=grouping.pk)


@transaction.atomic
def publish_groups(*, grouping: Grouping, actor: Person, now: datetime) -> None:
    """Everyone's phone shows their table. One grouping is published at a time; the one before is replaced."""
    grouping = _standing(grouping, actor)
    rules.check_draft(grouping.state)
    Grouping.objects.filter(room=grouping.room, state=State.PUBLISHED).update(state=State.REPLACED)
    Grouping.objects.filter(pk=grouping.pk, state=State.DRAFT).update(state=State.PUBLISHED, published_at=now)
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
    tell(grouping.room, participants=grouping.placements.values_list("participant_id", flat=True))


@transaction.atomic
def next_round(*, grouping: Grouping, after: int, actor: Person) -> None:
    """Of two presses at once only one goes on; after the last round nothing changes."""
    grouping = _standing(grouping, actor)
    moved = Grouping.objects.filter(
        pk=grouping.pk, state=State.PUBLISHED, current_round=after, rounds_count__gt=after
    ).update(current_round=F("current_round") + 1)
    if moved:
        tell(grouping.room, participants=grouping.placements.values_list("participant_id", flat=True))


@transaction.atomic
def end_groups(*, grouping: Grouping, actor: Person) -> None:
    """Back together: no table is shown any more."""
    grouping = _standing(grouping, actor)
    Grouping.objects.filter(pk=grouping.pk, state=State.PUBLISHED).update(state=State.REPLACED)
    tell(grouping.room, participants=grouping.placements.values_list("participant_id", flat=True))


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
    wishes = Wishes(**grouping.rules[0] if grouping.rules else {"groups": grouping.groups_count})
    fixed = set(
        grouping.placements.filter(pinned=True, round=grouping.current_round).values_list(
            "participant_id", flat=True
        )
    )
    repaired = engine.repair(
        queries.engine_people(list(known.select_related("room__session__workshop"))),
        ids,
        round=grouping.current_round - 1,
        absent=seated - now_here,
        arrived=now_here - seated,
        frozen=[str(one) for one in fixed if str(one) in now_here],
        mix=MIX,
        rules=wishes.as_rules(now_here),
        met=queries.met_before(grouping.room, present, now),
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
    grouping = _standing(grouping, actor)
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
    _measure(grouping)
    publish(
        GroupsMoved(
            subject_id=grouping.pk,
            community_id=grouping.room.session.workshop.community_id,
            moved=len(told),
        ),
        actor=actor,
        now=now,
    )
    tell(grouping.room, participants=[UUID(one) for one in sorted(told)])
