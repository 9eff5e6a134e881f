"""The rules of deal registration that a vendor sets: one document, versioned as a whole.

Codes of lines, regions, tiers, partner types and certificates are the programme's own; an empty
one, or an empty set of them, means any.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from enum import StrEnum
from typing import Any, Self

from portal.kernel.business import Calendar, add_business_days, add_business_hours
from portal.kernel.clock import Length
from portal.kernel.errors import Refused
from portal.kernel.money import Money
from portal.kernel.policy import GRANTS, May, Role
from portal.programme.rules import documents

ANY = ""


def _between(number: int, least: int, most: int, field: str) -> None:
    if not least <= number <= most:
        raise Refused(f"Write a number from {least} to {most}.", field=field)


def _check_length(length: Length, field: str) -> None:
    _between(length.count, 1, 3650, f"{field}.count")


def _positive(money: Money, field: str) -> None:
    if money.minor <= 0:
        raise Refused("Write an amount above zero.", field=field)


def _check_decider(role: Role, field: str) -> None:
    if May.DEALS_DECIDE not in GRANTS[role]:
        raise Refused(f"A {role.label.lower()} may not decide registrations.", field=field)


def _distinct(keys: list[Any], field: str, message: str) -> None:
    if len(set(keys)) < len(keys):
        raise Refused(message, field=field)


class DeadlineUnit(StrEnum):
    HOURS = "hours"
    BUSINESS_HOURS = "business_hours"
    BUSINESS_DAYS = "business_days"


class ProtectionStart(StrEnum):
    """What day 0 is.  Until it has happened, protection counts from the approval."""

    REGISTRATION = "registration"
    SUBMISSION = "submission"
    APPROVAL = "approval"
    ACCEPTANCE = "acceptance"
    ASSIGNMENT = "assignment"


class TenderRule(StrEnum):
    ELIGIBLE = "eligible"
    INELIGIBLE = "ineligible"
    SUBMITTED_BEFORE = "submitted_before"
    APPROVED_BEFORE = "approved_before"


class OnConflict(StrEnum):
    """What an exact conflict does: decides alone, or goes to a person."""

    REJECT = "reject"
    REVIEW = "review"


class SecondGets(StrEnum):
    NOTHING = "nothing"
    CO_SELL = "co_sell"
    SHARE = "share"


class Combine(StrEnum):
    HIGHEST = "highest"
    SUM = "sum"


class WhenLate(StrEnum):
    NOTHING = "nothing"
    ADD_LATE_TIME = "add_late_time"
    APPROVE_CLEAN = "approve_clean"


class CustomerCheck(StrEnum):
    OFF = "off"
    AFTER_SUBMISSION = "after_submission"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True)
class Deadline:
    """`count` hours by the clock, open hours, or open days of the programme's calendar."""

    count: int
    unit: DeadlineUnit = DeadlineUnit.BUSINESS_DAYS

    def __post_init__(self) -> None:
        _between(self.count, 1, 2000, "count")

    def after(self, start: datetime, calendar: Calendar) -> datetime:
        if self.unit is DeadlineUnit.BUSINESS_DAYS:
            return add_business_days(calendar, start, self.count)
        if self.unit is DeadlineUnit.BUSINESS_HOURS:
            return add_business_hours(calendar, start, timedelta(hours=self.count))
        return start + timedelta(hours=self.count)


@dataclass(frozen=True, slots=True)
class ProtectionRule:
    length: Length = Length(90)
    starts_with: ProtectionStart = ProtectionStart.APPROVAL

    def __post_init__(self) -> None:
        _check_length(self.length, "length")


@dataclass(frozen=True, slots=True)
class MinimumSize:
    """Own products at list price before tax must reach `amount`."""

    amount: Money
    region: str = ANY

    def __post_init__(self) -> None:
        _positive(self.amount, "amount")


@dataclass(frozen=True, slots=True)
class NeededCertificate:
    certificate: str
    line: str = ANY


@dataclass(frozen=True, slots=True)
class Eligibility:
    lines: frozenset[str] = frozenset()
    partner_types: frozenset[str] = frozenset()
    tiers: frozenset[str] = frozenset()
    certificates: tuple[NeededCertificate, ...] = ()


@dataclass(frozen=True, slots=True)
class LookBack:
    """How long a purchase or a contact by the vendor keeps a customer from being new.

    `any_line`: a purchase of another line counts too.  `own_sales`: so does what the registering
    partner sold itself.
    """

    purchase: Length | None = None
    vendor_contact: Length | None = None
    any_line: bool = False
    own_sales: bool = False

    def __post_init__(self) -> None:
        for name, length in (("purchase", self.purchase), ("vendor_contact", self.vendor_contact)):
            if length:
                _check_length(length, name)


@dataclass(frozen=True, slots=True)
class Milestone:
    """Something to reach inside the protection, in days after its day 0.

    Nothing reported: reminder on `remind_day`, due by the end of `due_day`, lapse at the end of
    `grace_day`.
    """

    code: str
    name: str
    remind_day: int
    due_day: int
    grace_day: int

    def __post_init__(self) -> None:
        if not self.code or not self.name:
            raise Refused("A milestone has a code and a name.", field="code")
        _between(self.remind_day, 0, self.due_day, "remind_day")
        _between(self.grace_day, self.due_day, 3650, "grace_day")


@dataclass(frozen=True, slots=True)
class ExtensionRule:
    """At most `limit` extensions of `length`, asked before expiry, one pending at a time.

    `window_days`: asked no sooner than that many days before the last one; None: at any time.
    """

    limit: int = 1
    length: Length = Length(30)
    window_days: int | None = None
    needs_evidence: bool = False

    def __post_init__(self) -> None:
        _between(self.limit, 0, 20, "limit")
        _check_length(self.length, "length")
        if self.window_days is not None:
            _between(self.window_days, 1, 3650, "window_days")


@dataclass(frozen=True, slots=True)
class SecondRule:
    """What a second registrant gets; `share` is the part of the first one's discount."""

    gets: SecondGets = SecondGets.NOTHING
    share: Decimal = Decimal(0)

    def __post_init__(self) -> None:
        has_share = self.gets is SecondGets.SHARE
        if not (0 < self.share <= 1 if has_share else self.share == 0):
            raise Refused(
                "A share is more than 0 and at most 1; without one it is 0.", field="share"
            )


@dataclass(frozen=True, slots=True)
class DiscountRule:
    """How discounts for which one deal qualifies combine; `cap` in percentage points."""

    combine: Combine = Combine.HIGHEST
    cap: Decimal | None = None

    def __post_init__(self) -> None:
        if self.cap is not None and not 0 <= self.cap <= 100:
            raise Refused("A cap is 0 to 100 percentage points.", field="cap")


@dataclass(frozen=True, slots=True)
class AutoLimit:
    """A clean deal of a partner of `tier` under (not at) this amount approves itself."""

    below: Money
    tier: str = ANY

    def __post_init__(self) -> None:
        _positive(self.below, "below")


@dataclass(frozen=True, slots=True)
class Route:
    """Who approves, in order, what matches: one of `lines` and `regions`, from `from_amount` on."""

    approvers: tuple[Role, ...]
    lines: frozenset[str] = frozenset()
    regions: frozenset[str] = frozenset()
    from_amount: Money | None = None

    def __post_init__(self) -> None:
        if not self.approvers:
            raise Refused("Name at least one approver.", field="approvers")
        for place, role in enumerate(self.approvers):
            _check_decider(role, f"approvers[{place}]")


@dataclass(frozen=True, slots=True)
class LateRule:
    """`escalate_after` counts from the missed deadline."""

    consequence: WhenLate = WhenLate.ADD_LATE_TIME
    escalate_to: Role = Role.ADMINISTRATOR
    escalate_after: Deadline = Deadline(1, DeadlineUnit.BUSINESS_HOURS)

    def __post_init__(self) -> None:
        _check_decider(self.escalate_to, "escalate_to")


@dataclass(frozen=True, slots=True)
class IdleRule:
    """A partner with `limit` registrations untouched for `after_days` can't add another."""

    limit: int | None = None
    after_days: int = 30

    def __post_init__(self) -> None:
        if self.limit is not None:
            _between(self.limit, 1, 100_000, "limit")
        _between(self.after_days, 1, 3650, "after_days")


@dataclass(frozen=True, slots=True)
class AppealRule:
    """Raised within `within` of the rejection; answered within `decided_in`."""

    within: Length = Length(14)
    decided_in: Deadline = Deadline(5)

    def __post_init__(self) -> None:
        _check_length(self.within, "within")


@dataclass(frozen=True, slots=True)
class DealRules:
    """Everything a registration is judged by.  The defaults are a mild, complete programme.

    The first route that matches names the approvers; none matching, the channel manager decides.
    `won_after_hours` is the least time between registration and won.  `activity_needed`: the line
    that says what was done to earn the deal is required.
    """

    calendar: Calendar = Calendar()
    protection: ProtectionRule = ProtectionRule()
    decision: Deadline = Deadline(2)
    minimum_sizes: tuple[MinimumSize, ...] = ()
    eligibility: Eligibility = Eligibility()
    look_back: LookBack = LookBack()
    tenders: TenderRule = TenderRule.ELIGIBLE
    on_conflict: OnConflict = OnConflict.REJECT
    milestones: tuple[Milestone, ...] = ()
    extensions: ExtensionRule = ExtensionRule()
    second: SecondRule = SecondRule()
    discounts: DiscountRule = DiscountRule()
    auto_approval: tuple[AutoLimit, ...] = ()
    routes: tuple[Route, ...] = ()
    late: LateRule = LateRule()
    idle: IdleRule = IdleRule()
    answer_limit: Deadline = Deadline(3)
    appeals: AppealRule = AppealRule()
    won_after_hours: int = 0
    activity_needed: bool = False
    customer_check: CustomerCheck = CustomerCheck.OFF
    tick_seconds: int = 5

    def __post_init__(self) -> None:
        _between(self.won_after_hours, 0, 24 * 365, "won_after_hours")
        _between(self.tick_seconds, 1, 300, "tick_seconds")
        _distinct([m.code for m in self.milestones], "milestones", "Two milestones share a code.")
        _distinct(
            [(m.region, m.amount.currency) for m in self.minimum_sizes],
            "minimum_sizes",
            "Two minimum sizes are for one region and currency.",
        )
        _distinct(
            [(a.tier, a.below.currency) for a in self.auto_approval],
            "auto_approval",
            "Two limits are for one tier and currency.",
        )

    def to_dict(self) -> dict[str, Any]:
        document: dict[str, Any] = documents.write(self)
        return document

    @classmethod
    def from_dict(cls, document: object) -> Self:
        """Raises documents.NotADocument, which names every problem by its path."""
        return documents.read(cls, document)
