"""The whole database to a file and back, for SQLite and PostgreSQL."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

from django.db import connection
from django.utils import timezone

Counts = dict[str, int]
FILES = {"sqlite": "database.sqlite3", "postgresql": "database.dump"}


class DumpError(Exception):
    """Why it was not done."""


def dump(target: Path) -> Counts:
    """Write the database as of one instant to `target`; the rows of each table."""
    return _dump_sqlite(target) if connection.vendor == "sqlite" else _dump_postgres(target)


def load(source: Path) -> None:
    """Replace the database by what `dump` wrote, wholly or not at all."""
    connection.close()
    if connection.vendor == "sqlite":
        _load_sqlite(source)
    else:
        _load_postgres(source)


def put_aside(folder: Path) -> Path:
    """A copy of the database as it is, even a damaged one, in `folder`."""
    connection.close()
    target = folder / f"before-restore-{timezone.now():%Y%m%d-%H%M%S}-{FILES[connection.vendor]}"
    if connection.vendor == "sqlite":
        live = str(connection.settings_dict["NAME"])
        for ending in ("", "-wal"):
            if Path(live + ending).exists():
                shutil.copyfile(live + ending, f"{target}{ending}")
                Path(f"{target}{ending}").chmod(0o600)
    else:
        _tool("pg_dump", "--format=custom", "--no-owner", f"--file={target}")
        target.chmod(0o600)
    return target


def counts() -> Counts:
    """The rows of each table."""
    with connection.cursor() as cursor:
        found = {}
        names = [
            name for name in connection.introspection.table_names(cursor) if not name.startswith("sqlite_")
        ]
        for name in sorted(names):
            cursor.execute(f"SELECT COUNT(*) FROM {connection.ops.quote_name(name)}")  # noqa: S608  # no input
            found[name] = cursor.fetchone()[0]
    return found


# --- SQLite ------------------------------------------------------------------------------------------


def _dump_sqlite(target: Path) -> Counts:
    name = str(connection.settings_dict["NAME"])
    with closing(sqlite3.connect(name, timeout=60)) as source, closing(sqlite3.connect(target)) as copy:
        source.backup(copy)
        # One file: a copy in WAL mode could leave a part of itself in a second.
        copy.execute("PRAGMA journal_mode=DELETE")
        check_sqlite(copy)
        names = copy.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'"
        )
        return {
            name: copy.execute(f'SELECT COUNT(*) FROM "{name}"').fetchone()[0]  # noqa: S608  # no input
            for name in sorted(row[0] for row in names.fetchall())
        }


def check_sqlite(database: sqlite3.Connection) -> None:
    """Raises DumpError when the file is damaged."""
    try:
        found = database.execute("PRAGMA integrity_check").fetchone()[0]
        dangling = database.execute("PRAGMA foreign_key_check").fetchone()
    except sqlite3.DatabaseError as error:
        raise DumpError(f"the database is damaged: {error}") from error
    if found != "ok":
        raise DumpError(f"the database is damaged: {found}")
    if dangling is not None:
        raise DumpError(f"the database is damaged: a row of {dangling[0]} points at nothing.")


def _load_sqlite(source: Path) -> None:
    live = Path(str(connection.settings_dict["NAME"]))
    with closing(sqlite3.connect(source)) as copy:
        check_sqlite(copy)
        # Through SQLite rather than by moving files: a process that still has it open sees the new
        # content or the former, never a mixture.
        try:
            _copy(copy, live)
        except sqlite3.DatabaseError:
            for ending in ("", "-wal", "-shm"):
                Path(f"{live}{ending}").unlink(missing_ok=True)
            _copy(copy, live)


def _copy(source: sqlite3.Connection, live: Path) -> None:
    with closing(sqlite3.connect(live, timeout=60)) as target:
        source.backup(target)


# --- PostgreSQL --------------------------------------------------------------------------------------


def _dump_postgres(target: Path) -> Counts:
    # pg_dump reads the very snapshot that the rows are counted in.
    with connection.cursor() as cursor:
        cursor.execute("BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY")
        try:
            cursor.execute("SELECT pg_export_snapshot()")
            (snapshot,) = cursor.fetchone()
            found = counts()
            _tool("pg_dump", "--format=custom", "--no-owner", f"--snapshot={snapshot}", f"--file={target}")
        finally:
            cursor.execute("ROLLBACK")
    return found


def _load_postgres(source: Path) -> None:
    script = source.with_suffix(".sql")
    _tool("pg_restore", "--no-owner", f"--file={script}", str(source))
    empty = ("--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public")
    one_transaction = ("--no-psqlrc", "--quiet", "--single-transaction", "--set=ON_ERROR_STOP=1")
    _tool("psql", *one_transaction, *empty, f"--file={script}")


def _tool(program: str, *arguments: str) -> None:
    """Run one of PostgreSQL's own programs on the site's database."""
    path = shutil.which(program)
    if path is None:
        raise DumpError(f"{program} is not installed. On Debian: apt-get install postgresql-client")
    entry = connection.settings_dict
    environment = {**os.environ, "PGDATABASE": str(entry["NAME"])}
    for variable, value in (
        ("PGHOST", entry["HOST"]),
        ("PGPORT", entry["PORT"]),
        ("PGUSER", entry["USER"]),
        ("PGPASSWORD", entry["PASSWORD"]),
        ("PGSSLMODE", entry.get("OPTIONS", {}).get("sslmode")),
    ):
        if value:
            environment[variable] = str(value)
    command = [path, *arguments]
    done = subprocess.run(command, env=environment, check=False, capture_output=True, text=True)  # noqa: S603  # its own tool
    if done.returncode:
        raise DumpError(f"{program}: {done.stderr.strip()}")
