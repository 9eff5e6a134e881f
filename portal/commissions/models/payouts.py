"""Payout runs, what each partner gets in them, and where it is paid to."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, column
from sqlalchemy.orm import Mapped, mapped_column

from portal.commissions.rules.postings import BankState, PayoutState, RunState
from portal.db.base import Base, Code, Currency, Id, Line, LongText, Minor, Name
from portal.db.scope import earned_by, vendor_only


class PayoutRun(Base):
    """Payouts in one currency that are paid together.

    `bank_file` is made once, when another person than the one who prepared it releases the run, and
    never made again; `digest` is its SHA-256.
    """

    __tablename__ = "payout_runs"
    __scope__ = vendor_only()
    __table_args__ = (
        CheckConstraint("released_by_id IS NULL OR released_by_id <> prepared_by_id", name="two"),
        CheckConstraint(
            "state IN ('prepared', 'cancelled') OR released_by_id IS NOT NULL", name="released"
        ),
        CheckConstraint("(bank_file = '') = (digest = '')", name="file"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    currency: Mapped[Currency]
    state: Mapped[RunState]
    pays_on: Mapped[dt.date]
    prepared_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    released_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    released_at: Mapped[dt.datetime | None]
    settled_at: Mapped[dt.datetime | None]
    bank_file: Mapped[LongText] = mapped_column(default="")
    digest: Mapped[str] = mapped_column(String(64), default="")

    __mapper_args__ = {"version_id_col": version}


class Payout(Base):
    """One partner in one run.  The bank knows it by `end_to_end`, which is never used again."""

    __tablename__ = "payouts"
    __scope__ = earned_by("partner_id")
    __table_args__ = (
        UniqueConstraint("run_id", "partner_id"),
        CheckConstraint("amount_minor > 0", name="amount"),
        CheckConstraint("state <> 'blocked' OR reason <> ''", name="blocked"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    run_id: Mapped[int] = mapped_column(ForeignKey("payout_runs.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    currency: Mapped[Currency]
    amount_minor: Mapped[Minor]
    state: Mapped[PayoutState] = mapped_column(index=True)
    reason: Mapped[Line] = mapped_column(default="")
    end_to_end: Mapped[Code] = mapped_column(unique=True)
    bank_account_id: Mapped[int | None] = mapped_column(ForeignKey("bank_accounts.id"), index=True)
    settled_at: Mapped[dt.datetime | None]

    __mapper_args__ = {"version_id_col": version}


class BankAccount(Base):
    """Where a partner is paid.  One person proposes it, another confirms it, and it waits."""

    __tablename__ = "bank_accounts"
    __scope__ = earned_by("partner_id")
    __table_args__ = (
        CheckConstraint("confirmed_by_id IS NULL OR confirmed_by_id <> proposed_by_id", name="two"),
        CheckConstraint("state = 'proposed' OR confirmed_by_id IS NOT NULL", name="confirmed"),
        Index(
            "uq_bank_accounts_one",
            "partner_id",
            unique=True,
            sqlite_where=column("state") == "confirmed",
            postgresql_where=column("state") == "confirmed",
        ),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    holder: Mapped[Name]
    iban: Mapped[Code]
    bic: Mapped[Code] = mapped_column(default="")
    state: Mapped[BankState]
    proposed_by_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    confirmed_by_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    usable_at: Mapped[dt.datetime]

    __mapper_args__ = {"version_id_col": version}
