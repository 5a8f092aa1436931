"""Bring the open export of another conversation in: read, look at what would come, say yes."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.voices import events, keys, open_exports, permissions
from convene.apps.voices.models import Ballot, Inquiry, OpenExport, Statement, Vote
from convene.apps.voices.permissions import Permission
from convene.apps.voices.services.telling import tell
from convene.apps.voices.services.voting import RELEASE, next_number
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish
from convene.foundation.jobs.services import schedule

KEPT = dt.timedelta(days=7)
"""An upload nobody said yes to is forgotten after it."""
NAMED = 200
"""Problems that are kept, to be read; the others are counted."""
_BATCH = 1_000


def _must_bring(actor: Person, inquiry: Inquiry) -> None:
    if not permissions.can_run(actor, inquiry):
        raise NotAllowed(Permission.RUN)


def _check_takes_in(inquiry: Inquiry) -> None:
    """Ballots of people and ballots of a file are never counted together."""
    if inquiry.kind != Inquiry.Kind.VIEWS:
        raise RuleBroken(_("Only an inquiry on what people think takes an export in."), code="kind")
    if inquiry.state != Inquiry.State.DRAFT and not inquiry.imported:
        raise RuleBroken(
            _(
                "People were asked here already; their votes and those of a file are not mixed. "
                "Begin a new inquiry for the export."
            ),
            code="was_asked",
        )


@transaction.atomic
def start_open_export(
    *, inquiry: Inquiry, comments: bytes, votes: bytes, actor: Person, now: datetime
) -> OpenExport:
    """Read the two files; nothing is brought in yet. Voters become keys at once: their ids are not kept."""
    _must_bring(actor, inquiry)
    _check_takes_in(inquiry)
    found = open_exports.read(comments, votes)
    places = {one.source: at for at, one in enumerate(found.comments)}
    voters = {name: at for at, name in enumerate(found.voters)}
    return OpenExport.objects.create(
        inquiry=inquiry,
        statements=[[one.source, one.text, one.out] for one in found.comments],
        voters=[[key.hex for key in keys.of_import(name, inquiry.salt).keys] for name in voters],
        votes=[[voters[name], places[source], value] for (name, source), value in found.cast.items()],
        problems=[[one.file, one.line, one.text] for one in found.problems[:NAMED]],
        read={
            "problems": len(found.problems),
            "beside": found.beside,
            "used": found.used,
            "unused": found.unused,
            "turned": found.looks_turned(),
        },
        made_by=actor,
        made_at=now,
    )


@dataclass(frozen=True)
class Brought:
    """What was new; bringing the same files in again, nothing is."""

    statements: int
    voters: int
    votes: int
    changed: int


@transaction.atomic
def take_in_open_export(*, export: OpenExport, actor: Person, now: datetime) -> Brought:
    """Do what the dry run showed, and forget the file. Of two presses at once, one does it.

    The inquiry is closed afterwards: nobody here was asked.
    """
    _must_bring(actor, export.inquiry)
    inquiry = Inquiry.objects.select_for_update().get(pk=export.inquiry_id)
    _check_takes_in(inquiry)
    standing = OpenExport.objects.get(pk=export.pk)
    claimed = OpenExport.objects.filter(pk=export.pk, applied_at=None).update(
        applied_at=now, statements=[], voters=[], votes=[], problems=[]
    )
    if claimed != 1:
        raise RuleBroken(_("This export has been brought in already."), code="applied_already")
    statements, new_statements = _statements(inquiry, standing.statements)
    ballots, new_voters = _ballots(inquiry, standing.voters)
    new_votes, changed = _votes(inquiry, standing.votes, statements, ballots)
    Inquiry.objects.filter(pk=inquiry.pk, imported=False).update(
        imported=True, state=Inquiry.State.CLOSED, opened_at=now, closed_at=now
    )
    brought = Brought(new_statements, new_voters, new_votes, changed)
    _announce(inquiry, brought, actor, now)
    return brought


def _announce(inquiry: Inquiry, brought: Brought, actor: Person, now: datetime) -> None:
    schedule(key=f"release:{inquiry.pk}", task=RELEASE, args={"inquiry_id": str(inquiry.pk)}, due_at=now)
    publish(
        events.OpenExportBroughtIn(
            subject_id=inquiry.pk,
            community_id=inquiry.community_id,
            statements=brought.statements,
            votes=brought.votes,
        ),
        actor=actor,
        now=now,
    )
    tell(inquiry)


def _statements(inquiry: Inquiry, rows: list[list[Any]]) -> tuple[list[UUID], int]:
    """Ids in the order of the rows; what the file's moderators took out stays readable with that reason."""
    reason = _("Taken out where it was asked.")
    known: dict[str, Statement] = {one.source: one for one in inquiry.statements.exclude(source="")}
    number, new = next_number(inquiry), list[Statement]()
    for source, text, out in rows:
        state = Statement.State.HIDDEN if out else Statement.State.LIVE
        if source not in known:
            known[source] = Statement(
                inquiry=inquiry,
                number=number + len(new),
                text=text,
                source=source,
                state=state,
                reason=reason if out else "",
            )
            new.append(known[source])
        elif out:
            Statement.objects.filter(pk=known[source].pk, state=Statement.State.LIVE).update(
                state=state, reason=reason
            )
    Statement.objects.bulk_create(new, batch_size=_BATCH)
    return [known[source].pk for source, _text, _out in rows], len(new)


def _ballots(inquiry: Inquiry, voters: list[list[str]]) -> tuple[list[UUID], int]:
    known = dict(Ballot.objects.filter(inquiry=inquiry).values_list("key", "pk"))
    found, new = [], []
    for names in voters:
        every = [UUID(hex=name) for name in names]
        standing = next((known[key] for key in every if key in known), None)
        if standing is None:
            ballot = Ballot(inquiry=inquiry, key=every[0])
            new.append(ballot)
            standing = ballot.pk
        found.append(standing)
    Ballot.objects.bulk_create(new, batch_size=_BATCH)
    return found, len(new)


def _votes(
    inquiry: Inquiry, rows: list[list[int]], statements: list[UUID], ballots: list[UUID]
) -> tuple[int, int]:
    """New ones, and those that say something else than before."""
    standing: Mapping[tuple[UUID, UUID], Vote] = {
        (vote.ballot_id, vote.statement_id): vote for vote in Vote.objects.filter(ballot__inquiry=inquiry)
    }
    new, changed = [], []
    for voter, statement, value in rows:
        key = ballots[voter], statements[statement]
        vote = standing.get(key)
        if vote is None:
            new.append(Vote(ballot_id=key[0], statement_id=key[1], value=value))
        elif vote.value != value:
            vote.value = value
            changed.append(vote)
    Vote.objects.bulk_create(new, batch_size=_BATCH)
    Vote.objects.bulk_update(changed, ["value"], batch_size=_BATCH)
    return len(new), len(changed)


@transaction.atomic
def drop_open_export(*, export: OpenExport, actor: Person) -> None:
    _must_bring(actor, export.inquiry)
    OpenExport.objects.filter(pk=export.pk, applied_at=None).delete()


@transaction.atomic
def forget_old_exports(*, now: datetime) -> int:
    """Sweep: uploads nobody said yes to."""
    return OpenExport.objects.filter(applied_at=None, made_at__lt=now - KEPT).delete()[0]
