"""The worker: one loop that does what is due, and a thread that says it is alive."""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import os
import secrets
import socket
import threading
import time
from datetime import datetime

from django.db import close_old_connections, connection
from django.db.utils import DatabaseError, IntegrityError
from django.utils import timezone

from convene.foundation.jobs import due, queue, sweeps
from convene.foundation.jobs.models import SweepRun, WorkerBeat

logger = logging.getLogger(__name__)
BEAT_SECONDS = 5
_IDLE_SECONDS = 0.5


class Worker:
    def __init__(self, worker_id: str | None = None) -> None:
        name = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
        self.worker_id = worker_id or name
        self.queue = queue.Queue(self.worker_id)
        self._stopping = threading.Event()
        self._next: dict[str, float] = {}

    def run(self) -> None:
        """Until `stop`; the current task is finished first."""
        beating = threading.Thread(target=self._beat_on, name="beat", daemon=True)
        beating.start()
        logger.info("worker %s started", self.worker_id)
        try:
            while not self._stopping.is_set():
                if not self._turn():
                    self._stopping.wait(_IDLE_SECONDS)
        finally:
            self._stopping.set()
            beating.join(timeout=BEAT_SECONDS)
            self._leave()

    def run_once(self) -> None:
        """What is due now, to the end."""
        beat(self.worker_id)
        try:
            while self._turn():
                pass
        finally:
            self._leave()

    def stop(self) -> None:
        self._stopping.set()
        self.queue.running = False

    def _turn(self) -> int:
        """One round; how many things were done. A database that fails is waited for, not died of."""
        try:
            if not connection.in_atomic_block:  # as in a test
                close_old_connections()
            now = timezone.now()
            done = due.hand_over_due(now) + self.queue.run_ready()
            self._sweep(now)
        except DatabaseError:
            logger.exception("the database failed; trying again")
            connection.close()
            self._stopping.wait(2)
            return 0
        return done

    def _sweep(self, now: datetime) -> None:
        for sweep in sweeps.registered():
            clock = time.monotonic()
            if clock < self._next.get(sweep.name, 0.0):
                continue
            self._next[sweep.name] = clock + sweep.every_seconds
            try:
                if sweep.every_seconds == 0 or claim_sweep(sweep.name, sweep.every_seconds, now):
                    sweep.call(now)
            except DatabaseError:
                raise
            except Exception:
                logger.exception("sweep %s failed", sweep.name)

    def _beat_on(self) -> None:
        # Its own thread and connection: a long task must not look like a dead worker.
        while True:
            try:
                beat(self.worker_id)
            except DatabaseError:
                logger.warning("worker %s could not give a sign of life", self.worker_id)
                connection.close()
            if self._stopping.wait(BEAT_SECONDS):
                connection.close()
                return

    def _leave(self) -> None:
        with contextlib.suppress(DatabaseError):
            WorkerBeat.objects.filter(worker_id=self.worker_id).delete()


def beat(worker_id: str) -> None:
    WorkerBeat.objects.update_or_create(worker_id=worker_id, defaults={"seen_at": timezone.now()})


def claim_sweep(name: str, every_seconds: int, now: datetime) -> bool:
    """Whether it is this worker's turn to do the sweep."""
    # A tenth less: two clocks, and the time the last turn took, must not make it skip one.
    before = now - dt.timedelta(seconds=every_seconds * 0.9)
    if SweepRun.objects.filter(name=name, began_at__lte=before).update(began_at=now):
        return True
    if SweepRun.objects.filter(name=name).exists():
        return False
    try:
        SweepRun.objects.create(name=name, began_at=now)
    except IntegrityError:
        return False
    return True
