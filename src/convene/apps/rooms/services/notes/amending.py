"""In the five days: people amend their own words; anyone who was there asks for a line to be put right."""

from __future__ import annotations

from datetime import datetime

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.rooms import permissions
from convene.apps.rooms.events import LineAmended, LineRequestDecided
from convene.apps.rooms.models import Amendment, LineRequest, NoteLine
from convene.apps.rooms.permissions import Permission
from convene.apps.rooms.rules import notes as rules
from convene.apps.rooms.services.notes.review import claim_not_final, claim_review
from convene.apps.rooms.services.notes.who import Scribe, must_be_of, must_lead
from convene.apps.rooms.services.telling import tell
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.events import publish


def _must_be_own(line: NoteLine, by: Scribe) -> None:
    must_be_of(by, line.block)
    if not permissions.can_amend(by.participant, line):
        raise NotAllowed(Permission.AMEND_NOTES)


@transaction.atomic
def amend_line(*, line: NoteLine, by: Scribe, text: str, now: datetime) -> None:
    """One's own words, within the five days; an empty text takes them back."""
    _must_be_own(line, by)
    text = " ".join(text.split())
    if len(text) > rules.LINE_LENGTH:
        said = _("A line has at most %(n)d characters.") % {"n": rules.LINE_LENGTH}
        raise RuleBroken(said, code="line_too_long", field="text")
    claim_review(by.room, now)
    before = NoteLine.objects.select_for_update().get(pk=line.pk).text
    if before == text:
        return
    NoteLine.objects.filter(pk=line.pk).update(text=text)
    Amendment.objects.create(line=line, before=before, after=text, at=now)
    publish(
        LineAmended(
            subject_id=line.pk,
            community_id=by.room.session.workshop.community_id,
            room_id=by.room.pk,
            withdrawn=not text,
        ),
        actor=None,
        now=now,
    )
    tell(by.room, screen=False)


@transaction.atomic
def show_name(*, line: NoteLine, by: Scribe, shown: bool, now: datetime) -> None:
    """One's own choice. Hiding is always possible; showing only until the notes are final."""
    _must_be_own(line, by)
    if shown:
        claim_not_final(by.room, now)
    NoteLine.objects.filter(pk=line.pk).update(name_shown=shown)
    tell(by.room, screen=False)


@transaction.atomic
def ask_to_put_right(*, line: NoteLine, by: Scribe, after: str, why: str, now: datetime) -> LineRequest:
    """Anyone who was in the room may ask; who asked is not kept."""
    must_be_of(by, line.block)
    after = " ".join(after.split())
    if len(after) > rules.LINE_LENGTH:
        said = _("A line has at most %(n)d characters.") % {"n": rules.LINE_LENGTH}
        raise RuleBroken(said, code="line_too_long", field="after")
    claim_review(by.room, now)
    try:
        with transaction.atomic():
            return LineRequest.objects.create(line=line, after=after, why=why[:300])
    except IntegrityError as error:
        text = _("Someone has asked about this line already; those who facilitate decide.")
        raise RuleBroken(text, code="line_asked", field="after") from error


@transaction.atomic
def decide_request(*, request: LineRequest, by: Scribe, accept: bool, actor: Person, now: datetime) -> None:
    """Those who lead put the line right, or leave it as it is; once."""
    must_be_of(by, request.line.block)
    must_lead(by)
    claim_review(by.room, now)
    state = LineRequest.State.ACCEPTED if accept else LineRequest.State.DECLINED
    decided = LineRequest.objects.filter(pk=request.pk, state=LineRequest.State.OPEN).update(
        state=state, decided_by=actor, decided_at=now
    )
    if decided != 1:
        raise RuleBroken(_("This was decided already."), code="request_decided")
    if accept:
        NoteLine.objects.filter(pk=request.line_id).update(text=request.after, name_shown=False)
    publish(
        LineRequestDecided(
            subject_id=request.line_id,
            community_id=by.room.session.workshop.community_id,
            room_id=by.room.pk,
            accepted=accept,
        ),
        actor=actor,
        now=now,
    )
    tell(by.room, screen=False)
