"""Payout runs, their payouts, and bank accounts."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.accounts.models import User
from portal.commissions.models import BankAccount, Payout, PayoutRun, Portion
from portal.commissions.rules.postings import BankState, PayoutState, RunState
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import NotFound
from portal.partners.models import Partner
from portal.partners.rules import PartnerState


@dataclass(frozen=True, slots=True)
class RunRow:
    """A run with what it pays; what is blocked does not count."""

    ref: str
    currency: str
    state: RunState
    pays_on: dt.date
    prepared_by: str
    payouts: int
    total_minor: int
    blocked: int


def list_runs(db: ViewerSession) -> list[RunRow]:
    """Newest first."""
    is_blocked = Payout.state == PayoutState.BLOCKED
    query = (
        select(
            PayoutRun.ref,
            PayoutRun.currency,
            PayoutRun.state,
            PayoutRun.pays_on,
            User.name,
            func.count(Payout.id).filter(~is_blocked),
            func.coalesce(func.sum(Payout.amount_minor).filter(~is_blocked), 0),
            func.count(Payout.id).filter(is_blocked),
        )
        .outerjoin(Payout, Payout.run_id == PayoutRun.id)
        .join(User, User.id == PayoutRun.prepared_by_id)
        .group_by(PayoutRun.id, User.name)
        .order_by(PayoutRun.id.desc())
        .limit(200)
    )
    return [
        RunRow(*row[:5], payouts=row[5], total_minor=int(row[6]), blocked=row[7])
        for row in db.execute(query)
    ]


def get_run(db: ViewerSession | SystemSession, ref: str) -> PayoutRun:
    """As it stands now, also if this transaction read it before.  Raises NotFound."""
    query = select(PayoutRun).where(PayoutRun.ref == ref)
    run = db.scalar(query.execution_options(populate_existing=True))
    if run is None:
        raise NotFound
    return run


def payouts_of(db: SystemSession, run_id: int, *states: PayoutState) -> list[Payout]:
    query = select(Payout).where(Payout.run_id == run_id)
    if states:
        query = query.where(Payout.state.in_(states))
    return list(db.scalars(query.order_by(Payout.id).execution_options(populate_existing=True)))


@dataclass(frozen=True, slots=True)
class PayoutRow:
    end_to_end: str
    partner: str
    partner_ref: str
    amount_minor: int
    currency: str
    state: PayoutState
    reason: str
    holder: str
    iban: str
    bic: str


def list_payouts(db: ViewerSession | SystemSession, run_id: int) -> list[PayoutRow]:
    """Blocked ones first, then by company."""
    query = (
        select(
            Payout.end_to_end,
            func.coalesce(Partner.name, ""),
            func.coalesce(Partner.ref, ""),
            Payout.amount_minor,
            Payout.currency,
            Payout.state,
            Payout.reason,
            func.coalesce(BankAccount.holder, ""),
            func.coalesce(BankAccount.iban, ""),
            func.coalesce(BankAccount.bic, ""),
        )
        .select_from(Payout)
        .outerjoin(Partner, Partner.id == Payout.partner_id)
        .outerjoin(BankAccount, BankAccount.id == Payout.bank_account_id)
        .where(Payout.run_id == run_id)
        .order_by((Payout.state != PayoutState.BLOCKED), Partner.name, Payout.id)
    )
    return [PayoutRow(*row[:10]) for row in db.execute(query)]


def get_payout(db: SystemSession, end_to_end: str) -> Payout:
    """As it stands now.  Raises NotFound."""
    query = select(Payout).where(Payout.end_to_end == end_to_end)
    found = db.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound
    return found


def open_portions(db: SystemSession, partner_id: int, currency: str) -> list[Portion]:
    """What is released and in no payout: it adds up to payable less owed."""
    query = select(Portion).where(
        Portion.partner_id == partner_id,
        Portion.currency == currency,
        Portion.payout_id.is_(None),
        Portion.is_released.is_(True),
        Portion.is_cancelled.is_(False),
    )
    return list(db.scalars(query.order_by(Portion.id)))


def portions_in(db: SystemSession, payout_id: int) -> list[Portion]:
    query = select(Portion).where(Portion.payout_id == payout_id).order_by(Portion.id)
    return list(db.scalars(query))


def find_bank(db: ViewerSession | SystemSession, partner_id: int) -> BankAccount | None:
    """Where a partner is paid, also while it still waits."""
    query = select(BankAccount).where(
        BankAccount.partner_id == partner_id, BankAccount.state == BankState.CONFIRMED
    )
    return db.scalar(query)


def find_proposal(db: ViewerSession | SystemSession, partner_id: int) -> BankAccount | None:
    query = select(BankAccount).where(
        BankAccount.partner_id == partner_id, BankAccount.state == BankState.PROPOSED
    )
    return db.scalar(query.order_by(BankAccount.id.desc()).limit(1))


def list_proposals(db: ViewerSession) -> list[tuple[BankAccount, str]]:
    """Bank accounts that wait for a second person, with their company."""
    query = (
        select(BankAccount, Partner.name)
        .join(Partner, Partner.id == BankAccount.partner_id)
        .where(BankAccount.state == BankState.PROPOSED)
        .order_by(BankAccount.id)
    )
    return [(row[0], row[1]) for row in db.execute(query)]


def states_of(db: SystemSession, partner_ids: set[int]) -> dict[int, PartnerState]:
    query = select(Partner.id, Partner.state).where(Partner.id.in_(partner_ids))
    return {row.id: row.state for row in db.execute(query)}
