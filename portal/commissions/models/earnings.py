"""What partners earned and why, and what the engine is told beside the events."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.commissions.rules.postings import EventState
from portal.db.base import Base, Code, Currency, Document, Id, Line, LongText, Minor, Name
from portal.db.scope import earned_by, everyone, through, vendor_only


class PlanVersion(Base):
    """A version of a plan, as it was written.  A change is a new version: none is ever altered."""

    __tablename__ = "plan_versions"
    __scope__ = vendor_only()
    __append_only__ = True
    __table_args__ = (UniqueConstraint("plan", "version"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    plan: Mapped[Code]
    version: Mapped[int]
    starts_on: Mapped[dt.date | None]
    document: Mapped[Document]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    note: Mapped[Name] = mapped_column(default="")


class CommissionEvent(Base):
    """Something that happened once and may earn.  `key` is its idempotency key.

    `document` is what the engine was told; `tallies` what it added to running totals, so that it
    can be taken back.  One that waits lacks a fact, which `reason` names.
    """

    __tablename__ = "commission_events"
    __scope__ = vendor_only()
    __table_args__ = (
        CheckConstraint("state <> 'waiting' OR reason <> ''", name="reason"),
        Index("ix_commission_events_state", "state", "id"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    key: Mapped[Line] = mapped_column(unique=True)
    fingerprint: Mapped[str] = mapped_column(String(64))
    kind: Mapped[Code]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deals.id"), index=True)
    happened_on: Mapped[dt.date]
    state: Mapped[EventState]
    code: Mapped[Code] = mapped_column(default="")
    reason: Mapped[LongText] = mapped_column(default="")
    document: Mapped[Document]
    tallies: Mapped[Document]

    __mapper_args__ = {"version_id_col": version}


class CommissionLine(Base):
    """What one company earned, or gave back, from one event by one rule; with its explanation.

    A line of zero says why nothing was earned and has no entry.
    """

    __tablename__ = "commission_lines"
    __scope__ = earned_by("partner_id")
    __append_only__ = True
    __table_args__ = (
        UniqueConstraint("event_id", "seq"),
        CheckConstraint("(amount_minor = 0) = (entry_id IS NULL)", name="entry"),
        Index("ix_commission_lines_partner", "partner_id", "id"),
        Index("ix_commission_lines_month", "partner_id", "period_id", "id"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    event_id: Mapped[int] = mapped_column(ForeignKey("commission_events.id"))
    seq: Mapped[int]
    entry_id: Mapped[int | None] = mapped_column(ForeignKey("ledger_entries.id"), index=True)
    period_id: Mapped[int] = mapped_column(ForeignKey("ledger_periods.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    person: Mapped[Name] = mapped_column(default="")
    deal_id: Mapped[int | None] = mapped_column(ForeignKey("deals.id"), index=True)
    kind: Mapped[Code]
    happened_on: Mapped[dt.date]
    amount_minor: Mapped[Minor]
    currency: Mapped[Currency]
    plan_version_id: Mapped[int | None] = mapped_column(ForeignKey("plan_versions.id"), index=True)
    rule: Mapped[Code] = mapped_column(default="")
    reverses_id: Mapped[int | None] = mapped_column(ForeignKey("commission_lines.id"), unique=True)
    explanation: Mapped[Document]
    snapshot: Mapped[Document]


class Portion(Base):
    """A part of a line and the first day it may be paid out.

    `is_released`: it counts in what is payable.  Of a partner's released portions those without a
    payout add up to what is payable less what is owed.
    """

    __tablename__ = "commission_portions"
    __scope__ = through("line_id", CommissionLine)
    __table_args__ = (
        CheckConstraint("amount_minor <> 0", name="amount"),
        Index("ix_commission_portions_due", "is_released", "payable_on", "id"),
        Index("ix_commission_portions_open", "partner_id", "payout_id"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    line_id: Mapped[int] = mapped_column(ForeignKey("commission_lines.id"), index=True)
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    currency: Mapped[Currency]
    amount_minor: Mapped[Minor]
    payable_on: Mapped[dt.date]
    is_released: Mapped[bool]
    is_cancelled: Mapped[bool] = mapped_column(default=False)
    payout_id: Mapped[int | None] = mapped_column(ForeignKey("payouts.id"), index=True)

    __mapper_args__ = {"version_id_col": version}


class Tally(Base):
    """A running total as the next event finds it: of a rule, a receiver and a period or deal.

    Kept beside the ledger for speed; `value` is an exact fraction as text.
    """

    __tablename__ = "commission_tallies"
    __scope__ = vendor_only()
    __table_args__ = (
        UniqueConstraint("kind", "plan", "rule", "payee", "scope", "counts"),
        Index("ix_commission_tallies_partner", "partner_id", "plan"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"))
    kind: Mapped[Code]
    plan: Mapped[Code]
    rule: Mapped[Code]
    payee: Mapped[Name]
    scope: Mapped[Code]
    counts: Mapped[Code]
    value: Mapped[Line]

    __mapper_args__ = {"version_id_col": version}


class Quota(Base):
    """A partner's target for a period, in major units, for one rule or for any."""

    __tablename__ = "commission_quotas"
    __scope__ = earned_by("partner_id")
    __table_args__ = (UniqueConstraint("partner_id", "period", "rule"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    period: Mapped[Code]
    rule: Mapped[Code] = mapped_column(default="")
    amount: Mapped[Code]


class ExchangeRate(Base):
    """On `day`, 1 `base` was worth `rate` `quote`, as `source` published it; never guessed."""

    __tablename__ = "exchange_rates"
    __scope__ = everyone()
    __table_args__ = (UniqueConstraint("base", "quote", "day"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    base: Mapped[Currency]
    quote: Mapped[Currency]
    day: Mapped[dt.date] = mapped_column(index=True)
    rate: Mapped[Code]
    source: Mapped[Name]
