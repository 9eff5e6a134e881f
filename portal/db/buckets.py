"""Rate limits that hold across hosts: a counter per key and window, in the database.

Keys name a person, a company or an address, never a thing shared between companies: one
company's activity must not be felt by another.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import Engine, String, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Id
from portal.db.scope import nobody
from portal.db.session import SystemSession


class Bucket(Base):
    __tablename__ = "rate_buckets"
    __scope__ = nobody()

    id: Mapped[Id]
    key: Mapped[str] = mapped_column(String(200), unique=True)
    until: Mapped[dt.datetime] = mapped_column(index=True)
    count: Mapped[int]


def count_up(engine: Engine, key: str, *, window: dt.timedelta, now: dt.datetime) -> int:
    """Count one more under `key`; returns the count within the current window.  Commits."""
    seconds = int(window.total_seconds())
    slot = int(now.timestamp()) // seconds
    until = dt.datetime.fromtimestamp((slot + 1) * seconds, dt.UTC)
    name = f"{key}:{seconds}:{slot}"
    make = postgresql.insert if engine.dialect.name == "postgresql" else sqlite.insert
    upsert = (
        make(Bucket)
        .values(key=name, until=until, count=1)
        .on_conflict_do_update(index_elements=["key"], set_={"count": Bucket.count + 1})
        .returning(Bucket.count)
    )
    with SystemSession(engine) as db:
        count = db.connection().execute(upsert).scalar_one()
        db.commit()
    return int(count)


def current(engine: Engine, key: str, *, window: dt.timedelta, now: dt.datetime) -> int:
    """The count within the current window, without counting."""
    seconds = int(window.total_seconds())
    name = f"{key}:{seconds}:{int(now.timestamp()) // seconds}"
    with SystemSession(engine) as db:
        return int(db.scalar(select(Bucket.count).where(Bucket.key == name)) or 0)


def sweep(db: SystemSession, *, now: dt.datetime) -> None:
    """Forget windows that are over."""
    db.execute(delete(Bucket).where(Bucket.until < now))
