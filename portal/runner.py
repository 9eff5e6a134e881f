"""The job runner: does what is due, again and again, until it is told to stop."""

from __future__ import annotations

import datetime as dt
import logging
import os
import signal
import socket
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import FrameType

from portal.db import jobs
from portal.db.jobs import Leased
from portal.web.services import GivenUp, JobHandler, Services, Task

log = logging.getLogger("portal.jobs")

PAUSE = 0.5


@dataclass(frozen=True, slots=True)
class Recurring:
    """Something done once in every slot of `every`, by whichever runner comes first."""

    kind: str
    every: dt.timedelta
    run: Callable[[Services, dt.datetime], None]


@dataclass(frozen=True, slots=True)
class Runner:
    services: Services
    handlers: Mapping[str, JobHandler]
    given_up: Mapping[str, GivenUp]
    recurring: tuple[Recurring, ...]

    @property
    def name(self) -> str:
        return f"{socket.gethostname()}:{os.getpid()}"

    def run_due(self) -> int:
        """Do every recurring act and every job that is due now; returns how many."""
        done = sum(self._run_recurring(act) for act in self.recurring)
        while self._run_one():
            done += 1
        return done

    def run_until_told(self) -> None:
        """Work until SIGTERM or SIGINT, finishing what is in hand."""
        stop = threading.Event()

        def told(number: int, frame: FrameType | None) -> None:
            stop.set()

        signal.signal(signal.SIGTERM, told)
        signal.signal(signal.SIGINT, told)
        while not stop.is_set():
            try:
                self.run_due()
            except Exception:  # a database restart must not end the runner
                log.exception("runner pause")
            stop.wait(PAUSE)

    def _run_recurring(self, act: Recurring) -> int:
        engine, now = self.services.engines.write, self.services.clock()
        if not jobs.begin_tick(engine, act.kind, every=act.every, now=now):
            return 0
        try:
            act.run(self.services, now)
        except Exception:  # the next slot tries again
            log.exception("recurring kind=%s", act.kind)
        return 1

    def _run_one(self) -> bool:
        engine = self.services.engines.write
        job = jobs.lease(engine, now=self.services.clock(), runner=self.name)
        if job is None:
            return False
        task = Task(self.services, job.id, job.payload, job.user_id, self.services.clock())
        try:
            outcome = self.handlers[job.kind](task)
        except Exception as error:  # any failure is retried, and shown where the job is shown
            log.exception("job failed kind=%s id=%s", job.kind, job.id)
            self._fail(job, f"{type(error).__name__}: {error}")
            return True
        with self.services.system_session() as db:
            jobs.finish(db, job.id, outcome, now=self.services.clock())
            db.commit()
        return True

    def _fail(self, job: Leased, why: str) -> None:
        """Who waits for the job learns in the same transaction that it was given up."""
        with self.services.system_session() as db:
            now = self.services.clock()
            is_given_up = jobs.fail(db, job, why, now=now)
            if is_given_up and job.kind in self.given_up:
                self.given_up[job.kind](db, job.payload, why, now)
            db.commit()
