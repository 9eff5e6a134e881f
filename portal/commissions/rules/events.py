"""What happens to commissions, as the log and everything that reads it know it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from portal.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionEarned(Event):
    """The amount is in minor units of `currency`; below zero it was taken back."""

    kind: ClassVar[str] = "commission.earned"
    subject: ClassVar[str] = "commission"
    ref: str
    amount_minor: int
    currency: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CommissionReversed(Event):
    """The very negation of an earlier one: what it came from did not happen."""

    kind: ClassVar[str] = "commission.reversed"
    subject: ClassVar[str] = "commission"
    ref: str
    reverses: str


@dataclass(frozen=True, slots=True, kw_only=True)
class EventWaits(Event):
    """Something that may earn lacks a fact; finance enters it and takes the event again."""

    kind: ClassVar[str] = "commission.waits"
    subject: ClassVar[str] = "commission_event"
    is_shown: ClassVar[bool] = False
    key: str
    code: str


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAsked(Event):
    kind: ClassVar[str] = "commission.questioned"
    subject: ClassVar[str] = "commission"
    ref: str
    due_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class QuestionAnswered(Event):
    kind: ClassVar[str] = "commission.answered"
    subject: ClassVar[str] = "commission"
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PlanPublished(Event):
    kind: ClassVar[str] = "plan.published"
    subject: ClassVar[str] = "plan"
    plan: str
    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PeriodClosed(Event):
    """`digest` proves every entry of the period."""

    kind: ClassVar[str] = "period.closed"
    subject: ClassVar[str] = "period"
    starts_on: dt.date
    entries: int
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunEvent(Event):
    subject: ClassVar[str] = "payout_run"
    kind: ClassVar[str] = "payout_run"
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunPrepared(RunEvent):
    kind: ClassVar[str] = "payout_run.prepared"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunReleased(RunEvent):
    """`digest` is the SHA-256 of the bank file."""

    kind: ClassVar[str] = "payout_run.released"
    digest: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RunSettled(RunEvent):
    kind: ClassVar[str] = "payout_run.settled"


@dataclass(frozen=True, slots=True, kw_only=True)
class RunCancelled(RunEvent):
    kind: ClassVar[str] = "payout_run.cancelled"


@dataclass(frozen=True, slots=True, kw_only=True)
class PayoutReturned(Event):
    kind: ClassVar[str] = "payout.returned"
    subject: ClassVar[str] = "payout"
    end_to_end: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class BankProposed(Event):
    """Facts never hold the account itself."""

    kind: ClassVar[str] = "bank.proposed"
    subject: ClassVar[str] = "bank_account"
    usable_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class BankConfirmed(Event):
    kind: ClassVar[str] = "bank.confirmed"
    subject: ClassVar[str] = "bank_account"
