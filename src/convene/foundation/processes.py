"""Processes started together and kept running: no Django here.

A child gets the read end of a pipe that only its parent holds open. When the parent is gone, however it
went, the pipe ends and the child stops: nothing is left behind that holds a port or a lock.
"""

from __future__ import annotations

import contextlib
import math
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

PARENT_PIPE = "CONVENE_PARENT_PIPE"
_QUICK = 5.0
_QUICK_FAILURES = 5


@dataclass
class Child:
    name: str
    command: Sequence[str]
    needed: bool = True
    """False: when it does not stay up the others go on without it."""
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    quick_failures: int = 0
    due: float = 0.0


@dataclass
class Supervisor:
    """Starts children, restarts those that end by themselves, stops all on SIGINT or SIGTERM."""

    children: list[Child]
    say: Callable[[str], None] = print
    patience: float = 15.0
    """Seconds a child has to end before it is killed."""
    _stop: bool = False
    _pipe: tuple[int, int] = field(default_factory=os.pipe)

    def run(self, *, ready: Callable[[], None] = lambda: None) -> int:
        """Until told to stop; `ready` is called once all were started. 1 if a child will not stay up."""
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, self._asked_to_stop)
        try:
            for child in self.children:
                self._start(child)
            threading.Thread(target=ready, daemon=True).start()
            while not self._stop:
                if not all(self._keep(child) for child in self.children):
                    return 1
                time.sleep(0.2)
            return 0
        finally:
            self._end()

    def _asked_to_stop(self, *_: object) -> None:
        self._stop = True

    def _start(self, child: Child) -> None:
        # In its own session, so that Ctrl-C reaches the supervisor alone and the order of stopping is its.
        child.process = subprocess.Popen(  # noqa: S603  # our own interpreter and module
            child.command,
            env={**os.environ, PARENT_PIPE: str(self._pipe[0])},
            pass_fds=[self._pipe[0]],
            start_new_session=True,
        )
        child.started = time.monotonic()

    def _keep(self, child: Child) -> bool:
        """False when it ended quickly too often."""
        now = time.monotonic()
        if child.process is None:
            if now >= child.due:
                self._start(child)
            return True
        status = child.process.poll()
        if status is None:
            return True
        quick = now - child.started < _QUICK
        child.quick_failures = child.quick_failures + 1 if quick else 1
        if child.quick_failures >= _QUICK_FAILURES and not child.needed:
            self.say(f"The {child.name} process does not stay up (status {status}); going on without it.")
            child.process, child.due = None, math.inf
            return True
        if child.quick_failures >= _QUICK_FAILURES:
            self.say(f"The {child.name} process does not stay up (status {status}); stopping.")
            return False
        self.say(f"The {child.name} process ended (status {status}); starting it again.")
        child.process = None
        child.due = now + 0.5 * 2**child.quick_failures
        return True

    def _end(self) -> None:
        running = [child.process for child in self.children if child.process is not None]
        for process in running:
            with contextlib.suppress(ProcessLookupError):
                process.terminate()
        deadline = time.monotonic() + self.patience
        for process in running:
            try:
                process.wait(max(0.1, deadline - time.monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for end in self._pipe:
            os.close(end)


def stop_with_parent() -> None:
    """In a child: end like on SIGTERM as soon as the supervisor is gone."""
    number = os.environ.pop(PARENT_PIPE, "")
    if not number:
        return
    # The supervisor's write end must not be inherited further, nor this read end by grandchildren.
    end = int(number)
    os.set_inheritable(end, False)

    def watch() -> None:
        with contextlib.suppress(OSError):
            os.read(end, 1)
        os.kill(os.getpid(), signal.SIGTERM)

    threading.Thread(target=watch, name="parent-watch", daemon=True).start()


def end_with_server() -> None:
    """In a worker of a web server: when its main process is killed, the port must be free again."""

    def watch(parent: int) -> None:
        while os.getppid() == parent:
            time.sleep(1)
        os._exit(0)

    threading.Thread(target=watch, args=[os.getppid()], name="server-watch", daemon=True).start()


def convene(*arguments: str) -> list[str]:
    """The command line of another `convene` with this interpreter."""
    return [sys.executable, "-m", "convene", *arguments]
