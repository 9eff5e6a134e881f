"""Make two transactions that must not overlap take turns."""

from __future__ import annotations

from sqlalchemy import func, select
from sqlalchemy.orm import Session


def take(db: Session, key: str) -> None:
    """Hold `key` until this transaction ends; a second holder waits.

    Two claims on one customer judged at the same instant cannot see each other's uncommitted rows
    in PostgreSQL, so each would find no rival.  SQLite's writers already queue at BEGIN.
    Take locks before publishing anything: the event log's own lock comes last.
    """
    connection = db.connection()
    if connection.dialect.name == "postgresql":
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(key, 0))))
