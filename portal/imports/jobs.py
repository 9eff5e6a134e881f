"""What imports do in the background: check, run and undo, each harmless to repeat.

Checking and the first half of all-or-nothing only read.  A run of the good rows commits chunk by
chunk and goes on where it was cut off; one of all or nothing is a single transaction.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from portal.db import events
from portal.db.session import SystemSession
from portal.imports import actions, queries
from portal.imports.actions import Checked, Importer, Run, Setting
from portal.imports.models import Batch
from portal.imports.rules import BatchState, Finding, Mode, Outcome
from portal.imports.rules.events import ImportFinished, ImportUndone
from portal.imports.rules.findings import count, pack
from portal.imports.rules.states import WORKING
from portal.kernel.event import Event
from portal.web.services import JobHandler, Task

MOST_SUGGESTIONS = 30

Importers = Mapping[str, Importer]


KINDS = tuple(actions.JOB_OF.values())


def handlers(importers: Importers) -> dict[str, JobHandler]:
    """What the job runner calls, by the kind of job."""
    return {
        "imports.check": lambda task: check(importers, task),
        "imports.run": lambda task: run(importers, task),
        "imports.undo": lambda task: undo(importers, task),
    }


@dataclass(frozen=True, slots=True)
class _Work:
    """A job's batch and importer, as they were when it began."""

    batch: Batch
    importer: Importer
    setting: Setting


def _work(importers: Importers, task: Task, db: SystemSession, state: BatchState) -> _Work | None:
    """None if the batch is past this step: the job was done and is being repeated."""
    writes = state is not BatchState.CHECKING
    batch = queries.get_batch_by_id(db, task.payload["batch_id"], is_to_be_changed=writes)
    if batch.state is not state:
        return None
    importer = importers[batch.importer]
    setting = Setting(
        now=task.now,
        new_ref=task.services.new_ref,
        currency=batch.choices["currency"],
        source=importer.source or importer.name,
    )
    return _Work(batch, importer, setting)


def give_up(db: SystemSession, payload: dict[str, Any], why: str, now: dt.datetime) -> None:
    """The job failed as often as it is tried: say why, and let somebody begin it again."""
    batch = queries.get_batch_by_id(db, payload["batch_id"], is_to_be_changed=True)
    if batch.state in WORKING:
        actions.fail(batch, why, now=now)


def check(importers: Importers, task: Task) -> dict[str, Any]:
    """Find what each row would do, for the preview."""
    with task.services.system_session(writes=False) as db:
        work = _work(importers, task, db, BatchState.CHECKING)
        if work is None:
            return {}
        records = actions.gather(db, work.importer, work.batch)
        task.progress(0, len(records))
        checked = actions.check(
            db, work.importer, records, work.setting, lambda n: task.progress(n, len(records))
        )
        suggested = actions.suggest(db, work.importer, work.batch)[:MOST_SUGGESTIONS]
    with task.services.system_session() as db:
        batch = queries.get_batch_by_id(db, task.payload["batch_id"], is_to_be_changed=True)
        if batch.state is BatchState.CHECKING:
            batch.found = _found(checked) | {"suggestions": [asdict(s) for s in suggested]}
            batch.findings = pack(checked.findings)
            batch.state = BatchState.PREVIEWED
        counts: dict[str, Any] = batch.found["counts"]
        db.commit()
    return counts


def _found(checked: Checked) -> dict[str, Any]:
    return {"counts": count(checked.findings), "remarks": checked.remarks}


def run(importers: Importers, task: Task) -> dict[str, Any]:
    """Write what the preview showed."""
    with task.services.system_session() as db:
        work = _work(importers, task, db, BatchState.RUNNING)
        if work is None:
            return {}
        if work.batch.mode is Mode.ALL_OR_NOTHING:
            return _run_whole(task, db, work)
        return _run_good_rows(task, db, work)


def _run_good_rows(task: Task, db: SystemSession, work: _Work) -> dict[str, Any]:
    batch = work.batch
    records = actions.gather(db, work.importer, batch)
    settled = batch.position

    def settle(place: int, happened: list[Event]) -> None:
        for each in happened:
            events.publish(db, each, now=work.setting.now)
        batch.position = max(place, settled)
        db.commit()
        task.progress(place, len(records))

    plan = Run(batch.id, work.importer, work.setting, settled)
    checked = actions.write(db, plan, records, settle)
    counts = _finish(db, batch, checked, task)
    db.commit()
    return counts


def _run_whole(task: Task, db: SystemSession, work: _Work) -> dict[str, Any]:
    """One transaction, in which nothing can be reported: it is checked once more before, with
    progress, so that what fails is found while nobody waits.
    """
    happened: list[Event] = []

    def collect(place: int, new: list[Event]) -> None:
        happened.extend(new)

    db.commit()
    with task.services.system_session(writes=False) as reading:
        records = actions.gather(reading, work.importer, work.batch)
        task.progress(0, 2 * len(records))
        checked = actions.check(
            reading,
            work.importer,
            records,
            work.setting,
            lambda n: task.progress(n, 2 * len(records)),
        )
    if not _has_errors(checked.findings):
        task.progress(len(records), 2 * len(records))
        batch = queries.get_batch_by_id(db, work.batch.id, is_to_be_changed=True)
        plan = Run(batch.id, work.importer, work.setting)
        checked = actions.write(db, plan, records, collect)
        if not _has_errors(checked.findings):
            for each in happened:
                events.publish(db, each, now=work.setting.now)
            counts = _finish(db, batch, checked, task)
            db.commit()
            return counts
        db.rollback()
    return _back_to_preview(task, db, work.batch.id, checked)


def _has_errors(findings: list[Finding]) -> bool:
    return any(finding.outcome is Outcome.ERROR for finding in findings)


def _back_to_preview(
    task: Task, db: SystemSession, batch_id: int, checked: Checked
) -> dict[str, Any]:
    batch = queries.get_batch_by_id(db, batch_id, is_to_be_changed=True)
    batch.state = BatchState.PREVIEWED
    batch.error = "Nothing was imported: some rows have problems that were not there before."
    batch.found = {**batch.found, **_found(checked)}
    batch.findings = pack(checked.findings)
    counts: dict[str, Any] = batch.found["counts"]
    db.commit()
    return counts


def _finish(db: SystemSession, batch: Batch, checked: Checked, task: Task) -> dict[str, Any]:
    """Rows that were settled before a restart keep the finding of the preview."""
    fresh = {(finding.sheet, finding.number): finding for finding in checked.findings}
    before = queries.findings_of(db, batch.id)
    findings = [fresh.get((each.sheet, each.number), each) for each in before]
    counts = count(findings)
    batch.found = {**batch.found, "counts": counts, "remarks": checked.remarks}
    batch.findings = pack(findings)
    batch.state, batch.finished_at = BatchState.DONE, task.now
    finished = ImportFinished(
        subject_id=batch.id, partner_id=None, importer=batch.importer, counts=counts
    )
    events.publish(db, finished, now=task.now)
    return dict(counts)


def undo(importers: Importers, task: Task) -> dict[str, Any]:
    """Take back all that still is as the import left it, in one transaction."""
    task.progress(0, 1)
    with task.services.system_session() as db:
        work = _work(importers, task, db, BatchState.UNDOING)
        if work is None:
            return {}
        batch = work.batch
        undone = actions.undo(db, work.importer, batch.id)
        batch.state, batch.finished_at = BatchState.UNDONE, task.now
        result = {"removed": undone.removed, "restored": undone.restored, "kept": undone.kept}
        lines = [list(line) for line in undone.kept_lines[:200]]
        batch.found = {**batch.found, "undone": {**result, "lines": lines}}
        happened = ImportUndone(subject_id=batch.id, partner_id=None, **result)
        events.publish(db, happened, now=task.now)
        db.commit()
    return result
