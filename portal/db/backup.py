"""A consistent copy of the whole database in one file that both databases can read.

Gzipped JSON lines: a header with the schema's revision, then for each table its columns and its
rows in the order that foreign keys need.
"""

from __future__ import annotations

import base64
import datetime as dt
import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import IO, Any

from sqlalchemy import (
    Column,
    Connection,
    LargeBinary,
    MetaData,
    Table,
    delete,
    func,
    insert,
    select,
    types,
)

from portal.db import schema, text_index
from portal.db.engine import Engines
from portal.kernel.errors import Refused

FORMAT = 1
BATCH = 1_000


def backup(engines: Engines, path: Path) -> int:
    """Write everything to `path`, replacing it only when the copy is whole; returns the rows."""
    revision = schema.current(engines.read)
    part = path.with_name(f"{path.name}.part")
    with engines.snapshot() as connection, gzip.open(part, "wt", encoding="utf-8") as out:
        _write(out, {"format": FORMAT, "revision": revision})
        count = sum(_copy_out(connection, table, out) for table in _tables(connection))
        _write(out, {"rows": count})
    part.replace(path)
    return count


def restore(engines: Engines, path: Path, *, replace: bool) -> int:
    """Read a copy into a database that is empty, or that `replace` empties first.

    The schema is made anew at the copy's revision, then brought up to date.  Raises
    Refused("not_empty"), Refused("not_a_backup").
    """
    if schema.current(engines.read) is not None and not replace and _has_people(engines):
        raise Refused(
            "The database holds data. Use --replace to lose it and restore the copy.",
            code="not_empty",
        )
    with gzip.open(path, "rt", encoding="utf-8") as source:
        header = _header(source)
        _make_anew(engines, header["revision"])
        with engines.write.begin() as connection:
            count = _copy_in(connection, source)
            if not engines.is_sqlite:
                _restart_numbers(connection)
    schema.upgrade(engines)
    return count


def _write(out: IO[str], value: Any) -> None:
    out.write(json.dumps(value, ensure_ascii=False, separators=(",", ":")) + "\n")


def _tables(connection: Connection) -> list[Table]:
    found = MetaData()
    found.reflect(connection, only=text_index.is_no_index)
    return [table for table in found.sorted_tables if table.name != "alembic_version"]


def _kept(table: Table) -> list[Column[Any]]:
    """The columns that no other column determines."""
    return [column for column in table.columns if column.computed is None]


def _copy_out(connection: Connection, table: Table, out: IO[str]) -> int:
    kept = _kept(table)
    _write(out, {"table": table.name, "columns": [c.name for c in kept]})
    order = list(table.primary_key.columns)
    rows = connection.execution_options(yield_per=BATCH).execute(select(*kept).order_by(*order))
    count = 0
    for row in rows:
        _write(out, [_plain(value) for value in row])
        count += 1
    return count


def _plain(value: Any) -> Any:
    match value:
        case dt.datetime() | dt.date() | dt.time():
            return value.isoformat()
        case bytes():
            return base64.b64encode(value).decode()
        case _:
            return value


def _header(source: IO[str]) -> dict[str, Any]:
    try:
        header = json.loads(source.readline())
        is_ours = header.get("format") == FORMAT
    except (ValueError, AttributeError, OSError):
        is_ours = False
    if not is_ours:
        raise Refused("That file is no copy made by `flask db backup`.", code="not_a_backup")
    found: dict[str, Any] = header
    return found


def _has_people(engines: Engines) -> bool:
    with engines.read.connect() as connection:
        users = Table("users", MetaData(), autoload_with=connection)
        return bool(connection.scalar(select(func.count()).select_from(users)))


def _make_anew(engines: Engines, revision: str) -> None:
    with engines.write.begin() as connection:
        text_index.drop(connection)
        found = MetaData()
        found.reflect(connection)
        found.drop_all(connection)
    schema.upgrade(engines, revision)
    with engines.write.begin() as connection:
        for table in reversed(_tables(connection)):
            if connection.scalar(select(func.count()).select_from(table)):
                connection.execute(delete(table))


def _copy_in(connection: Connection, source: IO[str]) -> int:
    tables = {table.name: table for table in _tables(connection)}
    count = 0
    for name, columns, rows in _sections(source):
        table = tables[name]
        readers = [_reader(table.columns[column].type) for column in columns]
        values = [
            {c: read(v) for c, read, v in zip(columns, readers, row, strict=True)} for row in rows
        ]
        connection.execute(insert(table), values)
        count += len(values)
    return count


def _sections(source: IO[str]) -> Iterator[tuple[str, list[str], list[list[Any]]]]:
    """(table, columns, up to a thousand rows), as often as a table needs."""
    name, columns = "", list[str]()
    rows: list[list[Any]] = []
    for line in source:
        value = json.loads(line)
        if isinstance(value, list):
            rows.append(value)
            if len(rows) < BATCH:
                continue
        if rows:
            yield name, columns, rows
            rows = []
        if isinstance(value, dict) and "table" in value:
            name, columns = value["table"], value["columns"]
    if rows:
        yield name, columns, rows


def _reader(kind: types.TypeEngine[Any]) -> Any:
    match kind:
        case types.DateTime():
            return lambda v: None if v is None else dt.datetime.fromisoformat(v)
        case types.Date():
            return lambda v: None if v is None else dt.date.fromisoformat(v)
        case LargeBinary():
            return lambda v: None if v is None else base64.b64decode(v)
        case types.Boolean():
            return lambda v: None if v is None else bool(v)
        case _:
            return lambda v: v


def _restart_numbers(connection: Connection) -> None:
    """PostgreSQL counts ids apart from the rows; go on after the highest."""
    for table in _tables(connection):
        if "id" not in table.columns:
            continue
        sequence = func.pg_get_serial_sequence(table.name, "id")
        if connection.scalar(select(sequence)) is None:
            continue
        highest = connection.scalar(select(func.max(table.c.id)))
        connection.execute(select(func.setval(sequence, highest or 1, highest is not None)))
