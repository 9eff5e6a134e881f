"""Letters written in a transaction and sent after it: nothing is sent that did not happen.

A letter waits until `not_before`, so that an undo can still take it back.  Delivery is at least
once; `dedupe` keeps the same letter from being written twice.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Index, String, insert, select, update
from sqlalchemy.orm import Mapped, Session, mapped_column

from portal.db.base import Base, Code, Document, Id, LongText
from portal.db.scope import nobody
from portal.db.session import SystemSession

MAX_ATTEMPTS = 12


class LetterState(StrEnum):
    WAITING = "waiting"
    SENT = "sent"
    CANCELLED = "cancelled"
    FAILED = "failed"


class Letter(Base):
    """One mail to one person: a template and the values it is filled with when it is sent."""

    __tablename__ = "letters"
    __scope__ = nobody()
    __table_args__ = (Index("ix_letters_due", "state", "not_before", "id"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    not_before: Mapped[dt.datetime]
    template: Mapped[Code]
    facts: Mapped[Document]
    user_id: Mapped[int | None] = mapped_column(index=True)
    address: Mapped[str] = mapped_column(String(320))
    partner_id: Mapped[int | None] = mapped_column(index=True)
    cause: Mapped[Code] = mapped_column(default="", index=True)
    dedupe: Mapped[str | None] = mapped_column(String(200), unique=True)
    state: Mapped[LetterState] = mapped_column(default=LetterState.WAITING)
    attempts: Mapped[int] = mapped_column(default=0)
    sent_at: Mapped[dt.datetime | None]
    last_error: Mapped[LongText] = mapped_column(default="")


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What to send.  `cause` groups the letters of one decision, so that an undo finds them."""

    template: str
    address: str
    facts: dict[str, Any]
    user_id: int | None = None
    partner_id: int | None = None
    cause: str = ""
    dedupe: str | None = None


def post(db: Session, letter: Post, *, now: dt.datetime, hold: dt.timedelta) -> None:
    """Queue a letter, to leave no earlier than `now + hold`."""
    connection = db.connection()
    if letter.dedupe is not None:
        known = select(Letter.id).where(Letter.dedupe == letter.dedupe)
        if connection.execute(known).first() is not None:
            return
    connection.execute(
        insert(Letter).values(
            created_at=now,
            not_before=now + hold,
            template=letter.template,
            facts=letter.facts,
            user_id=letter.user_id,
            address=letter.address,
            partner_id=letter.partner_id,
            cause=letter.cause,
            dedupe=letter.dedupe,
            state=LetterState.WAITING,
            attempts=0,
            last_error="",
        )
    )


def cancel(db: Session, cause: str) -> int:
    """Take back the letters of `cause` that have not left; returns how many."""
    waiting = (Letter.cause == cause) & (Letter.state == LetterState.WAITING)
    result = db.connection().execute(
        update(Letter).where(waiting).values(state=LetterState.CANCELLED, dedupe=None)
    )
    return int(result.rowcount)


def due(db: SystemSession, *, now: dt.datetime, limit: int = 50) -> list[Letter]:
    """Letters to send now, oldest first, held by this transaction on PostgreSQL."""
    query = (
        select(Letter)
        .where(Letter.state == LetterState.WAITING, Letter.not_before <= now)
        .order_by(Letter.not_before, Letter.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
    )
    return list(db.scalars(query))


def mark_sent(letter: Letter, *, now: dt.datetime) -> None:
    letter.state, letter.sent_at, letter.last_error = LetterState.SENT, now, ""


def mark_failed(letter: Letter, why: str, *, now: dt.datetime) -> None:
    """Try again later: 1, 2, 4 ... minutes, at most a day apart; give up after twelve times."""
    letter.attempts += 1
    letter.last_error = why[:2000]
    if letter.attempts >= MAX_ATTEMPTS:
        letter.state = LetterState.FAILED
        return
    wait = min(2 ** (letter.attempts - 1), 24 * 60)
    letter.not_before = now + dt.timedelta(minutes=wait)
