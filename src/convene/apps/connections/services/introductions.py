"""One suggestion after a session for those who agreed to it; an introduction only when both say yes."""

from __future__ import annotations

from datetime import datetime
from itertools import combinations
from uuid import UUID

from django.db import transaction

from convene.apps.communities.queries import feature_on
from convene.apps.communities.rules import FeatureName
from convene.apps.connections import mails
from convene.apps.connections.events import IntroductionMade, IntroductionsSuggested
from convene.apps.connections.models import Introduction, IntroductionSide
from convene.apps.connections.queries import introductions as queries
from convene.apps.connections.queries.met import contact_of
from convene.apps.connections.rules import introductions as rules
from convene.apps.connections.rules.matching import Pair, best_pairs
from convene.apps.connections.services.contacts import agree_for_both
from convene.apps.people.models import Person
from convene.apps.people.queries import people_consenting
from convene.apps.people.rules import Purpose
from convene.apps.people.services import give_consent, withdraw_consent
from convene.apps.rooms.models import Room
from convene.foundation.events import publish

Answer = IntroductionSide.Answer


@transaction.atomic
def suggest_after(*, room_id: UUID, now: datetime) -> int:
    """How many pairs. Once a session: the room's row is held, and whoever comes second finds them made."""
    room = Room.objects.select_for_update().filter(pk=room_id, state=Room.State.OVER).first()
    if room is None or not rules.is_fresh(room.ended_at, now):
        return 0
    if Introduction.objects.filter(session_id=room.session_id).exists():
        return 0
    room = Room.objects.select_related("session__workshop__community").get(pk=room_id)
    community = room.session.workshop.community
    if not feature_on(community.pk, FeatureName.CONNECTIONS):
        return 0
    found = _pairs(queries.eligible_after(room, now))
    for pair, reason in found.items():
        _suggest(room, pair, reason, now)
    if found:
        publish(
            IntroductionsSuggested(subject_id=room.session_id, community_id=community.pk, count=len(found)),
            actor=None,
            now=now,
        )
    return len(found)


def _pairs(eligible: queries.Eligible) -> dict[Pair, rules.Reason]:
    """One of the two at least was in the session; they never met, and were never suggested before."""
    weights: dict[Pair, float] = {}
    reasons: dict[Pair, rules.Reason] = {}
    for one, other in combinations(sorted(eligible.facts), 2):
        if not eligible.came & {one, other} or frozenset((one, other)) in eligible.apart:
            continue
        mine, theirs = eligible.facts[one], eligible.facts[other]
        reason = rules.reason_for(mine, theirs)
        if reason is not None:
            weights[one, other] = rules.worth(mine, theirs, reason)
            reasons[one, other] = reason
    return {pair: reasons[pair] for pair in best_pairs(weights)}


def _suggest(room: Room, pair: Pair, reason: rules.Reason, now: datetime) -> None:
    introduction = Introduction.objects.create(
        community=room.session.workshop.community,
        session=room.session,
        common=reason.common,
        common_id=reason.common_id,
        differs=reason.differs,
        made_at=now,
        expires_at=now + rules.STANDS,
    )
    IntroductionSide.objects.bulk_create(
        IntroductionSide(introduction=introduction, session=room.session, person_id=person) for person in pair
    )
    for person in Person.objects.filter(pk__in=pair):
        mails.tell_suggested(introduction, person, now=now)


@transaction.atomic
def answer(*, person: Person, introduction_id: UUID, yes: bool, now: datetime) -> bool:
    """Whether both have said yes now. Until the time is over an answer can be changed; nobody sees it.

    Of two answers at the same instant the second finds the first: the introduction's row is held.
    """
    introduction = Introduction.objects.select_for_update().filter(pk=introduction_id).first()
    sides = {one.person_id: one for one in introduction.sides.all()} if introduction else {}
    if introduction is None or introduction.introduced_at is not None or person.pk not in sides:
        return False
    agreed = people_consenting(Purpose.INTRODUCTIONS, person_ids=list(sides)) == set(sides)
    rules.check_open(is_open=agreed and now < introduction.expires_at)
    if yes:
        rules.check_contact(has_contact=bool(contact_of(person.pk)))
    said = Answer.YES if yes else Answer.NO
    introduction.sides.filter(person=person).update(answer=said, answered_at=now)
    if introduction.sides.exclude(answer=Answer.YES).exists() or len(sides) < 2:  # noqa: PLR2004 - both
        return False
    return _introduce(introduction, sorted(sides), now)


def _introduce(introduction: Introduction, people: list[UUID], now: datetime) -> bool:
    claimed = Introduction.objects.filter(pk=introduction.pk, introduced_at=None).update(introduced_at=now)
    if claimed != 1:
        return False
    agree_for_both(one_id=people[0], other_id=people[1], now=now)
    publish(
        IntroductionMade(subject_id=introduction.pk, community_id=introduction.community_id),
        actor=None,
        now=now,
    )
    return True


def switch_introductions(*, person: Person, on: bool, now: datetime) -> None:
    """The person's own consent; without it their open suggestions are shown to nobody."""
    act = give_consent if on else withdraw_consent
    act(person=person, purpose=Purpose.INTRODUCTIONS, now=now)


def forget_answers(*, now: datetime) -> int:
    """Of suggestions whose time is over: that they were made stays, so that they are not made again."""
    over = IntroductionSide.objects.filter(
        introduction__expires_at__lte=now, introduction__introduced_at=None
    ).exclude(answer=Answer.NONE)
    return over.update(answer=Answer.NONE, answered_at=None)
