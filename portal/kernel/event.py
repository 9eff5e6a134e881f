"""What happened, as a value: every state change publishes one, and everything else reads them."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, fields
from decimal import Decimal
from enum import Enum
from typing import Any, ClassVar


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    """Base of every event.  Subclasses are frozen, slotted, keyword-only, and name their `kind`.

    `subject` is what it happened to (`deal`, `partner`, `user`), `subject_id` its row.
    `partner_id` is the company whose business it is; `is_shown` says whether that company reads it
    in its timeline.  Facts are plain values: refs and ids, no names of other companies.
    """

    kind: ClassVar[str]
    subject: ClassVar[str]
    is_shown: ClassVar[bool] = True

    subject_id: int
    partner_id: int | None

    def facts(self) -> dict[str, Any]:
        """The event's own fields, as JSON has them."""
        own = [f.name for f in fields(self) if f.name not in {"subject_id", "partner_id"}]
        return {name: _plain(getattr(self, name)) for name in own}


def _plain(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case dt.datetime() | dt.date():
            return value.isoformat()
        case Decimal():
            return str(value)
        case tuple() | list() | frozenset() | set():
            return [_plain(item) for item in value]
        case dict():
            return {str(key): _plain(item) for key, item in value.items()}
        case _:
            return value
