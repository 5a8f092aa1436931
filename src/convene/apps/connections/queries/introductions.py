"""Who may be suggested to whom after a session, and what someone reads of their own suggestions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import Q
from django.utils.translation import gettext as _

from convene.apps.capabilities.models import Need, NeedSource
from convene.apps.communities.models import Membership, Organisation
from convene.apps.connections.models import Introduction, IntroductionSide
from convene.apps.connections.rules.introductions import Facts
from convene.apps.people.models import Person
from convene.apps.people.queries import people_consenting
from convene.apps.people.rules import Purpose
from convene.apps.rooms.models import Participant, Room
from convene.apps.rooms.queries.meetings import Scope, meetings
from convene.apps.workshops.models import Workshop

WORKSHOPS_BACK = timedelta(days=365)
Answer = IntroductionSide.Answer
Common = Introduction.Common


@dataclass(frozen=True)
class Eligible:
    """`came`: who was in the session. `apart`: pairs that are not suggested, since they met or once were."""

    facts: dict[UUID, Facts]
    came: set[UUID]
    apart: set[frozenset[UUID]]


def eligible_after(room: Room, now: datetime) -> Eligible:
    """Active members who agreed to be introduced and have no open suggestion; a fixed number of queries."""
    community_id = room.session.workshop.community_id
    members = Membership.objects.filter(
        community_id=community_id, state=Membership.State.ACTIVE, person__erased_at=None
    )
    known = {one.person_id: one for one in members}
    free = people_consenting(Purpose.INTRODUCTIONS, person_ids=list(known)) - busy(now)
    met, count = _met(community_id, free, now)
    facts = _facts(community_id, {person: known[person] for person in free}, count, now)
    came = room.participants.exclude(state=Participant.State.EXPECTED).values_list("person_id", flat=True)
    return Eligible(facts, set(came) & free, met | _suggested(free))


def busy(now: datetime) -> set[UUID]:
    """Who has a suggestion that waits, and did not say no to it."""
    rows = IntroductionSide.objects.filter(
        introduction__expires_at__gt=now, introduction__introduced_at=None
    ).exclude(answer=Answer.NO)
    return set(rows.values_list("person_id", flat=True))


def _met(
    community_id: UUID, free: Collection[UUID], now: datetime
) -> tuple[set[frozenset[UUID]], dict[UUID, int]]:
    """Pairs who met anywhere; and how many each has met in this community."""
    anywhere = {frozenset(one.pair) for one in meetings(Scope(until=now, people=free))}
    others: dict[UUID, set[UUID]] = defaultdict(set)
    for meeting in meetings(Scope(until=now, community_id=community_id)):
        others[meeting.one].add(meeting.other)
        others[meeting.other].add(meeting.one)
    return anywhere, {person: len(others[person]) for person in free}


def _suggested(free: Collection[UUID]) -> set[frozenset[UUID]]:
    """Once is enough, whatever became of it."""
    pairs: dict[UUID, set[UUID]] = defaultdict(set)
    rows = IntroductionSide.objects.filter(person_id__in=free)
    for introduction_id, person_id in rows.values_list("introduction_id", "person_id"):
        pairs[introduction_id].add(person_id)
    return {frozenset(people) for people in pairs.values()}


def _facts(
    community_id: UUID, members: dict[UUID, Membership], met: dict[UUID, int], now: datetime
) -> dict[UUID, Facts]:
    needs, workshops = defaultdict[UUID, set[UUID]](set), defaultdict[UUID, set[UUID]](set)
    asked = NeedSource.objects.filter(person_id__in=members, need__community_id=community_id)
    for person_id, need_id in asked.values_list("person_id", "need_id"):
        if person_id is not None:
            needs[person_id].add(need_id)
    rows = Participant.objects.filter(
        person_id__in=members,
        room__session__workshop__community_id=community_id,
        room__started_at__gt=now - WORKSHOPS_BACK,
    ).exclude(state=Participant.State.EXPECTED)
    for person_id, workshop_id in rows.values_list("person_id", "room__session__workshop_id"):
        workshops[person_id].add(workshop_id)
    return {
        person: Facts(
            organisation=member.organisation_id,
            since=member.since.year,
            needs=frozenset(needs[person]),
            workshops=frozenset(workshops[person]),
            met=met[person],
        )
        for person, member in members.items()
    }


# --- what one person reads ----------------------------------------------------


@dataclass(frozen=True)
class Suggested:
    """`answer`: my own; of the other's nothing, unless both said yes."""

    introduction: Introduction
    other: Person
    answer: str
    common: str
    differs: str
    contact: str


def suggestions_for(person: Person, shown: dict[UUID, str], now: datetime) -> list[Suggested]:
    """Open ones, and those both said yes to while contacts are shared; consents as they stand now."""
    mine = list(
        IntroductionSide.objects.filter(person=person)
        .filter(Q(introduction__expires_at__gt=now) | Q(introduction__introduced_at__isnull=False))
        .select_related("introduction__community")
        .order_by("-introduction__made_at")
    )
    others = {
        side.introduction_id: side.person
        for side in IntroductionSide.objects.filter(introduction__in=[one.introduction_id for one in mine])
        .exclude(person=person)
        .select_related("person")
    }
    pairs = [(side, others[side.introduction_id]) for side in mine if side.introduction_id in others]
    agreed = people_consenting(
        Purpose.INTRODUCTIONS, person_ids=[person.pk, *(other.pk for _side, other in pairs)]
    )
    words = _Words.of([side.introduction for side, _other in pairs], person)
    return [
        Suggested(
            introduction=side.introduction,
            other=other,
            answer=side.answer,
            common=words.common(side.introduction),
            differs=words.differs(side.introduction),
            contact=shown.get(other.pk, ""),
        )
        for side, other in pairs
        if (other.pk in shown if side.introduction.introduced_at else {person.pk, other.pk} <= agreed)
    ]


def suggestion_of(person: Person, introduction_id: UUID, now: datetime) -> Suggested:
    """One that stands open."""
    found = suggestions_for(person, {}, now)
    return next(one for one in found if one.introduction.pk == introduction_id)


def introduced_to(person_id: UUID) -> set[UUID]:
    mine = IntroductionSide.objects.filter(person_id=person_id, introduction__introduced_at__isnull=False)
    rows = IntroductionSide.objects.filter(introduction__in=mine.values("introduction_id"))
    return set(rows.exclude(person_id=person_id).values_list("person_id", flat=True))


@dataclass(frozen=True)
class _Words:
    """Why, said about the reader: their wish, their workshop, their organisation, their year."""

    titles: dict[UUID, str]
    memberships: dict[UUID, Membership]

    @classmethod
    def of(cls, introductions: list[Introduction], reader: Person) -> _Words:
        ids = {
            kind: [one.common_id for one in introductions if one.common_id and one.common == kind]
            for kind in Common.values
        }
        titles: dict[UUID, str] = {}
        titles |= Need.objects.filter(pk__in=ids[Common.NEED]).values_list("pk", "title")
        titles |= Workshop.objects.filter(pk__in=ids[Common.WORKSHOP]).values_list("pk", "title")
        titles |= Organisation.objects.filter(pk__in=ids[Common.ORGANISATION]).values_list("pk", "name")
        mine = Membership.objects.filter(person=reader).select_related("organisation").order_by("since")
        return cls(titles, {one.community_id: one for one in mine})

    def common(self, introduction: Introduction) -> str:
        title = self.titles.get(introduction.common_id, "") if introduction.common_id else ""
        words = {
            Common.NEED: _("Like you, they asked for “%(title)s”."),
            Common.WORKSHOP: _("Like you, they took part in “%(title)s”."),
            Common.ORGANISATION: _("Like you, they are from %(title)s."),
            Common.SINCE: _("Like you, they became a member in %(year)s."),
        }[Common(introduction.common)]
        return words % {"title": title, "year": self._year(introduction)}

    def differs(self, introduction: Introduction) -> str:
        member = self.memberships.get(introduction.community_id)
        if introduction.differs == Introduction.Differs.ORGANISATION:
            mine = str(member.organisation) if member and member.organisation else ""
            return _("You are from %(organisation)s; they are not.") % {"organisation": mine}
        return _("You became a member in %(year)s; they in another year.") % {
            "year": self._year(introduction)
        }

    def _year(self, introduction: Introduction) -> str:
        member = self.memberships.get(introduction.community_id)
        return str(member.since.year) if member else ""
