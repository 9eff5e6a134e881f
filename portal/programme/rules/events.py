"""What happens to the programme, as the log records it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from portal.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgrammeEvent(Event):
    kind: ClassVar[str] = "programme"
    subject: ClassVar[str] = "programme"
    is_shown: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRulesPublished(ProgrammeEvent):
    """`changed` are the paths of the settings that differ from the version before."""

    kind: ClassVar[str] = "programme.deal_rules_published"
    number: int
    effective_at: dt.datetime
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseKept(ProgrammeEvent):
    kind: ClassVar[str] = "programme.case_kept"
    name: str
    expected: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CaseDropped(ProgrammeEvent):
    kind: ClassVar[str] = "programme.case_dropped"
    name: str
