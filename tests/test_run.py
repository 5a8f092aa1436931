"""`convene run`: web, worker and stream together, on a new database, a demo one, a real one."""

from __future__ import annotations

import os
import re
import signal
import sqlite3
import subprocess
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from convene.web.commands.ports import is_free
from tests import processes

pytestmark = [pytest.mark.alone]
Start = Callable[..., "Running"]


class Running:
    """A `convene run` of this test, in a data folder of its own."""

    def __init__(self, data: Path, *arguments: str, **extra: str) -> None:
        self.said = data.with_name(f"{data.name}-said")
        kept = {n: v for n, v in os.environ.items() if not n.startswith(("CONVENE_", "DATABASE_"))}
        with self.said.open("w") as stream:
            self.process = subprocess.Popen(
                processes.command("run", *arguments),
                env={**kept, "CONVENE_DATA": str(data), **extra},
                stdout=stream,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )

    @property
    def text(self) -> str:
        return self.said.read_text()

    def wait_until_up(self) -> str:
        """Its address."""
        processes.wait_for(lambda: "Convene is at" in self.text or self.process.poll() is not None, 180)
        found = re.search(r"Convene is at (http://localhost:\d+)/", self.text)
        assert found, self.text
        return found.group(1)

    def children(self) -> dict[str, int]:
        """Name of the subcommand -> process id."""
        found = {}
        for folder in Path("/proc").iterdir():
            if folder.name.isdigit():
                try:
                    parent = int((folder / "stat").read_text().rpartition(")")[2].split()[1])
                    command = (folder / "cmdline").read_bytes().split(b"\0")
                except (OSError, IndexError):
                    continue
                if parent == self.process.pid and b"convene" in command:
                    found[command[command.index(b"convene") + 1].decode()] = int(folder.name)
        return found


def is_there(pid: int) -> bool:
    try:
        return "Z" not in (Path("/proc") / str(pid) / "stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=30) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)


@pytest.fixture(autouse=True)
def _linux() -> None:
    if not Path("/proc/self/stat").exists():
        pytest.skip("looks into /proc")


@pytest.fixture(scope="module")
def seeded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that `convene run` began as a demo."""
    data = tmp_path_factory.mktemp("seeded") / "data"
    running = Running(data)
    try:
        running.wait_until_up()
    finally:
        running.process.terminate()
        assert running.process.wait(60) == 0
    return data


@pytest.fixture
def start() -> Iterator[Start]:
    begun: list[Running] = []

    def begin(data: Path, *arguments: str, **extra: str) -> Running:
        begun.append(Running(data, *arguments, **extra))
        return begun[-1]

    yield begin
    for running in begun:
        running.process.terminate()
        running.process.wait(60)


def rows(data: Path, table: str) -> int:
    with sqlite3.connect(data / "convene.sqlite3") as database:
        (count,) = database.execute(f"SELECT COUNT(*) FROM {table}").fetchone()
    database.close()
    return int(count)


def test_it_keeps_the_data_says_how_to_enter_and_stops_on_ctrl_c(seeded, start):
    people = rows(seeded, "people_person")
    running = start(seeded)
    address = running.wait_until_up()
    assert [
        role for role in ("steward", "member", "outsider", "facilitator") if f"as {role}" not in running.text
    ] == []
    assert status(f"{address}/demo/") == 200
    assert status(f"{address}/demo/mailbox/") == 200
    assert rows(seeded, "people_person") == people
    children = running.children()
    assert set(children) == {"serve", "worker", "stream"}
    running.process.send_signal(signal.SIGINT)
    assert running.process.wait(30) == 0
    assert [name for name, pid in children.items() if is_there(pid)] == []
    assert "Traceback" not in running.text


def test_a_part_that_was_killed_is_started_again(seeded, start):
    running = start(seeded)
    address = running.wait_until_up()
    before = running.children()
    os.kill(before["worker"], signal.SIGKILL)
    os.kill(before["serve"], signal.SIGKILL)
    os.kill(before["stream"], signal.SIGKILL)
    processes.wait_for(
        lambda: (
            running.children().keys() == before.keys()
            and not set(running.children().values()) & set(before.values())
        )
    )

    def answers() -> bool:
        try:
            return status(f"{address}/alive/") == 200
        except OSError:
            return False

    processes.wait_for(answers)
    assert running.text.count("starting it again") == 3


def test_killed_itself_it_leaves_nothing_behind(seeded, start):
    running = start(seeded)
    running.wait_until_up()
    children = running.children()
    running.process.kill()
    processes.wait_for(lambda: not any(is_there(pid) for pid in children.values()))


def test_web_killed_alone_leaves_no_worker_on_its_port(seeded):
    port = processes.free_port()
    kept = {n: v for n, v in os.environ.items() if not n.startswith(("CONVENE_", "DATABASE_"))}
    serve = processes.start_with({**kept, "CONVENE_DATA": str(seeded)}, "serve", "--port", str(port))
    processes.wait_for(lambda: not is_free(port))
    serve.kill()
    serve.wait(10)
    processes.wait_for(lambda: is_free(port))


def test_two_at_once_take_two_ports_and_a_taken_one_that_was_named_is_refused(seeded, start):
    first = start(seeded)
    address = first.wait_until_up()
    second = start(seeded)
    assert second.wait_until_up() != address
    named = start(seeded, CONVENE_PORT=address.rpartition(":")[2])
    assert named.process.wait(60) == 1
    assert "is taken" in named.text


def test_a_real_site_gets_no_demo_and_no_door(seeded, start, tmp_path):
    data = tmp_path / "real"
    empty = start(data, "--empty")
    address = empty.wait_until_up()
    assert rows(data, "people_person") == 0
    assert status(f"{address}/demo/") == 404
    empty.process.terminate()
    assert empty.process.wait(60) == 0
    # Later, without the flag, and even when asked: the database was not begun as a demo.
    again = start(data, CONVENE_DEMO="1")
    address = again.wait_until_up()
    assert rows(data, "people_person") == 0
    assert "Enter the demo" not in again.text
    assert status(f"{address}/demo/") == 404


def test_a_demo_database_told_not_to_be_one_has_no_door(seeded, start):
    running = start(seeded, CONVENE_DEMO="0")
    address = running.wait_until_up()
    assert status(f"{address}/demo/") == 404
    assert status(f"{address}/") == 200
