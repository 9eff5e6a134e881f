"""What the engine hands back: lines, when they are payable, and the tree that explains each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction
from typing import Any

from portal.kernel.money import Money, exponent, format_amount, round_half_up


@dataclass(frozen=True, slots=True)
class Step:
    """One row of "why this amount": what was done, where it comes from, what it came to.

    `amount` is a decimal in the line's currency, exact up to six decimals, or empty.
    """

    kind: str
    text: str
    source: str = ""
    amount: str = ""
    steps: tuple[Step, ...] = ()

    def to_data(self) -> dict[str, Any]:
        """Plain data without empty fields."""
        data: dict[str, Any] = {"kind": self.kind, "text": self.text}
        if self.source:
            data["source"] = self.source
        if self.amount:
            data["amount"] = self.amount
        if self.steps:
            data["steps"] = [step.to_data() for step in self.steps]
        return data

    def all_text(self) -> str:
        """Every text of the tree, one a line, in reading order."""
        return "\n".join([self.text, *(step.all_text() for step in self.steps)])


@dataclass(frozen=True, slots=True)
class Portion:
    """A part of a line and the first day it may be paid out."""

    minor: int
    payable_on: date


@dataclass(frozen=True, slots=True)
class Line:
    """What one party earns, or gives back, from one event by one rule.

    `of` is the event that earned, which for a refund or payment is not `event`.  `snapshot` holds
    what `replay` needs beside the plan to come to the same minor unit.
    """

    event: str
    of: str
    partner: str
    person: str
    amount: Money
    plan: str
    version: int
    rule: str
    portions: tuple[Portion, ...]
    explanation: Step
    snapshot: Mapping[str, Any]


def decimal_text(value: Fraction, decimals: int) -> str:
    """Exact up to six decimals more than `decimals`, otherwise rounded there and marked with …"""
    scale = 10 ** (decimals + 6)
    scaled = value * scale
    number = Decimal(round_half_up(scaled)).scaleb(-decimals - 6)
    whole, _, rest = f"{number:f}".partition(".")
    rest = rest.rstrip("0").ljust(decimals, "0")
    text = f"{whole}.{rest}" if rest else whole
    return text if scaled.denominator == 1 else f"{text}…"


def major_text(minor: Fraction | int, currency: str) -> str:
    """Minor units as a decimal in major units: 285840 becomes 2858.40."""
    decimals = exponent(currency)
    return decimal_text(Fraction(minor) / 10**decimals, decimals)


def money_text(minor: Fraction | int, currency: str) -> str:
    """For people: 28,584.00 EUR."""
    if Fraction(minor).denominator == 1:
        return f"{format_amount(Money(int(minor), currency), 'en')} {currency}"
    return f"{major_text(minor, currency)} {currency}"


def percent_text(rate: Fraction) -> str:
    """0.125 becomes 12.5 %."""
    return f"{decimal_text(rate * 100, 0)} %"
