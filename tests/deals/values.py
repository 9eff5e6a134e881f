"""Claims and rivals for the rules' tests: Cedar, Alder and Birch want the same customer."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from portal.deals.rules.facts import Claim, OnRecord, OpenClaim, Protection, Subject
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.verdict import Case, Decision, judge
from portal.kernel.business import Calendar
from portal.kernel.clock import Period
from portal.kernel.money import Money, parse_plain
from portal.programme.rules.deal_rules import DealRules

ZURICH = Calendar("Europe/Zurich", country="CH", subdivision="ZH")
RULES = DealRules(calendar=ZURICH)
CEDAR, ALDER, BIRCH = 1, 2, 3
CUSTOMER, DIVISION = 10, 11
CORE, EDGE = "core", "edge"


def at(text: str, zone: str = "Europe/Zurich") -> datetime:
    """An instant from local time: 2026-11-30T10:00, or a day at its start."""
    return datetime.fromisoformat(text).replace(tzinfo=ZoneInfo(zone)).astimezone(UTC)


def usd(major: int | str) -> Money:
    return parse_plain(str(major), "USD")


def a_claim(**facts: object) -> Claim:
    values = {
        "ref": "DR-NEW",
        "partner_id": CEDAR,
        "customer_id": CUSTOMER,
        "line": CORE,
        "place": at("2026-06-01T10:00"),
        "value": usd(10_000),
    }
    return Claim(**{**values, **facts})  # type: ignore[arg-type]


def protected(partner_id: int, start: str, end: str, **facts: object) -> Protection:
    values = {
        "ref": f"DR-{partner_id}",
        "partner_id": partner_id,
        "subject": Subject(CUSTOMER, CORE),
        "period": Period(at(start), at(end)),
    }
    return Protection(**{**values, **facts})  # type: ignore[arg-type]


def open_claim(partner_id: int, place: str, **facts: object) -> OpenClaim:
    values = {
        "ref": f"DR-{partner_id}",
        "partner_id": partner_id,
        "subject": Subject(CUSTOMER, CORE),
        "place": at(place),
        "state": DealState.SUBMITTED,
    }
    return OpenClaim(**{**values, **facts})  # type: ignore[arg-type]


def decide(
    claim: Claim,
    rules: DealRules = RULES,
    *,
    now: datetime | None = None,
    **on_record: object,
) -> Decision:
    """The decision on `claim`, judged at once unless `now` says when."""
    record = OnRecord(**on_record)  # type: ignore[arg-type]
    return judge(Case(claim, rules, now or claim.place, record))
