"""The ledger as it stands: balances by state, entries by key, periods."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable

from sqlalchemy import bindparam, func, select, union_all

from portal.commissions.models import Account, Entry, Period, Transfer
from portal.commissions.rules.postings import AccountKind, Balance, Move
from portal.db.session import Prepared, SystemSession, ViewerSession
from portal.kernel.errors import NotFound


def _sums(*, partner: bool) -> Prepared:
    """By partner, state and currency; of one partner, or of everybody."""
    halves = []
    for column, sign in ((Transfer.credit_id, 1), (Transfer.debit_id, -1)):
        half = select(
            Account.partner_id.label("partner"),
            Account.kind.label("kind"),
            Account.currency.label("currency"),
            (sign * func.sum(Transfer.amount_minor)).label("minor"),
        ).join(Transfer, column == Account.id)
        half = half.group_by(Account.partner_id, Account.kind, Account.currency)
        halves.append(half.where(Account.partner_id == bindparam("partner")) if partner else half)
    both = union_all(*halves).subquery()
    columns = (both.c.partner, both.c.kind, both.c.currency)
    total = func.sum(both.c.minor).label("minor")
    return Prepared(select(*columns, total).group_by(*columns).order_by(*columns))


_OF_ONE = _sums(partner=True)
_OF_ALL = _sums(partner=False)

_FIELDS = {
    AccountKind.EARNED: "earned",
    AccountKind.HELD: "held",
    AccountKind.PAYABLE: "payable",
    AccountKind.IN_PAYOUT: "in_payout",
    AccountKind.PAID: "paid",
}


def balances(db: ViewerSession | SystemSession, partner_id: int) -> dict[str, Balance]:
    """What a partner has, by currency."""
    found: dict[str, dict[str, int]] = {}
    for row in db.rows(_OF_ONE, partner=partner_id):
        sums = found.setdefault(row.currency, {})
        if row.kind == AccountKind.CLAWED_BACK:
            sums["owed"] = -int(row.minor)
        elif row.kind in _FIELDS:
            sums[_FIELDS[row.kind]] = int(row.minor)
    return {currency: Balance(currency, **sums) for currency, sums in sorted(found.items())}


def balance(db: SystemSession, partner_id: int, currency: str) -> Balance:
    return balances(db, partner_id).get(currency, Balance(currency))


def trial_balance(
    db: ViewerSession | SystemSession,
) -> list[tuple[int | None, AccountKind, str, int]]:
    """(partner, state, currency, minor) of every account that was ever used; sums to zero."""
    return [
        (row.partner, AccountKind(row.kind), row.currency, int(row.minor))
        for row in db.rows(_OF_ALL)
    ]


_BY_KEY = Prepared(select(Entry).where(Entry.idem_key == bindparam("key")))


def find_entry(db: SystemSession, key: str) -> Entry | None:
    rows = db.rows(_BY_KEY, key=key)
    return rows[0][0] if rows else None


_ACCOUNTS = Prepared(
    select(Account).where(
        Account.currency == bindparam("currency"),
        (Account.partner_id == bindparam("partner")) | Account.partner_id.is_(None),
    )
)


def accounts_of(db: SystemSession, partner_id: int, currency: str) -> dict[AccountKind, int]:
    """Ids of the partner's accounts and of the vendor's own in one currency."""
    rows = db.rows(_ACCOUNTS, partner=partner_id, currency=currency)
    return {account.kind: account.id for (account,) in rows}


_MOVES = Prepared(
    select(Transfer.debit_id, Transfer.credit_id, Transfer.amount_minor)
    .where(Transfer.entry_id == bindparam("entry"))
    .order_by(Transfer.seq)
)


def moves_of(db: SystemSession, entry: Entry) -> tuple[tuple[Move, ...], str]:
    """What an entry moved, in order, and its currency."""
    rows = db.rows(_MOVES, entry=entry.id)
    ids = {row.debit_id for row in rows} | {row.credit_id for row in rows}
    found = {a.id: a for a in db.scalars(select(Account).where(Account.id.in_(ids)))}
    moves = tuple(
        Move(found[r.debit_id].kind, found[r.credit_id].kind, int(r.amount_minor)) for r in rows
    )
    return moves, found[rows[0].debit_id].currency


def find_reversal(db: SystemSession, entry_id: int) -> Entry | None:
    return db.scalar(select(Entry).where(Entry.reverses_id == entry_id))


def find_period(db: ViewerSession | SystemSession, starts_on: dt.date) -> Period | None:
    return db.scalar(select(Period).where(Period.starts_on == starts_on))


def get_period(db: ViewerSession | SystemSession, starts_on: dt.date) -> Period:
    """Raises NotFound."""
    period = find_period(db, starts_on)
    if period is None:
        raise NotFound
    return period


def list_periods(db: ViewerSession | SystemSession) -> list[Period]:
    """Newest first."""
    return list(db.scalars(select(Period).order_by(Period.starts_on.desc())))


def entries_in(db: SystemSession, period_id: int) -> Iterable[tuple[object, ...]]:
    """Every transfer of a period in order, with its entry: what its digest is made of."""
    query = (
        select(
            Entry.id,
            Entry.idem_key,
            Entry.fingerprint,
            Transfer.seq,
            Transfer.debit_id,
            Transfer.credit_id,
            Transfer.amount_minor,
        )
        .join(Transfer, Transfer.entry_id == Entry.id)
        .where(Entry.period_id == period_id)
        .order_by(Entry.id, Transfer.seq)
    )
    return (tuple(row) for row in db.execute(query))
