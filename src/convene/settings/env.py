"""Typed readers of the environment. Each names the variable in its error, never its value."""

from __future__ import annotations

import os
from pathlib import Path
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

_TRUE = {"1", "true", "yes", "on"}
_FALSE = {"", "0", "false", "no", "off"}


def text(name: str, default: str = "") -> str:
    return os.environ.get(name, default).strip()


def flag(name: str, *, default: bool = False) -> bool:
    value = os.environ.get(name)
    if value is None:
        return default
    lowered = value.strip().lower()
    if lowered in _TRUE:
        return True
    if lowered in _FALSE:
        return False
    raise ImproperlyConfigured(f"{name} must be 1 or 0.")


def number(name: str, default: int) -> int:
    value = text(name)
    if not value:
        return default
    try:
        return int(value)
    except ValueError as error:
        raise ImproperlyConfigured(f"{name} must be a whole number.") from error


def choice(name: str, allowed: tuple[str, ...]) -> str:
    """One of `allowed`; the first when the variable is not set."""
    value = text(name, allowed[0]).lower()
    if value not in allowed:
        raise ImproperlyConfigured(f"{name} must be one of: {', '.join(allowed)}.")
    return value


def secret(name: str, default: str = "") -> str:
    """The variable NAME, or the contents of the file that NAME_FILE points to (container secrets)."""
    path = text(f"{name}_FILE")
    if path:
        try:
            return Path(path).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ImproperlyConfigured(f"{name}_FILE cannot be read.") from error
    return text(name, default)


def words(name: str, default: str = "") -> list[str]:
    return [word for word in text(name, default).replace(",", " ").split() if word]


def addresses(name: str, default: str = "") -> list[str]:
    """Addresses of servers; http only for this machine."""
    found = words(name, default)
    for address in found:
        parts = urlsplit(address)
        local = parts.scheme == "http" and parts.hostname in {"localhost", "127.0.0.1", "::1"}
        if parts.scheme != "https" and not local:
            raise ImproperlyConfigured(f"{name} must hold addresses that begin with https://.")
    return found


SQLITE_OPTIONS: dict[str, object] = {
    # IMMEDIATE: a transaction that will write says so at its start; with DEFERRED, concurrent
    # read-then-write fails with "database is locked" (measured: 85 % of attempts). FULL: a seat we
    # confirmed must survive a power cut.
    "transaction_mode": "IMMEDIATE",
    "timeout": 20,
    "init_command": (
        "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA journal_size_limit=67108864; "
        "PRAGMA cache_size=-20000; PRAGMA mmap_size=134217728; PRAGMA temp_store=MEMORY; "
        "PRAGMA foreign_keys=ON;"
    ),
}


def database(name: str, data: Path) -> dict[str, object]:
    """Django's DATABASES entry for the URL in NAME; an embedded SQLite file in `data` without one."""
    url = secret(name)
    if not url:
        return _sqlite(data / "convene.sqlite3")
    parts = urlsplit(url)
    if parts.scheme == "sqlite":
        return _sqlite(Path(unquote(parts.path)))
    if parts.scheme not in {"postgres", "postgresql"}:
        raise ImproperlyConfigured(f"{name} must begin with postgresql:// or sqlite:///.")
    options = dict(parse_qsl(parts.query))
    return {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": unquote(parts.path.lstrip("/")),
        "USER": unquote(parts.username or ""),
        "PASSWORD": unquote(parts.password or ""),
        # A socket's folder is no host name, so it comes as ?host=/run/postgresql; the rest (sslmode, …)
        # goes to the server's library as it is.
        "HOST": options.pop("host", "") or unquote(parts.hostname or ""),
        "PORT": options.pop("port", "") or str(parts.port or ""),
        "OPTIONS": options,
        "CONN_MAX_AGE": None,
        "CONN_HEALTH_CHECKS": True,
    }


def _sqlite(path: Path) -> dict[str, object]:
    return {
        "ENGINE": "django.db.backends.sqlite3",
        "NAME": str(path),
        "CONN_MAX_AGE": None,
        "OPTIONS": dict(SQLITE_OPTIONS),
        # Tests use a file too: an in-memory database knows no WAL and no second process.
        "TEST": {"NAME": str(path.with_name("test.sqlite3"))},
    }
