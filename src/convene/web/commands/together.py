"""`convene run`: prepare the database, then web, stream and worker under one supervisor."""

from __future__ import annotations

import os
import time
import urllib.error
import urllib.request

from django.conf import settings
from django.db import connections
from django.utils import timezone

from convene.foundation.processes import Child, Supervisor, convene
from convene.web.commands import demo, site


def prepare(*, empty: bool = False) -> None:
    """Migrate; a new database gets the demo community. Demo mode is on for such a database alone."""
    new = site.is_new()
    if new or site.waiting_migrations():
        print("Preparing the database …" if new else "Updating the database …", flush=True)
    site.migrate()
    wanted = not settings.PUBLIC_ADDRESS and os.environ.get("CONVENE_DEMO", "1").strip() != "0"
    if new and wanted and not empty:
        print("Writing the demo community …", flush=True)
        demo.seed(now=timezone.now())
    settings.DEMO = wanted and demo.is_demo_database()
    os.environ["CONVENE_DEMO"] = "1" if settings.DEMO else "0"
    connections.close_all()


def run(port: int) -> int:
    supervisor = Supervisor(
        [
            Child("web", convene("serve", "--port", str(port))),
            Child("worker", convene("worker")),
            *_stream(),
        ]
    )
    return supervisor.run(ready=lambda: _announce(port))


def _stream() -> list[Child]:
    """Not without it, but worse: should it not stay up, pages ask every few seconds."""
    port = settings.STREAM_PORT
    if not port:
        return []
    return [Child("stream", convene("stream", "--port", str(port)), needed=False)]


def _announce(port: int) -> None:
    if not _answers(port):
        return
    address = settings.PUBLIC_ADDRESS or settings.LOCAL_ADDRESS
    lines = ["", f"  Convene is at {address}/", ""]
    if settings.DEMO:
        lines += [
            f"  Enter the demo with one click: {address}/demo/",
            *(f"    as {entry.label:<12} {entry.says}" for entry in demo.ENTRIES.values()),
            f"  Mails it would send are at     {address}/demo/mailbox/",
            "",
        ]
    lines += [f"  Your data is in {settings.DATA}. Stop with Ctrl-C; start again and it is still there.", ""]
    print("\n".join(lines), flush=True)


def _answers(port: int, seconds: float = 60) -> bool:
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        try:
            urllib.request.urlopen(f"http://localhost:{port}/alive/", timeout=5).close()
        except urllib.error.HTTPError:
            return True
        except OSError:
            time.sleep(0.1)
        else:
            return True
    return False
