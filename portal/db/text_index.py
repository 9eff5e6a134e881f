"""Full text behind one interface: SQLite's FTS5 and PostgreSQL's tsvector, told the same words.

A table that is searched has two text columns of tokens in a-z and 0-9, parted by single spaces:
`head` for the few that weigh most and `body` for the rest.  Its migration adds the index, which
follows the rows by itself: triggers and a virtual table `<table>_fts` on SQLite, a generated column
`lexemes` on PostgreSQL, where the tokens of the head stand once more behind a "^".
Neither database stems, folds or ranks; what matches is decided by the tokens alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, bindparam, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.orm import Session
from sqlalchemy.sql.functions import FunctionElement

INDEXED = ("asset_texts",)
"""The searched tables."""


@dataclass(frozen=True, slots=True, order=True)
class Token:
    """One word as it is indexed; with `is_prefix` every word that starts so."""

    text: str
    is_prefix: bool = False


class _Hits(FunctionElement[bool]):
    type = Boolean()
    inherit_cache = True
    name = "hits"


def hits(id_column: Any, table: str) -> ColumnElement[bool]:
    """Whether the row of `table` with this id matches the parameter `match`, made by `wanted`."""
    assert table in INDEXED
    result: ColumnElement[bool] = _Hits(id_column, literal_column(table), bindparam("match"))
    return result


@compiles(_Hits, "sqlite")
def _on_sqlite(element: _Hits, compiler: Any, **kw: Any) -> str:
    id_, table, match = (compiler.process(part, **kw) for part in element.clauses)
    return f"{id_} IN (SELECT rowid FROM {table}_fts WHERE {table}_fts MATCH {match})"  # noqa: S608  names and markers


@compiles(_Hits, "postgresql")
def _on_postgresql(element: _Hits, compiler: Any, **kw: Any) -> str:
    id_, table, match = (compiler.process(part, **kw) for part in element.clauses)
    return f"{id_} IN (SELECT id FROM {table} WHERE lexemes @@ CAST({match} AS tsquery))"  # noqa: S608


Alternative = tuple[Token, ...]
"""Tokens that all have to be there, in any order."""


def wanted(
    db: Session, groups: Sequence[Iterable[Alternative]], *, is_head_only: bool = False
) -> str:
    """The parameter `match`: rows that hold, for every group, at least one of its alternatives."""
    if db.get_bind().dialect.name == "sqlite":
        joined = _joined(groups, " AND ", " OR ", lambda t: f'"{t.text}"' + "*" * t.is_prefix)
        return f"{{head}} : ({joined})" if is_head_only else joined
    mark = "^" if is_head_only else ""
    return _joined(groups, " & ", " | ", lambda t: f"'{mark}{t.text}'" + ":*" * t.is_prefix)


def _joined(
    groups: Sequence[Iterable[Alternative]], every: str, any_: str, write: Callable[[Token], str]
) -> str:
    return every.join(
        "(" + any_.join(f"({every.join(map(write, each))})" for each in sorted(group)) + ")"
        for group in groups
    )


def is_no_index(name: str, metadata: object) -> bool:
    """Whether a table is one that the models declare, and not a part of an index over one."""
    return not any(name.startswith(f"{table}_fts") for table in INDEXED)


def is_declared(item: Any, name: str | None, kind: str, *others: Any) -> bool:
    """For Alembic: whether the models are to know of it.  The index is the migrations' alone."""
    match kind:
        case "table":
            return is_no_index(name or "", None)
        case "column":
            return not (item.table.name in INDEXED and name == "lexemes")
        case "index":
            return not (name or "").endswith("_lexemes")
        case _:
            return True


def drop(connection: Connection) -> None:
    """Remove the index tables of SQLite, before the tables that they are over."""
    if connection.dialect.name == "sqlite":
        for table in INDEXED:
            connection.exec_driver_sql(f"DROP TABLE IF EXISTS {table}_fts")
