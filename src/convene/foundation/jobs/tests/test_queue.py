"""Retries, and tasks of killed workers."""

import datetime as dt
import signal

import pytest
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from convene.foundation.jobs import queue
from convene.foundation.jobs.models import WorkerBeat
from convene.foundation.jobs.tests import tasks
from convene.foundation.jobs.worker import Worker, beat
from tests import processes


def make_ready():
    DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())


@pytest.mark.django_db(transaction=True)
def test_a_failed_task_runs_again_later_and_later_and_then_no_more(tmp_path):
    tasks.fail.enqueue(path=str(tmp_path / "ran"))
    waits = []
    for _ in range(queue.ATTEMPTS):
        before = timezone.now()
        Worker().run_once()
        row = DBTaskResult.objects.get()
        if row.status == "READY":
            waits.append(round((row.run_after - before).total_seconds(), -1))
        make_ready()
    assert waits == [10, 40, 160, 640]
    assert (row.status, row.exception_class_path) == ("FAILED", "builtins.ValueError")
    assert (tmp_path / "ran").read_text() == "ran\n" * 5


@pytest.mark.django_db(transaction=True)
def test_a_failed_task_keeps_no_address(tmp_path):
    tasks.fail.enqueue(path=str(tmp_path / "ran"))
    Worker().run_once()
    row = DBTaskResult.objects.get()
    assert "no luck for [address]" in row.traceback
    assert "ada@" not in row.traceback


@pytest.mark.django_db(transaction=True)
def test_what_a_rule_refuses_is_not_tried_again(tmp_path):
    tasks.refuse.enqueue(path=str(tmp_path / "ran"))
    Worker().run_once()
    make_ready()
    Worker().run_once()
    assert DBTaskResult.objects.get().status == "FAILED"
    assert (tmp_path / "ran").read_text() == "ran\n"


def running_row(worker_id, *, attempts=1, started=600):
    row = DBTaskResult.objects.get(pk=tasks.note.enqueue(path="x").id)
    DBTaskResult.objects.filter(pk=row.pk).update(
        status="RUNNING",
        worker_ids=[worker_id] * attempts,
        started_at=timezone.now() - dt.timedelta(seconds=started),
    )
    return row.pk


@pytest.mark.django_db
def test_a_living_worker_keeps_its_long_task():
    pk = running_row("living")
    beat("living")
    assert queue.recover(timezone.now()) == 0
    assert DBTaskResult.objects.get(pk=pk).status == "RUNNING"


@pytest.mark.django_db
def test_a_silent_workers_task_is_taken_over():
    pk = running_row("dead")
    WorkerBeat.objects.create(worker_id="dead", seen_at=timezone.now() - dt.timedelta(minutes=2))
    assert queue.recover(timezone.now()) == 1
    assert DBTaskResult.objects.get(pk=pk).status == "READY"


@pytest.mark.django_db
def test_a_task_that_kills_each_worker_is_given_up():
    pk = running_row("dead", attempts=queue.ATTEMPTS)
    assert queue.recover(timezone.now()) == 1
    assert DBTaskResult.objects.get(pk=pk).status == "FAILED"
    assert queue.recover(timezone.now()) == 0


@pytest.mark.django_db
def test_a_failure_that_a_killed_worker_left_behind_is_settled():
    pk = running_row("dead")
    DBTaskResult.objects.filter(pk=pk).update(status="FAILED", finished_at=timezone.now())
    assert queue.recover(timezone.now()) == 1
    assert DBTaskResult.objects.get(pk=pk).status == "READY"


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_a_task_whose_worker_was_killed_is_finished_by_the_next(tmp_path):
    path = tmp_path / "who"
    tasks.hang_the_first_time.enqueue(path=str(path))
    first = processes.start("worker")
    try:
        processes.wait_for(path.exists)
        first.send_signal(signal.SIGKILL)
        first.wait()
        row = DBTaskResult.objects.get()
        assert row.status == "RUNNING"
        # A minute later, told to the database rather than waited for.
        past = timezone.now() - dt.timedelta(minutes=2)
        DBTaskResult.objects.update(started_at=past)
        WorkerBeat.objects.update(seen_at=past)
        second = processes.start("worker")
        try:
            processes.wait_for(lambda: DBTaskResult.objects.get().status == "SUCCESSFUL")
        finally:
            second.terminate()
            assert second.wait(20) == 0
    finally:
        first.kill()
    assert len(path.read_text().split()) == 2
