"""Background work on collateral: checking and reading files, dates, letters, orphaned files."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import Any

from portal.collateral.actions import assets, processing
from portal.collateral.actions.processing import Refusal, Waiting
from portal.db import files as stored_files
from portal.db.session import SystemSession
from portal.web.services import Services, Task

ORPHAN_AGE = dt.timedelta(hours=24)
BATCH = 500


def check_version(task: Task) -> dict[str, Any]:
    """Judge, scan, picture and read one version; harmless to repeat."""
    services, version_id = task.services, int(task.payload["version_id"])
    with services.system_session(writes=False) as db:
        waiting = processing.find_waiting(db, version_id)
    if waiting is None:
        return {"state": "gone"}
    with processing.fetched(services.files, waiting) as path:
        task.progress(0, 3)
        refusal = processing.judged(path, waiting, services.config.clamd)
        if refusal is not None:
            return _stop(task, waiting, refusal)
        task.progress(1, 3)
        return _picture_and_read(task, waiting, path)


def _picture_and_read(task: Task, waiting: Waiting, path: Path) -> dict[str, Any]:
    services = task.services
    seen = processing.look(path, waiting, services.files, services.new_key)
    if isinstance(seen, Refusal):
        return _stop(task, waiting, seen)
    now = services.clock()
    _replace(services, lambda db: processing.note_look(db, waiting.id, seen, now=now))
    task.progress(2, 3)
    pages = processing.read(path, waiting, services.files, services.new_key)
    if isinstance(pages, Refusal):
        return _stop(task, waiting, pages)
    with services.system_session() as db:
        processing.note_pages(db, waiting.id, pages, now=services.clock())
        db.commit()
    task.progress(3, 3)
    return {"state": "ready", "pages": len(pages.texts)}


def _stop(task: Task, waiting: Waiting, refusal: Refusal) -> dict[str, Any]:
    now = task.services.clock()
    _replace(task.services, lambda db: processing.stop(db, waiting.id, refusal, now=now))
    return {"state": refusal.state.value}


def _replace(services: Services, write: Callable[[SystemSession], str]) -> None:
    """Write, commit, and only then delete the file that no row names any more."""
    with services.system_session() as db:
        key = write(db)
        db.commit()
    if key:
        services.files.delete(key)


def tend(services: Services, now: dt.datetime) -> None:
    """Ask the scanner again, and give up what nothing works on any more."""
    with services.system_session() as db:
        processing.resume(db, now=now)
        db.commit()


def turn_day(services: Services, now: dt.datetime) -> None:
    """Publish what begins today, and let expire what ended yesterday."""
    today = now.date()
    with services.system_session() as db:
        assets.publish_due(db, now=now, today=today)
        assets.expire_over(db, now=now, today=today)
        db.commit()


def sweep_files(services: Services, now: dt.datetime) -> None:
    """Delete files that no row names after a day: uploads that were cut off, copies replaced."""
    old = services.files.list_older(now - ORPHAN_AGE)
    while keys := list(islice(old, BATCH)):
        with services.system_session(writes=False) as db:
            orphans = stored_files.unnamed(db, keys)
        for key in orphans:
            services.files.delete(key)
    services.files.sweep_unfinished(now - ORPHAN_AGE)
