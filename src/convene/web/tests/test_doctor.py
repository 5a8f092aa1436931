"""What doctor finds, and that its exit status says so."""

import datetime as dt
import json

import pytest
from django.db import connection
from django.utils import timezone

from convene.foundation.jobs.models import WorkerBeat
from convene.foundation.jobs.services import schedule
from convene.foundation.jobs.worker import beat
from convene.foundation.mail.tests.makers import make_mail
from convene.web.commands import doctor, site
from convene.web.commands.doctor import Level
from tests import processes

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def cache_table(db):
    site.call_command("createcachetable", verbosity=0)


@pytest.fixture
def well(settings, tmp_path):
    """A public site with nothing wrong."""
    settings.PUBLIC_ADDRESS = "https://site.example"
    settings.ALLAUTH_TRUSTED_PROXY_COUNT = 1
    settings.SECRET_KEY = "x7" * 30
    settings.DEMO = settings.DEBUG = False
    settings.MAIL_FROM = "Convene <convene@site.example>"
    settings.EMAIL_HOST = "smtp.site.example"
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    settings.DATA = tmp_path
    (tmp_path / "last-backup.json").write_text(json.dumps({"at": timezone.now().isoformat(), "path": "b"}))
    beat("w")


def found(*levels):
    """What is not well, without what depends on this machine."""
    machine = {"disk", "language", "zones"}
    wanted = levels or (Level.ERROR, Level.WARNING)
    # Tests do without FULL: their database need not survive a power cut.
    return [
        (finding.level.value, finding.about)
        for finding in doctor.examine()
        if finding.level in wanted and finding.about not in machine and "synchronous" not in finding.says
    ]


def test_a_site_that_is_well(well):
    assert found() == []


def test_each_thing_missing_is_named_once(well, settings, tmp_path):
    cases = [
        ({"PUBLIC_ADDRESS": ""}, ("warning", "address")),
        ({"ALLAUTH_TRUSTED_PROXY_COUNT": 0}, ("ERROR", "address")),
        ({"SECRET_KEY": "short"}, ("ERROR", "secret")),
        ({"DEMO": True}, ("warning", "demo")),
        ({"DEBUG": True}, ("warning", "debug")),
        ({"EMAIL_HOST": ""}, ("ERROR", "mail")),
        ({"MAIL_FROM": "Convene <convene@localhost.localdomain>"}, ("ERROR", "mail")),
    ]
    for changes, finding in cases:
        before = {name: getattr(settings, name) for name in changes}
        for name, value in changes.items():
            setattr(settings, name, value)
        assert found() == [finding], changes
        for name, value in before.items():
            setattr(settings, name, value)


def test_a_key_that_others_can_read(well, settings):
    (settings.DATA / "secret-key").write_text("k")
    (settings.DATA / "secret-key").chmod(0o644)
    assert found() == [("ERROR", "secret")]


def test_a_folder_that_others_can_look_into(well, settings):
    settings.DATA.chmod(0o755)
    assert found() == [("ERROR", "secret")]


def test_no_worker(well):
    WorkerBeat.objects.update(seen_at=timezone.now() - dt.timedelta(minutes=2))
    assert found() == [("ERROR", "worker")]


def test_late_jobs_and_mails_and_failed_ones(well):
    past = timezone.now() - dt.timedelta(hours=1)
    schedule(key="k", task="t", args={}, due_at=past)
    make_mail(send_at=past)
    bounced = make_mail(send_at=past)
    type(bounced).objects.filter(pk=bounced.pk).update(state="sent", bounced_at=timezone.now())
    assert found() == [("warning", "worker"), ("warning", "mail"), ("warning", "mail")]


def test_a_server_that_does_not_answer(well, settings):
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", processes.free_port()
    assert found() == [("ERROR", "mail")]


def test_an_old_backup(well, settings):
    old = (timezone.now() - dt.timedelta(days=3)).isoformat()
    (settings.DATA / "last-backup.json").write_text(json.dumps({"at": old, "path": "b"}))
    assert found() == [("warning", "backup")]


def test_a_database_behind_this_version_leaves_the_rest_unasked(well, monkeypatch):
    monkeypatch.setattr(site, "waiting_migrations", lambda: ["people.0002"])
    assert found() == [("ERROR", "database")]


def test_its_exit_status_is_for_scripts(well, settings, capsys):
    if connection.vendor == "sqlite":
        assert found(Level.ERROR) == []
    assert doctor.report() == 0
    settings.SECRET_KEY = "short"
    assert doctor.report(quiet=True) == 1
    assert "ERROR    secret" in capsys.readouterr().out
