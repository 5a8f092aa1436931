"""What those who ask do: write the question, open and close it, read statements, make workshops of topics."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db import transaction
from django.utils.translation import gettext as _

from convene.apps.capabilities.models import Need
from convene.apps.capabilities.services import plan_need
from convene.apps.communities.models import Community
from convene.apps.people.models import Person
from convene.apps.voices import events, keys, permissions
from convene.apps.voices.models import Inquiry, Invitation, Statement
from convene.apps.voices.permissions import Permission
from convene.apps.voices.rules import inquiry as rules
from convene.apps.voices.services.telling import tell
from convene.apps.voices.services.voting import next_number, votes_so_far
from convene.apps.workshops.models import Session, Workshop
from convene.apps.workshops.services import create_workshop
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish
from convene.foundation.jobs.services import cancel, schedule

CLOSE = "convene.apps.voices.tasks.close_inquiry"
MOST_CODES = 200
SKILLS, CONVERSATION = "skills", "hot_topic"
"""The templates of a topic that is taught, and of one nobody knows yet."""


@dataclass(frozen=True, kw_only=True)
class Terms:
    """What is asked of whom. `seeds`: first statements; `places`: of an inquiry of kind topics."""

    question: str
    intro: str = ""
    kind: str = Inquiry.Kind.VIEWS
    asks: str = Inquiry.Asks.MEMBERS
    moderation: str = Inquiry.Moderation.AFTER
    session: Session | None = None
    places: int | None = None
    closes_at: datetime | None = None
    seeds: Sequence[str] = ()
    needs: Sequence[Need] = ()


def _must_run(actor: Person, inquiry: Inquiry) -> None:
    if not permissions.can_run(actor, inquiry):
        raise NotAllowed(Permission.RUN)


def _publish(event: type, inquiry: Inquiry, actor: Person | None, now: datetime) -> None:
    publish(event(subject_id=inquiry.pk, community_id=inquiry.community_id), actor=actor, now=now)


@transaction.atomic
def make_inquiry(*, community: Community, terms: Terms, actor: Person, now: datetime) -> Inquiry:
    """A draft with its first statements."""
    if not permissions.can_ask(actor, community.pk, terms.session):
        raise NotAllowed(Permission.ASK)
    question = rules.check_question(terms.question)
    rules.check_terms(
        kind=terms.kind, asks=terms.asks, with_session=terms.session is not None, places=terms.places
    )
    _check_closes(terms.closes_at, now)
    inquiry = Inquiry.objects.create(
        community=community,
        session=terms.session,
        kind=terms.kind,
        question=question,
        intro=terms.intro.strip(),
        asks=terms.asks,
        moderation=terms.moderation,
        places=terms.places if terms.kind == Inquiry.Kind.TOPICS else None,
        closes_at=terms.closes_at,
        created_by=actor,
    )
    _write_seeds(inquiry, terms.seeds, terms.needs)
    _publish(events.InquiryMade, inquiry, actor, now)
    return inquiry


def _check_closes(closes_at: datetime | None, now: datetime) -> None:
    if closes_at is not None and closes_at <= now:
        raise RuleBroken(
            _("This time has passed. Choose a later one."), code="in_the_past", field="closes_at"
        )


def _write_seeds(inquiry: Inquiry, texts: Sequence[str], needs: Sequence[Need] = ()) -> None:
    known = list(inquiry.statements.values_list("text", flat=True))
    rows = [(text, None) for text in texts if text.strip()] + [(need.title, need) for need in needs]
    for text, need in rows:
        try:
            tidy = rules.check_statement(text, known)
        except RuleBroken as error:
            if error.code == "known":
                continue
            raise RuleBroken(
                f"“{text[:40]}”: {error.public_message}", code=error.code, field="seeds"
            ) from error
        Statement.objects.create(
            inquiry=inquiry,
            number=next_number(inquiry),
            text=tidy,
            seed=True,
            need=need,
            since=votes_so_far(inquiry),
        )
        known.append(tidy)


@transaction.atomic
def add_seeds(*, inquiry: Inquiry, texts: Sequence[str], actor: Person, now: datetime) -> None:
    """More statements by those who ask, also while it is open. What is there already is left out."""
    _must_run(actor, inquiry)
    inquiry = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    if inquiry.state != Inquiry.State.DRAFT:
        rules.check_open(inquiry.state, inquiry.closes_at, now)
    _write_seeds(inquiry, texts)
    tell(inquiry)


@transaction.atomic
def ask_everyone(*, inquiry: Inquiry, actor: Person, now: datetime) -> None:
    """Open it. Opening it twice changes nothing."""
    _must_run(actor, inquiry)
    inquiry = Inquiry.objects.select_for_update().get(pk=inquiry.pk)
    rules.check_may_open(inquiry.state, inquiry.statements.count())
    _check_closes(inquiry.closes_at, now)
    opened = Inquiry.objects.filter(pk=inquiry.pk, state=Inquiry.State.DRAFT).update(
        state=Inquiry.State.OPEN, opened_at=now
    )
    if not opened:
        return
    if inquiry.closes_at is not None:
        schedule(
            key=f"inquiry:{inquiry.pk}:close",
            task=CLOSE,
            args={"inquiry_id": str(inquiry.pk)},
            due_at=inquiry.closes_at,
        )
    _publish(events.InquiryOpened, inquiry, actor, now)
    tell(inquiry)


@transaction.atomic
def close_inquiry(*, inquiry: Inquiry, actor: Person, now: datetime) -> None:
    """No more votes. Those that wait for a batch of five are never shown."""
    _must_run(actor, inquiry)
    _close(inquiry, actor, now)


@transaction.atomic
def close_due(*, inquiry: Inquiry, now: datetime) -> None:
    """By the clock. Too early, or closed already: nothing changes."""
    if inquiry.closes_at is not None and inquiry.closes_at <= now:
        _close(inquiry, None, now)


def _close(inquiry: Inquiry, actor: Person | None, now: datetime) -> None:
    closed = Inquiry.objects.filter(pk=inquiry.pk, state=Inquiry.State.OPEN).update(
        state=Inquiry.State.CLOSED, closed_at=now
    )
    if closed:
        cancel(key=f"inquiry:{inquiry.pk}:close")
        _publish(events.InquiryClosed, inquiry, actor, now)
        tell(inquiry)


@transaction.atomic
def accept_statement(*, statement: Statement, actor: Person, now: datetime) -> None:
    """Put a waiting statement to everyone, or one that was taken out again."""
    _must_run(actor, statement.inquiry)
    changed = (
        Statement.objects.filter(pk=statement.pk)
        .exclude(state=Statement.State.LIVE)
        .update(state=Statement.State.LIVE, reason="", since=votes_so_far(statement.inquiry))
    )
    if changed:
        inquiry = statement.inquiry
        publish(
            events.StatementAccepted(
                subject_id=statement.pk, community_id=inquiry.community_id, inquiry_id=inquiry.pk
            ),
            actor=actor,
            now=now,
        )
        tell(inquiry)


@transaction.atomic
def take_out(*, statement: Statement, reason: str, actor: Person, now: datetime) -> None:
    """Out of the list and the map. Text and reason stay readable: nothing vanishes without a word."""
    _must_run(actor, statement.inquiry)
    why = rules.check_reason(reason)
    changed = (
        Statement.objects.filter(pk=statement.pk)
        .exclude(state=Statement.State.HIDDEN)
        .update(state=Statement.State.HIDDEN, reason=why)
    )
    if changed:
        inquiry = statement.inquiry
        publish(
            events.StatementTakenOut(
                subject_id=statement.pk, community_id=inquiry.community_id, inquiry_id=inquiry.pk
            ),
            actor=actor,
            now=now,
        )
        tell(inquiry)


@transaction.atomic
def make_invitations(*, inquiry: Inquiry, count: int, actor: Person, now: datetime) -> list[str]:
    """New single-use codes, shown this once: only their hashes are kept."""
    _must_run(actor, inquiry)
    if not 1 <= count <= MOST_CODES:
        raise RuleBroken(_("Between 1 and %(n)d at a time.") % {"n": MOST_CODES}, code="count", field="count")
    codes = [keys.new_code() for _each in range(count)]
    Invitation.objects.bulk_create(
        Invitation(inquiry=inquiry, code_hash=keys.code_hash(code)) for code in codes
    )
    publish(
        events.InvitationsMade(subject_id=inquiry.pk, community_id=inquiry.community_id, count=count),
        actor=actor,
        now=now,
    )
    return codes


@transaction.atomic
def mark_open_question(*, statement: Statement, is_open: bool, actor: Person) -> None:
    """Nobody knows yet: planned, it becomes an open conversation and no training."""
    _must_run(actor, statement.inquiry)
    Statement.objects.filter(pk=statement.pk).update(open_question=is_open)
    tell(statement.inquiry)


@transaction.atomic
def plan_topic(*, statement: Statement, actor: Person, now: datetime) -> UUID:
    """A draft workshop of a topic; pressed twice, it is one. A need it came from is planned with it."""
    inquiry = statement.inquiry
    _must_run(actor, inquiry)
    standing = Statement.objects.select_for_update().get(pk=statement.pk)
    if standing.workshop_id is not None:
        return standing.workshop_id
    workshop = _draft(inquiry.community, standing, actor, now)
    Statement.objects.filter(pk=statement.pk, workshop_id=None).update(workshop_id=workshop.pk)
    if standing.need is not None and standing.need.state == Need.State.OPEN:
        plan_need(need=standing.need, workshop_id=workshop.pk, actor=actor, now=now)
    publish(
        events.TopicPlanned(
            subject_id=statement.pk,
            community_id=inquiry.community_id,
            inquiry_id=inquiry.pk,
            workshop_id=workshop.pk,
        ),
        actor=actor,
        now=now,
    )
    return workshop.pk


def _draft(community: Community, statement: Statement, actor: Person, now: datetime) -> Workshop:
    template = CONVERSATION if statement.open_question else SKILLS
    title = statement.text.rstrip(".")[:160]
    return create_workshop(community=community, template=template, title=title, actor=actor, now=now)
