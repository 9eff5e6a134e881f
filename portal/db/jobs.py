"""Work to be done later, queued in the transaction that wants it, run by any number of runners.

A runner leases a job, works, and reports; a lease that ran out (a killed runner) is taken up by
the next one.  Handlers therefore run at least once and must be harmless to repeat.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Engine, Index, String, delete, insert, or_, select, text, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.db.base import Base, Code, Document, Id, LongText
from portal.db.scope import nobody
from portal.db.session import SystemSession

LEASE = dt.timedelta(minutes=5)
MAX_ATTEMPTS = 5


class JobState(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class Job(Base):
    __tablename__ = "jobs"
    __scope__ = nobody()
    __table_args__ = (
        Index("ix_jobs_due", "state", "run_at", "id"),
        Index(
            "uq_jobs_dedupe_live",
            "dedupe",
            unique=True,
            sqlite_where=text("state IN ('queued', 'running') AND dedupe IS NOT NULL"),
            postgresql_where=text("state IN ('queued', 'running') AND dedupe IS NOT NULL"),
        ),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    run_at: Mapped[dt.datetime]
    kind: Mapped[Code]
    payload: Mapped[Document]
    user_id: Mapped[int | None] = mapped_column(index=True)
    dedupe: Mapped[str | None] = mapped_column(String(200))
    state: Mapped[JobState] = mapped_column(default=JobState.QUEUED)
    attempts: Mapped[int] = mapped_column(default=0)
    leased_until: Mapped[dt.datetime | None]
    leased_by: Mapped[str | None] = mapped_column(String(80))
    done: Mapped[int] = mapped_column(default=0)
    total: Mapped[int] = mapped_column(default=0)
    outcome: Mapped[Document] = mapped_column(default=dict)
    last_error: Mapped[LongText] = mapped_column(default="")
    finished_at: Mapped[dt.datetime | None]


class Tick(Base):
    """When a recurring act was last begun: one row a kind, moved on by whoever is first."""

    __tablename__ = "ticks"
    __scope__ = nobody()

    id: Mapped[Id]
    kind: Mapped[Code] = mapped_column(unique=True)
    slot_at: Mapped[dt.datetime]


@dataclass(frozen=True, slots=True, kw_only=True)
class Work:
    """A job to queue.  With `dedupe`, a second one is not queued while the first is unfinished."""

    kind: str
    payload: dict[str, Any]
    user_id: int | None = None
    dedupe: str | None = None


@dataclass(frozen=True, slots=True)
class Leased:
    """One job in a runner's hands."""

    id: int
    kind: str
    payload: dict[str, Any]
    attempts: int
    user_id: int | None


def enqueue(
    db: Session, work: Work, *, now: dt.datetime, run_at: dt.datetime | None = None
) -> int | None:
    """Queue `work`; returns its id, or None if one with the same `dedupe` is unfinished."""
    connection = db.connection()
    if work.dedupe is not None and is_unfinished(db, work.dedupe):
        return None
    values = {
        "created_at": now,
        "run_at": run_at or now,
        "kind": work.kind,
        "payload": work.payload,
        "user_id": work.user_id,
        "dedupe": work.dedupe,
        "state": JobState.QUEUED,
        "attempts": 0,
        "done": 0,
        "total": 0,
        "outcome": {},
        "last_error": "",
    }
    return int(connection.execute(insert(Job).values(values).returning(Job.id)).scalar_one())


def lease(engine: Engine, *, now: dt.datetime, runner: str) -> Leased | None:
    """Take the oldest job that is due, or whose runner's lease ran out; commits the lease."""
    due = or_(
        (Job.state == JobState.QUEUED) & (Job.run_at <= now),
        (Job.state == JobState.RUNNING) & (Job.leased_until < now),
    )
    with SystemSession(engine) as db:
        query = select(Job).where(due).order_by(Job.run_at, Job.id).limit(1)
        job = db.scalar(query.with_for_update(skip_locked=True))
        if job is None:
            return None
        job.state, job.attempts = JobState.RUNNING, job.attempts + 1
        job.leased_until, job.leased_by = now + LEASE, runner
        leased = Leased(job.id, job.kind, dict(job.payload), job.attempts, job.user_id)
        db.commit()
        return leased


def report(engine: Engine, job_id: int, *, done: int, total: int, now: dt.datetime) -> None:
    """Say how far a job is, which also renews its lease."""
    with SystemSession(engine) as db:
        db.execute(
            update(Job)
            .where(Job.id == job_id)
            .values(done=done, total=total, leased_until=now + LEASE)
        )
        db.commit()


def finish(db: Session, job_id: int, outcome: dict[str, Any], *, now: dt.datetime) -> None:
    """Mark done, in the handler's own transaction."""
    db.connection().execute(
        update(Job)
        .where(Job.id == job_id)
        .values(
            state=JobState.DONE, outcome=outcome, finished_at=now, leased_until=None, last_error=""
        )
    )


def fail(db: SystemSession, job: Leased, why: str, *, now: dt.datetime) -> bool:
    """Queue again after 10 s, 1 min, 6 min ...; give up after five attempts, and say so."""
    retry = job.attempts < MAX_ATTEMPTS
    wait = dt.timedelta(seconds=10 * 6 ** (job.attempts - 1))
    db.execute(
        update(Job)
        .where(Job.id == job.id)
        .values(
            state=JobState.QUEUED if retry else JobState.FAILED,
            run_at=now + wait,
            last_error=why[:2000],
            leased_until=None,
            finished_at=None if retry else now,
        )
    )
    return not retry


@dataclass(frozen=True, slots=True)
class Progress:
    """What a page shows of a job."""

    id: int
    kind: str
    state: JobState
    done: int
    total: int
    outcome: dict[str, Any]
    last_error: str


def progress(db: Session, job_id: int, *, user_id: int) -> Progress | None:
    """Only for the person who asked for the job."""
    query = select(
        Job.id, Job.kind, Job.state, Job.done, Job.total, Job.outcome, Job.last_error
    ).where(Job.id == job_id, Job.user_id == user_id)
    row = db.connection().execute(query).first()
    return None if row is None else Progress(*row)


def last_error(db: Session, job_id: int) -> str:
    """Why a job failed the last time it was tried; "" if it did not."""
    return str(db.connection().scalar(select(Job.last_error).where(Job.id == job_id)) or "")


def is_unfinished(db: Session, dedupe: str) -> bool:
    """Whether a job with this `dedupe` waits or runs."""
    live = select(Job.id).where(
        Job.dedupe == dedupe, Job.state.in_([JobState.QUEUED, JobState.RUNNING])
    )
    return db.connection().execute(live).first() is not None


def begin_tick(engine: Engine, kind: str, *, every: dt.timedelta, now: dt.datetime) -> bool:
    """Whether the caller is the one to do `kind` in the slot of `every` that `now` lies in.

    Slots are counted from the epoch, so they do not depend on when a runner started or what
    anybody did.  Commits.
    """
    seconds = every.total_seconds()
    slot = dt.datetime.fromtimestamp(now.timestamp() // seconds * seconds, dt.UTC)
    with SystemSession(engine) as db:
        known = db.scalar(select(Tick.slot_at).where(Tick.kind == kind))
        if known is None:
            db.connection().execute(insert(Tick).values(kind=kind, slot_at=slot))
            db.commit()
            return True
        if known >= slot:
            return False
        moved = update(Tick).where(Tick.kind == kind, Tick.slot_at < slot).values(slot_at=slot)
        is_first = db.connection().execute(moved).rowcount == 1
        db.commit()
        return is_first


def sweep(db: SystemSession, *, now: dt.datetime) -> None:
    """Forget jobs that ended more than thirty days ago."""
    db.execute(delete(Job).where(Job.finished_at < now - dt.timedelta(days=30)))
