"""Bank details: one person proposes, another confirms, and they wait before money goes there."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.commissions.models import BankAccount
from portal.commissions.queries import payouts as queries
from portal.commissions.rules.bank_file import bic_from, iban_from
from portal.commissions.rules.events import BankConfirmed, BankProposed
from portal.commissions.rules.postings import BankState
from portal.db import events, locks
from portal.db.session import ViewerSession
from portal.kernel.errors import Forbidden, NotFound, Refused
from portal.kernel.policy import May

WAITING = dt.timedelta(hours=72)
"""From the proposal; long enough for somebody to notice a change that nobody asked for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Propose:
    holder: str
    iban: str
    bic: str = ""


def propose(db: ViewerSession, command: Propose, *, now: dt.datetime) -> BankAccount:
    """Raises Forbidden, Refused("iban"), Refused("bic")."""
    partner_id = db.viewer.partner_id
    if partner_id is None or not db.viewer.may(May.BANK_PROPOSE):
        raise Forbidden("Only the company's own people enter its bank details.")
    earlier = queries.find_proposal(db, partner_id)
    if earlier is not None:
        db.delete(earlier)
        db.flush()
    account = BankAccount(
        created_at=now,
        partner_id=partner_id,
        holder=command.holder,
        iban=iban_from(command.iban),
        bic=bic_from(command.bic),
        state=BankState.PROPOSED,
        proposed_by_id=db.viewer.user_id,
        usable_at=now + WAITING,
    )
    db.add(account)
    db.flush()
    told = BankProposed(subject_id=account.id, partner_id=partner_id, usable_at=account.usable_at)
    events.publish(db, told, now=now)
    return account


def confirm(db: ViewerSession, partner_id: int, *, now: dt.datetime) -> BankAccount:
    """By a colleague of whoever proposed it, or by finance after a call.

    Raises NotFound, Forbidden, Refused("same_person").
    """
    may_confirm = db.viewer.may(May.FINANCE_RUN) or (
        db.viewer.partner_id == partner_id and db.viewer.may(May.BANK_PROPOSE)
    )
    if not may_confirm:
        raise Forbidden("A colleague whose role covers money confirms this.")
    proposal = queries.find_proposal(db, partner_id)
    if proposal is None:
        raise NotFound
    if proposal.proposed_by_id == db.viewer.user_id:
        raise Refused(
            "Another person than the one who entered them confirms bank details.",
            code="same_person",
        )
    with db.as_system("confirm bank details") as system:
        locks.take(system, f"bank:{partner_id}")
        before = queries.find_bank(system, partner_id)
        if before is not None:
            before.state = BankState.REPLACED
            system.flush()
        account = system.get_one(BankAccount, proposal.id)
        account.state, account.confirmed_by_id = BankState.CONFIRMED, db.viewer.user_id
        account.usable_at = max(account.usable_at, account.created_at + WAITING)
        system.flush()
        told = BankConfirmed(subject_id=account.id, partner_id=partner_id)
        events.publish(system, told, now=now)
    return db.get_one(BankAccount, proposal.id)
