"""One engine builder for both databases, so that a transaction means the same on each.

There are two engines to one database.  The reading one cannot write, whoever asks; the writing
one queues SQLite's writers fairly at BEGIN, before they have read anything.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Engine, create_engine, event
from sqlalchemy.engine import make_url

try:
    import fcntl
except ImportError:  # Windows: writers queue by SQLite's busy handler alone
    fcntl = None  # type: ignore[assignment]

BUSY_MS = 15_000
READS_ONLY = {"portal_reads_only": True}


@dataclass(frozen=True, slots=True)
class Engines:
    """`read` for GET and reports, `write` for everything that changes something."""

    write: Engine
    read: Engine

    @property
    def is_sqlite(self) -> bool:
        return self.write.dialect.name == "sqlite"

    def snapshot(self) -> Connection:
        """A connection that reads the whole database as it is at its first statement."""
        level = "SERIALIZABLE" if self.is_sqlite else "REPEATABLE READ"
        return self.read.connect().execution_options(isolation_level=level)

    def dispose(self) -> None:
        self.write.dispose()
        self.read.dispose()


def build_engines(url: str, *, fast_unsafe: bool = False, pool_size: int = 8) -> Engines:
    """`fast_unsafe` gives up durability (for tests): no fsync on either database."""
    if make_url(url).get_backend_name() == "sqlite":
        return _sqlite(url, fast_unsafe=fast_unsafe, pool_size=pool_size)
    return _postgres(url, fast_unsafe=fast_unsafe, pool_size=pool_size)


def _sqlite(url: str, *, fast_unsafe: bool, pool_size: int) -> Engines:
    path = make_url(url).database
    if path:
        Path(path).parent.mkdir(parents=True, exist_ok=True)
    engines = Engines(
        write=create_engine(url, pool_size=pool_size, max_overflow=8),
        read=create_engine(url, pool_size=pool_size, max_overflow=8, execution_options=READS_ONLY),
    )
    synchronous = "OFF" if fast_unsafe else "FULL"

    def connect(dbapi: Any, record: Any) -> None:
        dbapi.isolation_level = None  # the driver's own BEGIN comes too late and breaks SAVEPOINT
        dbapi.execute(f"PRAGMA busy_timeout = {BUSY_MS}")
        dbapi.execute("PRAGMA journal_mode = WAL")
        dbapi.execute(f"PRAGMA synchronous = {synchronous}")
        dbapi.execute("PRAGMA foreign_keys = ON")
        dbapi.execute("PRAGMA cache_size = -32000")
        dbapi.execute("PRAGMA mmap_size = 268435456")

    def connect_reader(dbapi: Any, record: Any) -> None:
        connect(dbapi, record)
        dbapi.execute("PRAGMA query_only = ON")

    event.listen(engines.write, "connect", connect)
    event.listen(engines.read, "connect", connect_reader)
    event.listen(engines.write, "begin", _begin_immediate)
    event.listen(engines.read, "begin", _begin)
    event.listen(engines.write, "checkin", _leave_queue)
    return engines


def _postgres(url: str, *, fast_unsafe: bool, pool_size: int) -> Engines:
    commit = "off" if fast_unsafe else "on"
    shared = {"pool_size": pool_size, "max_overflow": 8, "pool_pre_ping": True}
    options = f"-c timezone=UTC -c synchronous_commit={commit} -c lock_timeout=15000"
    return Engines(
        write=create_engine(url, connect_args={"options": options}, **shared),
        # Every statement its own transaction: a page needs no BEGIN and ROLLBACK round trips.
        read=create_engine(
            url,
            isolation_level="AUTOCOMMIT",
            execution_options=READS_ONLY,
            connect_args={"options": f"{options} -c default_transaction_read_only=on"},
            **shared,
        ),
    )


def _begin(connection: Connection) -> None:
    connection.exec_driver_sql("BEGIN")


def _begin_immediate(connection: Connection) -> None:
    """Wait in a fair queue for the write lock: SQLite's own busy handler sleeps and starves."""
    path = connection.engine.url.database
    if fcntl is not None and path and "queue" not in connection.info:
        queue = os.open(f"{path}.queue", os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(queue, fcntl.LOCK_EX)
        connection.info["queue"] = queue
    connection.exec_driver_sql("BEGIN IMMEDIATE")


def _leave_queue(dbapi: Any, record: Any) -> None:
    queue = record.info.pop("queue", None)
    if queue is not None:
        os.close(queue)
