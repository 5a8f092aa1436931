"""What is read of inquiries. Of how people voted: only what was released."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, F, Q, QuerySet

from convene.apps.communities.permissions import is_member, is_steward
from convene.apps.people.models import Person
from convene.apps.rooms.queries.rooms import takes_part
from convene.apps.voices.keys import Voter
from convene.apps.voices.models import Ballot, Inquiry, OpinionMap, Pulse, Statement, Vote
from convene.apps.workshops.models import Session

WAITS = Q(votes__released__isnull=True) | ~Q(votes__released=F("votes__value"))
"""Of a statement's votes: not in the released counts, or with another value."""


def inquiry_of(inquiry_id: UUID | str) -> Inquiry | None:
    return (
        Inquiry.objects.select_related("community", "session__workshop__community")
        .filter(pk=inquiry_id)
        .first()
    )


def inquiries_of(community_id: UUID) -> QuerySet[Inquiry]:
    """Open ones first, then by age."""
    return (
        Inquiry.objects.filter(community_id=community_id)
        .select_related("session")
        .annotate(live=Count("statements", filter=Q(statements__state=Statement.State.LIVE)))
        .order_by("closed_at", "-created_at")
    )


def open_in(session: Session) -> QuerySet[Inquiry]:
    """Of a session, for the phones in its room: open ones, and those of the community's members."""
    return Inquiry.objects.filter(session=session, state=Inquiry.State.OPEN).order_by("opened_at")


def open_for(person: Person, community_id: UUID) -> list[Inquiry]:
    """Which they may answer now."""
    rows = inquiries_of(community_id).filter(state=Inquiry.State.OPEN).select_related("session__workshop")
    inside = is_member(person, community_id) or is_steward(person, community_id)
    return [row for row in rows if _asked(row, person, inside=inside)]


def _asked(inquiry: Inquiry, person: Person, *, inside: bool) -> bool:
    if inquiry.asks == Inquiry.Asks.MEMBERS:
        return inside
    session = inquiry.session
    return inquiry.asks == Inquiry.Asks.SESSION and session is not None and takes_part(session, person)


def statements_of(inquiry: Inquiry) -> QuerySet[Statement]:
    return inquiry.statements.select_related("need").order_by("number")


def live_statements(inquiry: Inquiry) -> list[Statement]:
    return list(statements_of(inquiry).filter(state=Statement.State.LIVE))


def written_by(inquiry: Inquiry, authors: Collection[UUID]) -> list[Statement]:
    """One's own, in whatever state."""
    return list(statements_of(inquiry).filter(author_key__in=authors))


def ballot_of(inquiry: Inquiry, voter: Voter) -> Ballot | None:
    return Ballot.objects.filter(inquiry=inquiry, key__in=voter.keys).first()


def votes_of(inquiry: Inquiry, voter: Voter) -> dict[UUID, int]:
    """One's own votes: statement -> value."""
    rows = Vote.objects.filter(ballot__inquiry=inquiry, ballot__key__in=voter.keys)
    return dict(rows.values_list("statement_id", "value"))


def waiting_votes(statement: Statement) -> int:
    """New or changed since the last release."""
    rows = Vote.objects.filter(statement=statement)
    return rows.filter(Q(released__isnull=True) | ~Q(released=F("value"))).count()


@dataclass(frozen=True)
class Progress:
    """How far one voter is, of the statements there are now."""

    voted: int
    of: int

    @property
    def done(self) -> bool:
        return self.voted >= self.of


def progress_of(statements: Collection[Statement], votes: dict[UUID, int]) -> Progress:
    return Progress(sum(one.pk in votes for one in statements), len(statements))


def map_of(inquiry: Inquiry) -> OpinionMap | None:
    """The newest release."""
    return inquiry.maps.order_by("-made_at", "-pk").first()


def pulse_of(pulse_id: UUID | str) -> Pulse | None:
    return (
        Pulse.objects.select_related("community", "session__workshop__community").filter(pk=pulse_id).first()
    )


def pulses_of(community_id: UUID) -> QuerySet[Pulse]:
    """Newest first."""
    return (
        Pulse.objects.filter(community_id=community_id)
        .select_related("session__workshop")
        .order_by("-created_at")
    )


def waiting_statements(community_id: UUID) -> QuerySet[Statement]:
    """That somebody must read before others can: for Today."""
    return Statement.objects.filter(
        inquiry__community_id=community_id,
        inquiry__state=Inquiry.State.OPEN,
        state=Statement.State.WAITING,
    ).select_related("inquiry")
