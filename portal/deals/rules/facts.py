"""What judgement knows: a claim, and everything else on record about the same customer.

Queries fill these values; nothing here was typed by a rival or is shown to one.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from portal.deals.rules.lifecycle import UNDECIDED, DealState
from portal.kernel.clock import Period
from portal.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Subject:
    """What at most one partner is protected for.  A division is a customer of its own."""

    customer_id: int
    line: str


@dataclass(frozen=True, slots=True)
class Item:
    """Part of an offer at list price before tax."""

    amount: Money
    is_own_product: bool = True


def own_value(items: Iterable[Item], currency: str) -> Money:
    """What counts towards a minimum size: the vendor's own products only."""
    return sum((item.amount for item in items if item.is_own_product), Money(0, currency))


@dataclass(frozen=True, slots=True)
class Claim:
    """A complete submission.

    `place` orders claims: the server's instant of complete submission, strictly increasing.
    `value` is the own products' list value before tax; `reporting_value` the same in the
    programme's reporting currency.  `doubts` are the matcher's reasons why the customer may be
    another one on record; an exact match has none.  `idle_count` are the partner's other
    registrations that lie idle.
    """

    ref: str
    partner_id: int
    customer_id: int | None
    line: str
    place: datetime
    value: Money
    reporting_value: Money | None = None
    region: str = ""
    partner_type: str = ""
    tier: str = ""
    certificates: frozenset[str] = frozenset()
    activity: str = ""
    is_tender: bool = False
    tender_published_on: date | None = None
    idle_count: int = 0
    doubts: tuple[str, ...] = ()

    @property
    def subject(self) -> Subject | None:
        return None if self.customer_id is None else Subject(self.customer_id, self.line)


@dataclass(frozen=True, slots=True)
class Protection:
    """`period` ends where the protection ended if that was early."""

    ref: str
    partner_id: int
    subject: Subject
    period: Period


@dataclass(frozen=True, slots=True)
class OpenClaim:
    """`answer_by` is set while information is requested."""

    ref: str
    partner_id: int
    subject: Subject
    place: datetime
    state: DealState
    answer_by: datetime | None = None

    def holds_its_place(self, now: datetime) -> bool:
        is_answer_late = self.answer_by is not None and now > self.answer_by
        return self.state in UNDECIDED and not is_answer_late


@dataclass(frozen=True, slots=True)
class VendorOpportunity:
    """An opportunity the vendor itself works on."""

    subject: Subject


@dataclass(frozen=True, slots=True)
class Purchase:
    """`partner_id` is None for a direct sale."""

    subject: Subject
    bought_on: date
    partner_id: int | None = None


@dataclass(frozen=True, slots=True)
class VendorContact:
    customer_id: int
    met_on: date


@dataclass(frozen=True, slots=True)
class OnRecord:
    """Everything that may stand against a claim; other customers' and lines' rows are ignored."""

    protections: tuple[Protection, ...] = ()
    claims: tuple[OpenClaim, ...] = ()
    opportunities: tuple[VendorOpportunity, ...] = ()
    purchases: tuple[Purchase, ...] = ()
    contacts: tuple[VendorContact, ...] = ()
    named_accounts: frozenset[int] = frozenset()


NOTHING_ON_RECORD = OnRecord()
