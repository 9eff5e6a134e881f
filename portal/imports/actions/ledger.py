"""What the portal holds and what an import would add, side by side and in memory.

Planning puts rows in; nothing is written until `write`, which inserts in bulk, keeps the journal
and tells the log.  Checking is the same planning without the writing, so a preview cannot differ
from the run.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from enum import Enum
from itertools import groupby
from typing import Any

from sqlalchemy import delete, insert, update

from portal.db import bulk, locks
from portal.db.session import SystemSession
from portal.imports import queries
from portal.imports.actions.shelf import Shelf, Slot
from portal.imports.models import ImportedRow
from portal.imports.rules import Difference, Outcome, Verb
from portal.kernel.errors import Refused, Stale
from portal.kernel.event import Event
from portal.kernel.ports import NewRef

FIRST_VERSION = 1


@dataclass(frozen=True, slots=True)
class Setting:
    """What planning needs besides the rows.  `source` names whose keys the records carry."""

    now: dt.datetime
    new_ref: NewRef
    currency: str
    source: str


@dataclass(frozen=True, slots=True)
class _Earlier:
    """A row as it stood before a line of the file."""

    values: dict[str, Any]
    before: dict[str, Any]


class Ledger:
    """One run's view of the tables it writes to; `facts` are what else its importer asked for."""

    def __init__(
        self, db: SystemSession, shelves: tuple[Shelf, ...], setting: Setting, facts: Any = None
    ) -> None:
        self.setting = setting
        self.facts = facts
        self.shelves = shelves
        self.remarks: Counter[str] = Counter()
        self._slots: dict[Shelf, dict[Any, Slot]] = {}
        self._by_id: dict[Shelf, dict[int, Slot]] = {}
        self._pending: dict[Slot, None] = {}
        self._touched: set[Slot] = set()
        self._line: dict[Slot, _Earlier | None] = {}
        self._origin = ("", 0)
        for shelf in shelves:
            self._load(db, shelf)

    def _load(self, db: SystemSession, shelf: Shelf) -> None:
        slots: dict[Any, Slot] = {}
        for key, row in self._stored(db, shelf):
            values = {name: getattr(row, name) for name in shelf.columns}
            slots[key] = Slot(shelf, key, values, row.id, values.pop("version", None))
        self._slots[shelf] = slots
        self._by_id[shelf] = {slot.id: slot for slot in slots.values() if slot.id is not None}

    def _stored(self, db: SystemSession, shelf: Shelf) -> Iterator[tuple[tuple[Any, ...], Any]]:
        if shelf.key:
            for row in queries.rows_of(db, shelf.model, shelf.columns, dict(shelf.only)):
                yield tuple(getattr(row, name) for name in shelf.key), row
            return
        found = queries.rows_by_source_key(
            db, shelf.model, shelf.columns, shelf.name, self.setting.source
        )
        for row in found:
            yield (row.source_key,), row

    def find(self, shelf: Shelf, *key: Any) -> Slot | None:
        return self._slots[shelf].get(_tokens(key))

    def slots(self, shelf: Shelf) -> list[Slot]:
        """Every row known, those planned included."""
        return list(self._slots[shelf].values())

    def was_put_now(self, slot: Slot) -> bool:
        """Whether an earlier line of this import was about this row."""
        return slot in self._touched

    @contextmanager
    def line(self, sheet: str, number: int) -> Iterator[None]:
        """What one line of a file does: all of it, or after an exception nothing."""
        self._line, self._origin = {}, (sheet, number)
        remarks = Counter(self.remarks)
        try:
            yield
        except Refused:
            self.remarks = remarks
            for slot, earlier in self._line.items():
                self._take_back(slot, earlier)
            raise

    def _take_back(self, slot: Slot, earlier: _Earlier | None) -> None:
        if earlier is None:
            del self._slots[slot.shelf][slot.key]
            self._pending.pop(slot, None)
        else:
            slot.values, slot.before = earlier.values, earlier.before

    def remark(self, text: str) -> None:
        """Count something worth telling about the whole import."""
        self.remarks[text] += 1

    def put(self, shelf: Shelf, key: tuple[Any, ...], **values: Any) -> tuple[Slot, Outcome]:
        """Make the row, or bring it to `values` where they are given and differ.

        Values may be slots of other rows.  None and "" leave what is there as it is.
        """
        slot = self.find(shelf, *key)
        if slot is None:
            return self._new(shelf, key, values), Outcome.NEW
        given = {n: v for n, v in values.items() if n in shelf.kept and v is not None and v != ""}
        differing = {n: v for n, v in given.items() if _plain(slot.values.get(n)) != _plain(v)}
        self._touched.add(slot)
        if not differing:
            return slot, Outcome.UNCHANGED
        self._line.setdefault(slot, _Earlier(dict(slot.values), dict(slot.before)))
        self._pending[slot] = None
        if slot.id is not None:
            slot.before = {n: slot.values.get(n) for n in differing} | slot.before
            slot.origin = self._origin
        slot.values |= differing
        return slot, Outcome.CHANGED

    def _new(self, shelf: Shelf, key: tuple[Any, ...], values: dict[str, Any]) -> Slot:
        named = dict(zip(shelf.key, key, strict=True)) if shelf.key else {}
        slot = Slot(
            shelf,
            _tokens(key),
            {**dict(shelf.only), **named, **values},
            is_planned=True,
            origin=self._origin,
            source_key="" if shelf.key else str(key[0]),
        )
        self._slots[shelf][slot.key] = slot
        self._line[slot] = None
        if not shelf.is_looked_at_only:
            self._pending[slot] = None
        self._touched.add(slot)
        return slot

    def differences(self, slot: Slot) -> tuple[Difference, ...]:
        """What this line changes in a row, in words."""
        earlier = self._line.get(slot)
        if earlier is None:
            return ()
        return tuple(
            Difference(_name(name), self._words(before, after), self._words(after, after))
            for name, after in slot.values.items()
            if _plain(before := earlier.values.get(name)) != _plain(after)
        )

    def _words(self, value: Any, kin: Any) -> str:
        """`kin` tells which shelf a bare id is of."""
        if isinstance(kin, Slot) and not isinstance(value, Slot):
            value = self._by_id[kin.shelf].get(value)
        match value:
            case None:
                return ""
            case Slot():
                return value.label
            case Enum():
                return str(value.value).replace("_", " ")
            case dt.datetime():
                return value.date().isoformat()
            case _:
                return str(value)

    def forget(self) -> None:
        """Go on without writing what was put: it is only being looked at."""
        self._pending = {}

    def write(self, db: SystemSession, batch_id: int) -> list[Event]:
        """Write what was put since the last time, parents first, and keep the journal.

        Returns what happened, for the caller to publish once the rows stand.
        """
        pending, self._pending = list(self._pending), {}
        new = [slot for slot in pending if slot.id is None]
        changed = [slot for slot in pending if slot.id is not None]
        for shelf in self.shelves:
            self._insert(db, shelf, [slot for slot in new if slot.shelf is shelf])
        for slot in changed:
            self._update(db, slot)
        self._derive(db, pending)
        self._keep_journal(db, batch_id, new, changed)
        for slot in changed:
            slot.before = {}
        return [
            slot.shelf.made(slot.id, _resolved(slot.values))
            for slot in new
            if slot.shelf.made is not None and slot.id is not None
        ]

    def _insert(self, db: SystemSession, shelf: Shelf, slots: list[Slot]) -> None:
        """In waves: a row that refers to another of its own kind comes after that one."""
        while slots:
            ready = [slot for slot in slots if _is_ready(slot)]
            assert ready, f"rows of {shelf.name} refer to each other in a circle"
            for _, alike in groupby(ready, key=lambda slot: sorted(slot.values)):
                self._insert_alike(db, shelf, list(alike))
            slots = [slot for slot in slots if slot.id is None]

    def _insert_alike(self, db: SystemSession, shelf: Shelf, slots: list[Slot]) -> None:
        made: dict[str, Any] = {"created_at": self.setting.now}
        made |= {"version": FIRST_VERSION} if shelf.has_version else {}
        rows = [{**made, **_resolved(slot.values)} for slot in slots]
        if shelf.ref_prefix:
            for row in rows:
                row["ref"] = self.setting.new_ref(shelf.ref_prefix)
        if shelf.lock is not None:
            for key in sorted({shelf.lock(row) for row in rows}):
                locks.take(db, key)
        table: Any = shelf.model.__table__
        for slot, row_id in zip(slots, bulk.insert_many(db, table, rows), strict=True):
            slot.id = row_id
            slot.version = FIRST_VERSION if shelf.has_version else None

    def _update(self, db: SystemSession, slot: Slot) -> None:
        """Raises Stale if somebody changed the row since it was read."""
        table: Any = slot.shelf.model.__table__
        statement = update(table).where(table.c.id == slot.id)
        values = _resolved({name: slot.values[name] for name in slot.before})
        if slot.version is not None:
            statement = statement.where(table.c.version == slot.version)
            slot.version += 1
            values["version"] = slot.version
        result: Any = db.execute(statement.values(values))
        if result.rowcount != 1:
            raise Stale("This row was changed by somebody else meanwhile. Import it again.")

    def _derive(self, db: SystemSession, slots: list[Slot]) -> None:
        """Renew what is reckoned from the rows, such as search keys."""
        for shelf in self.shelves:
            if shelf.derived is None:
                continue
            for slot in slots:
                if slot.shelf is shelf and slot.id is not None:
                    model, rows = shelf.derived(slot.id, slot.values)
                    table: Any = model.__table__
                    column = next(column for kind, column in shelf.trails if kind is model)
                    db.execute(delete(table).where(table.c[column] == slot.id))
                    db.execute(insert(model), rows)

    def _keep_journal(
        self, db: SystemSession, batch_id: int, new: list[Slot], changed: list[Slot]
    ) -> None:
        order = {shelf: place for place, shelf in enumerate(self.shelves)}
        entries = [(slot, Verb.MADE) for slot in new] + [(slot, Verb.CHANGED) for slot in changed]
        rows = [
            {
                "created_at": self.setting.now,
                "batch_id": batch_id,
                "shelf": slot.shelf.name,
                "row_id": slot.id,
                "row_version": slot.version,
                "verb": verb,
                "source": self.setting.source if slot.source_key else "",
                "key": slot.source_key,
                "sheet": slot.origin[0],
                "number": slot.origin[1],
                "before": {name: _stored(value) for name, value in slot.before.items()}
                if verb is Verb.CHANGED
                else {},
            }
            for slot, verb in sorted(entries, key=lambda each: order[each[0].shelf])
        ]
        table: Any = ImportedRow.__table__
        bulk.insert_many(db, table, rows)


def _name(column: str) -> str:
    return column.removesuffix("_id").removesuffix("_minor").replace("_", " ")


def _tokens(key: tuple[Any, ...]) -> tuple[Any, ...]:
    return tuple(part.token if isinstance(part, Slot) else part for part in key)


def _plain(value: Any) -> Any:
    return value.token if isinstance(value, Slot) else value


def _is_ready(slot: Slot) -> bool:
    refers = [value for value in slot.values.values() if isinstance(value, Slot)]
    return all(value.id is not None for value in refers)


def _resolved(values: Mapping[str, Any]) -> dict[str, Any]:
    return {n: value.id if isinstance(value, Slot) else value for n, value in values.items()}


def _stored(value: Any) -> Any:
    """A column's value as JSON keeps it; `undoing` reads it back by the column's type."""
    match value:
        case Slot():
            return value.id
        case Enum():
            return value.value
        case dt.datetime() | dt.date():
            return value.isoformat()
        case _:
            return value
