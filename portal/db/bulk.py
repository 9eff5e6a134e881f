"""Very many new rows at once: COPY on PostgreSQL, one prepared statement on SQLite.

Ids are taken before the rows are written, so that they are known in the order of the rows.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import psycopg
from psycopg import sql
from sqlalchemy import Column, Connection, Table, func, insert, select
from sqlalchemy.exc import DBAPIError
from sqlalchemy.orm import Session

Values = Mapping[str, Any]


def insert_many(db: Session, table: Table, rows: Sequence[Values]) -> list[int]:
    """Insert rows that give the same columns; returns their ids in the order of the rows.

    What they leave out gets the column's default.  Raises what an INSERT raises.
    """
    if not rows:
        return []
    connection = db.connection()
    is_postgres = connection.dialect.name == "postgresql"
    ids = (_next_ids if is_postgres else _ids_after_the_last)(connection, table, len(rows))
    numbered = [{**row, "id": row_id} for row, row_id in zip(rows, ids, strict=True)]
    (_copy if is_postgres else _execute)(connection, table, numbered)
    return ids


def _next_ids(connection: Connection, table: Table, count: int) -> list[int]:
    sequence = func.pg_get_serial_sequence(table.name, "id")
    numbers = func.generate_series(1, count).alias()
    return sorted(connection.scalars(select(func.nextval(sequence)).select_from(numbers)))


def _ids_after_the_last(connection: Connection, table: Table, count: int) -> list[int]:
    """As SQLite numbers rows itself; nobody else writes while this transaction does."""
    last = connection.scalar(select(func.max(table.c.id))) or 0
    return list(range(last + 1, last + 1 + count))


def _execute(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    connection.execute(insert(table), rows)


def _copy(connection: Connection, table: Table, rows: Sequence[Values]) -> None:
    columns = [column for column in table.c if column.name in rows[0] or column.default]
    read = [_reader(connection, column) for column in columns]
    names = sql.SQL(", ").join(sql.Identifier(column.name) for column in columns)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(table.name), names)
    driver: Any = connection.connection.driver_connection
    try:
        with driver.cursor() as cursor, cursor.copy(statement) as copy:
            for row in rows:
                copy.write_row([each(row) for each in read])
    except psycopg.Error as error:
        said = statement.as_string(driver)
        raise DBAPIError.instance(
            said, None, error, psycopg.Error, dialect=connection.dialect
        ) from error


def _reader(connection: Connection, column: Column[Any]) -> Callable[[Values], Any]:
    """Takes a column's value out of a row, as the driver wants it."""
    name, default = column.name, _default(column)
    write = column.type.dialect_impl(connection.dialect).bind_processor(connection.dialect)

    def value(row: Values) -> Any:
        return row[name] if name in row else default()

    return value if write is None else lambda row: write(value(row))


def _default(column: Column[Any]) -> Callable[[], Any]:
    default: Any = column.default
    if default is None or default.is_scalar:
        return lambda: default.arg
    assert default.is_callable, f"{column} has a default that only SQL can reckon"
    return lambda: default.arg(None)
