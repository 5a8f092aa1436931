"""Two who write at the same instant: one has the pen, and nobody's words are lost."""

from __future__ import annotations

import datetime as dt
import uuid
from collections import Counter
from functools import partial

import pytest
from django.utils import timezone

from convene.apps.rooms.models import Block, LineRequest, NoteLine, Room
from convene.apps.rooms.services import notes
from tests.makers import make_community, make_person, make_workshop
from tests.races.together import together

pytestmark = [pytest.mark.race, pytest.mark.django_db(transaction=True)]
NOW = timezone.now()


@pytest.fixture
def block() -> Block:
    steward = make_person("Ada")
    session = make_workshop(make_community(steward=steward)).sessions.get()
    room = Room.objects.create(session=session, state="running", started_at=NOW)
    return Block.objects.create(room=room, position=1, title="Clinic", recording="open")


@pytest.fixture
def by(block: Block) -> notes.Scribe:
    workshop = block.room.session.workshop
    return notes.scribe(room=block.room, actor=workshop.community.role_terms.get().person)


def test_of_four_who_take_the_pen_at_once_one_gets_it(block, by):
    got = together([partial(notes.take_pen, block=block, by=by, now=NOW)] * 4)
    assert Counter("pen" if one != "pen_taken" else one for one in got) == {"pen": 1, "pen_taken": 3}
    assert [notes.was_issued(one, block) for one in got].count(True) == 1


def test_a_save_and_a_take_over_at_once_lose_no_words(block, by):
    old, later = notes.take_pen(block=block, by=by, now=NOW), NOW + dt.timedelta(seconds=91)
    words = {"block": block, "by": by, "token": old, "now": later, "new": "Said", "new_id": uuid.uuid4()}
    saved, _taken = together(
        [
            partial(notes.save_notes, changed={}, **words),
            partial(notes.take_pen, block=block, by=by, now=later),
        ]
    )
    if saved == "pen_elsewhere":
        notes.append_lines(**words)
    assert list(NoteLine.objects.values_list("text", flat=True)) == ["Said"]


def test_of_four_who_ask_about_one_line_at_once_one_is_kept(block, by):
    line = NoteLine.objects.create(block=block, position=1, text="Wrong", written_at=NOW)
    Room.objects.update(state="over", ended_at=NOW)
    block.room.refresh_from_db()
    notes.open_review(room=block.room)
    asking = partial(notes.ask_to_put_right, line=line, by=by, after="Right", why="", now=NOW)
    got = together([asking] * 4)
    assert (got.count("line_asked"), LineRequest.objects.count()) == (3, 1)
