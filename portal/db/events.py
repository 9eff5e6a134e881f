"""The one append-only log: timeline, audit, notifications and metrics are all readers of it.

Each entry carries the hash of the one before it, so that a change or a removal anywhere shows.
The log's own lock is taken last, when the transaction commits, so that nobody waits on it while
working; the instants it gives out are strictly increasing.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Index, String, Table, event, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.db.base import Base, Code, Document, Id, scoped_classes
from portal.db.engine import Engines
from portal.db.scope import nobody, vendor_only
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.event import Event

Handler = Callable[[SystemSession, Event, dt.datetime], None]
Wiring = Mapping[type[Event], tuple[Handler, ...]]

GENESIS = "0" * 64


class Entry(Base):
    """One thing that happened.  Triggers refuse UPDATE and DELETE on both databases."""

    __tablename__ = "events"
    __scope__ = vendor_only()
    __append_only__ = True
    __table_args__ = (
        Index("ix_events_subject", "subject", "subject_id", "id"),
        Index("ix_events_kind_at", "kind", "at"),
    )

    id: Mapped[Id]
    at: Mapped[dt.datetime] = mapped_column(index=True)
    kind: Mapped[Code]
    subject: Mapped[Code]
    subject_id: Mapped[int]
    partner_id: Mapped[int | None] = mapped_column(index=True)
    actor_id: Mapped[int | None] = mapped_column(index=True)
    is_shown: Mapped[bool]
    facts: Mapped[Document]
    hash: Mapped[str] = mapped_column(String(64))


class Head(Base):
    """The last entry's id, instant and hash: one row, locked while entries are added."""

    __tablename__ = "event_heads"
    __scope__ = nobody()

    id: Mapped[Id]
    last_id: Mapped[int]
    last_at: Mapped[dt.datetime]
    last_hash: Mapped[str] = mapped_column(String(64))


@dataclass(slots=True)
class _Pending:
    """What a transaction has published and not yet written."""

    entries: list[dict[str, Any]] = field(default_factory=list)
    stamps: list[tuple[int, Table, int, str]] = field(default_factory=list)


def publish(
    db: ViewerSession | SystemSession,
    happened: Event,
    *,
    now: dt.datetime,
    stamp: tuple[Base, str] | None = None,
) -> None:
    """Record what happened and run the functions wired to it, in this transaction.

    The entry's instant is `now`, or just after the previous entry's if that is later.  With `stamp`
    that instant is also written into the named column of the row: a claim's place in the queue.
    """
    outer = db.info.get("outer", db)
    pending: _Pending = outer.info.setdefault("pending", _Pending())
    viewer = getattr(outer, "viewer", None)
    pending.entries.append(
        {
            "at": now,
            "kind": happened.kind,
            "subject": happened.subject,
            "subject_id": happened.subject_id,
            "partner_id": happened.partner_id,
            "actor_id": viewer.user_id if viewer else outer.info.get("actor_id"),
            "is_shown": happened.is_shown,
            "facts": happened.facts(),
        }
    )
    if stamp is not None:
        row, column = stamp
        table = type(row).__table__
        assert isinstance(table, Table)
        db.flush()
        pending.stamps.append((len(pending.entries) - 1, table, row.id, column))  # type: ignore[attr-defined]
    _run_wired(db, happened, now)


def _run_wired(db: ViewerSession | SystemSession, happened: Event, now: dt.datetime) -> None:
    outer = db.info.get("outer", db)
    handlers = outer.info.get("wiring", {}).get(type(happened), ())
    if not handlers:
        return
    if isinstance(db, SystemSession):
        for handler in handlers:
            handler(db, happened, now)
        return
    with db.as_system(f"wired to {happened.kind}") as system:
        for handler in handlers:
            handler(system, happened, now)


@event.listens_for(Session, "before_commit")
def _seal(session: Session) -> None:
    """Write what was published, as the last thing before the commit."""
    pending: _Pending | None = session.info.pop("pending", None)
    if pending is None or not pending.entries:
        return
    session.flush()
    connection = session.connection()
    head = _locked_head(connection)
    rows = list(_chained(head, pending.entries))
    # RETURNING makes one statement of many rows, where a driver would send them one by one.
    connection.execute(insert(Entry.__table__).returning(Entry.id), rows)  # type: ignore[arg-type]
    last = rows[-1]
    connection.execute(
        update(Head).values(last_id=last["id"], last_at=last["at"], last_hash=last["hash"])
    )
    for index, table, row_id, column in pending.stamps:
        stamped = update(table).where(table.c.id == row_id).values({column: rows[index]["at"]})
        connection.execute(stamped)


@event.listens_for(Session, "after_rollback")
def _forget(session: Session) -> None:
    session.info.pop("pending", None)


@dataclass(frozen=True, slots=True)
class _HeadRow:
    last_id: int
    last_at: dt.datetime
    last_hash: str


def _locked_head(connection: Connection) -> _HeadRow:
    query = select(Head.last_id, Head.last_at, Head.last_hash).with_for_update()
    return _HeadRow(*connection.execute(query).one())


def _chained(head: _HeadRow, entries: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    at, previous, number = head.last_at, head.last_hash, head.last_id
    for entry in entries:
        at = max(entry["at"], at + dt.timedelta(microseconds=1))
        number += 1
        row = {**entry, "id": number, "at": at}
        previous = row["hash"] = digest(previous, row)
        yield row


def digest(previous: str, row: Mapping[str, Any]) -> str:
    """SHA-256 over the previous entry's hash and this entry as canonical JSON."""
    body = [
        row["id"],
        row["at"].astimezone(dt.UTC).isoformat(timespec="microseconds"),
        row["kind"],
        row["subject"],
        row["subject_id"],
        row["partner_id"],
        row["actor_id"],
        bool(row["is_shown"]),
        row["facts"],
    ]
    text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=True)
    return hashlib.sha256(f"{previous}{text}".encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Told:
    """One entry as a timeline shows it."""

    id: int
    at: dt.datetime
    kind: str
    actor_id: int | None
    facts: dict[str, Any]


def timeline(db: ViewerSession | SystemSession, subject: str, row: Base) -> list[Told]:
    """What happened to `row`, oldest first; a partner gets only what is shown to partners.

    `row` must have been loaded through this session: that it was is the permission to read on.
    """
    assert row in db
    query = select(Entry.id, Entry.at, Entry.kind, Entry.actor_id, Entry.facts).where(
        Entry.subject == subject,
        Entry.subject_id == row.id,  # type: ignore[attr-defined]
    )
    if isinstance(db, ViewerSession) and not db.viewer.is_vendor:
        query = query.where(Entry.is_shown)
    return [Told(*found) for found in db.connection().execute(query.order_by(Entry.id))]


@dataclass(frozen=True, slots=True)
class Verdict:
    """What `verify` found: how many entries hold, and the first that does not."""

    checked: int
    broken_at: int | None
    why: str = ""


def verify(connection: Connection) -> Verdict:
    """Recompute the whole chain.  Streams, so memory does not grow with the log."""
    table = Entry.__table__
    previous, expected = GENESIS, 0
    streamed = connection.execution_options(yield_per=2000)
    with streamed.execute(select(table).order_by(table.c.id)) as rows:
        for row in rows:
            expected += 1
            if row.id != expected:
                return Verdict(expected - 1, expected, f"entry {expected} is missing")
            if digest(previous, dict(row._mapping)) != row.hash:  # noqa: SLF001
                return Verdict(expected - 1, row.id, f"entry {row.id} was changed")
            previous = row.hash
    head = connection.execute(select(Head.last_id, Head.last_hash)).one()
    if tuple(head) != (expected, previous):
        return Verdict(expected, expected + 1, "entries are missing at the end of the log")
    return Verdict(expected, None)


def verify_all(engines: Engines) -> Verdict:
    """The same, over the log as it is at this moment."""
    with engines.snapshot() as connection:
        return verify(connection)


def append_only_tables() -> list[str]:
    """Tables whose triggers refuse UPDATE and DELETE; migrations create them by this list."""
    return [c.__tablename__ for c in scoped_classes() if c.__append_only__]
