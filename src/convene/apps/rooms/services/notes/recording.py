"""What a block's recording mode means for what is kept."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from convene.apps.rooms.models import Amendment, Block, NoteLine, NotePad
from convene.apps.rooms.rules import notes as rules


def moment(block: Block, now: datetime) -> datetime:
    """A line's own time would tell, beside a log, who was writing then."""
    return now if rules.keeps_author(block.recording) else _began(block)


def _began(block: Block) -> datetime:
    return block.started_at or block.room.started_at or block.room.session.starts_at


@transaction.atomic
def recording_changed(*, block: Block) -> None:
    """A block that turns into Chatham House forgets who wrote; a closed one takes no more lines."""
    if block.recording not in {rules.CHATHAM, rules.CLOSED}:
        return
    lines = NoteLine.objects.filter(block=block)
    Amendment.objects.filter(line__in=lines).delete()
    lines.update(author=None, name_shown=False, written_at=_began(block))
    NotePad.objects.filter(block=block).update(writer=None, asked_by=None)
