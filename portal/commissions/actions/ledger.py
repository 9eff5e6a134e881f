"""The one door to the ledger: posts an entry once, into an open period, and reverses exactly."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import insert

from portal.commissions.models import Account, Entry, Period, Transfer
from portal.commissions.queries import ledger as queries
from portal.commissions.rules.postings import (
    NEVER_BELOW_ZERO,
    AccountKind,
    Balance,
    EntryKind,
    Move,
    Posting,
    check,
    negated,
)
from portal.db import locks
from portal.db.session import SystemSession
from portal.kernel.errors import Refused


@dataclass(frozen=True, slots=True)
class Posted:
    """`is_new` is false if the very same request was posted before."""

    entry: Entry
    is_new: bool


def hold(db: SystemSession, partner_id: int) -> None:
    """Nobody else posts for this partner until the transaction ends."""
    locks.take(db, f"ledger:{partner_id}")


def post(db: SystemSession, posting: Posting, *, now: dt.datetime) -> Posted:
    """Post, or find the entry that the same request made before.

    Raises Refused("key_reused") for another request with the same key, Refused("not_enough") if a
    state would fall below zero, Refused("amount"), Refused("accounts"), Refused("same_person").
    """
    hold(db, posting.partner_id)
    known = queries.find_entry(db, posting.key)
    if known is not None:
        if known.fingerprint != posting.fingerprint():
            raise Refused(
                f"Another posting was made as {posting.key}. Give this one a key of its own.",
                code="key_reused",
            )
        return Posted(known, is_new=False)
    check(posting)
    return Posted(_written(db, posting, now=now, reverses=None), is_new=True)


def reverse(
    db: SystemSession, entry: Entry, *, now: dt.datetime, created_by_id: int | None = None
) -> Posted:
    """The exact negation of an entry, once.  Raises Refused("not_enough")."""
    hold(db, entry.partner_id)
    known = queries.find_reversal(db, entry.id)
    if known is not None:
        return Posted(known, is_new=False)
    moves, currency = queries.moves_of(db, entry)
    posting = Posting(
        key=f"reverse:{entry.id}",
        kind=EntryKind.REVERSE,
        partner_id=entry.partner_id,
        currency=currency,
        moves=negated(moves),
        effective_on=entry.effective_on,
        cause=entry.cause,
        created_by_id=created_by_id,
    )
    return Posted(_written(db, posting, now=now, reverses=entry.id), is_new=True)


def open_period(db: SystemSession, now: dt.datetime) -> Period:
    """The month of `now`, or the first one after it that is not closed; made if there is none."""
    starts_on = now.date().replace(day=1)
    while True:
        period = queries.find_period(db, starts_on)
        if period is None:
            locks.take(db, "ledger periods")
            period = queries.find_period(db, starts_on)
        if period is None:
            period = Period(created_at=now, starts_on=starts_on)
            db.add(period)
            db.flush()
        if period.closed_at is None:
            return period
        starts_on = (starts_on + dt.timedelta(days=32)).replace(day=1)


def _written(
    db: SystemSession, posting: Posting, *, now: dt.datetime, reverses: int | None
) -> Entry:
    entry = Entry(
        posted_at=now,
        idem_key=posting.key,
        fingerprint=posting.fingerprint(),
        kind=posting.kind,
        period_id=open_period(db, now).id,
        partner_id=posting.partner_id,
        effective_on=posting.effective_on,
        cause=posting.cause,
        reverses_id=reverses,
        created_by_id=posting.created_by_id,
        approved_by_id=posting.approved_by_id,
    )
    db.add(entry)
    db.flush()
    accounts = _accounts(db, posting, now)
    if posting.moves:
        rows = [
            {
                "entry_id": entry.id,
                "seq": seq,
                "debit_id": accounts[move.debit],
                "credit_id": accounts[move.credit],
                "amount_minor": move.minor,
            }
            for seq, move in enumerate(posting.moves, 1)
        ]
        db.execute(insert(Transfer), rows)
    _none_below_zero(queries.balance(db, posting.partner_id, posting.currency), posting.moves)
    return entry


def _accounts(db: SystemSession, posting: Posting, now: dt.datetime) -> dict[AccountKind, int]:
    found = queries.accounts_of(db, posting.partner_id, posting.currency)
    needed = {kind for move in posting.moves for kind in (move.debit, move.credit)}
    for kind in sorted(needed - found.keys()):
        owner = None if kind is AccountKind.EXPENSE else posting.partner_id
        account = Account(created_at=now, kind=kind, partner_id=owner, currency=posting.currency)
        if owner is None:
            locks.take(db, f"ledger account {kind} {posting.currency}")
            found |= queries.accounts_of(db, posting.partner_id, posting.currency)
        if kind not in found:
            db.add(account)
            db.flush()
            found[kind] = account.id
    return found


def _none_below_zero(balance: Balance, moves: tuple[Move, ...]) -> None:
    taken_from = {move.debit for move in moves} & NEVER_BELOW_ZERO
    short = [kind for kind in sorted(taken_from) if getattr(balance, kind, 0) < 0]
    if short:
        raise Refused(
            f"There is not enough {short[0].replace('_', ' ')} for this. "
            "Look at the balance, then try again.",
            code="not_enough",
        )
