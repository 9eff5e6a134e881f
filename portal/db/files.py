"""Stored files as rows name them: the port to where they lie, and which of them no row names.

Every column of type `FileKey`, in whatever table, names one.  A file is written before the row that
names it; one that no row names after a while is an orphan.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any, Protocol

from sqlalchemy import Column, select

from portal.db.base import Base
from portal.db.session import SystemSession


class Stored(Protocol):
    """What is known of a file once it is written."""

    @property
    def size(self) -> int: ...

    @property
    def sha256(self) -> str: ...


class Files(Protocol):
    """Where files lie; `portal.files.store.FileStore` says what each of these does."""

    def put(
        self, key: str, content: Iterable[bytes], *, name: str = "", media_type: str = ""
    ) -> Stored: ...

    def size(self, key: str) -> int: ...

    def read(self, key: str, start: int = 0, length: int | None = None) -> Iterator[bytes]: ...

    def fetch(self, key: str, path: Path) -> None: ...

    def delete(self, key: str) -> None: ...

    def local_path(self, key: str) -> Path | None: ...

    def list_older(self, than: dt.datetime) -> Iterator[str]: ...

    def sweep_unfinished(self, than: dt.datetime) -> int: ...


def columns() -> list[Column[Any]]:
    return [
        column
        for table in Base.metadata.sorted_tables
        for column in table.columns
        if column.info.get("file_key")
    ]


def unnamed(db: SystemSession, keys: Collection[str]) -> set[str]:
    """Those of `keys` that no row names."""
    left = set(keys)
    for column in columns():
        if left:
            left -= set(db.scalars(select(column).where(column.in_(left))))
    return left
