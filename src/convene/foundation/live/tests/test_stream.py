"""The stream: each change rendered once, sent once, to those who watch; and what a slow reader gets."""

from __future__ import annotations

import asyncio
import json
import time

import pytest

from convene.foundation.live import addresses, registry, rendering, services, tokens
from convene.foundation.live.stream.app import HELLO, Stream
from convene.foundation.live.stream.hub import Hub, made
from tests import processes

UTC = rendering.Variant("en", "UTC")
pytestmark = [pytest.mark.django_db(transaction=True)]


class Board:
    """What the topic `board:1` shows, and how often it was rendered."""

    def __init__(self) -> None:
        self.line = "first"
        self.rendered = 0

    def render(self, subject_id: str) -> dict[str, str]:
        self.rendered += 1
        if self.line == "broken":
            raise ValueError
        return {"line": f"<p>{self.line}</p>", "still": "<p>still</p>"}

    def say(self, line: str) -> None:
        self.line = line
        services.touch("board:1")


@pytest.fixture
def board(monkeypatch):
    monkeypatch.setattr(registry, "_kinds", {})
    standing = Board()
    registry.register("board", standing.render, by_zone=False)
    registry.register("other", lambda subject_id: {"other": subject_id})
    return standing


class Page:
    """A connection: what it was sent. While `blocked` it takes nothing."""

    def __init__(self, stream: Stream, token: str, query: str = "", **headers: str) -> None:
        self.sent: list[bytes] = []
        self.status = 0
        self.headers: dict[bytes, bytes] = {}
        self.free = asyncio.Event()
        self.free.set()
        self._left = asyncio.Event()
        scope = {
            "type": "http",
            "method": "GET",
            "path": f"/stream/{token}",
            "query_string": query.encode(),
            "headers": [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()],
        }
        self.task = asyncio.create_task(stream(scope, self._receive, self._send))

    async def _receive(self):
        await self._left.wait()
        return {"type": "http.disconnect"}

    async def _send(self, message):
        if message["type"] == "http.response.start":
            self.status, self.headers = message["status"], dict(message["headers"])
            return
        await self.free.wait()
        self.sent.append(message["body"])

    async def close(self) -> None:
        self._left.set()
        await self.task

    @property
    def events(self) -> list[dict[str, str]]:
        lines = b"".join(self.sent).decode().splitlines()
        return [json.loads(line[6:]) for line in lines if line.startswith("data: {")]

    @property
    def last_id(self) -> str:
        lines = b"".join(self.sent).decode().splitlines()
        return [line[4:] for line in lines if line.startswith("id: ")][-1]


async def settled() -> None:
    for _ in range(5):
        await asyncio.sleep(0)


def together(story):
    """Run it with a stream of its own; ticks are the story's to make. Database work goes to a thread."""

    async def run():
        stream = Stream()
        try:
            return await story(stream)
        finally:
            await stream.hub.end()

    return asyncio.run(run())


def token(*topics: str) -> str:
    return tokens.sign(tokens.Watch(topics or ("board:1",), UTC))


async def said(board: Board, hub: Hub, line: str) -> None:
    await asyncio.to_thread(_committed, board, line)
    await hub.tick()
    await settled()


def _committed(board: Board, line: str) -> None:
    from django.db import connection

    board.say(line)
    connection.close()


def test_a_change_is_rendered_once_and_only_what_differs_is_sent(board):
    async def story(stream):
        pages = [Page(stream, token(), "since=0") for _ in range(20)]
        await settled()
        await stream.hub.tick()
        assert [page.sent for page in pages] == [[HELLO]] * 20
        await said(board, stream.hub, "second")
        await said(board, stream.hub, "third")
        whole = {"line": "<p>second</p>", "still": "<p>still</p>"}
        assert [page.events for page in pages] == [[whole, {"line": "<p>third</p>"}]] * 20
        assert {page.last_id for page in pages} == {"2"}
        for page in pages:
            await page.close()
        assert (stream.hub.viewers, stream.hub._topics) == (set(), {})

    together(story)
    assert board.rendered == 2


def test_who_comes_with_what_it_has_gets_only_what_is_newer(board):
    board.say("second")
    board.say("third")

    async def story(stream):
        up_to_date = Page(stream, token(), "since=2")
        behind = Page(stream, token(), "since=1")
        nothing = Page(stream, token())
        again = Page(stream, token(), "since=1", last_event_id="2")
        ahead = Page(stream, token(), "since=7")  # the database was restored from a backup
        await settled()
        await stream.hub.tick()
        await settled()
        found = [len(page.events) for page in (up_to_date, behind, nothing, again, ahead)]
        for page in (up_to_date, behind, nothing, again, ahead):
            await page.close()
        return found

    assert together(story) == [0, 1, 1, 0, 1]


def test_who_does_not_read_holds_nothing_and_gets_the_newest_later(board):
    async def story(stream):
        slow, quick = Page(stream, token(), "since=0"), Page(stream, token(), "since=0")
        await settled()
        await stream.hub.tick()
        slow.free.clear()
        for n in range(50):
            await said(board, stream.hub, f"line {n}")
        slow.free.set()
        await settled()
        counts = len(slow.events), len(quick.events)
        newest = slow.events[-1], slow.last_id
        await slow.close()
        await quick.close()
        return counts, newest

    counts, newest = together(story)
    # The one that was on its way, and the newest, whole.
    assert counts == (2, 50)
    assert newest == ({"line": "<p>line 49</p>", "still": "<p>still</p>"}, "50")


def test_a_topic_that_cannot_be_rendered_harms_no_other_and_comes_when_it_can(board, caplog):
    async def story(stream):
        page = Page(stream, token("board:1", "other:1"), "since=0.0")
        await settled()
        await stream.hub.tick()
        await asyncio.to_thread(_touch_other)
        await said(board, stream.hub, "broken")
        before = list(page.events)
        await said(board, stream.hub, "well")
        await page.close()
        return before, page.events

    before, after = together(story)
    assert before == [{"other": "1"}]
    assert after[1] == {"line": "<p>well</p>", "still": "<p>still</p>"}
    assert "could not be rendered" in caplog.text


def _touch_other() -> None:
    from django.db import connection

    services.touch("other:1")
    connection.close()


def test_a_late_commit_of_an_early_touch_is_found_by_the_check(board, monkeypatch):
    from convene.foundation.live.models import LiveTopic
    from convene.foundation.live.stream import hub

    services.touch("board:1")

    async def story(stream):
        page = Page(stream, token(), "since=1")
        await settled()
        await stream.hub.tick()
        await asyncio.to_thread(_late, LiveTopic)
        await stream.hub.tick()
        await settled()
        before = len(page.events)
        monkeypatch.setattr(hub, "CHECK_EVERY", 0.0)
        await stream.hub.tick()
        await settled()
        await page.close()
        return before, len(page.events)

    assert together(story) == (0, 1)


def _late(model) -> None:
    import datetime as dt

    from django.db import connection
    from django.utils import timezone

    model.objects.update(version=2, changed_at=timezone.now() - dt.timedelta(minutes=1))
    connection.close()


def test_wrong_tokens_unknown_kinds_and_other_paths_are_refused(board):
    async def story(stream):
        pages = [Page(stream, "wrong"), Page(stream, token("nobody:1")), Page(stream, "")]
        await asyncio.gather(*(page.task for page in pages))
        return [page.status for page in pages], pages[2].sent

    assert together(story) == ([403, 403, 200], [b"0 pages"])


def test_only_pages_of_this_site_may_read_it(board, settings):
    async def story(stream):
        origins = ["http://localhost:8000", "http://evil.example", "https://site.example"]
        pages = [Page(stream, "wrong", origin=origin) for origin in origins]
        await asyncio.gather(*(page.task for page in pages))
        return [page.headers.get(b"access-control-allow-origin") for page in pages]

    assert together(story) == [b"http://localhost:8000", None, None]
    settings.PUBLIC_ADDRESS = "https://site.example"
    assert together(story) == [None, None, b"https://site.example"]


def test_what_did_not_change_is_not_sent_and_what_is_no_longer_made_is_emptied():
    first = made(1, {"a": "x", "b": "y"}, None)
    second = made(2, {"a": "x", "b": "y"}, first)
    third = made(3, {"a": "z"}, second)
    assert (second.before, second.changed) == (1, b"")
    assert third.changed == b'event: fragments\ndata: {"a":"z","b":""}\n'


def test_a_page_is_told_where_the_stream_is(rf, settings):
    request = rf.get("/", headers={"host": "127.0.0.1:8000"})
    found = []
    for url, port in (("", 0), ("", 8001), ("https://site.example/stream", 8001)):
        settings.STREAM_URL, settings.STREAM_PORT = url, port
        found.append((addresses.stream_base(request), addresses.stream_origin(request)))
    assert found == [
        ("", ""),
        ("http://127.0.0.1:8001/stream/", "http://127.0.0.1:8001"),
        ("https://site.example/stream/", "https://site.example"),
    ]


def test_the_security_policy_lets_a_page_read_the_stream_and_nothing_else(client, settings):
    assert "connect-src" not in client.get("/")["Content-Security-Policy"]
    settings.STREAM_PORT = 8001
    policy = client.get("/")["Content-Security-Policy"]
    assert policy.endswith("; connect-src 'self' http://testserver:8001")


@pytest.mark.alone
def test_a_taken_port_is_said_in_one_sentence():
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        done = processes.run("stream", "--port", str(taken.getsockname()[1]))
    assert done.returncode == 1
    assert "is taken" in done.stderr
    assert "Traceback" not in done.stderr


def test_heartbeats_are_spread_and_who_is_stuck_is_dropped(board, monkeypatch):
    from convene.foundation.live.stream import hub

    monkeypatch.setattr(hub, "BEAT_SLOTS", 1)
    monkeypatch.setattr(hub, "STUCK", 0.5)

    async def story(stream):
        ticking = asyncio.create_task(stream.hub.run())
        alive, stuck = Page(stream, token(), "since=0"), Page(stream, token(), "since=0")
        stuck.free.clear()
        began = time.monotonic()
        while len(stream.hub.viewers) != 1:
            assert time.monotonic() - began < 20
            await asyncio.sleep(0.1)
        beats = b"".join(alive.sent).count(b"event: beat")
        ticking.cancel()
        await alive.close()
        with pytest.raises(asyncio.CancelledError):
            await stuck.task
        return beats

    assert together(story) >= 1
