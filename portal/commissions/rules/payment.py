"""Where the money of a commission is, in words: earned, on hold, payable, in payout, paid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

from portal.commissions.rules.postings import PayoutState


class Part(Protocol):
    """A portion of a line, as a page knows it."""

    @property
    def amount_minor(self) -> int: ...
    @property
    def payable_on(self) -> dt.date: ...
    @property
    def is_released(self) -> bool: ...
    @property
    def is_cancelled(self) -> bool: ...
    @property
    def payout(self) -> PayoutState | None: ...
    @property
    def pays_on(self) -> dt.date | None: ...


@dataclass(frozen=True, slots=True)
class Standing:
    """What a badge says.  `until` is the day of "On hold to"."""

    text: str
    tone: str
    icon: str = ""
    until: dt.date | None = None


@dataclass(frozen=True, slots=True)
class Stage:
    """One stage of the payment: done, current or later."""

    label: str
    state: str
    on: dt.date | None = None
    about: str = ""


def standing(amount_minor: int, parts: Sequence[Part]) -> Standing:
    """Where a line is; what is least far along speaks for the whole."""
    if amount_minor == 0:
        return Standing("Nothing earned", "quiet")
    standing_parts = [part for part in parts if not part.is_cancelled]
    if amount_minor < 0 or not standing_parts:
        return Standing("Taken back", "quiet", "undo")
    waiting = [part.payable_on for part in standing_parts if not part.is_released]
    if waiting:
        return Standing("On hold", "info", "clock", max(waiting))
    payouts = {part.payout for part in standing_parts}
    if payouts <= {PayoutState.SETTLED}:
        return Standing("Paid", "quiet", "check")
    return Standing("Payable", "plain") if None in payouts else Standing("In payout", "plain")


def stages(now: Standing, earned_on: dt.date, parts: Sequence[Part]) -> list[Stage]:
    """The way of a commission that was earned, from the event to the bank."""
    order = ["Earned", "On hold", "Payable", "In payout", "Paid"]
    at = order.index(now.text) if now.text in order else 0
    pays_on = max((part.pays_on for part in parts if part.pays_on), default=None)
    days = {
        "Earned": earned_on,
        "On hold": max((part.payable_on for part in parts), default=None),
        "Paid": pays_on,
    }
    last = len(order) - 1
    return [
        Stage(
            label,
            "done" if place < at or at == last else "current" if place == at else "later",
            days.get(label),
        )
        for place, label in enumerate(order)
    ]
