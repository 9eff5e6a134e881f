"""What an importer may write to: one table of the portal, found by a natural key."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from portal.db.base import Base
from portal.kernel.event import Event

Derived = Callable[[int, Mapping[str, Any]], tuple[type[Base], list[dict[str, Any]]]]
MadeEvent = Callable[[int, Mapping[str, Any]], Event]


@dataclass(frozen=True, slots=True, eq=False)
class Shelf:
    """`key` are the columns that name a row; without any, the source's own key does.

    `kept` are the columns that a later import may change.  `only` narrows the rows it looks at.
    `trails` are columns of other tables whose rows go with a row when it is taken back: views of
    it, search keys.  `derived` gives rows reckoned from a row and renewed with it, which are
    among its trails.  `made` gives the event for a new row.  With `ref_prefix` rows get a public
    reference; `lock` names what must be held while one is added.  A shelf that `is_looked_at_only`
    is never written: what is put there only tells later lines.
    """

    name: str
    model: type[Base]
    key: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()
    only: Mapping[str, Any] = field(default_factory=dict)
    trails: tuple[tuple[type[Base], str], ...] = ()
    made: MadeEvent | None = None
    ref_prefix: str = ""
    derived: Derived | None = None
    lock: Callable[[Mapping[str, Any]], str] | None = None
    is_looked_at_only: bool = False

    @property
    def has_version(self) -> bool:
        return "version" in self.model.__table__.c

    @property
    def columns(self) -> tuple[str, ...]:
        version = ("version",) if self.has_version else ()
        return tuple(dict.fromkeys((*version, *self.key, *self.kept)))


@dataclass(slots=True, eq=False)
class Slot:
    """One row: there before (with an id), or planned.  Other rows refer to it before it has one."""

    shelf: Shelf
    key: tuple[Any, ...]
    values: dict[str, Any]
    id: int | None = None
    version: int | None = None
    is_planned: bool = False
    before: dict[str, Any] = field(default_factory=dict)
    origin: tuple[str, int] = ("", 0)
    source_key: str = ""

    @property
    def token(self) -> Any:
        """What stands for the row in other rows' keys, the same before and after it is written."""
        return self if self.is_planned else self.id

    @property
    def label(self) -> str:
        return str(self.values.get("name") or self.source_key or " ".join(map(str, self.key)))
