"""Bringing a database to the newest schema."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, Engine, MetaData, select
from sqlalchemy.orm import Session

from portal.db.engine import Engines

ROOT = Path(__file__).parents[2]


def upgrade(engines: Engines, revision: str = "head") -> str:
    """Run the migrations up to `revision`; returns the revision reached."""
    with altering(engines.write) as connection:
        _lock(connection)
        command.upgrade(_config(connection), revision)
    analyze(engines.write)
    return current(engines.read) or ""


def downgrade(engines: Engines, revision: str) -> None:
    with altering(engines.write) as connection:
        command.downgrade(_config(connection), revision)


@contextmanager
def altering(engine: Engine) -> Iterator[Connection]:
    """A transaction in which tables may be rebuilt; nothing may refer to a lost row at its end.

    SQLite alters a table by making it anew, and dropping the old one would delete or refuse the
    rows that refer to it.  Foreign keys are therefore off meanwhile, which SQLite allows only
    outside a transaction, and are checked as a whole before the commit.
    """
    if engine.dialect.name != "sqlite":
        with engine.begin() as connection:
            yield connection
        return
    with engine.connect() as connection:
        driver: Any = connection.connection.driver_connection
        driver.execute("PRAGMA foreign_keys = OFF")
        try:
            with connection.begin():
                yield connection
                lost = connection.exec_driver_sql("PRAGMA foreign_key_check").all()
                if lost:
                    raise RuntimeError(f"These rows refer to rows that are gone: {lost[:10]}")
        finally:
            driver.execute("PRAGMA foreign_keys = ON")


def remake(engines: Engines) -> None:
    """Drop everything and make the newest schema, empty."""
    with engines.write.begin() as connection:
        found = MetaData()
        found.reflect(connection)
        found.drop_all(connection)
    upgrade(engines)


def current(engine: Engine) -> str | None:
    """None for a database without a schema."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def answers(db: Session) -> None:
    """Ask the database for anything at all.  Raises OperationalError if it does not answer."""
    db.connection().execute(select(1))


def analyze(engine: Engine) -> None:
    """Without statistics both planners pick wrong indexes."""
    with engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        connection.exec_driver_sql("ANALYZE")


def _config(connection: Connection) -> Config:
    config = Config(ROOT / "setup.cfg")
    config.set_main_option("script_location", str(ROOT / "migrations"))
    config.attributes["connection"] = connection
    return config


def _lock(connection: Connection) -> None:
    """Two starters must not migrate at once."""
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SELECT pg_advisory_xact_lock(7215031)")
