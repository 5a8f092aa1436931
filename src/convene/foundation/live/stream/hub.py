"""Who watches what. One tick for all viewers: which topics changed, each rendered once, all viewers woken.

No queues: a viewer remembers which version of each topic it was sent and, when its connection takes more,
gets the newest. However slow it is, it holds nothing but that.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from itertools import islice

from convene.foundation.live import registry
from convene.foundation.live.rendering import Variant
from convene.foundation.live.stream.database import Database, Key

logger = logging.getLogger(__name__)
EVERY = 0.25
"""Seconds between two looks at the database, while anybody watches."""
CHECK_EVERY = 15.0
"""Seconds after which all watched topics are read, whatever the clocks say."""
BEAT_SLOTS = 15
"""Each viewer hears something at least each so many seconds; spread, so that not all do at once."""
STUCK = 60.0
"""Seconds a viewer may take nothing before its connection is closed."""
AT_ONCE = 64
"""Topics rendered in one go: the first to be done need not wait for the last."""


@dataclass(frozen=True, slots=True)
class Made:
    """A topic at a version as it is sent: all of it, and what differs from version `before`."""

    version: int
    before: int
    fragments: registry.Fragments
    whole: bytes
    changed: bytes


def event(fragments: registry.Fragments) -> bytes:
    """Without its last line, which is each viewer's own."""
    text = json.dumps(fragments, ensure_ascii=False, separators=(",", ":"))
    return b"event: fragments\ndata: " + text.encode() + b"\n"


def made(version: int, fragments: registry.Fragments, last: Made | None) -> Made:
    whole = event(fragments)
    if last is None:
        return Made(version, -1, fragments, whole, whole)
    other = {name: html for name, html in fragments.items() if last.fragments.get(name) != html}
    # A fragment that is no longer made is shown empty.
    other |= dict.fromkeys(last.fragments.keys() - fragments.keys(), "")
    return Made(version, last.version, fragments, whole, event(other) if other else b"")


@dataclass(slots=True, eq=False)
class Topic:
    name: str
    version: int = -1
    """-1: not read yet."""
    viewers: dict[Variant, set[Viewer]] = field(default_factory=dict)
    made: dict[Variant, Made] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Viewer:
    """One open page. `seen[n]` is the version of `topics[n]` that it has."""

    topics: list[Topic]
    variants: list[Variant]
    seen: list[int]
    slot: int
    bell: asyncio.Event = field(default_factory=asyncio.Event)
    beat: bool = False
    gone: bool = False
    sending_since: float = 0.0
    task: asyncio.Task[None] | None = None

    def news(self) -> bytes:
        """What it has not seen of what is rendered; a heartbeat when one is due; else nothing."""
        parts = []
        for n, (topic, variant) in enumerate(zip(self.topics, self.variants, strict=True)):
            newest = topic.made.get(variant)
            if newest is None or newest.version == self.seen[n]:
                continue
            part = newest.changed if self.seen[n] == newest.before else newest.whole
            self.seen[n] = newest.version
            if part:
                parts.append(part)
        beat, self.beat = self.beat, False
        if parts:
            # The id stands in the last event alone: a page that broke off before it asks for all of them.
            return b"\n".join(parts) + f"id: {'.'.join(map(str, self.seen))}\n\n".encode()
        return b"event: beat\ndata: 1\n\n" if beat else b""


class Hub:
    def __init__(self, database: Database | None = None) -> None:
        self.viewers: set[Viewer] = set()
        self._topics: dict[str, Topic] = {}
        self._wanted: dict[Key, None] = {}
        self._database = database or Database()
        self._thread = ThreadPoolExecutor(1, "live-database")
        self._joined = 0
        self._checked = 0.0
        self._failures = 0

    # --- viewers ---------------------------------------------------------------------------------------

    def join(self, seen: dict[str, int], variant: Variant) -> Viewer:
        self._joined += 1
        topics = [self._topics.setdefault(name, Topic(name)) for name in seen]
        variants = [variant.of(name) for name in seen]
        viewer = Viewer(topics, variants, list(seen.values()), self._joined % BEAT_SLOTS)
        self.viewers.add(viewer)
        for topic, own in zip(topics, variants, strict=True):
            topic.viewers.setdefault(own, set()).add(viewer)
            self._want(topic, own, [viewer])
        return viewer

    def leave(self, viewer: Viewer) -> None:
        """What nobody watches any more is forgotten."""
        self.viewers.discard(viewer)
        for topic, variant in zip(viewer.topics, viewer.variants, strict=True):
            watching = topic.viewers.get(variant, set())
            watching.discard(viewer)
            if not watching:
                topic.viewers.pop(variant, None)
                topic.made.pop(variant, None)
            if not topic.viewers:
                self._topics.pop(topic.name, None)

    def _want(self, topic: Topic, variant: Variant, viewers: Iterable[Viewer]) -> None:
        """Have it rendered if any of them has not seen this version and it is not rendered yet."""
        standing = topic.made.get(variant)
        if topic.version < 0 or (standing is not None and standing.version == topic.version):
            return
        if any(one.seen[one.topics.index(topic)] != topic.version for one in viewers):
            self._wanted[topic.name, variant] = None

    # --- the tick --------------------------------------------------------------------------------------

    async def run(self) -> None:
        """Until cancelled. A database that does not answer is asked again, less and less often."""
        loop = asyncio.get_running_loop()
        beating = asyncio.create_task(self._beat())
        try:
            while True:
                began = loop.time()
                try:
                    if self.viewers:
                        await self.tick()
                    self._failures = 0
                except Exception:
                    if not self._failures:
                        logger.exception("the stream cannot read the database; it keeps trying")
                    self._failures += 1
                    await loop.run_in_executor(self._thread, self._database.close)
                pause = min(10.0, EVERY * 2**self._failures)
                await asyncio.sleep(max(0.05, began + pause - loop.time()))
        finally:
            beating.cancel()

    async def tick(self) -> None:
        loop = asyncio.get_running_loop()
        check = loop.time() - self._checked > CHECK_EVERY
        unknown = [topic.name for topic in self._topics.values() if check or topic.version < 0]
        versions = await loop.run_in_executor(self._thread, self._database.changes, unknown)
        if check:
            self._checked = loop.time()
        for name, version in versions.items():
            topic = self._topics.get(name)
            if topic is not None and topic.version != version:
                topic.version = version
                for variant, viewers in topic.viewers.items():
                    self._want(topic, variant, viewers)
        # What most people watch comes first.
        wanted, self._wanted = self._wanted, {}
        order = iter(sorted(wanted, key=self._watching, reverse=True))
        while keys := list(islice(order, AT_ONCE)):
            await self._render(keys)

    def _watching(self, key: Key) -> int:
        topic = self._topics.get(key[0])
        return len(topic.viewers.get(key[1], ())) if topic else 0

    async def _render(self, keys: list[Key]) -> None:
        # Versions as they were read before: what is rendered is at least as new.
        at = {key: self._topics[key[0]].version for key in keys if self._watching(key)}
        loop = asyncio.get_running_loop()
        found = await loop.run_in_executor(self._thread, self._database.render, list(at))
        for (name, variant), fragments in found.items():
            topic = self._topics.get(name)
            if topic is None or variant not in topic.viewers:
                continue
            topic.made[variant] = made(at[name, variant], fragments, topic.made.get(variant))
            for viewer in topic.viewers[variant]:
                viewer.bell.set()

    async def _beat(self) -> None:
        loop = asyncio.get_running_loop()
        slot = 0
        while True:
            await asyncio.sleep(1)
            slot = (slot + 1) % BEAT_SLOTS
            for viewer in [one for one in self.viewers if one.slot == slot]:
                if viewer.sending_since and loop.time() - viewer.sending_since > STUCK:
                    if viewer.task is not None:
                        viewer.task.cancel()
                else:
                    viewer.beat = True
                    viewer.bell.set()

    async def end(self) -> None:
        """All viewers are sent home; their pages come again by themselves."""
        for viewer in self.viewers:
            viewer.gone = True
            viewer.bell.set()
        await asyncio.get_running_loop().run_in_executor(self._thread, self._database.close)
        self._thread.shutdown(wait=False, cancel_futures=True)
