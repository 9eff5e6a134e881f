"""What an asserted past makes of a registration: the administrator's own way in, without a queue.

Days are taken as they were recorded: a registration stands from the start of its day in the
programme's time zone.  Nothing here is judged, mailed or paid.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.protection import Moments, granted
from portal.deals.rules.states import ProtectionState
from portal.deals.rules.verdict import Reason
from portal.kernel.clock import local_day, start_of_day
from portal.kernel.errors import Refused
from portal.kernel.event import Event
from portal.programme.rules.deal_rules import DealRules

NOT_RECORDED = "not_recorded"
"""The reason of a deal that was lost for a reason nobody wrote down."""


class Stage(StrEnum):
    """How far a deal was, in the words most sales systems have."""

    PROSPECTING = "prospecting"
    ENGAGING = "engaging"
    WON = "won"
    LOST = "lost"


class Ending(StrEnum):
    """Why a protection of the past is over."""

    EXPIRED = "expired"
    WON = "won"
    LOST = "lost"
    HELD_BY_ANOTHER = "held_by_another"


@dataclass(frozen=True, slots=True)
class Asserted:
    """What somebody says happened.  `engaged_on` is the day of the registration."""

    stage: Stage
    has_customer: bool
    engaged_on: dt.date | None = None
    closed_on: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Held:
    """A protection's period, and when and why it ended if it did."""

    starts_at: dt.datetime
    ends_at: dt.datetime
    state: ProtectionState = ProtectionState.LIVE
    ended_at: dt.datetime | None = None
    cause: str = ""


@dataclass(frozen=True, slots=True)
class Past:
    """What the registration is today."""

    state: DealState
    reason: str = ""
    registered_at: dt.datetime | None = None
    closed_at: dt.datetime | None = None
    held: Held | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class DealImported(Event):
    kind: ClassVar[str] = "deal.imported"
    subject: ClassVar[str] = "deal"
    state: DealState


def past(rules: DealRules, said: Asserted, *, is_held: bool, now: dt.datetime) -> Past:
    """`is_held`: another registration holds a live protection of the customer and line.

    Without a day it is a draft; without a customer a draft that says so.  Fields named in refusals
    are "engaged_on" and "closed_on".  Raises Refused("asserted_dates").
    """
    _check(rules, said, now)
    if said.stage is Stage.PROSPECTING or said.engaged_on is None:
        return Past(DealState.DRAFT)
    if not said.has_customer:
        return Past(DealState.DRAFT, reason=Reason.CUSTOMER_MISSING.value)
    start = start_of_day(said.engaged_on, rules.calendar.tzinfo)
    period = granted(rules, Moments(start, start, start))
    if said.stage is Stage.ENGAGING:
        return _open(start, period.ends_at, is_held=is_held, now=now)
    assert said.closed_on is not None
    closed_at = start_of_day(said.closed_on, rules.calendar.tzinfo)
    state = DealState.WON if said.stage is Stage.WON else DealState.LOST
    cause = Ending(said.stage.value) if closed_at < period.ends_at else Ending.EXPIRED
    ended_at = min(closed_at, period.ends_at)
    held = Held(start, period.ends_at, ProtectionState.ENDED, ended_at, cause.value)
    return Past(state, registered_at=start, closed_at=closed_at, held=held)


def _open(start: dt.datetime, ends_at: dt.datetime, *, is_held: bool, now: dt.datetime) -> Past:
    ended = ProtectionState.ENDED
    if ends_at <= now:
        held = Held(start, ends_at, ended, ends_at, Ending.EXPIRED.value)
        return Past(DealState.EXPIRED, registered_at=start, closed_at=ends_at, held=held)
    if is_held:
        held = Held(start, ends_at, ended, now, Ending.HELD_BY_ANOTHER.value)
        return Past(DealState.EXPIRED, registered_at=start, closed_at=now, held=held)
    return Past(DealState.APPROVED, registered_at=start, held=Held(start, ends_at))


def _check(rules: DealRules, said: Asserted, now: dt.datetime) -> None:
    today = local_day(now, rules.calendar.tzinfo)
    is_closed = said.stage in {Stage.WON, Stage.LOST}
    for field, day in (("engaged_on", said.engaged_on), ("closed_on", said.closed_on)):
        if day is not None and day > today and (field == "engaged_on" or is_closed):
            raise Refused(f"{day} is still to come.", code="asserted_dates", field=field)
    if not is_closed or said.engaged_on is None:
        return
    if said.closed_on is None:
        why = f"A {said.stage.value} deal has the day on which it was closed."
        raise Refused(why, code="asserted_dates", field="closed_on")
    if said.closed_on < said.engaged_on:
        why = f"It was closed on {said.closed_on}, before it began on {said.engaged_on}."
        raise Refused(why, code="asserted_dates", field="closed_on")
