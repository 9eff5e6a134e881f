"""An explanation as the rows of "why this amount", for pages, files and print."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from portal.kernel.money import Money, exponent, format_money

NAMES = {
    "event": "What happened",
    "plan": "Plan",
    "rule": "Rule",
    "base": "Base",
    "base_part": "Part of the base",
    "exchange": "Exchange rate",
    "rate": "Rate",
    "band": "Band",
    "accelerator": "Accelerator",
    "reached": "Step reached",
    "rounding": "Rounding",
    "floor": "Floor",
    "cap": "Cap",
    "split": "Split",
    "share": "Share",
    "full": "In full",
    "hold": "On hold",
    "why_not_more": "Why not more",
    "why_nothing": "Why nothing",
}
INSIDE = frozenset({"base_part"})


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the step table; `amount` is printed."""

    name: str
    text: str
    amount: str = ""
    negative: bool = False


def rows_of(explanation: Mapping[str, Any], currency: str, locale: str) -> list[Row]:
    """The steps of a line in reading order, those inside a base joined into its text."""
    return list(_rows(explanation.get("steps", ()), currency, locale))


def _rows(steps: Any, currency: str, locale: str) -> Iterator[Row]:
    for step in steps:
        inner = step.get("steps", ())
        parts = [each["text"] for each in inner if each["kind"] in INSIDE]
        text = ". ".join([step["text"], *parts])
        amount = step.get("amount", "")
        yield Row(
            NAMES.get(step["kind"], step["kind"].replace("_", " ").capitalize()),
            text,
            printed(amount, currency, locale),
            amount.startswith("-"),
        )
        if step["kind"] == "full":
            yield from _rows(inner, currency, locale)


def printed(amount: str, currency: str, locale: str) -> str:
    """An amount of a step for people: to the smallest unit where it is whole, else as it is."""
    if not amount:
        return ""
    plain = amount.rstrip("…")
    scaled = Decimal(plain).scaleb(exponent(currency))
    if amount != plain or scaled != scaled.to_integral_value():
        return f"{amount} {currency}"
    return format_money(Money(int(scaled), currency), locale)
