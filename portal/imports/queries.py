"""Every read of imports, and of the rows an import compares itself with."""

from __future__ import annotations

import datetime as dt
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, func, select

from portal.db.base import Base
from portal.db.session import SystemSession, ViewerSession
from portal.imports.models import Batch, ImportedRow, RememberedMapping, UploadedFile
from portal.imports.rules import BatchState, Finding, Table, Verb, read
from portal.imports.rules.findings import unpack_findings
from portal.kernel.errors import NotFound


def get_batch(db: ViewerSession | SystemSession, ref: str) -> Batch:
    """Raises NotFound."""
    batch = db.scalar(select(Batch).where(Batch.ref == ref))
    if batch is None:
        raise NotFound
    return batch


def get_batch_by_id(db: SystemSession, batch_id: int, *, is_to_be_changed: bool) -> Batch:
    """Locked until the transaction ends if it is to be changed.  Raises NotFound."""
    query = select(Batch).where(Batch.id == batch_id)
    batch = db.scalar(query.with_for_update() if is_to_be_changed else query)
    if batch is None:
        raise NotFound
    return batch


@dataclass(frozen=True, slots=True)
class BatchRow:
    """One import as the list shows it."""

    ref: str
    created_at: dt.datetime
    importer: str
    state: BatchState
    found: dict[str, Any]
    files: str


def list_batches(db: ViewerSession, *, limit: int = 50) -> list[BatchRow]:
    """The newest first."""
    query = (
        select(Batch.id, Batch.ref, Batch.created_at, Batch.importer, Batch.state, Batch.found)
        .order_by(Batch.created_at.desc(), Batch.id.desc())
        .limit(limit)
    )
    rows = db.execute(query).all()
    names: dict[int, list[str]] = {row.id: [] for row in rows}
    of_these = select(UploadedFile.batch_id, UploadedFile.name).where(
        UploadedFile.batch_id.in_(names), UploadedFile.sheet != ""
    )
    for file in db.execute(of_these.order_by(UploadedFile.id)):
        names[file.batch_id].append(file.name)
    return [
        BatchRow(
            row.ref, row.created_at, row.importer, row.state, row.found, ", ".join(names[row.id])
        )
        for row in rows
    ]


def list_files(db: ViewerSession | SystemSession, batch_id: int) -> list[UploadedFile]:
    """In the order in which they were sent; their content is loaded when it is asked for."""
    query = select(UploadedFile).where(UploadedFile.batch_id == batch_id)
    return list(db.scalars(query.order_by(UploadedFile.id)))


def table_of(db: ViewerSession | SystemSession, file_id: int) -> Table:
    """A file's content, read again from what was sent.  Raises NotFound."""
    query = select(UploadedFile.name, UploadedFile.content).where(UploadedFile.id == file_id)
    found = db.execute(query).first()
    if found is None:
        raise NotFound
    return read(found.name, zlib.decompress(found.content))


def findings_of(db: ViewerSession | SystemSession, batch_id: int) -> list[Finding]:
    return unpack_findings(db.scalar(select(Batch.findings).where(Batch.id == batch_id)))


def remembered(
    db: SystemSession, importer: str, sheet: str, fingerprint: str
) -> RememberedMapping | None:
    query = select(RememberedMapping).where(
        RememberedMapping.importer == importer,
        RememberedMapping.sheet == sheet,
        RememberedMapping.fingerprint == fingerprint,
    )
    return db.scalar(query)


def rows_of(
    db: SystemSession, model: type[Base], columns: Iterable[str], only: dict[str, Any]
) -> Sequence[Row[Any]]:
    """The id and `columns` of every row of a table, or of those with the values in `only`."""
    query = select(*(getattr(model, name) for name in ("id", *columns)))
    for name, value in only.items():
        query = query.where(getattr(model, name) == value)
    return db.execute(query).all()


def rows_by_source_key(
    db: SystemSession, model: type[Base], columns: Iterable[str], shelf: str, source: str
) -> Sequence[Row[Any]]:
    """The same for rows that earlier imports from `source` made, with their key there first."""
    ids: Any = model.__table__.c.id
    query = (
        select(ImportedRow.key.label("source_key"), *(getattr(model, n) for n in ("id", *columns)))
        .join(ImportedRow, ImportedRow.row_id == ids)
        .where(
            ImportedRow.shelf == shelf,
            ImportedRow.source == source,
            ImportedRow.verb == Verb.MADE,
        )
    )
    return db.execute(query).all()


def journal(db: SystemSession, batch_id: int) -> list[ImportedRow]:
    """What an import did, the last thing first."""
    query = select(ImportedRow).where(ImportedRow.batch_id == batch_id)
    return list(db.scalars(query.order_by(ImportedRow.id.desc())))


def count_done(db: ViewerSession, batch_id: int) -> dict[tuple[str, Verb], int]:
    """How many rows of each kind an import made and changed."""
    with db.as_system("the journal of an import the viewer sees") as system:
        query = (
            select(ImportedRow.shelf, ImportedRow.verb, func.count())
            .where(ImportedRow.batch_id == batch_id)
            .group_by(ImportedRow.shelf, ImportedRow.verb)
            .order_by(ImportedRow.shelf, ImportedRow.verb)
        )
        return {(shelf, verb): number for shelf, verb, number in system.execute(query)}


def versions_of(db: SystemSession, model: type[Base], ids: Iterable[int]) -> dict[int, int | None]:
    """The present version of each row that still exists; None for tables without versions."""
    table: Any = model.__table__
    version = table.c.version if "version" in table.c else table.c.id
    rows = db.execute(select(table.c.id, version).where(table.c.id.in_(list(ids))))
    return {row[0]: (row[1] if "version" in table.c else None) for row in rows}
