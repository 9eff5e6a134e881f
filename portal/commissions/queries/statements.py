"""What partners and finance read: lines, their payment, and statements by month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, Select, case, func, select

from portal.catalogue.models import Line as ProductLine
from portal.commissions.models import (
    Account,
    CommissionLine,
    Entry,
    Payout,
    PayoutRun,
    Period,
    PlanVersion,
    Portion,
    Transfer,
)
from portal.commissions.rules.postings import AccountKind, PayoutState
from portal.db import keyset
from portal.db.keyset import Key
from portal.db.session import Anything, SystemSession, ViewerSession
from portal.deals.models import Deal
from portal.kernel.errors import NotFound
from portal.kernel.page import Page, PageRequest
from portal.partners.models import Partner

SORTS = ("-date", "amount")
_KEYS = {
    "date": Key(CommissionLine.happened_on, CommissionLine.id),
    "amount": Key(CommissionLine.amount_minor, CommissionLine.id),
}


@dataclass(frozen=True, slots=True)
class LineRow:
    """One commission as lists show it.  Customer and deal are empty where the reader sees none."""

    id: int
    ref: str
    kind: str
    happened_on: dt.date
    month: dt.date
    amount_minor: int
    currency: str
    rule: str
    customer: str
    deal_ref: str
    product: str
    partner: str
    partner_ref: str
    partner_id: int
    explanation: Mapping[str, Any]
    snapshot: Mapping[str, Any]
    plan: str
    version: int


def _lines() -> Select[*Anything]:
    return (
        select(
            CommissionLine.id,
            CommissionLine.ref,
            CommissionLine.kind,
            CommissionLine.happened_on,
            Period.starts_on,
            CommissionLine.amount_minor,
            CommissionLine.currency,
            CommissionLine.rule,
            func.coalesce(Deal.customer_name, ""),
            func.coalesce(Deal.ref, ""),
            func.coalesce(ProductLine.name, ""),
            func.coalesce(Partner.name, ""),
            func.coalesce(Partner.ref, ""),
            CommissionLine.partner_id,
            CommissionLine.explanation,
            CommissionLine.snapshot,
            func.coalesce(PlanVersion.plan, ""),
            func.coalesce(PlanVersion.version, 0),
        )
        .select_from(CommissionLine)
        .join(Period, Period.id == CommissionLine.period_id)
        .outerjoin(Deal, Deal.id == CommissionLine.deal_id)
        .outerjoin(ProductLine, ProductLine.id == Deal.line_id)
        .outerjoin(Partner, Partner.id == CommissionLine.partner_id)
        .outerjoin(PlanVersion, PlanVersion.id == CommissionLine.plan_version_id)
    )


def _row(found: Row[*Anything]) -> LineRow:
    return LineRow(*found[:18])


def _filtered(filters: Mapping[str, str], partner_id: int | None) -> Select[*Anything]:
    query = _lines()
    if partner_id is not None:
        query = query.where(CommissionLine.partner_id == partner_id)
    month = month_from(filters.get("month", ""))
    if month is not None:
        query = query.where(Period.starts_on == month)
    if filters.get("partner"):
        query = query.where(Partner.ref == filters["partner"].upper())
    if filters.get("view") == "nothing":
        return query.where(CommissionLine.amount_minor == 0)
    if filters.get("view") == "taken_back":
        return query.where(CommissionLine.amount_minor < 0)
    return query


def month_from(text: str) -> dt.date | None:
    """The first day of a month written 2026-11; None for anything else."""
    try:
        return dt.date.fromisoformat(f"{text}-01") if len(text) == 7 else None
    except ValueError:
        return None


def list_lines(
    db: ViewerSession, filters: Mapping[str, str], request: PageRequest, *, partner_id: int | None
) -> Page[LineRow]:
    query = _filtered(filters, partner_id)
    return keyset.page(db, query, request, key=_KEYS[request.column], make=_row)


def stream_lines(
    db: ViewerSession | SystemSession, filters: Mapping[str, str], *, partner_id: int | None
) -> Iterator[LineRow]:
    """The same rows without pages, by day."""
    return keyset.stream(db, _filtered(filters, partner_id), key=_KEYS["date"], make=_row)


def get_line(db: ViewerSession | SystemSession, ref: str) -> LineRow:
    """Raises NotFound, also for another company's."""
    found = db.execute(_lines().where(CommissionLine.ref == ref)).first()
    if found is None:
        raise NotFound
    return _row(found)


@dataclass(frozen=True, slots=True)
class PortionRow:
    """A part of a line and where it is.  `payout` is the state of its payout, if it is in one."""

    line_id: int
    amount_minor: int
    payable_on: dt.date
    is_released: bool
    is_cancelled: bool
    payout: PayoutState | None
    pays_on: dt.date | None


def portions_of(db: SystemSession, line_ids: list[int]) -> dict[int, list[PortionRow]]:
    """The portions of lines that their reader was allowed to open."""
    query = (
        select(
            Portion.line_id,
            Portion.amount_minor,
            Portion.payable_on,
            Portion.is_released,
            Portion.is_cancelled,
            Payout.state,
            PayoutRun.pays_on,
        )
        .outerjoin(Payout, Payout.id == Portion.payout_id)
        .outerjoin(PayoutRun, PayoutRun.id == Payout.run_id)
        .where(Portion.line_id.in_(line_ids))
        .order_by(Portion.payable_on, Portion.id)
    )
    found: dict[int, list[PortionRow]] = {}
    for row in db.execute(query):
        found.setdefault(row.line_id, []).append(PortionRow(*row))
    return found


@dataclass(frozen=True, slots=True)
class Statement:
    """One currency of one month: what was unpaid before, what came, what was paid, what is left."""

    currency: str
    opening: int
    earned: int
    paid: int

    @property
    def closing(self) -> int:
        return self.opening + self.earned - self.paid


def statement_of(
    db: ViewerSession | SystemSession, partner_id: int, month: dt.date
) -> list[Statement]:
    """By currency; none if nothing was ever earned by the end of the month."""
    is_before = Period.starts_on < month
    lines = (
        select(
            CommissionLine.currency,
            func.sum(case((is_before, CommissionLine.amount_minor), else_=0)).label("before"),
            func.sum(case((is_before, 0), else_=CommissionLine.amount_minor)).label("within"),
        )
        .join(Period, Period.id == CommissionLine.period_id)
        .where(CommissionLine.partner_id == partner_id, Period.starts_on <= month)
        .group_by(CommissionLine.currency)
    )
    sums = {row.currency: [int(row.before), int(row.within), 0, 0] for row in db.execute(lines)}
    for column, sign in ((Transfer.credit_id, 1), (Transfer.debit_id, -1)):
        paid = (
            select(
                Account.currency,
                func.sum(case((is_before, Transfer.amount_minor), else_=0)).label("before"),
                func.sum(case((is_before, 0), else_=Transfer.amount_minor)).label("within"),
            )
            .select_from(Transfer)
            .join(Account, column == Account.id)
            .join(Entry, Entry.id == Transfer.entry_id)
            .join(Period, Period.id == Entry.period_id)
            .where(
                Account.partner_id == partner_id,
                Account.kind == AccountKind.PAID,
                Period.starts_on <= month,
            )
            .group_by(Account.currency)
        )
        for row in db.execute(paid):
            sums[row.currency][2] += sign * int(row.before)
            sums[row.currency][3] += sign * int(row.within)
    return [
        Statement(currency, before - paid_before, within, paid_within)
        for currency, (before, within, paid_before, paid_within) in sorted(sums.items())
    ]


def list_months(db: ViewerSession, partner_id: int) -> list[dt.date]:
    """Months in which something was earned, newest first."""
    query = (
        select(Period.starts_on)
        .join(CommissionLine, CommissionLine.period_id == Period.id)
        .where(CommissionLine.partner_id == partner_id)
        .distinct()
        .order_by(Period.starts_on.desc())
    )
    return list(db.scalars(query))
