"""What must hold at the tables of a room, and what each person lets be used for theirs."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db import transaction

from convene.apps.people import services as people
from convene.apps.people.models import Person
from convene.apps.people.rules import Purpose
from convene.apps.rooms.models import Participant, Room, TableRule
from convene.apps.rooms.rules import groups as rules
from convene.apps.rooms.services.claims import locked, must_facilitate
from convene.apps.rooms.services.telling import tell

Kind = TableRule.Kind


@transaction.atomic
def add_table_rule(
    *, room: Room, kind: str, key: str = "", named: Sequence[UUID] = (), actor: Person, now: datetime
) -> TableRule:
    """Holds from the next time groups are made. What stands already stays one rule."""
    must_facilitate(actor, room)
    locked(room)
    who = (
        list(Participant.objects.filter(room=room, pk__in=named))
        if kind in {Kind.APART, Kind.TOGETHER}
        else []
    )
    rules.check_table_rule(kind=kind, people=len(who), rules=room.table_rules.count())
    if who:
        rule = TableRule.objects.create(room=room, kind=kind, made_by=actor, made_at=now)
        rule.people.set(who)
    else:
        rule, _made = TableRule.objects.get_or_create(
            room=room, kind=kind, key=key, defaults={"made_by": actor, "made_at": now}
        )
    tell(room, screen=False, phone=False)
    return rule


@transaction.atomic
def remove_table_rule(*, rule: TableRule, actor: Person) -> None:
    must_facilitate(actor, rule.room)
    TableRule.objects.filter(pk=rule.pk).delete()
    tell(rule.room, screen=False, phone=False)


@transaction.atomic
def choose_seating(
    *, participant: Participant, agrees: bool, speaks: Sequence[str], offered: Sequence[str], now: datetime
) -> None:
    """The person's own yes or no, and which of the languages offered they speak; others they named stay."""
    person = participant.person
    kept = [code for code in person.speaks if code not in offered]
    people.update_profile(person=person, now=now, speaks=[*kept, *speaks])
    act = people.give_consent if agrees else people.withdraw_consent
    act(person=person, purpose=Purpose.SEATING, now=now)
