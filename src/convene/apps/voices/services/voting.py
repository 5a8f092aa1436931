"""What those who are asked do: vote, change their mind, add a statement, take it back, leave no trace."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from convene.apps.voices import keys, queries
from convene.apps.voices.keys import Voter
from convene.apps.voices.models import Ballot, Inquiry, Invitation, Statement, Vote
from convene.apps.voices.rules import inquiry as rules
from convene.apps.voices.rules import showing
from convene.apps.voices.services.telling import tell
from convene.foundation.errors import RuleBroken
from convene.foundation.jobs.services import schedule

RELEASE = "convene.apps.voices.tasks.release_votes"


def _ballot(inquiry: Inquiry, voter: Voter) -> Ballot:
    """One for each voter, however many ask for it at once."""
    return (
        queries.ballot_of(inquiry, voter) or Ballot.objects.get_or_create(inquiry=inquiry, key=voter.key)[0]
    )


@transaction.atomic
def cast(*, statement: Statement, voter: Voter, value: int, now: datetime) -> None:
    """Vote, or change one's vote. Whoever calls checked that `voter` is asked.

    What is shown moves only when five votes on the statement are new or changed.
    """
    inquiry = Inquiry.objects.select_for_update().get(pk=statement.inquiry_id)
    rules.check_open(inquiry.state, inquiry.closes_at, now)
    rules.check_value(value)
    if Statement.objects.values_list("state", flat=True).get(pk=statement.pk) != Statement.State.LIVE:
        raise RuleBroken(_("This statement was taken out meanwhile."), code="taken_out")
    Vote.objects.update_or_create(
        ballot=_ballot(inquiry, voter), statement=statement, defaults={"value": value}
    )
    waiting = queries.waiting_votes(statement)
    if waiting and waiting % showing.K == 0:
        schedule(key=f"release:{inquiry.pk}", task=RELEASE, args={"inquiry_id": str(inquiry.pk)}, due_at=now)


@transaction.atomic
def say(*, inquiry: Inquiry, voter: Voter, text: str, now: datetime) -> Statement:
    """Add a statement. Its author is kept under a key of its own, apart from their ballot."""
    inquiry = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    rules.check_open(inquiry.state, inquiry.closes_at, now)
    rows = inquiry.statements
    known = rows.exclude(state=Statement.State.HIDDEN).values_list("text", flat=True)
    tidy = rules.check_statement(text, list(known))
    rules.check_how_many(rows.filter(author_key__in=voter.authors).count())
    first_read = inquiry.moderation == Inquiry.Moderation.BEFORE
    statement = Statement.objects.create(
        inquiry=inquiry,
        number=next_number(inquiry),
        text=tidy,
        state=Statement.State.WAITING if first_read else Statement.State.LIVE,
        author_key=voter.author,
        since=votes_so_far(inquiry),
    )
    tell(inquiry)
    return statement


def votes_so_far(inquiry: Inquiry) -> int:
    return Vote.objects.filter(statement__inquiry=inquiry).count()


def next_number(inquiry: Inquiry) -> int:
    """The inquiry is locked by whoever calls."""
    return (inquiry.statements.aggregate(last=Max("number"))["last"] or 0) + 1


@transaction.atomic
def take_back(*, statement: Statement, voter: Voter, now: datetime) -> None:
    """One's own statement, until five people have voted on it: then it is also theirs."""
    inquiry = Inquiry.objects.select_for_update().get(pk=statement.inquiry_id)
    rules.check_open(inquiry.state, inquiry.closes_at, now)
    if statement.author_key not in voter.authors:
        raise RuleBroken(_("This is not your statement."), code="not_yours")
    if Vote.objects.filter(statement=statement).count() >= showing.K:
        raise RuleBroken(
            _("Others have voted on it, so it stays. Your name is not kept with it."), code="voted_on"
        )
    Statement.objects.filter(pk=statement.pk).delete()
    tell(inquiry)


@transaction.atomic
def forget(*, inquiry: Inquiry, voter: Voter) -> None:
    """Take one's whole ballot back. What was released follows with the next batch: nothing tells whose."""
    Ballot.objects.filter(inquiry=inquiry, key__in=voter.keys).delete()


@transaction.atomic
def use_invitation(*, inquiry_id: UUID, code: str, now: datetime) -> str:
    """The secret for the browser that used it. Of two who use one code at once, one gets in.

    Raises RuleBroken(invitation): unknown, or used.
    """
    inquiry = Inquiry.objects.filter(pk=inquiry_id).first()
    if inquiry is not None:
        rules.check_open(inquiry.state, inquiry.closes_at, now)
    rows = Invitation.objects.filter(inquiry_id=inquiry_id, code_hash=keys.code_hash(code), used=False)
    if rows.update(used=True) != 1:
        raise RuleBroken(
            _("This invitation was used already, or it has a typing mistake."),
            code="invitation",
            field="code",
        )
    return keys.new_secret()
