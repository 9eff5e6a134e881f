"""Tables of imports: uploads, what came of them, and what they made, to undo it."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, Index, LargeBinary, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Code, Document, Id, LongText, Name
from portal.db.scope import nobody, vendor_only
from portal.imports.rules import BatchState, Mode, Verb


class Batch(Base):
    """One import, from upload to result.

    `choices` is what a person said about reading and about suggestions; `found` what checking
    found (counts, remarks, suggestions); `findings` every row's finding, packed.  `position` is how
    many rows are settled for good, so that a run goes on where it was cut off.
    """

    __tablename__ = "imports"
    __scope__ = vendor_only()
    __table_args__ = (Index("ix_imports_list", "created_at", "id"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    importer: Mapped[Code]
    state: Mapped[BatchState] = mapped_column(default=BatchState.UPLOADED)
    mode: Mapped[Mode] = mapped_column(default=Mode.GOOD_ROWS)
    choices: Mapped[Document] = mapped_column(default=dict)
    found: Mapped[Document] = mapped_column(default=dict)
    findings: Mapped[bytes | None] = mapped_column(LargeBinary, deferred=True)
    position: Mapped[int] = mapped_column(default=0)
    job_id: Mapped[int | None]
    error: Mapped[LongText] = mapped_column(default="")
    finished_at: Mapped[dt.datetime | None]

    __mapper_args__ = {"version_id_col": version}


class UploadedFile(Base):
    """One table as it was sent, compressed; `sheet` is what it holds, "" if it is not used."""

    __tablename__ = "import_files"
    __scope__ = vendor_only()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    batch_id: Mapped[int] = mapped_column(ForeignKey("imports.id"), index=True)
    name: Mapped[Name]
    sheet: Mapped[Code] = mapped_column(default="")
    row_count: Mapped[int]
    mapping: Mapped[Document] = mapped_column(default=dict)
    content: Mapped[bytes] = mapped_column(LargeBinary, deferred=True)


class ImportedRow(Base):
    """A row of the portal that an import made or changed: the journal by which it is undone.

    `shelf` names the kind of row; `key` is the source's own name for it; `sheet` and `number` the
    line it came from: what one line did is undone together.  `before` holds what was changed.
    """

    __tablename__ = "imported_rows"
    __scope__ = nobody()
    __table_args__ = (
        Index("ix_imported_rows_key", "shelf", "source", "key"),
        Index("ix_imported_rows_batch", "batch_id", "id"),
        Index("ix_imported_rows_row", "shelf", "row_id"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    batch_id: Mapped[int] = mapped_column(ForeignKey("imports.id"))
    shelf: Mapped[Code]
    row_id: Mapped[int]
    row_version: Mapped[int | None]
    verb: Mapped[Verb]
    source: Mapped[Code] = mapped_column(default="")
    key: Mapped[str] = mapped_column(String(300), default="")
    sheet: Mapped[Code]
    number: Mapped[int]
    before: Mapped[Document] = mapped_column(default=dict)


class RememberedMapping(Base):
    """Which column was which the last time a file with this header came."""

    __tablename__ = "import_mappings"
    __scope__ = nobody()
    __table_args__ = (UniqueConstraint("importer", "sheet", "fingerprint"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    importer: Mapped[Code]
    sheet: Mapped[Code]
    fingerprint: Mapped[str] = mapped_column(String(64))
    mapping: Mapped[Document]
    choices: Mapped[Document]
