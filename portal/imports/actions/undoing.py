"""Taking an import back, exactly: what it made goes, what it changed is as it was.

What one line of the file did is taken back together or not at all.  A line stays if any of its
rows was changed since, or is used by something the import did not make.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from sqlalchemy import delete, update
from sqlalchemy.exc import IntegrityError

from portal.db.session import SystemSession
from portal.imports import queries
from portal.imports.actions.importer import Importer
from portal.imports.actions.shelf import Shelf
from portal.imports.models import ImportedRow
from portal.imports.rules import Verb

CHUNK = 400

Tell = Callable[[int, int], None]
Line = tuple[str, int]


@dataclass(frozen=True, slots=True)
class Undone:
    """How many rows went, were put back as they were, and stay; and the lines that stay."""

    removed: int
    restored: int
    kept: int
    kept_lines: tuple[Line, ...]


def undo(db: SystemSession, importer: Importer, batch_id: int) -> Undone:
    """Last things first.  Entries of the journal that were taken back are gone from it."""
    entries = queries.journal(db, batch_id)
    shelves = {shelf.name: shelf for shelf in importer.shelves}
    stays = _changed_since(db, shelves, entries)
    lines: dict[Line, list[ImportedRow]] = defaultdict(list)
    for entry in entries:
        lines[(entry.sheet, entry.number)].append(entry)
    done: list[ImportedRow] = []
    free = [line for line in lines if line not in stays]
    for start in range(0, len(free), CHUNK):
        part = {line: lines[line] for line in free[start : start + CHUNK]}
        done += _take_back(db, shelves, part)
    if done:
        _forget(db, done)
    left = {(e.sheet, e.number) for e in entries} - {(e.sheet, e.number) for e in done}
    return Undone(
        removed=sum(entry.verb is Verb.MADE for entry in done),
        restored=sum(entry.verb is Verb.CHANGED for entry in done),
        kept=len(entries) - len(done),
        kept_lines=tuple(sorted(left)),
    )


def _changed_since(
    db: SystemSession, shelves: Mapping[str, Shelf], entries: Iterable[ImportedRow]
) -> set[Line]:
    """Lines with a row whose version is not the one the import left."""
    left: dict[tuple[str, int], int | None] = {}
    for entry in entries:  # the last entry of a row comes first
        left.setdefault((entry.shelf, entry.row_id), entry.row_version)
    by_shelf: dict[str, list[int]] = defaultdict(list)
    for name, row_id in left:
        by_shelf[name].append(row_id)
    present: dict[tuple[str, int], int | None] = {}
    for name, ids in by_shelf.items():
        for start in range(0, len(ids), CHUNK):
            found = queries.versions_of(db, shelves[name].model, ids[start : start + CHUNK])
            present |= {(name, row_id): version for row_id, version in found.items()}
    changed = {row for row, version in left.items() if present.get(row, -1) != version}
    return {(e.sheet, e.number) for e in entries if (e.shelf, e.row_id) in changed}


def _take_back(
    db: SystemSession, shelves: Mapping[str, Shelf], lines: dict[Line, list[ImportedRow]]
) -> list[ImportedRow]:
    """All of them, or, where something else uses a row, each half on its own."""
    entries = [entry for each in lines.values() for entry in each]
    try:
        with db.begin_nested():
            for name in reversed(list(shelves)):
                _undo_shelf(db, shelves[name], [e for e in entries if e.shelf == name])
    except IntegrityError:
        if len(lines) == 1:
            return []
        keys = list(lines)
        halves = keys[: len(keys) // 2], keys[len(keys) // 2 :]
        return [
            entry
            for half in halves
            for entry in _take_back(db, shelves, {key: lines[key] for key in half})
        ]
    return entries


def _undo_shelf(db: SystemSession, shelf: Shelf, entries: list[ImportedRow]) -> None:
    table: Any = shelf.model.__table__
    for entry in entries:
        if entry.verb is Verb.CHANGED:
            values = {n: _read(table.c[n], value) for n, value in entry.before.items()}
            if shelf.has_version:
                values["version"] = table.c.version + 1
            db.execute(update(table).where(table.c.id == entry.row_id).values(values))
    made = [entry.row_id for entry in entries if entry.verb is Verb.MADE]
    for start in range(0, len(made), CHUNK):
        ids = made[start : start + CHUNK]
        for model, column in shelf.trails:
            trail: Any = model.__table__
            db.execute(delete(trail).where(trail.c[column].in_(ids)))
        db.execute(delete(table).where(table.c.id.in_(ids)))


def _read(column: Any, value: Any) -> Any:
    """What `ledger` stored, as the column's type has it."""
    kind = column.type.python_type
    if value is None or isinstance(value, kind) or not isinstance(value, str):
        return value
    if issubclass(kind, dt.datetime):
        return dt.datetime.fromisoformat(value)
    if issubclass(kind, dt.date):
        return dt.date.fromisoformat(value)
    return kind(value) if issubclass(kind, Enum) else value


def _forget(db: SystemSession, done: list[ImportedRow]) -> None:
    ids = [entry.id for entry in done]
    for start in range(0, len(ids), CHUNK):
        db.execute(delete(ImportedRow).where(ImportedRow.id.in_(ids[start : start + CHUNK])))
