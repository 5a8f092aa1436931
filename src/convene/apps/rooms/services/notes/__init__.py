"""The only writer of notes: who holds the pen, what is written, and what is put right in the review.

The pen is a secret given to one browser; the database keeps its digest. In Chatham House blocks nothing else
about the writer is kept: no participant, and no time but that of the block.
"""

from __future__ import annotations

from convene.apps.rooms.services.notes.amending import (
    amend_line,
    ask_to_put_right,
    decide_request,
    show_name,
)
from convene.apps.rooms.services.notes.lines import Saved, append_lines, save_notes, tag_line
from convene.apps.rooms.services.notes.pen import (
    ask_for_pen,
    give_pen,
    open_pen,
    put_pen_down,
    take_pen,
    was_issued,
)
from convene.apps.rooms.services.notes.recording import recording_changed
from convene.apps.rooms.services.notes.review import close_review, make_final, open_review
from convene.apps.rooms.services.notes.who import Scribe, scribe

__all__ = [
    "Saved",
    "Scribe",
    "amend_line",
    "append_lines",
    "ask_for_pen",
    "ask_to_put_right",
    "close_review",
    "decide_request",
    "give_pen",
    "make_final",
    "open_pen",
    "open_review",
    "put_pen_down",
    "recording_changed",
    "save_notes",
    "scribe",
    "show_name",
    "tag_line",
    "take_pen",
    "was_issued",
]
