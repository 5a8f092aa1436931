"""CPU of public pages and of a registration, against a minimal Django application, on SQLite and PostgreSQL.

Both run under the same server (granian, 1 process) with the same database options, filled with the same
rows (100 workshops; the one looked at has 10 sessions). Runs alternate; each figure is the median of the
rounds. CPU is user + system time of the server's process tree, from /proc, with PostgreSQL's where that
serves; the client is not counted. What Convene leaves to its worker (mails, calendar entries) is measured
apart, by running the worker once over what the registrations queued.

    python benchmarks/web.py [--quick] [--database sqlite|postgres|both]
"""

from __future__ import annotations

import argparse
import contextlib
import http.client
import os
import re
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlencode, urlsplit

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
sys.path[:0] = [str(ROOT), str(ROOT / "src")]
TICKS = os.sysconf("SC_CLK_TCK")
HOST = "bench.example"
CLIENTS = 4


# --- processes ---------------------------------------------------------------------------------------


def tree(root: int) -> set[int]:
    """A process and all that came from it and still runs."""
    parents: dict[int, int] = {}
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError, IndexError):
                parents[int(entry.name)] = int((entry / "stat").read_text().rpartition(")")[2].split()[1])
    found = {root}
    while True:
        more = {pid for pid, parent in parents.items() if parent in found} - found
        if not more:
            return found
        found |= more


def cpu_seconds(roots: list[int]) -> float:
    """User and system time of the trees, with children that have ended."""
    ticks = 0
    for root in roots:
        for pid in tree(root):
            with contextlib.suppress(OSError):
                fields = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
                ticks += sum(int(value) for value in fields[11:15])
    return ticks / TICKS


@dataclass
class Site:
    name: str
    application: str
    fill: str
    database_url: str
    folder: Path
    port: int = 0
    process: subprocess.Popen[bytes] | None = None
    workshop: str = ""
    also: list[int] = field(default_factory=list)
    """Process ids of the database server."""

    def environment(self) -> dict[str, str]:
        inherited = {k: v for k, v in os.environ.items() if not k.startswith(("CONVENE_", "DJANGO_"))}
        return inherited | {
            "PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(HERE), str(ROOT)]),
            "DATABASE_URL": self.database_url,
            "CONVENE_DATA": str(self.folder),
            "CONVENE_SECRET_KEY": "benchmark-benchmark-benchmark-benchmark-benchmark",
            "CONVENE_PUBLIC_ADDRESS": f"https://{HOST}",
        }

    def prepare(self) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(
            [sys.executable, str(HERE / self.fill)], env=self.environment(), check=True, capture_output=True
        )
        self.workshop = done.stdout.decode().split()[-1]

    def start(self) -> None:
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = free.getsockname()[1]
        command = [sys.executable, "-m", "granian", "--interface", "wsgi", "--workers", "1"]
        command += ["--blocking-threads", "2", "--host", "127.0.0.1", "--port", str(self.port)]
        command += ["--no-ws", "--log-level", "error", self.application]
        self.process = subprocess.Popen(command, env=self.environment(), cwd=self.folder)
        deadline = time.monotonic() + 60
        while True:
            with contextlib.suppress(OSError, http.client.HTTPException):
                if Browser(self).get("/open/")[0] == 200:
                    return
            if time.monotonic() > deadline:
                raise SystemExit(f"{self.name} does not answer")
            time.sleep(0.2)

    def stop(self) -> None:
        if self.process is not None:
            self.process.terminate()
            self.process.wait(20)

    def cpu(self) -> float:
        assert self.process is not None
        return cpu_seconds([self.process.pid, *self.also])


# --- the client --------------------------------------------------------------------------------------


class Browser:
    """Cookies, and nothing else that costs time."""

    def __init__(self, site: Site) -> None:
        self.site = site
        self.connection = http.client.HTTPConnection("127.0.0.1", site.port, timeout=30)
        self.cookies: dict[str, str] = {}
        self.address = "192.0.2.1"
        """As the proxy in front names it; requests from one place on the net are counted."""

    def get(self, path: str) -> tuple[int, bytes, str]:
        return self._ask("GET", path)

    def post(self, path: str, form: dict[str, str]) -> tuple[int, bytes, str]:
        return self._ask("POST", path, urlencode(form))

    def _ask(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes, str]:
        headers = {"Host": HOST, "X-Forwarded-Proto": "https", "Accept-Language": "en"}
        headers["X-Forwarded-For"] = self.address
        if self.cookies:
            headers["Cookie"] = "; ".join(f"{name}={value}" for name, value in self.cookies.items())
        if body is not None:
            headers |= {"Content-Type": "application/x-www-form-urlencoded", "Origin": f"https://{HOST}"}
            headers |= {"Referer": f"https://{HOST}/"}
        self.connection.request(method, path, body=body, headers=headers)
        response = self.connection.getresponse()
        text = response.read()
        for name, value in response.getheaders():
            if name.lower() == "set-cookie":
                pair = value.partition(";")[0]
                self.cookies[pair.partition("=")[0]] = pair.partition("=")[2]
        return response.status, text, response.getheader("Location") or ""


def look(path: str) -> Callable[[Browser, int], int]:
    def visit(browser: Browser, _number: int) -> int:
        status, _text, _location = browser.get(path)
        if status != 200:
            raise RuntimeError(f"{path}: {status}")
        return 1

    return visit


_TOKEN = re.compile(rb'name="csrfmiddlewaretoken" value="([^"]+)"')
_ACTION = re.compile(rb'action="([^"]*/seat/)"')


def register(path: str, run: str) -> Callable[[Browser, int], int]:
    """A person new to the site: reads the page, asks for a seat, reads the answer. Returns requests made."""

    def flow(browser: Browser, number: int) -> int:
        browser.cookies.clear()
        browser.address = f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"
        _status, page, _location = browser.get(path)
        token, action = _TOKEN.search(page), _ACTION.search(page)
        assert token is not None, page[:500]
        assert action is not None, page[:500]
        email = f"{run}-{number}@example.org"
        form = {"csrfmiddlewaretoken": token[1].decode(), "name": "Jo Park", "email": email}
        status, page, location = browser.post(action[1].decode(), form)
        if status != 302:
            raise RuntimeError(f"{action[1].decode()}: {status} {page[:300]!r}")
        status, page, _location = browser.get(urlsplit(location).path)
        if status != 200 or b"seat" not in page:
            raise RuntimeError(f"{location}: {status}")
        return 3

    return flow


def spend(site: Site, act: Callable[[Browser, int], int], times: int) -> tuple[float, float]:
    """CPU milliseconds an act, and requests an act, with CLIENTS at once."""
    numbers = iter(range(times))
    lock, failures, requests = threading.Lock(), list[Exception](), [0]

    def client() -> None:
        browser = Browser(site)
        while True:
            with lock:
                number = next(numbers, None)
            if number is None or failures:
                return
            try:
                made = act(browser, number)
            except Exception as error:  # noqa: BLE001  # told by the thread that waits
                failures.append(error)
                return
            with lock:
                requests[0] += made

    before = site.cpu()
    threads = [threading.Thread(target=client) for _ in range(CLIENTS)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if failures:
        raise failures[0]
    return 1000 * (site.cpu() - before) / times, requests[0] / times


# --- the figures -------------------------------------------------------------------------------------


@dataclass
class Row:
    what: str
    convene: list[float] = field(default_factory=list)
    minimal: list[float] = field(default_factory=list)
    requests: float = 1

    @property
    def ratio(self) -> float:
        return statistics.median(self.convene) / statistics.median(self.minimal)


def pages(site: Site, run: str) -> dict[str, Callable[[Browser, int], int]]:
    workshop = f"/w/{site.workshop}/"
    return {
        "what's open (20 of 100)": look("/open/"),
        "a workshop (10 sessions)": look(workshop),
        "a community": look("/c/infection/"),
        "a registration, whole flow": register(workshop, run),
    }


def compare(convene: Site, minimal: Site, *, rounds: int, times: int) -> tuple[list[Row], float]:
    """Rows of the table, and the worker's CPU milliseconds for each registration."""
    rows = {what: Row(what) for what in pages(convene, "")}
    for site in (convene, minimal):
        for what, act in pages(site, "warm").items():
            spend(site, act, 8 if "flow" in what else 30)
    drain(convene)
    registered = 0
    for number in range(rounds):
        for what, row in rows.items():
            for site, samples in ((convene, row.convene), (minimal, row.minimal)):
                count = times // 2 if "flow" in what else times
                figure, row.requests = spend(site, pages(site, f"run{number}")[what], count)
                samples.append(figure)
                registered += count if site is convene and "flow" in what else 0
    return list(rows.values()), 1000 * drain(convene) / max(1, registered)


def drain(site: Site) -> float:
    """Run the worker once over what waits; its CPU seconds, less those of a worker with nothing to do."""

    def once() -> float:
        before = os.times()
        database = cpu_seconds(site.also)
        command = [sys.executable, "-m", "convene", "worker", "--once"]
        subprocess.run(command, env=site.environment(), cwd=site.folder, check=True, capture_output=True)
        after = os.times()
        spent = after.children_user + after.children_system - before.children_user - before.children_system
        return spent + cpu_seconds(site.also) - database

    return once() - once()


def show(database: str, rows: list[Row], worker: float) -> None:
    print(f"\n{database}: CPU ms each, median of {len(rows[0].convene)} alternating rounds")
    print(f"{'':30}{'requests':>9}{'Convene':>10}{'minimal':>10}{'ratio':>8}   spread of Convene")
    for row in rows:
        low, high = min(row.convene), max(row.convene)
        print(
            f"{row.what:30}{row.requests:>9.0f}{statistics.median(row.convene):>10.1f}"
            f"{statistics.median(row.minimal):>10.1f}{row.ratio:>8.1f}   {low:.1f} to {high:.1f}"
        )
    print(f"{'left to the worker, each':30}{'':9}{worker:>10.1f}{'(none)':>10}")


@contextlib.contextmanager
def sites(kind: str, folder: Path) -> Iterator[tuple[Site, Site]]:
    also: list[int] = []
    if kind == "postgres":
        from tests import databases

        url = databases.start_postgres()
        also = postgres_processes(url)
        urls = [create_database(url, name) for name in ("bench_convene", "bench_minimal")]
    else:
        urls = [f"sqlite:///{folder / name}.sqlite3" for name in ("convene", "minimal")]
    ours, theirs = (
        ("convene.web.wsgi:application", "fill_convene.py"),
        ("minimal.wsgi:application", "minimal/fill.py"),
    )
    convene = Site("Convene", *ours, urls[0], folder / "a", also=also)
    minimal = Site("minimal", *theirs, urls[1], folder / "b", also=also)
    try:
        for site in (convene, minimal):
            site.prepare()
            site.start()
        yield convene, minimal
    finally:
        convene.stop()
        minimal.stop()


def create_database(url: str, name: str) -> str:
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(f"DROP DATABASE IF EXISTS {name}")
        connection.execute(f"CREATE DATABASE {name}")
    parts = urlsplit(url)
    return parts._replace(path=f"/{name}").geturl()


def postgres_processes(url: str) -> list[int]:
    """The server's first process; its backends are that one's children."""
    import psycopg

    with psycopg.connect(url, autocommit=True) as connection:
        backend = connection.info.backend_pid
    stat = Path(f"/proc/{backend}/stat")
    return [int(stat.read_text().rpartition(")")[2].split()[1])] if stat.exists() else []


def main() -> int:
    raw = argparse.RawDescriptionHelpFormatter
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=raw)
    parser.add_argument("--quick", action="store_true", help="one short round, to see that it runs")
    parser.add_argument("--database", choices=["sqlite", "postgres", "both"], default="both")
    options = parser.parse_args()
    rounds, times = (1, 30) if options.quick else (3, 120)
    print(f"load average {os.getloadavg()[0]:.1f}, {os.cpu_count()} cores, Python {sys.version.split()[0]}")
    kinds = ["sqlite", "postgres"] if options.database == "both" else [options.database]
    for kind in kinds:
        folder = Path(tempfile.mkdtemp(prefix="convene-bench-"))
        try:
            with sites(kind, folder) as (convene, minimal):
                rows, worker = compare(convene, minimal, rounds=rounds, times=times)
        finally:
            shutil.rmtree(folder, ignore_errors=True)
        show({"sqlite": "SQLite", "postgres": "PostgreSQL"}[kind], rows, worker)
        flow = rows[-1]
        if flow.requests > 3:
            print(f"A registration takes {flow.requests:.0f} requests; at most 3 were promised.")
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
