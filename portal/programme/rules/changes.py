"""What differs between two versions of a document, setting by setting."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from portal.programme.rules.deal_rules import DealRules


@dataclass(frozen=True, slots=True)
class Change:
    """`path` leads to the setting from the top: `protection.length.count`."""

    path: str
    before: str
    after: str


def between(before: DealRules, after: DealRules) -> list[Change]:
    """Every setting that differs, in the document's order.  A list counts as one setting."""
    old, new = _flat(before.to_dict(), ""), _flat(after.to_dict(), "")
    paths = [*old, *(path for path in new if path not in old)]
    return [
        Change(path, _told(old.get(path)), _told(new.get(path)))
        for path in paths
        if old.get(path) != new.get(path)
    ]


def _flat(value: Any, path: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        return {path: value}
    found: dict[str, Any] = {}
    for name, inner in value.items():
        found |= _flat(inner, f"{path}.{name}" if path else name)
    return found


def _told(value: Any) -> str:
    match value:
        case None | [] | "":
            return "none"
        case bool():
            return "yes" if value else "no"
        case list():
            return "; ".join(_entry(each) for each in value)
        case _:
            return str(value)


def _entry(value: Any) -> str:
    if isinstance(value, dict):
        told = (f"{name} {_told(inner)}" for name, inner in value.items() if inner)
        return ", ".join(told)
    return value if isinstance(value, str) else json.dumps(value)
