"""What is missing or risky on this site: each check says what it saw and what to do about it."""

from __future__ import annotations

import datetime as dt
import http.client
import os
import re
import shutil
import smtplib
import socket
import sqlite3
import stat
import urllib.request
import zoneinfo
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum
from pathlib import Path

from django.conf import settings
from django.core.mail import get_connection
from django.db import DatabaseError, connection
from django.utils import timezone

from convene.apps.seats.chance import drand
from convene.foundation.jobs import queries as jobs
from convene.foundation.mail import queries as mail
from convene.web.commands import backup, site

_GIGABYTE = 1024**3


class Level(StrEnum):
    OK = "ok"
    WARNING = "warning"
    ERROR = "ERROR"


@dataclass(frozen=True)
class Finding:
    level: Level
    about: str
    says: str


Findings = Iterator[Finding]


def examine() -> list[Finding]:
    """Every check, in order. Without a database that answers, those that ask it are left out."""
    found = [finding for check in _ALWAYS for finding in check()]
    if any(finding.about == "database" and finding.level is Level.ERROR for finding in found):
        return found
    return found + [finding for check in _WITH_DATABASE for finding in check()]


def report(*, quiet: bool = False) -> int:
    """Print the findings; 1 if any is an error."""
    found = examine()
    shown = [finding for finding in found if not quiet or finding.level is not Level.OK]
    for finding in shown:
        print(f"{finding.level:<8} {finding.about:<12} {finding.says}")
    errors = sum(finding.level is Level.ERROR for finding in found)
    warnings = sum(finding.level is Level.WARNING for finding in found)
    if errors or warnings or not quiet:
        print(f"{errors} to mend, {warnings} to know of.")
    return 1 if errors else 0


def _ok(about: str, says: str) -> Finding:
    return Finding(Level.OK, about, says)


def _warning(about: str, says: str) -> Finding:
    return Finding(Level.WARNING, about, says)


def _error(about: str, says: str) -> Finding:
    return Finding(Level.ERROR, about, says)


# --- what it is told ---------------------------------------------------------------------------------


def check_address() -> Findings:
    if not settings.PUBLIC_ADDRESS:
        yield _warning("address", "no CONVENE_PUBLIC_ADDRESS: nobody outside this machine reaches the links")
        return
    yield _ok("address", f"{settings.PUBLIC_ADDRESS}")
    if not settings.ALLAUTH_TRUSTED_PROXY_COUNT:
        yield _error("address", "CONVENE_PROXIES is 0: behind a proxy all visitors share one rate limit")


def check_secret() -> Findings:
    file = settings.DATA / "secret-key"
    if len(settings.SECRET_KEY) < 40:  # noqa: PLR2004  # Django's own checks ask for as much
        yield _error("secret", "CONVENE_SECRET_KEY is short: use 50 or more random characters")
    elif file.exists() and stat.S_IMODE(file.stat().st_mode) & 0o077:
        yield _error("secret", f"others on this machine can read {file}: chmod 600 it")
    elif settings.PUBLIC_ADDRESS and stat.S_IMODE(settings.DATA.stat().st_mode) & 0o007:
        yield _error("secret", f"others on this machine can look into {settings.DATA}: chmod 750 it")
    else:
        yield _ok("secret", "long, and not readable by others")


def check_modes() -> Findings:
    if settings.DEBUG:
        yield _warning("debug", "CONVENE_DEBUG shows internals to whoever meets an error")
    if settings.DEMO:
        yield _warning("demo", "CONVENE_DEMO: whoever uses this machine can enter as a demo person")


def check_disk() -> Findings:
    free = shutil.disk_usage(settings.DATA).free
    says = f"{free / _GIGABYTE:.1f} GB free where the data is"
    if free < _GIGABYTE / 2:
        yield _error("disk", says)
    elif free < 2 * _GIGABYTE:
        yield _warning("disk", says)
    else:
        yield _ok("disk", says)
    if not os.access(settings.DATA, os.W_OK):
        yield _error("disk", f"{settings.DATA} cannot be written by this account")


def check_time() -> Findings:
    # A clock that is behind the newest of our own files would put deadlines into the past.
    newest = max(path.stat().st_mtime for path in Path(__file__).parent.glob("*.py"))
    if timezone.now().timestamp() < newest - 86_400:
        yield _error("clock", "it is behind the installed files: deadlines would be missed")
    try:
        zoneinfo.ZoneInfo("Europe/Berlin").utcoffset(dt.datetime(2026, 7, 1))  # noqa: DTZ001  # a local time is meant
        count = len(zoneinfo.available_timezones())
    except zoneinfo.ZoneInfoNotFoundError:
        yield _error("zones", "no time zone data: reinstall the requirements (tzdata)")
    else:
        yield _ok("zones", f"{count} time zones known")


def check_chance() -> Findings:
    if not drand.can_verify():
        yield _warning("chance", "no drand-verify for this Python: a beacon cannot be a source of chance")
    elif drand.can_fetch():
        yield _ok("chance", "beacons are fetched and verified")
    else:
        yield _ok("chance", "beacons are verified, and pasted by stewards: CONVENE_DRAND_RELAYS is empty")


def check_translations() -> Findings:
    for code, _name in settings.LANGUAGES:
        source = Path(settings.LOCALE_PATHS[0]) / code.replace("-", "_") / "LC_MESSAGES" / "django.po"
        compiled = source.with_suffix(".mo")
        if not source.exists():
            continue
        if not compiled.exists():
            yield _error("language", f"{code} is not compiled: convene manage compilemessages")
        elif compiled.stat().st_mtime < source.stat().st_mtime - 60:
            yield _warning("language", f"{code} was changed after it was compiled")
        else:
            yield _ok("language", f"{code} is compiled")


# --- the database ------------------------------------------------------------------------------------


def check_database() -> Findings:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT 1")
            waiting = site.waiting_migrations()
            tables = connection.introspection.table_names(cursor)
    except DatabaseError as error:
        yield _error("database", f"it does not answer: {type(error).__name__}")
        return
    if waiting:
        yield _error("database", f"{len(waiting)} migrations are waiting: convene upgrade")
        return
    if "convene_cache" not in tables:
        yield _error("database", "the cache table is missing: convene upgrade")
        return
    yield from _check_sqlite() if connection.vendor == "sqlite" else _check_postgres()


def _check_sqlite() -> Findings:
    with connection.cursor() as cursor:
        values = {}
        for name in ("journal_mode", "synchronous", "foreign_keys", "quick_check"):
            cursor.execute(f"PRAGMA {name}")
            values[name] = str(cursor.fetchone()[0])
    if values["quick_check"] != "ok":
        yield _error("database", "SQLite finds it damaged: restore the last backup")
    elif values["journal_mode"] != "wal":
        yield _error("database", f"journal mode {values['journal_mode']}: its disk does not support WAL")
    elif values["synchronous"] != "2":
        yield _warning("database", "synchronous is not FULL: a power cut can lose confirmed seats")
    else:
        yield _ok("database", f"SQLite {sqlite3.sqlite_version}, WAL, whole")


def _check_postgres() -> Findings:
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('server_version'), now()")
        version, now = cursor.fetchone()
    apart = abs((timezone.now() - now).total_seconds())
    if apart > 5:  # noqa: PLR2004  # seconds
        yield _error("clock", f"this machine and the database are {apart:.0f} seconds apart")
    if not shutil.which("pg_dump"):
        yield _warning("backup", "pg_dump is missing: apt-get install postgresql-client")
    yield _ok("database", f"PostgreSQL {version}")


# --- what runs ---------------------------------------------------------------------------------------


def check_worker() -> Findings:
    now = timezone.now()
    workers = jobs.living_workers(now)
    if workers:
        yield _ok("worker", f"{workers} running")
    else:
        yield _error("worker", "none gave a sign within a minute: mails and deadlines stand still")
    late = jobs.overdue(now)
    if late:
        yield _warning("worker", f"{late} due jobs are more than five minutes late")
    failed = jobs.failed(now - dt.timedelta(days=7))
    if failed:
        yield _warning("worker", f"{failed} tasks failed for good within seven days")


def check_stream() -> Findings:
    """Asked where pages are told it is; a proxy that does not pass it on is found out this way."""
    url = settings.STREAM_URL or f"http://127.0.0.1:{settings.STREAM_PORT}/stream"
    if not settings.STREAM_URL and not settings.STREAM_PORT:
        yield _ok("stream", "none: pages of a live session ask every few seconds")
        return
    try:
        with urllib.request.urlopen(f"{url}/", timeout=5) as answer:  # noqa: S310  # http or https, see settings
            says = answer.read(40).decode("ascii", "replace")
        well = re.fullmatch(r"\d+ pages", says) is not None
    except (OSError, ValueError, http.client.HTTPException):
        well = False
    if well:
        yield _ok("stream", f"open at {says}")
    else:
        yield _warning(
            "stream", f"{url}/ does not answer: pages ask every few seconds instead (convene stream, proxy)"
        )


def check_mail() -> Findings:
    now = timezone.now()
    yield from _check_server()
    late, failed = mail.overdue(now), mail.failed(now - dt.timedelta(days=7))
    if late:
        yield _warning("mail", f"{late} mails are more than fifteen minutes late")
    if failed:
        yield _warning("mail", f"{failed} mails failed or bounced within seven days")


def _check_server() -> Findings:
    if not settings.EMAIL_HOST:
        says = f"no CONVENE_SMTP_HOST: mails are files in {settings.OUTBOX}"
        yield _error("mail", says) if settings.PUBLIC_ADDRESS else _warning("mail", says)
        return
    if parseaddr(settings.MAIL_FROM)[1].endswith(".localdomain"):
        yield _error("mail", "CONVENE_MAIL_FROM is not set: servers refuse mails from nowhere")
    server = get_connection()
    try:
        server.open()
    except (OSError, smtplib.SMTPException, socket.gaierror) as error:
        yield _error("mail", f"the SMTP server does not take us: {type(error).__name__}")
    else:
        yield _ok("mail", "the SMTP server takes us")
    finally:
        server.close()


def check_backup() -> Findings:
    last = backup.last_backup()
    if last is None:
        says = "never made here: convene backup FILE"
        yield _warning("backup", says)
        return
    days = (timezone.now() - last).days
    says = f"the last is {days} days old"
    yield _warning("backup", says) if days > 1 else _ok("backup", says)


_ALWAYS: tuple[Callable[[], Findings], ...] = (
    check_address,
    check_secret,
    check_modes,
    check_disk,
    check_time,
    check_chance,
    check_translations,
    check_database,
)
_WITH_DATABASE: tuple[Callable[[], Findings], ...] = (
    check_worker,
    check_stream,
    check_mail,
    check_backup,
)
