"""The agenda back into the workshop's run sheet, so that the next date starts from what was learnt."""

from __future__ import annotations

import math
from datetime import datetime

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from convene.apps.people.models import Person
from convene.apps.rooms.models import Block, Room
from convene.apps.rooms.rules import runsheet
from convene.apps.rooms.rules.agenda import MINUTES
from convene.apps.rooms.services.claims import must_facilitate
from convene.apps.workshops.series.services import keep_run_sheet
from convene.foundation.errors import RuleBroken


@transaction.atomic
def keep_agenda(*, room: Room, as_it_ran: bool, actor: Person, now: datetime) -> int:
    """Write the agenda as the run sheet, of this workshop and of coming dates that still had the old one.

    `as_it_ran`: blocks with the minutes they really took, without those that never began. Returns how many
    coming dates follow. Raises RuleBroken(empty_agenda).
    """
    must_facilitate(actor, room)
    workshop = room.session.workshop
    blocks = [_planned(block, as_it_ran) for block in room.blocks.all() if block.ended_at or not as_it_ran]
    if not blocks:
        raise RuleBroken(_("The agenda is empty: there is nothing to keep."), code="empty_agenda")
    with translation.override(workshop.community.language):
        text = runsheet.write(blocks, recording=workshop.recording, before=workshop.run_sheet)
    return keep_run_sheet(workshop=workshop, run_sheet=text, actor=actor, now=now)


def _planned(block: Block, as_it_ran: bool) -> runsheet.Planned:
    minutes = block.minutes
    if as_it_ran and block.started_at and block.ended_at:
        minutes = math.ceil((block.ended_at - block.started_at).total_seconds() / 60)
    least, most = MINUTES
    return runsheet.Planned(
        title=block.title,
        minutes=min(max(minutes, least), most),
        purpose=block.purpose,
        method=block.method,
        recording=block.recording,
    )
