"""One pen for each block: taken, asked for, handed over, put down; each by one conditional UPDATE."""

from __future__ import annotations

import secrets
from datetime import datetime

from django.core import signing
from django.db import transaction
from django.db.models import F, Q
from django.utils.translation import gettext as _

from convene.apps.rooms.models import Block, NotePad
from convene.apps.rooms.rules import notes as rules
from convene.apps.rooms.services.notes.who import Scribe, check_open, must_lead, named
from convene.apps.rooms.services.telling import tell
from convene.foundation.errors import RuleBroken

_SALT = "convene.pen"


def _token(block: Block, key: str) -> str:
    """Of one `key` it is the same each time, so that a form sent twice is one act."""
    return signing.Signer(salt=_SALT).sign(f"{block.pk}.{key or secrets.token_urlsafe(18)}")


def was_issued(token: str, block: Block) -> bool:
    """Whether this secret was once given out for this block, the pen now or not."""
    try:
        return signing.Signer(salt=_SALT).unsign(token).startswith(f"{block.pk}.")
    except signing.BadSignature:
        return False


def _free(now: datetime) -> Q:
    return Q(pen="") | Q(pen_at=None) | Q(pen_at__lte=now - rules.SILENCE)


@transaction.atomic
def take_pen(*, block: Block, by: Scribe, now: datetime, key: str = "") -> str:
    """Take a pen that nobody holds, or whose holder is silent; the secret is for this browser alone.

    Of two who take it at once one gets it. Others than those who lead only where it was opened to everyone.
    `key`: unguessable, of the form that was sent; sent twice it takes the pen once.
    """
    check_open(block, by, now)
    token = _token(block, key)
    free = _free(now) | Q(pen=rules.digest(token))
    allowed = Q() if by.leads else Q(anyone=True)
    taken = NotePad.objects.filter(free & allowed, block=block).update(
        pen=rules.digest(token), pen_at=now, writer=named(block, by)
    )
    if taken == 1:
        tell(by.room, screen=False)
        return token
    if not by.leads and not NotePad.objects.filter(block=block, anyone=True).exists():
        raise RuleBroken(_("Ask for the pen; whoever has it can hand it to you."), code="pen_not_open")
    raise RuleBroken(_("Someone else is writing. Ask for the pen."), code="pen_taken")


@transaction.atomic
def open_pen(*, block: Block, by: Scribe, anyone: bool, now: datetime) -> None:
    """Whether everyone here may take the pen when it is free: for those who lead to say."""
    must_lead(by)
    check_open(block, by, now)
    NotePad.objects.filter(block=block).update(anyone=anyone)
    tell(by.room, screen=False)


@transaction.atomic
def ask_for_pen(*, block: Block, by: Scribe, now: datetime, key: str = "") -> str:
    """One asks at a time. The secret given back becomes the pen when it is handed over."""
    check_open(block, by, now)
    token = _token(block, key)
    nobody = Q(asked="") | Q(asked_at=None) | Q(asked_at__lte=now - rules.ASKED_FOR)
    mine = Q(asked=rules.digest(token))
    asked = NotePad.objects.filter(nobody | mine, block=block).update(
        asked=rules.digest(token), asked_at=now, asked_by=named(block, by)
    )
    if asked != 1:
        raise RuleBroken(_("Someone has asked for the pen already."), code="pen_asked")
    tell(by.room, screen=False)
    return token


@transaction.atomic
def give_pen(*, block: Block, by: Scribe, token: str, now: datetime) -> None:
    """To whoever asked: by the one who holds it; by those who lead also when it is free or silent."""
    check_open(block, by, now)
    mine = Q(pen=rules.digest(token)) if token else Q(pk=None)
    given = (
        NotePad.objects.filter(
            mine | _free(now) if by.leads else mine, block=block, asked_at__gt=now - rules.ASKED_FOR
        )
        .exclude(asked="")
        .update(pen=F("asked"), pen_at=now, writer=F("asked_by"), asked="", asked_at=None, asked_by=None)
    )
    if given != 1:
        raise RuleBroken(_("Nobody asks for the pen, or it is not yours to give."), code="pen_not_given")
    tell(by.room, screen=False)


@transaction.atomic
def put_pen_down(*, block: Block, token: str) -> None:
    """Putting down what one does not hold changes nothing."""
    held = NotePad.objects.filter(block=block, pen=rules.digest(token))
    if held.update(pen="", pen_at=None, writer=None):
        tell(block.room, screen=False)
