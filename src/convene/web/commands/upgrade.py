"""From one version to the next, in the order in which nothing can be lost."""

from __future__ import annotations

from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from convene.web.commands import backup, doctor, site

_KEPT = 5


def upgrade(*, with_backup: bool = True) -> int:
    """Back up, migrate, collect static files, check; the exit status of the check."""
    waiting = site.waiting_migrations()
    if waiting and with_backup and not site.is_new():
        _back_up()
    if waiting:
        print(f"Migrating: {len(waiting)} changes of the database …", flush=True)
    site.migrate()
    site.collect_static()
    call_command("check", verbosity=0)
    print("The database and the static files fit this version. Restart web and worker.")
    return doctor.report(quiet=True)


def _back_up() -> None:
    folder = settings.DATA / "backups"
    folder.mkdir(mode=0o700, exist_ok=True)
    done = backup.back_up(folder / f"before-upgrade-{timezone.now():%Y%m%d-%H%M%S}.tar.gz")
    print(f"Backed up {done.rows} rows to {done.path}", flush=True)
    for old in sorted(folder.glob("before-upgrade-*.tar.gz"))[:-_KEPT]:
        old.unlink()
