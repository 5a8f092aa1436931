"""Two who answer at the same instant: introduced once, shared once, told once."""

from __future__ import annotations

from functools import partial

import pytest
from django.utils import timezone

from convene.apps.connections.models import Exchange, Introduction
from convene.apps.connections.services import contacts, introductions
from convene.foundation.audit.models import AuditEntry
from tests.makers import make_community, make_feature, make_member, make_person, make_tables
from tests.races.together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = timezone.now()


@pytest.fixture
def room():
    community = make_community(steward=make_person())
    make_feature(community, "connections")
    people = [make_member(community, since=f"202{n % 2}-01-01") for n in range(10)]
    for person in people:
        introductions.switch_introductions(person=person, on=True, now=NOW)
        contacts.share_contact(person=person, text="Room 1", now=NOW)
    return make_tables(community, [people[:5], people[5:]])


def test_of_four_runs_at_once_one_makes_the_suggestions(room):
    got = together([partial(introductions.suggest_after, room_id=room.pk, now=NOW)] * 4)
    assert sorted(got) == [0, 0, 0, Introduction.objects.count()]


def test_two_who_say_yes_at_once_are_introduced_once(room):
    introductions.suggest_after(room_id=room.pk, now=NOW)
    chosen = Introduction.objects.first()
    two = [side.person for side in chosen.sides.select_related("person")]
    got = together(
        [
            partial(introductions.answer, person=person, introduction_id=chosen.pk, yes=True, now=NOW)
            for person in two * 2
        ]
    )
    assert sorted(got) == [False, False, False, True]
    assert AuditEntry.objects.filter(name="introduction_made").count() == 1
    assert Exchange.objects.filter(shared_at__isnull=False).count() == 1


def test_two_who_ask_each_other_at_once_exchange_once(room):
    two = [one.participant.person for one in room.groupings.get().groups.first().placements.all()[:2]]
    together(
        [
            partial(contacts.say_yes, person=one, other_id=other.pk, now=NOW)
            for one, other in [two, two[::-1]] * 2
        ]
    )
    assert Exchange.objects.get().shared_at is not None
    assert AuditEntry.objects.filter(name="contacts_exchanged").count() == 1
