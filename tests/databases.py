"""Databases for tests: a migrated template, copied (SQLite) or emptied (PostgreSQL) for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import psycopg
from sqlalchemy import event, insert, select

from portal.db import schema
from portal.db.base import Base
from portal.db.engine import Engines, build_engines
from portal.db.events import GENESIS, Head
from tools import postgres


@dataclass(slots=True)
class Server:
    """One database server for the whole run, and how a test gets an empty database on it."""

    name: str
    url: str
    touched: set[str] = field(default_factory=set)
    engines: Engines | None = None

    @contextmanager
    def empty(self, folder: Path) -> Iterator[Engines]:
        if self.name == "sqlite":
            shutil.copy(self.url.removeprefix("sqlite:///"), folder / "test.db")
            engines = build_engines(f"sqlite:///{folder / 'test.db'}", fast_unsafe=True)
            yield engines
            engines.dispose()
            return
        assert self.engines is not None
        yield self.engines
        self._sweep()

    def _sweep(self) -> None:
        """Empty the tables that were written to; the log's triggers stand aside for it."""
        if not self.touched:
            return
        assert self.engines is not None
        names = [t.name for t in reversed(Base.metadata.sorted_tables) if t.name in self.touched]
        with self.engines.write.begin() as connection:
            connection.exec_driver_sql("SET session_replication_role = replica")
            for name in names:
                connection.exec_driver_sql(f"DELETE FROM {name}")
            if "event_heads" in self.touched:
                connection.execute(insert(Head).values(FIRST_HEAD))
            connection.exec_driver_sql("SET session_replication_role = origin")
        self.touched.clear()

    def watch(self) -> None:
        """Remember which tables a test writes to."""
        assert self.engines is not None

        def note(connection, cursor, statement, parameters, context, executemany):
            words = statement.split(None, 3)
            if words[0] in {"INSERT", "UPDATE"}:
                name = words[2] if words[0] == "INSERT" else words[1]
                self.touched.add(name.strip('"').split("(")[0])

        def watch_copies(connection, record, proxy):
            connection.cursor_factory = partial(_Cursor, self.touched)

        event.listen(self.engines.write, "before_cursor_execute", note)
        event.listen(self.engines.write, "checkout", watch_copies)


class _Cursor(psycopg.Cursor):
    """Remembers into which tables it copies: COPY is the driver's own, SQLAlchemy tells nothing."""

    def __init__(self, touched: set[str], connection: psycopg.Connection, **named) -> None:
        super().__init__(connection, **named)
        self.touched = touched

    def copy(self, statement, *more, **named):
        self.touched.add(statement.as_string(self).split('"')[1])
        return super().copy(statement, *more, **named)


FIRST_HEAD: dict[str, object] = {}


@contextmanager
def sqlite_server(folder: Path) -> Iterator[Server]:
    url = f"sqlite:///{folder / 'template.db'}"
    engines = build_engines(url, fast_unsafe=True)
    schema.upgrade(engines)
    _remember_head(engines)
    engines.dispose()  # closes the last connection, which folds the WAL into the file
    yield Server("sqlite", url)


@contextmanager
def postgres_server() -> Iterator[Server]:
    with postgres.server() as url:
        engines = build_engines(url, fast_unsafe=True)
        with engines.write.begin() as connection:
            connection.exec_driver_sql("DROP SCHEMA public CASCADE")
            connection.exec_driver_sql("CREATE SCHEMA public")
        schema.upgrade(engines)
        _remember_head(engines)
        server = Server("postgresql", url, engines=engines)
        server.watch()
        yield server
        engines.dispose()


def _remember_head(engines: Engines) -> None:
    with engines.read.connect() as connection:
        row = connection.execute(select(Head)).one()
        assert row.last_hash == GENESIS
        FIRST_HEAD.update(row._mapping)


def chosen() -> list[str]:
    """Both databases, or the one that DATABASE names."""
    named = os.environ.get("DATABASE", "")
    return [named] if named else ["sqlite", "postgresql"]
