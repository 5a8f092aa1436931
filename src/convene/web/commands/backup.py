"""Backup and restore: one archive that holds the database, the files and what it was made by.

    manifest.json           format, version, kind of database, migrations, rows of each table
    database.sqlite3        or database.dump, of pg_dump
    secret-key              only when Convene made it itself: without it the links in old mails do not open
    files/…                 what people uploaded

The database is copied while the site runs, as of one instant. A restore refuses whatever could lose data.
"""

from __future__ import annotations

import json
import os
import shutil
import tarfile
import tempfile
from dataclasses import dataclass
from datetime import datetime, timedelta
from importlib.metadata import version
from io import BytesIO
from pathlib import Path, PurePosixPath
from typing import IO, Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.db import DatabaseError, connection
from django.db.migrations.loader import MigrationLoader
from django.utils import timezone

from convene.foundation.jobs.models import WorkerBeat
from convene.web.commands import dumps, site
from convene.web.commands.dumps import Counts, DumpError

FORMAT = 1
LAST = "last-backup.json"
Manifest = dict[str, Any]


@dataclass(frozen=True)
class Done:
    path: Path
    tables: Counts
    put_aside: tuple[Path, ...] = ()

    @property
    def rows(self) -> int:
        return sum(self.tables.values())


def back_up(path: Path) -> Done:
    """Write the archive at `path`: it is complete, or not there."""
    if path.exists():
        raise DumpError(f"{path} exists already.")
    if not path.parent.is_dir():
        raise DumpError(f"there is no folder {path.parent}.")
    if site.is_new():
        raise DumpError("the database is empty; there is nothing to back up.")
    with tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as name:
        dump = Path(name) / dumps.FILES[connection.vendor]
        tables = dumps.dump(dump)
        unfinished = Path(name) / "archive"
        # It holds what the site knows about people: for its owner's eyes only.
        with os.fdopen(os.open(unfinished, os.O_CREAT | os.O_WRONLY, 0o600), "wb") as stream:
            _write(stream, _manifest(tables), dump)
            stream.flush()
            os.fsync(stream.fileno())
        unfinished.rename(path)
    said = {"at": timezone.now().isoformat(), "path": str(path)}
    (settings.DATA / LAST).write_text(json.dumps(said), encoding="utf-8")
    return Done(path, tables)


def last_backup() -> datetime | None:
    """When this site was last backed up, as far as it knows."""
    try:
        said = json.loads((settings.DATA / LAST).read_text(encoding="utf-8"))
        return datetime.fromisoformat(said["at"])
    except (OSError, ValueError, KeyError):
        return None


def restore(path: Path, *, replace: bool = False) -> Done:
    """Make this site what the archive holds; what was there is put aside, not deleted.

    Refuses, changing nothing: an archive that is damaged, of another kind of database or of a newer
    Convene; a site in which anyone is, unless `replace`; a site whose worker runs.
    """
    with tempfile.TemporaryDirectory(dir=settings.DATA, prefix=".restore-") as name:
        folder = Path(name)
        manifest = _unpack(path, folder)
        _check_manifest(manifest, folder)
        aside = [] if _may_be_overwritten(replace=replace) else [dumps.put_aside(_backups())]
        dumps.load(folder / dumps.FILES[connection.vendor])
        if dumps.counts() != manifest["tables"]:
            raise DumpError("the tables hold other numbers of rows than the archive says; do not use this.")
        aside += [*_swap_in(folder / "files", settings.FILES), *_swap_in_key(folder / "secret-key")]
    site.migrate()
    return Done(path, manifest["tables"], tuple(aside))


# --- the archive -------------------------------------------------------------------------------------


def _manifest(tables: Counts) -> Manifest:
    return {
        "format": FORMAT,
        "made_at": timezone.now().isoformat(),
        "version": version("convene-community"),
        "database": connection.vendor,
        "migrations": sorted(f"{app}.{name}" for app, name in _loader().applied_migrations),
        "tables": tables,
    }


def _loader() -> MigrationLoader:
    return MigrationLoader(connection)


def _write(stream: IO[bytes], manifest: Manifest, dump: Path) -> None:
    with tarfile.open(fileobj=stream, mode="w:gz", compresslevel=3) as archive:
        text = json.dumps(manifest, indent=1).encode()
        entry = tarfile.TarInfo("manifest.json")
        entry.size = len(text)
        archive.addfile(entry, BytesIO(text))
        archive.add(dump, dump.name)
        if _key_file().exists():
            archive.add(_key_file(), "secret-key")
        if settings.FILES.is_dir():
            archive.add(settings.FILES, "files")


def _unpack(path: Path, folder: Path) -> Manifest:
    """Plain files with expected names only: an archive from elsewhere writes nothing outside `folder`."""
    try:
        with tarfile.open(path) as archive:
            for entry in archive:
                name = PurePosixPath(entry.name)
                expected = name.parts[0] in {"manifest.json", "secret-key", "files", *dumps.FILES.values()}
                if not entry.isfile() or not expected or ".." in name.parts or name.is_absolute():
                    continue
                target = folder / name
                target.parent.mkdir(parents=True, exist_ok=True)
                source = archive.extractfile(entry)
                if source is None:
                    continue
                with source, target.open("wb") as stream:
                    shutil.copyfileobj(source, stream)
        manifest: Manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, EOFError, tarfile.TarError, ValueError) as error:
        raise DumpError(f"{path} is no whole backup of Convene: {error}") from error
    return manifest


def _check_manifest(manifest: Manifest, folder: Path) -> None:
    if manifest.get("format") != FORMAT:
        raise DumpError("the archive's format is not known here; restore it with the version that made it.")
    if manifest["database"] != connection.vendor:
        raise DumpError(f"the archive is of {manifest['database']}; this site is on {connection.vendor}.")
    known = {f"{app}.{name}" for app, name in _loader().disk_migrations}
    newer = [name for name in manifest["migrations"] if name not in known]
    if newer:
        raise DumpError(f"a newer Convene ({manifest['version']}) made the archive; upgrade first.")
    if not (folder / dumps.FILES[connection.vendor]).exists():
        raise DumpError("the archive holds no database.")


def _may_be_overwritten(*, replace: bool) -> bool:
    """Whether there is nothing to put aside; raises DumpError where this must not be done."""
    try:
        if site.is_new():
            return True
        if not site.waiting_migrations():
            recent = timezone.now() - timedelta(seconds=30)
            if WorkerBeat.objects.filter(seen_at__gt=recent).exists():
                raise DumpError("Convene is running on this database; stop web and worker first.")
            if not get_user_model().objects.exists():
                return True
    except DatabaseError:
        pass  # damaged: that is why someone restores
    if not replace:
        raise DumpError("this site holds data already; --replace puts it aside and restores over it.")
    return False


# --- beside the database -----------------------------------------------------------------------------


def _key_file() -> Path:
    return settings.DATA / "secret-key"


def _backups() -> Path:
    folder: Path = settings.DATA / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder


def _swap_in(source: Path, target: Path) -> list[Path]:
    """Put `source`, if there is one, in the place of `target`; where that went."""
    aside = []
    if target.exists():
        aside = [_backups() / f"before-restore-{timezone.now():%Y%m%d-%H%M%S}-{target.name}"]
        target.rename(aside[0])
    if source.exists():
        source.rename(target)
    return aside


def _swap_in_key(source: Path) -> list[Path]:
    if not source.exists():
        return []
    source.chmod(0o600)
    if _key_file().exists() and _key_file().read_bytes() == source.read_bytes():
        return []
    return _swap_in(source, _key_file())
