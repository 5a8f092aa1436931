"""A real stream process on a real room: what changes arrives, also after the process was killed."""

from __future__ import annotations

import http.client
import json
from collections.abc import Iterator

import pytest
from django.utils import timezone

from convene.apps.rooms.models import Participant, Room
from convene.apps.rooms.services import agenda, turns
from convene.foundation.live import queries, tokens, topic
from convene.foundation.live.rendering import Variant
from convene.web.commands.ports import is_free
from tests import processes
from tests.makers import make_facilitator, make_registration, make_workshop

pytestmark = [pytest.mark.alone, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def room() -> Room:
    workshop = make_workshop(days=0, run_sheet="5 Welcome\n20 What we see")
    leader = make_facilitator(workshop)
    make_registration(workshop, state="confirmed")
    room = agenda.start_session(session=workshop.sessions.get(), actor=leader, now=timezone.now())
    room.participants.update(state=Participant.State.HERE, arrived_at=timezone.now())
    return room


def listen(port: int, watch: str, *topics: str, last: str = "") -> Iterator[tuple[str, dict[str, str]]]:
    """(id, fragments) of each change as it comes."""
    since = tokens.spell(queries.versions(topics))
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    headers = {"Last-Event-ID": last} if last else {}
    connection.request("GET", f"/stream/{watch}?since={since}", headers=headers)
    answer = connection.getresponse()
    assert answer.status == 200
    data = ""
    for raw in answer:
        line = raw.decode().rstrip("\n")
        if line.startswith("data: {"):
            data = line[6:]
        elif line.startswith("id: "):
            yield line[4:], json.loads(data)
        elif line == "event: hello":
            yield "", {}


def asked(room: Room, text: str) -> None:
    guest = room.participants.get(facilitates=False)
    turns.ask(participant=guest, text=text, anonymous=True, now=timezone.now())


def test_a_question_reaches_a_phone_and_what_was_missed_does_after_a_restart(room):
    shared = topic("room-phone", room.session_id)
    watch = tokens.sign(tokens.Watch((shared,), Variant("en", "UTC")))
    port = processes.free_port()
    process = processes.start("stream", "--port", str(port))
    try:
        processes.wait_for(lambda: is_open(port))
        events = listen(port, watch, shared)
        assert next(events) == ("", {})
        asked(room, "Who pays?")
        last, fragments = next(events)
        assert "Who pays?" in fragments["phone-questions"]
        process.kill()
        process.wait(10)
        asked(room, "And who decides?")
        processes.wait_for(lambda: is_free(port))
        process = processes.start("stream", "--port", str(port))
        processes.wait_for(lambda: is_open(port))
        events = listen(port, watch, shared, last=last)
        assert next(events) == ("", {})
        assert "And who decides?" in next(events)[1]["phone-questions"]
    finally:
        process.terminate()
        assert process.wait(30) == 0


def is_open(port: int) -> bool:
    try:
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
        connection.request("GET", "/stream/")
        return connection.getresponse().read() == b"0 pages"
    except OSError:
        return False
