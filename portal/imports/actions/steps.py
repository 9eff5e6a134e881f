"""An import's way from upload to result, one function per step; jobs do the long ones."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import delete

from portal.db import jobs
from portal.db.jobs import Work
from portal.db.session import SystemSession, ViewerSession
from portal.imports import queries
from portal.imports.actions.importer import Importer
from portal.imports.models import Batch, RememberedMapping, UploadedFile
from portal.imports.rules import BatchState, Mode, Sheet, Table, read, unpack
from portal.imports.rules.columns import fingerprint, likeness, propose
from portal.imports.rules.states import COLUMNS_OPEN, UNDOABLE
from portal.kernel.errors import Refused, Stale
from portal.kernel.text import clean

MOST_SAID = 300


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """Files as they were sent: names and contents."""

    ref: str
    files: Sequence[tuple[str, bytes]]
    user_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class ChooseColumns:
    """`mappings`: for each file its columns' keys and places in the header."""

    mappings: Mapping[int, Mapping[str, int]]
    choices: Mapping[str, str]


def upload(db: SystemSession, importer: Importer, command: Upload, *, now: dt.datetime) -> Batch:
    """Keep the files and propose what their columns are.

    Raises Refused("unreadable_file"), Refused("sheet_missing").
    """
    tables = [
        (_label(name), body, read(_label(name), body))
        for sent, content in command.files
        for name, body in unpack(_label(sent), content)
    ]
    sheets = _sheets_of(importer, [table for _, _, table in tables])
    batch = Batch(
        created_at=now,
        ref=command.ref,
        user_id=command.user_id,
        importer=importer.name,
        choices={"currency": importer.currency},
    )
    db.add(batch)
    db.flush()
    for (name, body, table), sheet in zip(tables, sheets, strict=True):
        file = UploadedFile(
            created_at=now,
            batch_id=batch.id,
            name=name,
            sheet=sheet.key if sheet else "",
            row_count=len(table.rows),
            mapping=_proposed(db, batch, sheet, table) if sheet else {},
            content=zlib.compress(body, 6),
        )
        db.add(file)
    db.flush()
    return batch


def _label(name: str) -> str:
    """A file's name as a label: no folders, nothing invisible, never empty."""
    last = name.replace("\\", "/").rsplit("/", 1)[-1]
    kept = "".join(char for char in last if char.isprintable())
    return clean(kept)[-120:] or "table"


def _sheets_of(importer: Importer, tables: list[Table]) -> list[Sheet | None]:
    """What each table holds; an importer of one sheet takes the first table as that."""
    if len(importer.sheets) == 1:
        if len(tables) > 1:
            raise Refused("Send one table at a time.", code="too_many_files", field="files")
        return [importer.sheets[0]]
    found: list[Sheet | None] = []
    for table in tables:
        scored = [(likeness(sheet, table), -place) for place, sheet in enumerate(importer.sheets)]
        best, place = max(scored)
        sheet = importer.sheets[-place]
        found.append(sheet if best > 0 and sheet not in found else None)
    missing = [sheet for sheet in importer.sheets if sheet.is_required and sheet not in found]
    if missing:
        columns = ", ".join(c.key for c in missing[0].columns if c.is_required)
        raise Refused(
            f"No file holds the {missing[0].label.lower()}. It is known by its columns {columns}.",
            code="sheet_missing",
            field="files",
        )
    return found


def _proposed(db: SystemSession, batch: Batch, sheet: Sheet, table: Table) -> dict[str, int]:
    """What was chosen for this header before, or else the likeliest places."""
    known = queries.remembered(db, batch.importer, sheet.key, fingerprint(table.header))
    if known is None:
        return propose(sheet, table)
    batch.choices = {**batch.choices, **known.choices}
    columns = {column.key for column in sheet.columns}
    return {key: place for key, place in known.mapping.items() if key in columns}


def choose_columns(
    db: SystemSession,
    importer: Importer,
    batch: Batch,
    command: ChooseColumns,
    *,
    now: dt.datetime,
) -> None:
    """Settle which column is which, and remember it for the next file like this."""
    if batch.state not in COLUMNS_OPEN:
        raise Stale("This import has been started. Upload the file again to change its columns.")
    batch.choices = {**batch.choices, **command.choices}
    for file in queries.list_files(db, batch.id):
        if file.sheet and file.id in command.mappings:
            file.mapping = dict(command.mappings[file.id])
            table = queries.table_of(db, file.id)
            _remember(db, batch, file, fingerprint(table.header), now)
    db.flush()


def _remember(
    db: SystemSession, batch: Batch, file: UploadedFile, header: str, now: dt.datetime
) -> None:
    db.execute(
        delete(RememberedMapping).where(
            RememberedMapping.importer == batch.importer,
            RememberedMapping.sheet == file.sheet,
            RememberedMapping.fingerprint == header,
        )
    )
    kept = {name: batch.choices[name] for name in _KEPT if name in batch.choices}
    db.add(
        RememberedMapping(
            created_at=now,
            importer=batch.importer,
            sheet=file.sheet,
            fingerprint=header,
            mapping=file.mapping,
            choices=kept,
        )
    )


_KEPT = ("currency", "day_order", "notation")


def begin_check(db: ViewerSession | SystemSession, batch: Batch, *, now: dt.datetime) -> None:
    """Queue the preview."""
    if batch.state not in COLUMNS_OPEN:
        raise Stale("This import has been started. Upload the file again to check it anew.")
    batch.state, batch.error = BatchState.CHECKING, ""
    _queue(db, batch, now)


def begin_run(
    db: ViewerSession | SystemSession,
    batch: Batch,
    *,
    mode: Mode,
    corrections: Mapping[str, str],
    now: dt.datetime,
) -> None:
    """Queue the import itself.  Raises Stale, Refused("nothing_to_import")."""
    if batch.state is not BatchState.PREVIEWED:
        raise Stale("This import was started already, or was never checked. Open it again.")
    counts: dict[str, int] = batch.found["counts"]
    if not counts["new"] + counts["changed"]:
        raise Refused(
            "There is nothing to import: no row is new or changed.", code="nothing_to_import"
        )
    if mode is Mode.ALL_OR_NOTHING and counts["error"]:
        raise Refused(
            f"{counts['error']:,} rows have problems, so nothing was imported. Correct them in "
            "the file and send it again, or import the good rows.",
            code="rows_have_problems",
        )
    batch.mode, batch.position = mode, 0
    batch.choices = {**batch.choices, "corrections": dict(corrections)}
    batch.state = BatchState.RUNNING
    _queue(db, batch, now)


def begin_undo(db: ViewerSession | SystemSession, batch: Batch, *, now: dt.datetime) -> None:
    """Queue taking it back, be it done or stopped in the middle.  Raises Stale."""
    if batch.state not in UNDOABLE:
        raise Stale("Only an import that is done can be undone. Open it again.")
    batch.state, batch.error = BatchState.UNDOING, ""
    _queue(db, batch, now)


def try_again(db: ViewerSession | SystemSession, batch: Batch, *, now: dt.datetime) -> None:
    """Queue the step that failed; a run goes on where it stopped.  Raises Stale."""
    if batch.state is not BatchState.FAILED:
        raise Stale("This import did not stop, or was begun again already. Open it again.")
    batch.state = BatchState(batch.found["failed_while"])
    batch.error, batch.finished_at = "", None
    _queue(db, batch, now)


JOB_OF = {
    BatchState.CHECKING: "imports.check",
    BatchState.RUNNING: "imports.run",
    BatchState.UNDOING: "imports.undo",
}
"""What is queued to do each step."""


def _queue(db: ViewerSession | SystemSession, batch: Batch, now: dt.datetime) -> None:
    """The step that the batch is in."""
    db.flush()
    payload: dict[str, Any] = {"batch_id": batch.id}
    work = Work(
        kind=JOB_OF[batch.state],
        payload=payload,
        user_id=batch.user_id,
        dedupe=f"import:{batch.id}",
    )
    batch.job_id = jobs.enqueue(db, work, now=now)
    db.flush()


def fail(batch: Batch, why: str, *, now: dt.datetime) -> None:
    """Stop for good.  `why` is for the operator; its first line tells most."""
    batch.found = {**batch.found, "failed_while": batch.state.value}
    batch.state, batch.finished_at = BatchState.FAILED, now
    batch.error = why.partition("\n")[0][:MOST_SAID]
