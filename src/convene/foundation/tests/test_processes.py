"""Processes started together: which of them the others cannot do without."""

from __future__ import annotations

import sys
import threading

from convene.foundation import processes
from convene.foundation.processes import Child, Supervisor


def test_the_others_go_on_without_one_that_is_not_needed(monkeypatch):
    monkeypatch.setattr(processes, "_QUICK_FAILURES", 1)
    monkeypatch.setattr(processes.signal, "signal", lambda *_: None)
    said: list[str] = []
    lasting = Child("web", [sys.executable, "-c", "import time; time.sleep(60)"])
    failing = Child("stream", [sys.executable, "-c", "raise SystemExit(3)"], needed=False)
    supervisor = Supervisor([lasting, failing], say=said.append)
    threading.Timer(4, supervisor._asked_to_stop).start()
    assert supervisor.run() == 0
    assert said == ["The stream process does not stay up (status 3); going on without it."]
