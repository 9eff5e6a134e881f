"""Databases for tests: a migrated template, copied (SQLite) or emptied (PostgreSQL) for each."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import exists, insert, literal, select, union_all

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
        """Empty every table that holds rows, whoever wrote them: other processes write too.

        The triggers of append-only tables stand aside for it.
        """
        assert self.engines is not None
        tables = list(reversed(Base.metadata.sorted_tables))
        filled = union_all(
            *(select(literal(t.name)).where(exists().select_from(t)) for t in tables)
        )
        with self.engines.write.begin() as connection:
            found = set(connection.scalars(filled))
            connection.exec_driver_sql("SET session_replication_role = replica")
            for table in tables:
                if table.name in found:
                    connection.exec_driver_sql(f"DELETE FROM {table.name}")
            connection.execute(insert(Head).values(FIRST_HEAD))
            connection.exec_driver_sql("SET session_replication_role = origin")


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
