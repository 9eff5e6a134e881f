"""What happens to partner companies, as the log records it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerEvent(Event):
    kind: ClassVar[str] = "partner"
    subject: ClassVar[str] = "partner"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerCreated(PartnerEvent):
    kind: ClassVar[str] = "partner.created"
    ref: str
    type: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerChanged(PartnerEvent):
    """`changes` maps a field to its value before and after."""

    kind: ClassVar[str] = "partner.changed"
    changes: dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SuppliersChanged(PartnerEvent):
    kind: ClassVar[str] = "partner.suppliers_changed"
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagerChanged(PartnerEvent):
    kind: ClassVar[str] = "partner.manager_changed"
    before: int | None
    after: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerMoved(PartnerEvent):
    """Base of every change of state; `reason` is read by staff only."""

    kind: ClassVar[str] = "partner.moved"
    is_shown: ClassVar[bool] = False
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerAdmitted(PartnerMoved):
    kind: ClassVar[str] = "partner.admitted"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerSuspended(PartnerMoved):
    kind: ClassVar[str] = "partner.suspended"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerResumed(PartnerMoved):
    kind: ClassVar[str] = "partner.resumed"


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerEnded(PartnerMoved):
    kind: ClassVar[str] = "partner.ended"


@dataclass(frozen=True, slots=True, kw_only=True)
class NoteAdded(PartnerEvent):
    kind: ClassVar[str] = "partner.note_added"
    is_shown: ClassVar[bool] = False
    note_id: int


MOVED: dict[str, type[PartnerMoved]] = {
    "admit": PartnerAdmitted,
    "suspend": PartnerSuspended,
    "resume": PartnerResumed,
    "end": PartnerEnded,
}
