"""What happens to an import as a whole, as the log records it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportEvent(Event):
    kind: ClassVar[str] = "import"
    subject: ClassVar[str] = "import"
    is_shown: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportFinished(ImportEvent):
    kind: ClassVar[str] = "import.finished"
    importer: str
    counts: dict[str, int]


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportUndone(ImportEvent):
    kind: ClassVar[str] = "import.undone"
    removed: int
    restored: int
    kept: int
