"""The ASGI application: GET /stream/TOKEN answers with Server-Sent Events, GET /stream/ says it is alive."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import parse_qs, unquote

from convene.foundation.access.links import BadLink
from convene.foundation.live import addresses, registry, tokens
from convene.foundation.live.stream.hub import Hub, Viewer

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Headers = list[tuple[bytes, bytes]]
MOST_VIEWERS = 20_000
HELLO = b"retry: 5000\nevent: hello\ndata: 1\n\n"
_STREAM: Headers = [
    (b"content-type", b"text/event-stream; charset=utf-8"),
    # no-transform, and nginx's own header: no proxy may hold back what is small.
    (b"cache-control", b"no-store, no-transform"),
    (b"x-accel-buffering", b"no"),
]


class Stream:
    def __init__(self, hub: Hub | None = None) -> None:
        self.hub = hub or Hub()
        self._ticking: asyncio.Task[None] | None = None

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await self._lifespan(receive, send)
        elif scope["type"] == "http":
            await self._answer(scope, receive, send)

    async def _lifespan(self, receive: Receive, send: Send) -> None:
        while True:
            message = await receive()
            if message["type"] == "lifespan.startup":
                self._ticking = asyncio.create_task(self.hub.run())
                await send({"type": "lifespan.startup.complete"})
            else:
                if self._ticking is not None:
                    self._ticking.cancel()
                await self.hub.end()
                await send({"type": "lifespan.shutdown.complete"})
                return

    async def _answer(self, scope: Message, receive: Receive, send: Send) -> None:
        if scope["method"] != "GET" or not scope["path"].startswith(addresses.PATH):
            await _short(send, 404)
            return
        token = unquote(scope["path"].removeprefix(addresses.PATH))
        if not token:
            await _short(send, 200, f"{len(self.hub.viewers)} pages".encode())
            return
        headers: dict[bytes, bytes] = dict(scope["headers"])
        try:
            watch = tokens.read(token)
            for topic in watch.topics:
                registry.kind_of(topic)
        except (BadLink, LookupError):
            await _short(send, 403, headers=_cors(headers))
            return
        if len(self.hub.viewers) >= MOST_VIEWERS:
            await _short(send, 503, headers=_cors(headers))
            return
        asked = parse_qs(scope["query_string"].decode("latin-1")).get("since", [""])[0]
        since = headers.get(b"last-event-id", b"").decode("latin-1") or asked
        viewer = self.hub.join(tokens.unspell(since, watch.topics), watch.variant)
        await send({"type": "http.response.start", "status": 200, "headers": _STREAM + _cors(headers)})
        await self._serve(viewer, receive, send)

    async def _serve(self, viewer: Viewer, receive: Receive, send: Send) -> None:
        loop = asyncio.get_running_loop()
        viewer.task = asyncio.current_task()
        watching = asyncio.create_task(_until_gone(viewer, receive))
        news = HELLO + viewer.news()
        try:
            while not viewer.gone:
                if news:
                    viewer.sending_since = loop.time()
                    await send({"type": "http.response.body", "body": news, "more_body": True})
                    viewer.sending_since = 0.0
                await viewer.bell.wait()
                viewer.bell.clear()
                news = viewer.news()
            with contextlib.suppress(Exception):
                await send({"type": "http.response.body", "body": b"", "more_body": False})
        finally:
            watching.cancel()
            self.hub.leave(viewer)


async def _until_gone(viewer: Viewer, receive: Receive) -> None:
    while (await receive())["type"] != "http.disconnect":
        pass
    viewer.gone = True
    viewer.bell.set()


def _cors(headers: dict[bytes, bytes]) -> Headers:
    """On one machine the stream is another origin than the pages that read it."""
    origin = headers.get(b"origin", b"")
    if origin and addresses.may_read(origin.decode("latin-1")):
        return [(b"access-control-allow-origin", origin), (b"vary", b"Origin")]
    return []


async def _short(send: Send, status: int, body: bytes = b"", headers: Headers | None = None) -> None:
    kind: Headers = [(b"content-type", b"text/plain"), (b"cache-control", b"no-store")]
    await send({"type": "http.response.start", "status": status, "headers": kind + (headers or [])})
    await send({"type": "http.response.body", "body": body})
