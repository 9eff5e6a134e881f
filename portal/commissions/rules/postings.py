"""What can be posted: the accounts money stands on, kinds of entry, and how each moves money.

An account's balance is what it was given less what was taken from it.  The vendor's expense goes
below zero by what partners were ever given; a partner's claw-back account by what it owes.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from portal.commissions.rules.lines import Portion
from portal.kernel.errors import Refused


class AccountKind(StrEnum):
    """The state money is in."""

    EXPENSE = "expense"
    EARNED = "earned"
    HELD = "held"
    PAYABLE = "payable"
    IN_PAYOUT = "in_payout"
    PAID = "paid"
    CLAWED_BACK = "clawed_back"


NEVER_BELOW_ZERO = frozenset(
    {
        AccountKind.EARNED,
        AccountKind.HELD,
        AccountKind.PAYABLE,
        AccountKind.IN_PAYOUT,
        AccountKind.PAID,
    }
)


class EventState(StrEnum):
    """WAITING lacks a fact; REVERSED was taken back whole."""

    TAKEN = "taken"
    WAITING = "waiting"
    REVERSED = "reversed"


class RunState(StrEnum):
    """PREPARED by one, RELEASED to the bank by another, SETTLED when the bank has paid."""

    PREPARED = "prepared"
    RELEASED = "released"
    SETTLED = "settled"
    CANCELLED = "cancelled"


class PayoutState(StrEnum):
    """BLOCKED was left out of the run, and says why; RETURNED came back from the bank."""

    BLOCKED = "blocked"
    RESERVED = "reserved"
    SENT = "sent"
    SETTLED = "settled"
    RETURNED = "returned"
    CANCELLED = "cancelled"


class BankState(StrEnum):
    PROPOSED = "proposed"
    CONFIRMED = "confirmed"
    REPLACED = "replaced"


class EntryKind(StrEnum):
    ACCRUE = "accrue"
    RELEASE = "release"
    CLAW_BACK = "claw_back"
    RESERVE = "reserve"
    SETTLE = "settle"
    FAIL = "fail"
    RETURN = "return"
    REVERSE = "reverse"


@dataclass(frozen=True, slots=True)
class Move:
    """`minor` from one account to another, of the posting's partner and currency."""

    debit: AccountKind
    credit: AccountKind
    minor: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Posting:
    """What is asked of the ledger.  Equal requests have equal fingerprints."""

    key: str
    kind: EntryKind
    partner_id: int
    currency: str
    moves: tuple[Move, ...]
    effective_on: dt.date
    cause: str = ""
    created_by_id: int | None = None
    approved_by_id: int | None = None
    request: Mapping[str, Any] = field(default_factory=dict)

    def fingerprint(self) -> str:
        """Of the request where there is one: what follows from balances is not part of it."""
        asked: Any = dict(self.request) or [[m.debit, m.credit, m.minor] for m in self.moves]
        whole = [self.kind, self.partner_id, self.currency, self.effective_on.isoformat(), asked]
        return hashlib.sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def check(posting: Posting) -> None:
    """Raises Refused("amount"), Refused("accounts"), Refused("same_person")."""
    for move in posting.moves:
        if not 0 < move.minor < 10**15:
            raise Refused("An amount is more than zero and less than 10^15.", code="amount")
        if move.debit is move.credit:
            raise Refused("Money moves between two accounts.", code="accounts")
    if posting.approved_by_id is not None and posting.approved_by_id == posting.created_by_id:
        raise Refused("Another person has to confirm this.", code="same_person")


def net(moves: Iterable[Move]) -> tuple[Move, ...]:
    """Without those that move nothing."""
    return tuple(move for move in moves if move.minor)


def accrued(minor: int, *, held: int) -> tuple[Move, ...]:
    """Something is earned, of which `held` waits."""
    return net(
        [
            Move(AccountKind.EXPENSE, AccountKind.EARNED, minor),
            Move(AccountKind.EARNED, AccountKind.HELD, held),
            Move(AccountKind.EARNED, AccountKind.PAYABLE, minor - held),
        ]
    )


def taken_back(minor: int, *, payable: int) -> tuple[Move, ...]:
    """`minor` is given back: from what is payable, and what that lacks is owed."""
    now = min(minor, max(payable, 0))
    return net(
        [
            Move(AccountKind.PAYABLE, AccountKind.EXPENSE, now),
            Move(AccountKind.CLAWED_BACK, AccountKind.EXPENSE, minor - now),
        ]
    )


def cancelled(minor: int) -> tuple[Move, ...]:
    """`minor` is given back out of what is still held."""
    return net([Move(AccountKind.HELD, AccountKind.EXPENSE, minor)])


def netted(gained: int, *, owed: int) -> tuple[Move, ...]:
    """What has just become payable first makes up for what is owed."""
    return net([Move(AccountKind.PAYABLE, AccountKind.CLAWED_BACK, min(gained, max(owed, 0)))])


def released(minor: int, *, payable: int = 0) -> tuple[Move, ...]:
    """A hold ends.  For what was taken back out of it: from what is `payable`, the rest is owed."""
    if minor > 0:
        return net([Move(AccountKind.HELD, AccountKind.PAYABLE, minor)])
    now = min(-minor, max(payable, 0))
    return net(
        [
            Move(AccountKind.PAYABLE, AccountKind.HELD, now),
            Move(AccountKind.CLAWED_BACK, AccountKind.HELD, -minor - now),
        ]
    )


def negated(moves: Iterable[Move]) -> tuple[Move, ...]:
    """The exact opposite, in the opposite order."""
    return tuple(Move(m.credit, m.debit, m.minor) for m in reversed(list(moves)))


def of_line(
    portions: Iterable[Portion], balance: Balance, today: dt.date
) -> tuple[EntryKind, tuple[Move, ...]]:
    """How a line is posted: what is payable after `today` is held, or taken back out of it."""
    parts = list(portions)
    total = sum(part.minor for part in parts)
    later = sum(part.minor for part in parts if part.payable_on > today)
    if total < 0:
        back = taken_back(later - total, payable=balance.payable)
        return EntryKind.CLAW_BACK, (*back, *cancelled(-later))
    gained = total - later
    return EntryKind.ACCRUE, (*accrued(total, held=later), *netted(gained, owed=balance.owed))


@dataclass(frozen=True, slots=True)
class Balance:
    """What a partner has in one currency, by state.  `owed` is more than zero if it owes."""

    currency: str
    earned: int = 0
    held: int = 0
    payable: int = 0
    in_payout: int = 0
    paid: int = 0
    owed: int = 0

    @property
    def total(self) -> int:
        """Everything that ever stood, less what was taken back."""
        return self.earned + self.held + self.payable + self.in_payout + self.paid - self.owed


def totals(accounts: Iterable[tuple[int | None, AccountKind, str, int]]) -> list[Balance]:
    """What all partners have together, by currency."""
    sums: dict[str, dict[str, int]] = {}
    for _, kind, currency, minor in accounts:
        found = sums.setdefault(currency, {})
        if kind is AccountKind.CLAWED_BACK:
            found["owed"] = found.get("owed", 0) - minor
        elif kind is not AccountKind.EXPENSE:
            found[kind.value] = found.get(kind.value, 0) + minor
    return [Balance(currency, **found) for currency, found in sorted(sums.items())]


def trial(
    accounts: Iterable[tuple[int | None, AccountKind, str, int]],
) -> list[tuple[str, list[tuple[AccountKind, int]]]]:
    """By currency, what stands on each state; every currency sums to zero."""
    sums: dict[str, dict[AccountKind, int]] = {}
    for _, kind, currency, minor in accounts:
        found = sums.setdefault(currency, dict.fromkeys(AccountKind, 0))
        found[kind] += minor
    return [(currency, list(found.items())) for currency, found in sorted(sums.items())]
