"""The ledger: accounts, and entries whose transfers move money from one account to another.

A transfer takes from one account what it gives to another, so every entry sums to zero.  Nothing is
ever changed or deleted: the database refuses it.
"""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column

from portal.commissions.rules.postings import AccountKind, EntryKind
from portal.db.base import Base, Code, Currency, Id, Line, Minor
from portal.db.scope import earned_by, everyone, through

LARGEST = 10**15
"""Above what any amount is a mistake, in minor units; also keeps sums far from overflow."""


class Period(Base):
    """A calendar month of the ledger.  A closed one stays closed: the database refuses to open it.

    `entries`, `total_minor` and `digest` are set when it closes and prove that nothing came later.
    """

    __tablename__ = "ledger_periods"
    __scope__ = everyone()
    __table_args__ = (CheckConstraint("(closed_at IS NULL) = (digest = '')", name="closed"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    starts_on: Mapped[dt.date] = mapped_column(unique=True)
    closed_at: Mapped[dt.datetime | None]
    closed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    entries: Mapped[int] = mapped_column(default=0)
    digest: Mapped[str] = mapped_column(String(64), default="")


class Account(Base):
    """Money in one state, of one partner, in one currency.  The vendor's own has no partner."""

    __tablename__ = "ledger_accounts"
    __scope__ = earned_by("partner_id")
    __append_only__ = True
    __table_args__ = (
        UniqueConstraint("kind", "partner_id", "currency"),
        CheckConstraint("(partner_id IS NULL) = (kind = 'expense')", name="owner"),
        Index(
            "uq_ledger_accounts_own",
            "kind",
            "currency",
            unique=True,
            sqlite_where=column("partner_id").is_(None),
            postgresql_where=column("partner_id").is_(None),
        ),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    kind: Mapped[AccountKind]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    currency: Mapped[Currency]


class Entry(Base):
    """One posting.  `idem_key` makes it happen once; `fingerprint` is that of what was asked.

    `posted_at` is when, in a period that was open then; `effective_on` what day it speaks of.
    `cause` is what led to it: a commission's reference, a payout's.
    """

    __tablename__ = "ledger_entries"
    __scope__ = earned_by("partner_id")
    __append_only__ = True
    __table_args__ = (
        CheckConstraint("approved_by_id IS NULL OR approved_by_id <> created_by_id", name="two"),
        Index("ix_ledger_entries_partner", "partner_id", "id"),
    )

    id: Mapped[Id]
    posted_at: Mapped[dt.datetime] = mapped_column(index=True)
    idem_key: Mapped[Line] = mapped_column(unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    kind: Mapped[EntryKind]
    period_id: Mapped[int] = mapped_column(ForeignKey("ledger_periods.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    effective_on: Mapped[dt.date]
    cause: Mapped[Code] = mapped_column(default="", index=True)
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"), unique=True)
    created_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    approved_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)


class Transfer(Base):
    """Takes `amount_minor` from the debited account and gives it to the credited one."""

    __tablename__ = "ledger_transfers"
    __scope__ = through("entry_id", Entry)
    __append_only__ = True
    __table_args__ = (
        UniqueConstraint("entry_id", "seq"),
        CheckConstraint(f"amount_minor > 0 AND amount_minor < {LARGEST}", name="amount"),
        CheckConstraint("debit_id <> credit_id", name="two_accounts"),
    )

    id: Mapped[Id]
    entry_id: Mapped[int] = mapped_column(ForeignKey("ledger_entries.id"))
    seq: Mapped[int]
    debit_id: Mapped[int] = mapped_column(ForeignKey("ledger_accounts.id"), index=True)
    credit_id: Mapped[int] = mapped_column(ForeignKey("ledger_accounts.id"), index=True)
    amount_minor: Mapped[Minor]
