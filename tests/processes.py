"""Real `convene` processes on the test's own database, for tests that commit."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
import time
from collections.abc import Callable

from django.conf import settings
from django.db import connection


def database_url() -> str:
    """The address of the database this test is on."""
    entry = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite://{entry['NAME']}"
    login = f"{entry['USER']}:{entry['PASSWORD']}" if entry["PASSWORD"] else entry["USER"]
    port = f"&port={entry['PORT']}" if entry["PORT"] else ""
    return f"postgresql://{login}@/{entry['NAME']}?host={entry['HOST']}{port}"


def environment(**extra: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith("CONVENE_")}
    return {**kept, "DATABASE_URL": database_url(), "CONVENE_DATA": str(settings.DATA), **extra}


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "convene", *arguments]


def start(*arguments: str, **extra: str) -> subprocess.Popen[bytes]:
    """`convene ARGUMENTS`, with environment variables EXTRA; the caller ends it."""
    return start_with(environment(**extra), *arguments)


def start_with(variables: dict[str, str], *arguments: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(command(*arguments), env=variables)


def run(*arguments: str, **extra: str) -> subprocess.CompletedProcess[str]:
    """`convene ARGUMENTS` to its end."""
    return subprocess.run(
        command(*arguments),
        env=environment(**extra),
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def wait_for(condition: Callable[[], object], seconds: float = 60) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.1)
