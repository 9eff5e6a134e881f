"""Tables of commissions: the ledger, what was earned and why, and what the engine is told."""

from portal.commissions.models.earnings import (
    CommissionEvent,
    CommissionLine,
    ExchangeRate,
    PlanVersion,
    Portion,
    Quota,
    Tally,
)
from portal.commissions.models.ledger import Account, Entry, Period, Transfer
from portal.commissions.models.payouts import BankAccount, Payout, PayoutRun
from portal.commissions.models.questions import Question

__all__ = [
    "Account",
    "BankAccount",
    "CommissionEvent",
    "CommissionLine",
    "Entry",
    "ExchangeRate",
    "Payout",
    "PayoutRun",
    "Period",
    "PlanVersion",
    "Portion",
    "Question",
    "Quota",
    "Tally",
    "Transfer",
]
