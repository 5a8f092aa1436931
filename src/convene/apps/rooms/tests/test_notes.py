"""Notes: one writer at a time, nothing typed is lost, no author in Chatham House blocks, five days, then final."""

from __future__ import annotations

import datetime as dt
import uuid

import pytest
from django.apps import apps
from django.db import connection, models
from django.utils import timezone

from convene.apps.rooms.models import (
    Amendment,
    Block,
    LineRequest,
    NoteLine,
    NotePad,
    NoteSet,
    Participant,
    Room,
)
from convene.apps.rooms.queries.notes import lines_of, tagged_lines
from convene.apps.rooms.rules import notes as rules
from convene.apps.rooms.services import notes
from convene.apps.rooms.tasks import make_notes_final
from convene.foundation.audit.models import AuditEntry
from convene.foundation.errors import NotAllowed, RuleBroken
from convene.foundation.jobs.models import DueJob
from convene.foundation.privacy import erase_person
from tests.makers import make_community, make_person, make_workshop

pytestmark = pytest.mark.django_db

NOW = timezone.now().replace(microsecond=0)
LATER = NOW + dt.timedelta(seconds=91)


@pytest.fixture
def lead():
    return make_person("Ines")


@pytest.fixture
def room(lead):
    workshop = make_workshop(make_community(steward=lead))
    return Room.objects.create(
        session=workshop.sessions.get(), state="running", started_at=NOW - dt.timedelta(minutes=10)
    )


def make_block(room, recording="open", **fields):
    return Block.objects.create(
        room=room,
        position=room.blocks.count() + 1,
        title="Clinic",
        recording=recording,
        started_at=NOW - dt.timedelta(minutes=5),
        ended_at=NOW - dt.timedelta(minutes=1),
        **fields,
    )


def guest(room, name=""):
    participant = Participant.objects.create(
        room=room, person=make_person(name), state="here", arrived_at=NOW
    )
    return notes.scribe(room=room, participant=participant)


@pytest.fixture
def chair(room, lead):
    return notes.scribe(room=room, actor=lead)


def write(block, by, new, *, now=NOW, token=None, **more):
    token = token or notes.take_pen(block=block, by=by, now=now)
    more.setdefault("new_id", uuid.uuid4())
    notes.save_notes(block=block, by=by, token=token, now=now, changed={}, new=new, **more)
    return token


def open_to_all(block, chair):
    notes.open_pen(block=block, by=chair, anyone=True, now=NOW)


def end(room, ended_at=NOW):
    Room.objects.filter(pk=room.pk).update(state="over", ended_at=ended_at)
    room.refresh_from_db()
    return notes.open_review(room=room)


def texts(room):
    return [line.text for line in lines_of(room)]


def refused(code, act, **values):
    with pytest.raises(RuleBroken) as caught:
        act(**values)
    assert caught.value.code == code


def test_of_two_who_take_the_pen_one_writes(room, chair):
    block = make_block(room)
    notes.take_pen(block=block, by=chair, now=NOW)
    refused("pen_taken", notes.take_pen, block=block, by=chair, now=NOW + dt.timedelta(seconds=89))


def test_a_writer_silent_for_ninety_seconds_can_be_taken_over_and_keeps_their_words(room, chair):
    block = make_block(room)
    old = write(block, chair, "First")
    new = notes.take_pen(block=block, by=chair, now=LATER)
    saving = {"block": block, "by": chair, "now": LATER, "new": "Second", "new_id": uuid.uuid4()}
    refused("pen_elsewhere", notes.save_notes, token=old, changed={}, **saving)
    notes.append_lines(token=old, **saving)
    assert texts(room) == ["First", "Second"]
    notes.save_notes(
        block=block, by=chair, token=new, now=LATER, changed={}, new="Third", new_id=uuid.uuid4()
    )


def test_saving_again_after_a_lost_answer_adds_nothing_twice_and_follows_what_was_typed(room, chair):
    block, new_id = make_block(room), uuid.uuid4()
    token = write(block, chair, "One\nTwo\nThree", new_id=new_id)
    write(block, chair, "One\nTwo\nThree", new_id=new_id, token=token)
    write(block, chair, "One\nTwo and a half", new_id=new_id, token=token)
    assert texts(room) == ["One", "Two and a half"]


def test_a_pen_put_down_is_free_and_only_its_holder_puts_it_down(room, chair):
    block = make_block(room)
    token = notes.take_pen(block=block, by=chair, now=NOW)
    notes.put_pen_down(block=block, token="not the pen")
    refused("pen_taken", notes.take_pen, block=block, by=chair, now=NOW)
    notes.put_pen_down(block=block, token=token)
    notes.take_pen(block=block, by=chair, now=NOW)


def test_a_participant_writes_when_it_was_handed_over_or_opened(room, chair):
    block, amina = make_block(room), guest(room, "Amina")
    refused("pen_not_open", notes.take_pen, block=block, by=amina, now=NOW)
    mine = notes.take_pen(block=block, by=chair, now=NOW)
    asked = notes.ask_for_pen(block=block, by=amina, now=NOW)
    refused("pen_asked", notes.ask_for_pen, block=block, by=guest(room), now=NOW)
    refused("pen_not_given", notes.give_pen, block=block, by=amina, token=asked, now=NOW)
    notes.give_pen(block=block, by=chair, token=mine, now=NOW)
    write(block, amina, "Hers", token=asked)
    assert NotePad.objects.get().writer == amina.participant
    assert NoteLine.objects.get().author == amina.participant


def test_changing_a_line_that_another_changed_keeps_both_words(room, chair):
    block = make_block(room)
    token = write(block, chair, "As it was")
    line = NoteLine.objects.get()
    NoteLine.objects.update(text="As it is")
    saved = notes.save_notes(
        block=block, by=chair, token=token, now=NOW, changed={line.pk: ("As it was", "As I would")}
    )
    assert (texts(room), saved.refused) == (["As it is"], ("As I would",))


def test_a_sign_before_a_line_is_its_tag(room, chair):
    write(make_block(room), chair, "? Why\n! Beware\n+ Do\n~ Move it\n= Agreed\n?!")
    assert [line.tag for line in lines_of(room)] == [
        "open_question",
        "pitfall",
        "tip",
        "change",
        "decision",
        "",
    ]


def test_a_closed_block_takes_no_notes_and_says_why(room, chair):
    refused("closed_block", notes.take_pen, block=make_block(room, "closed"), by=chair, now=NOW)


def test_notes_begin_with_the_session_and_end_an_hour_after_it(room, chair):
    block = make_block(room)
    end(room, NOW - dt.timedelta(minutes=59))
    write(block, chair, "Late, but kept")
    end(room, NOW - rules.GRACE)
    refused("notes_in_review", notes.take_pen, block=block, by=chair, now=LATER)
    Room.objects.update(state="preparing", ended_at=None)
    room.refresh_from_db()
    refused("notes_not_begun", notes.take_pen, block=block, by=chair, now=LATER)


def everything_in_the_database():
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model != Participant and model._meta.label_lower != "people.person":
                columns = [field.column for field in model._meta.concrete_fields]
                names = ", ".join(connection.ops.quote_name(one) for one in columns)
                cursor.execute(f"SELECT {names} FROM {connection.ops.quote_name(model._meta.db_table)}")
                yield from ((model._meta.label, str(value)) for row in cursor for value in row)


def test_a_chatham_house_block_stores_no_author_in_database_audit_or_logs(room, chair, caplog):
    caplog.set_level(0)
    block, amina = make_block(room, "chatham"), guest(room, "Amina")
    person = amina.participant.person_id
    open_to_all(block, chair)
    token = write(block, amina, "Said in confidence", name_shown=True)
    notes.ask_for_pen(block=block, by=amina, now=NOW)
    line = NoteLine.objects.get()
    notes.tag_line(line=line, tag="tip", by=amina, token=token, now=NOW)
    end(room)
    notes.ask_to_put_right(line=line, by=amina, after="Better", why="", now=NOW)
    traces = {str(person), person.hex, str(amina.participant.pk), amina.participant.pk.hex}
    assert [place for place, value in everything_in_the_database() if value in traces] == []
    assert not AuditEntry.objects.exists()
    assert [one for one in traces if one in caplog.text] == []
    assert line.written_at == block.started_at


def test_a_block_that_turns_into_chatham_house_forgets_who_wrote(room, chair):
    block, amina = make_block(room), guest(room)
    open_to_all(block, chair)
    write(block, amina, "Mine", name_shown=True)
    block.recording = "chatham"
    block.save()
    notes.recording_changed(block=block)
    line = NoteLine.objects.get()
    assert (line.author, line.name_shown, line.written_at) == (None, False, block.started_at)
    assert NotePad.objects.get().writer is None


def test_names_are_hidden_unless_their_owner_shows_them(room, chair):
    block, amina = make_block(room), guest(room, "Amina")
    open_to_all(block, chair)
    write(block, amina, "Mine")
    line = NoteLine.objects.get()
    assert [one.shown_name for one in lines_of(room)] == [""]
    with pytest.raises(NotAllowed):
        notes.show_name(line=line, by=chair, shown=True, now=NOW)
    notes.show_name(line=line, by=amina, shown=True, now=NOW)
    assert [one.shown_name for one in lines_of(room)] == ["Amina"]


def test_a_line_without_an_author_can_be_written_in_an_open_block(room, chair):
    block, amina = make_block(room), guest(room)
    open_to_all(block, chair)
    write(block, amina, "Nobody's", keep_author=False, name_shown=True)
    line = NoteLine.objects.get()
    assert (line.author, line.name_shown) == (None, False)


def test_in_the_review_people_amend_their_own_words_and_then_nobody_does(room, chair):
    block, amina = make_block(room), guest(room)
    open_to_all(block, chair)
    write(block, amina, "+ Mine")
    line = NoteLine.objects.get()
    amending = {"line": line, "by": amina, "text": "Mine, put right"}
    refused("notes_live", notes.amend_line, now=NOW, **amending)
    until = end(room)
    assert until == NOW + dt.timedelta(days=5)
    with pytest.raises(NotAllowed):
        notes.amend_line(line=line, by=chair, text="Theirs", now=NOW)
    notes.amend_line(now=NOW, **amending)
    assert (texts(room), Amendment.objects.get().before) == (["Mine, put right"], "Mine")
    assert list(tagged_lines(room.session.workshop.community, "tip")) == []
    refused("notes_final", notes.amend_line, now=until, **amending)
    assert (notes.make_final(room=room, now=NOW), notes.make_final(room=room, now=until)) == (False, True)
    assert not notes.make_final(room=room, now=until)
    assert Amendment.objects.get().before == ""
    assert list(tagged_lines(room.session.workshop.community, "tip")) == [line]
    refused("notes_final", notes.tag_line, line=line, tag="", by=chair, token="", now=until)
    notes.show_name(line=line, by=amina, shown=False, now=until)
    refused("notes_final", notes.show_name, line=line, by=amina, shown=True, now=until)


def test_the_end_of_the_review_makes_the_notes_final_by_itself(room):
    end(room, timezone.now() - rules.REVIEW - dt.timedelta(seconds=1))
    job = DueJob.objects.get()
    assert job.due_at == rules.review_ends(room.ended_at)
    for _twice in range(2):
        make_notes_final.func(**job.args)
    assert NoteSet.objects.get().state == "final"


def test_whoever_was_in_the_room_may_ask_for_a_line_and_those_who_lead_decide_once(room, chair, lead):
    block, amina = make_block(room, "chatham"), guest(room)
    write(block, chair, "Wrong")
    line = NoteLine.objects.get()
    end(room)
    asking = {"line": line, "by": amina, "after": "Right", "why": "A figure was misheard.", "now": NOW}
    request = notes.ask_to_put_right(**asking)
    refused("line_asked", notes.ask_to_put_right, **asking)
    deciding = {"request": request, "accept": True, "actor": lead, "now": NOW}
    with pytest.raises(NotAllowed):
        notes.decide_request(by=amina, **deciding)
    notes.decide_request(by=chair, **deciding)
    refused("request_decided", notes.decide_request, by=chair, **deciding)
    assert (texts(room), LineRequest.objects.get().state) == (["Right"], "accepted")


def test_who_was_not_in_the_room_has_no_part_in_its_notes(room):
    with pytest.raises(NotAllowed):
        notes.scribe(room=room, actor=make_person())
    expected = Participant.objects.create(room=room, person=make_person())
    with pytest.raises(NotAllowed):
        notes.scribe(room=room, participant=expected)


def test_erasing_a_person_leaves_the_words_without_them(room, chair):
    block, amina = make_block(room), guest(room, "Amina")
    open_to_all(block, chair)
    write(block, amina, "Mine", name_shown=True)
    erase_person(amina.participant.person_id)
    line = NoteLine.objects.get()
    assert (line.text, line.author, line.name_shown) == ("Mine", None, False)
    assert (NotePad.objects.get().writer, NotePad.objects.get().pen) == (None, "")


def test_no_field_of_a_request_could_say_who_asked():
    points_at = {
        field.name for field in LineRequest._meta.concrete_fields if isinstance(field, models.ForeignKey)
    }
    assert points_at == {"line", "decided_by"}
