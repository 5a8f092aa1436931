"""The floor under benchmarks/live.py: Server-Sent Events with no database, no token and nothing rendered.

POST /say sends the same two kilobytes to every open connection.
"""

from __future__ import annotations

import asyncio

bells: set[asyncio.Event] = set()
said = {"version": 0}
TEXT = "x" * 2000


async def application(scope, receive, send):  # noqa: ANN001, ANN201
    if scope["type"] != "http":
        return
    start = {"type": "http.response.start", "status": 200}
    if scope["method"] == "POST":
        said["version"] += 1
        for bell in bells:
            bell.set()
        await send(start | {"headers": []})
        await send({"type": "http.response.body", "body": b""})
        return
    await send(start | {"headers": [(b"content-type", b"text/event-stream")]})
    bell = asyncio.Event()
    bells.add(bell)
    gone = asyncio.ensure_future(receive())
    try:
        await send({"type": "http.response.body", "body": b"event: hello\ndata: 1\n\n", "more_body": True})
        while True:
            await bell.wait()
            bell.clear()
            body = f"event: fragments\ndata: {TEXT}\nid: {said['version']}\n\n".encode()
            await send({"type": "http.response.body", "body": body, "more_body": True})
    finally:
        gone.cancel()
        bells.discard(bell)
