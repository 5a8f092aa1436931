"""Blocks from a workshop's run sheet, and back, so that the next one starts from what was run.

A run sheet is text for people: one block a line, minutes first. What a line cannot hold follows on lines of
their own, each named: “Purpose: …”, “How: …”, “Recording: open”. Every other line is a note to those who
facilitate: it never reaches the agenda, which the room sees, and it is kept when the agenda is written back.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.conf import settings
from django.utils import translation
from django.utils.translation import pgettext

from convene.apps.rooms.rules.agenda import MINUTES
from convene.apps.workshops.rules.blocks import parse_blocks

TITLE, PURPOSE, METHOD = 160, 300, 160


@dataclass(frozen=True)
class Planned:
    """A block before it is one. `recording` empty: as the workshop's."""

    title: str
    minutes: int
    purpose: str = ""
    method: str = ""
    recording: str = ""
    notes: tuple[str, ...] = field(default=(), compare=False)


def _words() -> dict[str, str]:
    """The names of the lines, in the language that is active."""
    return {
        "purpose": pgettext("in a run sheet", "Purpose"),
        "method": pgettext("in a run sheet", "How"),
        "recording": pgettext("in a run sheet", "Recording"),
    }


def _modes() -> dict[str, str]:
    return {
        "open": pgettext("recording, in a run sheet", "open"),
        "chatham": pgettext("recording, in a run sheet", "Chatham House"),
        "closed": pgettext("recording, in a run sheet", "closed"),
    }


def _known() -> tuple[dict[str, str], dict[str, str]]:
    """Every language's word for a line, and for a mode."""
    words: dict[str, str] = {}
    modes: dict[str, str] = {}
    for code, _name in settings.LANGUAGES:
        with translation.override(code):
            words |= {word.casefold(): key for key, word in _words().items()}
            modes |= {word.casefold(): key for key, word in _modes().items()}
    return words, modes


def read(text: str) -> list[Planned]:
    """The blocks of a run sheet; minutes beyond what a block may have are taken as the nearest it may."""
    words, modes = _known()
    found: list[Planned] = []
    least, most = MINUTES
    for line in parse_blocks(text):
        if line.minutes is not None:
            found.append(Planned(title=line.text[:TITLE], minutes=min(max(line.minutes, least), most)))
        elif found:
            found[-1] = _with_line(found[-1], line.text, words, modes)
    return found


def _with_line(block: Planned, text: str, words: dict[str, str], modes: dict[str, str]) -> Planned:
    name, colon, rest = text.partition(":")
    key = words.get(name.strip().casefold()) if colon else None
    rest = rest.strip()
    if key == "recording" and rest.casefold() in modes:
        return replace(block, recording=modes[rest.casefold()])
    if key == "method":
        return replace(block, method=rest[:METHOD])
    if key == "purpose":
        return replace(block, purpose=rest[:PURPOSE])
    return replace(block, notes=(*block.notes, text))


def write(blocks: Sequence[Planned], *, recording: str, before: str = "") -> str:
    """The run sheet of these blocks; a mode is named where it is not the workshop's.

    `before`: the run sheet they came from. Its notes stay: with the block of the same title, else at the end;
    those ahead of its first block stay ahead.
    """
    lines = _ahead(before)
    notes = {one.title.casefold(): one.notes for one in read(before)}
    for block in blocks:
        lines += _lines(block, recording)
        lines += notes.pop(block.title[:TITLE].casefold(), ())
    return "\n".join([*lines, *(note for left in notes.values() for note in left)])


def _ahead(text: str) -> list[str]:
    found = []
    for line in parse_blocks(text):
        if line.minutes is not None:
            break
        found.append(line.text)
    return found


def _lines(block: Planned, recording: str) -> Iterable[str]:
    words = _words()
    yield f"{block.minutes} {_one_line(block.title)}"
    if block.purpose:
        yield f"{words['purpose']}: {_one_line(block.purpose)}"
    if block.method:
        yield f"{words['method']}: {_one_line(block.method)}"
    if block.recording and block.recording != recording:
        yield f"{words['recording']}: {_modes()[block.recording]}"


def _one_line(text: str) -> str:
    return " ".join(text.split())
