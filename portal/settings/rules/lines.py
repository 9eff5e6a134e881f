"""Lists of the deal rules as text, one entry a line, its parts between bars; read back strictly.

An empty part means any, or none.  Whoever reads a line that is wrong is told its number.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from portal.kernel.business import DAY_NAMES
from portal.kernel.errors import Refused
from portal.kernel.money import Money, parse_plain, plain

Entry = dict[str, Any]


def codes(text: str) -> list[str]:
    """Codes parted by commas or blanks, sorted."""
    return sorted({code for code in text.replace(",", " ").split() if code})


def told_codes(found: list[str]) -> str:
    return ", ".join(found)


def _money(text: str) -> Entry:
    """`50000 EUR`."""
    amount, _, currency = text.strip().rpartition(" ")
    if not amount or len(currency) != 3:
        raise Refused("Write an amount and its currency, such as 50000 EUR.")
    money = parse_plain(amount.replace(",", ""), currency.upper())
    return {"minor": money.minor, "currency": money.currency}


def _told_money(entry: Entry) -> str:
    money = Money(entry["minor"], entry["currency"])
    return f"{plain(money)} {money.currency}"


def _whole(text: str) -> int:
    if not text.isascii() or not text.isdecimal() or len(text) > 9:
        raise Refused("Write a whole number.")
    return int(text)


def _time(text: str) -> int:
    hours, _, minutes = text.strip().partition(":")
    return _whole(hours) * 60 + _whole(minutes or "0")


def _told_time(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _shift(parts: list[str]) -> Entry:
    day = parts[0].capitalize()
    if day not in DAY_NAMES:
        raise Refused("Begin with a weekday, such as Monday.")
    return {"weekday": DAY_NAMES.index(day), "opens": _time(parts[1]), "closes": _time(parts[2])}


def _told_shift(entry: Entry) -> list[str]:
    day = DAY_NAMES[entry["weekday"]]
    return [day, _told_time(entry["opens"]), _told_time(entry["closes"])]


def _milestone(parts: list[str]) -> Entry:
    days = [_whole(part) for part in parts[2:]]
    names = ("remind_day", "due_day", "grace_day")
    return {"code": parts[0], "name": parts[1], **dict(zip(names, days, strict=True))}


def _route(parts: list[str]) -> Entry:
    return {
        "approvers": [role.strip() for role in parts[0].split(",") if role.strip()],
        "lines": codes(parts[1]),
        "regions": codes(parts[2]),
        "from_amount": _money(parts[3]) if parts[3] else None,
    }


def _told_route(entry: Entry) -> list[str]:
    amount = entry["from_amount"]
    return [
        ", ".join(entry["approvers"]),
        told_codes(entry["lines"]),
        told_codes(entry["regions"]),
        _told_money(amount) if amount else "",
    ]


class Kind:
    """One kind of line: its parts by name, how they are read, and how an entry is written."""

    def __init__(
        self,
        shape: str,
        read: Callable[[list[str]], Entry],
        write: Callable[[Entry], list[str]],
        needed: int,
    ) -> None:
        self.shape = shape
        self.count = len(shape.split("|"))
        self.needed = needed
        self._read, self._write = read, write

    def read(self, text: str, field: str) -> list[Entry]:
        """Raises Refused naming the line."""
        entries = []
        for number, line in enumerate(text.splitlines(), 1):
            if not line.strip():
                continue
            parts = [part.strip() for part in line.split("|")]
            if not self.needed <= len(parts) <= self.count:
                raise Refused(f"Line {number}: write {self.shape}.", field=field)
            parts += [""] * (self.count - len(parts))
            try:
                entries.append(self._read(parts))
            except Refused as refused:
                raise Refused(f"Line {number}: {refused.message}", field=field) from refused
        return entries

    def write(self, entries: list[Entry]) -> str:
        return "\n".join(" | ".join(self._write(entry)).rstrip(" |") for entry in entries)


KINDS: dict[str, Kind] = {
    "shifts": Kind("weekday | opens | closes", _shift, _told_shift, 3),
    "minimum_sizes": Kind(
        "amount | region",
        lambda parts: {"amount": _money(parts[0]), "region": parts[1]},
        lambda entry: [_told_money(entry["amount"]), entry["region"]],
        1,
    ),
    "certificates": Kind(
        "certificate | line",
        lambda parts: {"certificate": parts[0], "line": parts[1]},
        lambda entry: [entry["certificate"], entry["line"]],
        1,
    ),
    "milestones": Kind(
        "code | name | reminder day | due day | lapse day",
        _milestone,
        lambda entry: [str(entry[name]) for name in entry],
        5,
    ),
    "auto_approval": Kind(
        "below amount | tier",
        lambda parts: {"below": _money(parts[0]), "tier": parts[1]},
        lambda entry: [_told_money(entry["below"]), entry["tier"]],
        1,
    ),
    "routes": Kind("approvers | lines | regions | from amount", _route, _told_route, 1),
}
