"""A live session of 300 and of 2,000 open phones: cores used, delay from press to page, who got nothing.

A real site (`convene serve` and `convene stream`) on a database of its own; one room with everyone in it, in
four combinations of language and zone. Every three seconds someone presses a button on a page, through the
web part: asks a question, votes one up, gives the part that is on five minutes more. The viewers are
sockets in a process of their own, each watching what its phone watches: what all see, and what is its own.

- cores: user and system time of the processes of the site (with PostgreSQL's, where that serves) by wall
  time, from /proc, from before the first viewer connects to the end; the viewers' process is not counted.
- delay: from just before the press is sent, so with the web part's own work and the commit, to the receipt
  by each viewer.
- unserved: how many of (viewers x changes) never arrived, and who could not connect.

Beside it, in the same run: the same pages asking the same site each three seconds (`polling`), and a bare
broadcaster without database, token or rendering under the same server (`floor`, minimal_stream.py).

    python benchmarks/live.py [--quick] [--database sqlite|postgres|both] [--viewers 300 2000] [--seconds 60]
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import http.client
import json
import os
import random
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src"), str(HERE)]
EVERY = 3.0
VARIANTS = [("en", "Europe/Berlin"), ("en", "Africa/Nairobi"), ("ar", "Africa/Cairo"), ("en", "UTC")]
PRESSERS = 12


# --- the viewers, a process of their own -------------------------------------------------------------


class Viewers:
    """Reads {"port", "paths", "poll"} from standard input, then `end`; prints who received what, when."""

    def __init__(self, told: dict) -> None:
        self.port: int = told["port"]
        self.paths: list[str] = told["paths"]
        self.poll: float = told["poll"]
        self.received: dict[int, list[float]] = {}
        self.connected = 0
        self.broken = 0

    async def run(self) -> None:
        tasks = []
        for path in self.paths:
            tasks.append(asyncio.create_task(self.asks(path) if self.poll else self.listens(path)))
            await asyncio.sleep(0.002)
        print(json.dumps({"started": len(tasks)}), flush=True)
        loop = asyncio.get_running_loop()
        while True:
            line = (await loop.run_in_executor(None, sys.stdin.readline)).strip()
            if line == "end" or not line:
                break
            print(json.dumps({"connected": self.connected, "broken": self.broken}), flush=True)
        for task in tasks:
            task.cancel()
        print(json.dumps({"received": self.received, "broken": self.broken}), flush=True)

    def got(self, last: int, version: int) -> int:
        now = time.monotonic()
        for each in range(last + 1, version + 1):
            self.received.setdefault(each, []).append(now)
        return max(last, version)

    async def listens(self, path: str) -> None:
        last = int(path.partition("since=")[2].partition(".")[0] or 0)
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
            writer.write(f"GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            while True:
                line = await reader.readline()
                if not line:
                    raise ConnectionError
                if line.startswith(b"event: hello"):
                    self.connected += 1
                elif line.startswith(b"id: "):
                    last = self.got(last, int(line[4:].partition(b".")[0]))
        except (OSError, ValueError, asyncio.LimitOverrunError):
            self.broken += 1

    async def asks(self, path: str) -> None:
        path, _, since = path.partition("?since=")
        await asyncio.sleep(random.random() * self.poll)
        reader = writer = None
        while True:
            began = time.monotonic()
            try:
                if writer is None:
                    reader, writer = await asyncio.open_connection("127.0.0.1", self.port, limit=2**20)
                    self.connected += 1
                ask = f"GET {path}?since={since} HTTP/1.1\r\nHost: localhost\r\n"
                writer.write(f'{ask}If-None-Match: "{since}"\r\n\r\n'.encode())
                head = await reader.readuntil(b"\r\n\r\n")
                size = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
                body = await reader.readexactly(int(size[1])) if size and b" 304 " not in head[:20] else b""
                if head[9:12] == b"200":
                    newest = json.loads(body)["version"]
                    self.got(int(since.partition(".")[0]), int(newest.partition(".")[0]))
                    since = newest
                elif head[9:12] != b"304":
                    self.broken += 1
            except (OSError, asyncio.IncompleteReadError):
                self.broken += 1
                writer = None
            await asyncio.sleep(max(0.0, began + self.poll * (0.75 + random.random() / 2) - time.monotonic()))


@dataclass
class Audience:
    """The viewers' process, from here."""

    port: int
    paths: list[str]
    poll: float = 0.0
    process: subprocess.Popen[str] | None = None

    def start(self) -> None:
        command = [sys.executable, str(Path(__file__).resolve()), "--viewers-process"]
        self.process = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, bufsize=1
        )
        told = {"port": self.port, "paths": self.paths, "poll": self.poll}
        self._say(json.dumps(told))
        self._hear()

    def _say(self, line: str) -> None:
        assert self.process is not None
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def _hear(self) -> dict:
        assert self.process is not None
        assert self.process.stdout is not None
        return json.loads(self.process.stdout.readline())

    def wait_until_connected(self, seconds: float = 30) -> int:
        deadline = time.monotonic() + seconds
        while True:
            self._say("how many")
            connected = self._hear()["connected"]
            if connected >= len(self.paths) or time.monotonic() > deadline:
                return len(self.paths) - connected
            time.sleep(0.2)

    def end(self) -> dict:
        self._say("end")
        found = self._hear()
        assert self.process is not None
        self.process.wait(20)
        return found


# --- the site ----------------------------------------------------------------------------------------


def fill(viewers: int) -> None:
    """Run with the site's settings: a running session with so many in the room, and their tokens."""
    import django

    django.setup()
    from django.conf import settings
    from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
    from django.contrib.sessions.backends.db import SessionStore
    from django.utils import timezone

    from convene.apps.people.models import Person
    from convene.apps.rooms.models import Participant
    from convene.apps.rooms.services import agenda
    from convene.foundation.access import links
    from convene.foundation.live import queries, tokens, topic
    from convene.foundation.live.rendering import Variant
    from convene.web.commands import site
    from tests.makers import make_facilitator, make_registration, make_workshop

    site.migrate()
    now = timezone.now().replace(microsecond=0)
    workshop = make_workshop(days=0, run_sheet="30 Welcome\n60 What we see\n30 What nobody knows")
    leader = make_facilitator(workshop)
    session = workshop.sessions.get()
    seats = [make_registration(workshop, state="confirmed") for _ in range(PRESSERS)]
    room = agenda.start_session(session=session, actor=leader, now=now)
    people = Person.objects.bulk_create(
        Person(email=f"guest{n}@example.org", name=f"Guest {n}") for n in range(viewers - PRESSERS)
    )
    Participant.objects.bulk_create(Participant(room=room, person=one) for one in people)
    room.participants.update(state=Participant.State.HERE, arrived_at=now)
    store = SessionStore()
    store[SESSION_KEY] = str(leader.pk)
    store[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    store[HASH_SESSION_KEY] = leader.get_session_auth_hash()
    store.create()
    shared = topic("room-phone", session.pk)
    tokens_, since = [], 0
    for n, one in enumerate(room.participants.filter(facilitates=False)):
        own = topic("room-me", one.pk)
        versions = queries.versions([shared, own])
        since = versions[shared]
        watch = tokens.Watch((shared, own), Variant(*VARIANTS[n % len(VARIANTS)]))
        tokens_.append(f"{tokens.sign(watch)}/?since={tokens.spell(versions)}")
    phones = [links.sign("join", f"{seat.pk}:{session.pk}", seat.link_version) for seat in seats]
    block = room.blocks.get(started_at__isnull=False, ended_at=None)
    print(
        json.dumps(
            {
                "tokens": tokens_,
                "since": since,
                "phones": [f"/phone/l/{token}/" for token in phones],
                "room": f"/room/{session.pk}/",
                "block": str(block.pk),
                "cookie": f"{settings.SESSION_COOKIE_NAME}={store.session_key}",
            }
        )
    )


@dataclass
class Site:
    database_url: str
    folder: Path
    also: list[int] = field(default_factory=list)
    port: int = 0
    stream: int = 0
    processes: list[subprocess.Popen[bytes]] = field(default_factory=list)
    there: dict = field(default_factory=dict)
    pressed: int = 0
    questions: int = 0

    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CONVENE_", "DJANGO_"))}
        return kept | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(HERE), str(ROOT)]),
            "DJANGO_SETTINGS_MODULE": "convene.settings",
            "DATABASE_URL": self.database_url,
            "CONVENE_DATA": str(self.folder),
            "CONVENE_SECRET_KEY": "benchmark-benchmark-benchmark-benchmark-benchmark",
            "CONVENE_STREAM_PORT": str(self.stream),
        }

    def start(self, viewers: int) -> None:
        self.folder.mkdir(parents=True)
        self.port, self.stream = free_port(), free_port()
        command = [sys.executable, str(Path(__file__).resolve()), "--fill", str(viewers)]
        done = subprocess.run(command, env=self.environment(), check=True, capture_output=True)
        self.there = json.loads(done.stdout.decode().splitlines()[-1])
        for part, port in (("serve", self.port), ("stream", self.stream)):
            command = [sys.executable, "-m", "convene", part, "--port", str(port)]
            self.processes.append(subprocess.Popen(command, env=self.environment(), cwd=self.folder))
        for port in (self.port, self.stream):
            wait_until_open(port)
        for _ in range(5):  # what is loaded at the first request is no part of a session
            self.press()
        time.sleep(1)

    @property
    def version(self) -> int:
        return self.there["since"] + self.pressed

    def press(self) -> tuple[int, float]:
        """One change of what all phones show; its version, and when it was pressed."""
        kind, n = self.pressed % 6, self.pressed // 6
        phone = self.there["phones"][self.pressed % PRESSERS]
        cookie = ""
        if kind == 0:
            path, form = f"{phone}ask/", {"text": f"Question {n}: who pays for it?", "as": "nobody"}
        elif kind == 5:
            path, cookie = f"{self.there['room']}do/extend/", self.there["cookie"]
            form = {"block": self.there["block"], "minutes": "more" if n % 2 else "less"}
        else:
            path, form = f"{phone}do/vote/", {"up": "1", "question": self.newest_question()}
        began = time.monotonic()
        post(self.port, path, form, cookie)
        self.pressed += 1
        return self.version, began

    def newest_question(self) -> str:
        """As the cockpit shows it; asked once for each question."""
        if self.pressed % 6 == 1:
            connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
            connection.request("GET", self.there["room"], headers={"Cookie": self.there["cookie"]})
            page = connection.getresponse().read().decode()
            self.question = re.findall(r'name="question" value="([0-9a-f-]{36})"', page)[-1]
        return self.question

    def roots(self, *, web: bool = True) -> list[int]:
        return [one.pid for one in (self.processes if web else self.processes[1:])]

    def stop(self) -> None:
        for one in self.processes:
            one.terminate()
        for one in self.processes:
            one.wait(20)


def free_port() -> int:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_until_open(port: int) -> None:
    deadline = time.monotonic() + 60
    while True:
        with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), timeout=1):
            return
        if time.monotonic() > deadline:
            raise SystemExit(f"nothing answers at {port}")
        time.sleep(0.2)


def post(port: int, path: str, form: dict[str, str], cookie: str = "") -> None:
    token = "a" * 32
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    headers = {
        "Content-Type": "application/x-www-form-urlencoded",
        "Cookie": f"csrftoken={token}; {cookie}".rstrip("; "),
    }
    connection.request("POST", path, urlencode(form | {"csrfmiddlewaretoken": token}), headers)
    answer = connection.getresponse()
    answer.read()
    connection.close()
    if answer.status not in {200, 302}:
        raise SystemExit(f"{path} answered {answer.status}")


# --- the runs ----------------------------------------------------------------------------------------


@dataclass
class Found:
    what: str
    viewers: int
    cores: float
    alone: float
    """Of the process that serves viewers."""
    delays: list[float]
    unserved: int
    broken: int

    def line(self) -> str:
        delays = sorted(self.delays) or [float("nan")]
        middle, late = statistics.median(delays), delays[min(len(delays) - 1, int(0.95 * len(delays)))]
        return (
            f"{self.what:<28}{self.viewers:>8}{self.cores:>9.3f}{self.alone:>10.3f}{1000 * middle:>9.0f}"
            f"{1000 * late:>9.0f}{1000 * delays[-1]:>9.0f}{self.unserved:>10}{self.broken:>8}"
        )


def measure(what, audience, press, roots, also, server, seconds) -> Found:  # noqa: ANN001
    from web import cpu_seconds

    began, before, alone = time.monotonic(), cpu_seconds([*roots, *also]), cpu_seconds([server])
    audience.start()
    missing = 0 if audience.poll else audience.wait_until_connected()
    pressed: dict[int, float] = {}
    first = time.monotonic()
    while time.monotonic() < first + seconds:
        try:
            version, at = press()
        except TimeoutError:
            print(f"{what}: a press got no answer within a minute, so crowded is the web part")
            break
        pressed[version] = at
        time.sleep(max(0.0, at + EVERY - time.monotonic()))
    time.sleep(2 * audience.poll + 3)
    wall = time.monotonic() - began
    cores = (cpu_seconds([*roots, *also]) - before) / wall
    own = (cpu_seconds([server]) - alone) / wall
    found = audience.end()
    times = {int(version): at for version, at in found["received"].items() if int(version) in pressed}
    delays = [at - pressed[version] for version, all_ in times.items() for at in all_]
    unserved = len(pressed) * len(audience.paths) - len(delays)
    return Found(what, len(audience.paths), cores, own, delays, unserved, missing + found["broken"])


def run_site(
    database: str, url: str, also: list[int], folder: Path, viewers: int, seconds: float
) -> list[Found]:
    site = Site(url, folder, also)
    try:
        site.start(viewers)
        found = []
        for what, poll in (("stream", 0.0), ("polling each 3 s", 3.0)):
            base, port = ("/live/", site.port) if poll else ("/stream/", site.stream)
            tokens = [one.partition("/?since=") for one in site.there["tokens"]]
            since = [f"{site.version}.{rest.partition('.')[2]}" for _t, _s, rest in tokens]
            slash = "/" if poll else ""
            paths = [f"{base}{one[0]}{slash}?since={at}" for one, at in zip(tokens, since, strict=True)]
            server = site.processes[0 if poll else 1].pid
            audience = Audience(port, paths, poll)
            found.append(
                measure(f"{database}, {what}", audience, site.press, site.roots(), also, server, seconds)
            )
            print(found[-1].line(), flush=True)
        return found
    finally:
        site.stop()


def run_floor(viewers: int, seconds: float) -> Found:
    port = free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asgi", "--workers", "1", "--port", str(port)]
    command += ["--backlog", "4096", "--backpressure", "20000", "--no-ws", "--log-level", "error"]
    process = subprocess.Popen([*command, "minimal_stream:application"], cwd=HERE)
    said = [0]

    def press() -> tuple[int, float]:
        began = time.monotonic()
        post(port, "/say", {})
        said[0] += 1
        return said[0], began

    try:
        wait_until_open(port)
        audience = Audience(port, ["/?since=0"] * viewers)
        found = measure("floor", audience, press, [process.pid], [], process.pid, seconds)
    finally:
        process.terminate()
        process.wait(20)
    print(found.line(), flush=True)
    return found


@contextlib.contextmanager
def databases(kind: str, folder: Path, name: str) -> Iterator[tuple[str, list[int]]]:
    if kind == "sqlite":
        yield f"sqlite:///{folder / name}.sqlite3", []
        return
    from tests import databases as test_databases
    from web import create_database, postgres_processes

    url = os.environ.setdefault(test_databases.URL, test_databases.start_postgres())
    yield create_database(url, f"bench_live_{name}"), postgres_processes(url)


def main() -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--quick", action="store_true", help="40 viewers, nine seconds: does it run?")
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    parser.add_argument("--viewers", type=int, nargs="+", default=[300, 2000])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--viewers-process", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--fill", type=int, default=0, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.viewers_process:
        raise_limit()
        asyncio.run(Viewers(json.loads(sys.stdin.readline())).run())
        return 0
    if options.fill:
        fill(options.fill)
        return 0
    if options.quick:
        options.viewers, options.seconds = [40], 9
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    print(f"one change each {EVERY:.0f} s for {options.seconds:.0f} s; delays in ms, from the press")
    print(
        f"{'':<28}{'viewers':>8}{'cores':>9}{'serving':>10}{'p50':>9}{'p95':>9}{'most':>9}{'unserved':>10}{'broken':>8}"
    )
    unserved = 0
    kinds = ["sqlite", "postgres"] if options.database == "both" else [options.database]
    for viewers in options.viewers:
        for kind in kinds:
            folder = Path(tempfile.mkdtemp(prefix="convene-bench-"))
            try:
                with databases(kind, folder, str(viewers)) as (url, also):
                    found = run_site(kind, url, also, folder / "data", viewers, options.seconds)
                    unserved += found[0].unserved
            finally:
                shutil.rmtree(folder, ignore_errors=True)
        run_floor(viewers, options.seconds)
    return 1 if unserved else 0


def raise_limit() -> None:
    import resource

    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    with contextlib.suppress(ValueError, OSError):
        resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))


if __name__ == "__main__":
    raise SystemExit(main())
