"""Paying out: one person prepares a run, another releases it, the bank settles or returns it.

Every step is taken once however often it is asked for: the run is locked and its state compared,
and each posting has a key of its own.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass

from portal.commissions.actions import ledger
from portal.commissions.models import BankAccount, Payout, PayoutRun
from portal.commissions.queries import knowing
from portal.commissions.queries import ledger as balances
from portal.commissions.queries import payouts as queries
from portal.commissions.rules import bank_file
from portal.commissions.rules.bank_file import Order, Party, Transfer
from portal.commissions.rules.events import (
    PayoutReturned,
    RunCancelled,
    RunPrepared,
    RunReleased,
    RunSettled,
)
from portal.commissions.rules.postings import (
    AccountKind,
    EntryKind,
    Move,
    PayoutState,
    Posting,
    RunState,
)
from portal.db import events, locks
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import Forbidden, Refused, Stale
from portal.kernel.money import Money, exponent
from portal.kernel.policy import May
from portal.partners.rules import PartnerState


@dataclass(frozen=True, slots=True, kw_only=True)
class Prepare:
    ref: str
    currency: str
    pays_on: dt.date


def _may_run(db: ViewerSession) -> int:
    if not db.viewer.may(May.FINANCE_RUN):
        raise Forbidden("Your role may not pay out. Ask a colleague in finance.")
    return db.viewer.user_id


def prepare(db: ViewerSession, command: Prepare, *, now: dt.datetime) -> PayoutRun:
    """Reserve what is payable in one currency; who cannot be paid is listed with the reason.

    Raises Forbidden, Refused("nothing_payable"), Refused("past").
    """
    user_id = _may_run(db)
    if command.pays_on < now.date():
        raise Refused("Choose today or a later day.", code="past", field="pays_on")
    with db.as_system("prepare a payout run") as system:
        locks.take(system, f"payouts:{command.currency}")
        payable = sorted(
            (partner_id, minor)
            for partner_id, kind, currency, minor in balances.trial_balance(system)
            if partner_id is not None
            and (kind, currency) == (AccountKind.PAYABLE, command.currency)
            and minor > 0
        )
        if not payable:
            raise Refused(
                f"Nothing is payable in {command.currency}. Look again when holds have ended.",
                code="nothing_payable",
                field="currency",
            )
        run = PayoutRun(
            created_at=now,
            ref=command.ref,
            currency=command.currency,
            state=RunState.PREPARED,
            pays_on=command.pays_on,
            prepared_by_id=user_id,
        )
        system.add(run)
        system.flush()
        least = _minimum(system, command.currency)
        states = queries.states_of(system, {partner_id for partner_id, _ in payable})
        for partner_id, minor in payable:
            bank = queries.find_bank(system, partner_id)
            reason = _blocked(bank, states[partner_id], is_enough=minor >= least, now=now)
            _payout(system, run, (partner_id, minor), bank=bank, reason=reason, now=now)
        told = RunPrepared(subject_id=run.id, partner_id=None, ref=run.ref)
        events.publish(system, told, now=now)
    return queries.get_run(db, command.ref)


def _minimum(db: SystemSession, currency: str) -> int:
    """The largest minimum of the plans in this currency, in minor units."""
    plans = [plan for plan in knowing.list_plans(db).values() if plan.currency == currency]
    return max((int(plan.minimum_payout.scaleb(exponent(currency))) for plan in plans), default=0)


def _blocked(
    bank: BankAccount | None, state: PartnerState, *, is_enough: bool, now: dt.datetime
) -> str:
    """Why a partner is left out, or nothing."""
    if state is not PartnerState.ACTIVE:
        return f"The company is {state.label.lower()}"
    if not is_enough:
        return "Less than the minimum; it waits for the next run"
    if bank is None:
        return "No bank details"
    return f"New bank details wait to {bank.usable_at:%d %b %Y}" if bank.usable_at > now else ""


def _payout(
    db: SystemSession,
    run: PayoutRun,
    due: tuple[int, int],
    *,
    bank: BankAccount | None,
    reason: str,
    now: dt.datetime,
) -> None:
    """One partner and what it is due in minor units; with a reason it is left out."""
    partner_id, minor = due
    payout = Payout(
        created_at=now,
        run_id=run.id,
        partner_id=partner_id,
        currency=run.currency,
        amount_minor=minor,
        state=PayoutState.BLOCKED if reason else PayoutState.RESERVED,
        reason=reason,
        end_to_end=f"{run.ref}-{partner_id}",
        bank_account_id=bank.id if bank and not reason else None,
    )
    db.add(payout)
    db.flush()
    if reason:
        return
    _post(db, payout, EntryKind.RESERVE, (AccountKind.PAYABLE, AccountKind.IN_PAYOUT), now=now)
    for portion in queries.open_portions(db, partner_id, run.currency):
        portion.payout_id = payout.id
    db.flush()


def _post(
    db: SystemSession,
    payout: Payout,
    kind: EntryKind,
    way: tuple[AccountKind, AccountKind],
    *,
    now: dt.datetime,
) -> None:
    posting = Posting(
        key=f"payout:{payout.id}:{kind}",
        kind=kind,
        partner_id=payout.partner_id,
        currency=payout.currency,
        moves=(Move(*way, payout.amount_minor),),
        effective_on=now.date(),
        cause=payout.end_to_end,
    )
    ledger.post(db, posting, now=now)


def release(db: ViewerSession, ref: str, debtor: Party, *, now: dt.datetime) -> PayoutRun:
    """Another person than the one who prepared it sends a run to the bank; the file is made once.

    Raises NotFound, Forbidden, Refused("same_person"), Refused("no_payer"), Stale.
    """
    user_id = _may_run(db)
    if not debtor.iban:
        raise Refused(
            "The portal does not know from which account to pay. Set PORTAL_BANK_IBAN.",
            code="no_payer",
        )
    with db.as_system("release a payout run") as system:
        run = _held(system, ref, RunState.PREPARED)
        if run.prepared_by_id == user_id:
            raise Refused(
                "Another person than the one who prepared the run releases it.",
                code="same_person",
            )
        rows = [row for row in queries.list_payouts(system, run.id) if not row.reason]
        order = Order(
            ref=run.ref,
            made_at=now,
            pays_on=run.pays_on,
            debtor=debtor,
            transfers=tuple(
                Transfer(
                    row.end_to_end,
                    Party(row.holder, row.iban, row.bic),
                    Money(row.amount_minor, row.currency),
                    f"Commission {row.end_to_end}",
                )
                for row in rows
            ),
        )
        run.bank_file = bank_file.pain001(order)
        run.digest = hashlib.sha256(run.bank_file.encode()).hexdigest()
        run.state, run.released_by_id, run.released_at = RunState.RELEASED, user_id, now
        for payout in queries.payouts_of(system, run.id, PayoutState.RESERVED):
            payout.state = PayoutState.SENT
        system.flush()
        told = RunReleased(subject_id=run.id, partner_id=None, ref=run.ref, digest=run.digest)
        events.publish(system, told, now=now)
    return queries.get_run(db, ref)


def settle(db: ViewerSession, ref: str, *, now: dt.datetime) -> PayoutRun:
    """The bank has paid.  Raises NotFound, Forbidden, Stale."""
    _may_run(db)
    with db.as_system("settle a payout run") as system:
        run = _held(system, ref, RunState.RELEASED)
        for payout in queries.payouts_of(system, run.id, PayoutState.SENT):
            _post(
                system, payout, EntryKind.SETTLE, (AccountKind.IN_PAYOUT, AccountKind.PAID), now=now
            )
            payout.state, payout.settled_at = PayoutState.SETTLED, now
        run.state, run.settled_at = RunState.SETTLED, now
        system.flush()
        told = RunSettled(subject_id=run.id, partner_id=None, ref=run.ref)
        events.publish(system, told, now=now)
    return queries.get_run(db, ref)


def cancel(db: ViewerSession, ref: str, *, now: dt.datetime) -> PayoutRun:
    """Give back what a run reserved, before it is released.  Raises NotFound, Forbidden, Stale."""
    _may_run(db)
    with db.as_system("cancel a payout run") as system:
        run = _held(system, ref, RunState.PREPARED)
        for payout in queries.payouts_of(system, run.id, PayoutState.RESERVED):
            _give_back(system, payout, EntryKind.FAIL, AccountKind.IN_PAYOUT, now=now)
            payout.state = PayoutState.CANCELLED
        run.state = RunState.CANCELLED
        system.flush()
        told = RunCancelled(subject_id=run.id, partner_id=None, ref=run.ref)
        events.publish(system, told, now=now)
    return queries.get_run(db, ref)


def return_payment(db: ViewerSession, end_to_end: str, reason: str, *, now: dt.datetime) -> Payout:
    """A payment came back from the bank: it is payable again, in a later run.

    Raises NotFound, Forbidden, Stale, Refused("reason").
    """
    _may_run(db)
    if not reason.strip():
        raise Refused("Say why it came back.", code="reason", field="reason")
    with db.as_system("take back a returned payment") as system:
        payout = queries.get_payout(system, end_to_end)
        ledger.hold(system, payout.partner_id)
        payout = queries.get_payout(system, end_to_end)
        came_from = {
            PayoutState.SENT: AccountKind.IN_PAYOUT,
            PayoutState.SETTLED: AccountKind.PAID,
        }.get(payout.state)
        if came_from is None:
            raise Stale("This payment is not at the bank. Reload to see where it is.")
        _give_back(system, payout, EntryKind.RETURN, came_from, now=now)
        payout.state, payout.reason = PayoutState.RETURNED, reason
        system.flush()
        told = PayoutReturned(
            subject_id=payout.id,
            partner_id=payout.partner_id,
            end_to_end=end_to_end,
            reason=reason,
        )
        events.publish(system, told, now=now)
        return payout


def _give_back(
    db: SystemSession, payout: Payout, kind: EntryKind, came_from: AccountKind, *, now: dt.datetime
) -> None:
    """What is payable again first makes up for what the partner owes meanwhile."""
    ledger.hold(db, payout.partner_id)
    owed = balances.balance(db, payout.partner_id, payout.currency).owed
    moves = [Move(came_from, AccountKind.PAYABLE, payout.amount_minor)]
    if owed > 0:
        back = min(owed, payout.amount_minor)
        moves.append(Move(AccountKind.PAYABLE, AccountKind.CLAWED_BACK, back))
    posting = Posting(
        key=f"payout:{payout.id}:{kind}",
        kind=kind,
        partner_id=payout.partner_id,
        currency=payout.currency,
        moves=tuple(moves),
        effective_on=now.date(),
        cause=payout.end_to_end,
        request={"payout": payout.id},
    )
    ledger.post(db, posting, now=now)
    for portion in queries.portions_in(db, payout.id):
        portion.payout_id = None


def _held(db: SystemSession, ref: str, wanted: RunState) -> PayoutRun:
    """The run, locked, if it is in the wanted state.  Raises NotFound, Stale."""
    locks.take(db, f"payout_run:{ref}")
    run = queries.get_run(db, ref)
    if run.state is not wanted:
        raise Stale(f"This run is {run.state} already. Reload to see it as it is.")
    return run
