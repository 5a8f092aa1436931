"""The due-table."""

import datetime as dt
import threading

import pytest
from django.db import connection
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from convene.foundation.jobs import due, queue
from convene.foundation.jobs.models import DueJob
from convene.foundation.jobs.services import cancel, schedule
from convene.foundation.jobs.worker import Worker

NOTE = "convene.foundation.jobs.tests.tasks.note"
FAIL = "convene.foundation.jobs.tests.tasks.fail"


def make_job(key="k", *, task=NOTE, minutes=-1, **args):
    schedule(key=key, task=task, args=args, due_at=timezone.now() + dt.timedelta(minutes=minutes))
    return DueJob.objects.get(key=key)


@pytest.mark.django_db
def test_what_is_due_is_queued_once_and_what_is_not_waits():
    make_job("due", path="x")
    make_job("later", path="x", minutes=5)
    assert due.hand_over_due(timezone.now()) == 1
    assert due.hand_over_due(timezone.now()) == 0
    assert DBTaskResult.objects.count() == 1
    assert dict(DueJob.objects.values_list("key", "state")) == {"due": "queued", "later": "waiting"}


@pytest.mark.django_db
def test_the_same_key_moves_the_time():
    make_job(path="x")
    make_job(path="x", minutes=5)
    assert due.hand_over_due(timezone.now()) == 0
    assert DueJob.objects.count() == 1


@pytest.mark.django_db
def test_a_cancelled_job_is_never_queued():
    make_job(path="x")
    cancel(key="k")
    assert due.hand_over_due(timezone.now()) == 0
    assert DueJob.objects.get().state == "cancelled"


@pytest.mark.django_db(transaction=True)
def test_a_job_that_ran_is_done(tmp_path):
    make_job(path=str(tmp_path / "ran"))
    Worker().run_once()
    assert (tmp_path / "ran").read_text() == "ran\n"
    assert DueJob.objects.get().state == "done"


@pytest.mark.django_db
def test_a_job_without_a_task_is_tried_later_and_in_the_end_fails():
    make_job(task="convene.nowhere.task")
    now = timezone.now()
    times = []
    for _ in range(10):
        due.hand_over_due(now)
        job = DueJob.objects.get()
        times.append(round((job.due_at - now).total_seconds()))
        if job.state == "failed":
            break
        now = job.due_at
    assert times == [10, 40, 160, 640, 2560]
    assert (job.state, job.attempts, job.error) == ("failed", 5, "ModuleNotFoundError")


@pytest.mark.django_db(transaction=True)
def test_a_job_whose_task_fails_for_good_says_so(tmp_path):
    make_job(task=FAIL, path=str(tmp_path / "ran"))
    for _ in range(queue.ATTEMPTS):
        Worker().run_once()
        DBTaskResult.objects.filter(status="READY").update(run_after=timezone.now())
    job = DueJob.objects.get()
    assert (job.state, job.error) == ("failed", "ValueError")
    assert (tmp_path / "ran").read_text().count("ran") == queue.ATTEMPTS


def hand_over_with_threads(workers: int) -> None:
    """Each thread has looked what is due before any of them hands it over."""
    barrier = threading.Barrier(workers)
    now = timezone.now()

    def work():
        try:
            ids = list(DueJob.objects.filter(state="waiting").values_list("pk", flat=True))
            barrier.wait()
            for pk in ids:
                due._hand_over(pk, now)
        finally:
            connection.close()

    threads = [threading.Thread(target=work) for _ in range(workers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_four_workers_at_once_queue_each_job_once():
    for n in range(10):
        make_job(f"k{n}", path="x")
    hand_over_with_threads(4)
    assert DBTaskResult.objects.count() == 10


@pytest.mark.race
@pytest.mark.django_db(transaction=True)
def test_twin_without_the_guard_they_queue_them_again(monkeypatch):
    def unguarded(pk, _now):
        return bool(DueJob.objects.filter(pk=pk).update(state="queued"))

    monkeypatch.setattr(due, "claim", unguarded)
    for n in range(10):
        make_job(f"k{n}", path="x")
    hand_over_with_threads(4)
    assert DBTaskResult.objects.count() == 40
