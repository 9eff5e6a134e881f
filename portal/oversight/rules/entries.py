"""Entries of the log in words, for whoever audits them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from portal.deals.rules import words

SUBJECTS: Mapping[str, str] = {
    "deal": "Deal",
    "partner": "Partner",
    "user": "Person",
    "asset": "Material",
    "share": "Share",
    "branding": "Branding",
    "request": "Request",
    "commission": "Commission",
    "commission_event": "Commission event",
    "plan": "Plan",
    "period": "Period",
    "payout_run": "Payout run",
    "payout": "Payout",
    "bank_account": "Bank account",
    "import": "Import",
}
"""What entries can be about, in the order in which they are offered."""


def sentence(kind: str, facts: Mapping[str, Any]) -> str:
    """What happened, starting with a capital."""
    if kind.startswith("deal."):
        text = words.happened(kind, facts).text
    else:
        subject, _, verb = kind.partition(".")
        text = f"{SUBJECTS.get(subject, plain(subject))}: {plain(verb)}"
    return text[:1].upper() + text[1:]


def plain(code: str) -> str:
    return code.replace("_", " ").replace(".", ": ")


def facts_text(facts: Mapping[str, Any]) -> str:
    """Every fact with its name, in the order in which the event holds them; the number is apart."""
    told = {name: value for name, value in facts.items() if name != "ref"}
    return ", ".join(f"{plain(name)}: {_value(value)}" for name, value in told.items())


def _value(value: Any) -> str:
    match value:
        case None | "" | [] | {}:
            return "none"
        case bool():
            return "yes" if value else "no"
        case list():
            return " / ".join(_value(item) for item in value)
        case dict():
            return "; ".join(f"{plain(name)} {_value(item)}" for name, item in value.items())
        case _:
            return str(value)
