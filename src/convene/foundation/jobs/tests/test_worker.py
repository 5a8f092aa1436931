"""The worker's loop."""

import datetime as dt
import logging
import threading

import pytest
from django.db import connection
from django.utils import timezone

from convene.foundation.jobs import sweeps
from convene.foundation.jobs.models import SweepRun, WorkerBeat
from convene.foundation.jobs.tests import tasks
from convene.foundation.jobs.worker import Worker, claim_sweep


@pytest.fixture
def own_sweeps(monkeypatch):
    """Only what the test registers."""
    monkeypatch.setattr(sweeps, "_sweeps", {})


@pytest.mark.django_db
def test_a_sweep_is_called_when_its_time_came_and_by_one_worker_only(own_sweeps):
    calls = []
    sweeps.register_sweep("count", calls.append, every_seconds=60)
    Worker().run_once()
    Worker().run_once()
    assert len(calls) == 1
    SweepRun.objects.update(began_at=timezone.now() - dt.timedelta(seconds=61))
    Worker().run_once()
    assert len(calls) == 2


@pytest.mark.django_db
def test_a_sweep_of_every_turn_is_called_at_every_turn(own_sweeps):
    calls = []
    sweeps.register_sweep("count", calls.append, every_seconds=0)
    Worker().run_once()
    Worker().run_once()
    assert len(calls) == 2
    assert SweepRun.objects.count() == 0


@pytest.mark.django_db
def test_a_sweep_that_fails_stops_no_other_and_is_logged_without_addresses(own_sweeps, caplog):
    def broken(_now):
        raise ValueError("ada@example.org")

    calls = []
    sweeps.register_sweep("broken", broken, every_seconds=60)
    sweeps.register_sweep("count", calls.append, every_seconds=60)
    with caplog.at_level(logging.ERROR):
        Worker().run_once()
    assert len(calls) == 1
    assert [record.getMessage() for record in caplog.records] == ["sweep broken failed"]


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_of_workers_at_once_one_gets_the_sweep():
    SweepRun.objects.create(name="s", began_at=timezone.now() - dt.timedelta(hours=1))
    now = timezone.now()
    barrier = threading.Barrier(4)
    won = []

    def work(name):
        try:
            barrier.wait()
            won.append(claim_sweep(name, 60, now))
        finally:
            connection.close()

    for name in ("s", "never done before"):
        won.clear()
        threads = [threading.Thread(target=work, args=[name]) for _ in range(4)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert sorted(won) == [False, False, False, True]


@pytest.mark.django_db(transaction=True)
def test_a_worker_is_seen_while_it_runs_and_gone_when_it_stopped(tmp_path):
    worker = Worker("w")
    thread = threading.Thread(target=lambda: (worker.run(), connection.close()))
    thread.start()
    tasks.note.enqueue(path=str(tmp_path / "ran"))
    try:
        for _ in range(200):
            if (tmp_path / "ran").exists() and WorkerBeat.objects.filter(worker_id="w").exists():
                break
            threading.Event().wait(0.05)
        else:
            pytest.fail("the worker did not run the task")
    finally:
        worker.stop()
        thread.join()
    assert WorkerBeat.objects.count() == 0
