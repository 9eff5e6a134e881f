"""The states of an import and what it can be told to do with bad rows."""

from __future__ import annotations

from enum import StrEnum


class BatchState(StrEnum):
    UPLOADED = "uploaded"
    CHECKING = "checking"
    PREVIEWED = "previewed"
    RUNNING = "running"
    DONE = "done"
    UNDOING = "undoing"
    UNDONE = "undone"
    FAILED = "failed"


WORKING = frozenset({BatchState.CHECKING, BatchState.RUNNING, BatchState.UNDOING})
"""States in which a job is at work and nobody can change anything."""

COLUMNS_OPEN = frozenset({BatchState.UPLOADED, BatchState.PREVIEWED})

UNDOABLE = frozenset({BatchState.DONE, BatchState.FAILED})
"""States in which rows may be in the portal that can be taken out."""


class Mode(StrEnum):
    """What becomes of the good rows when there are bad ones."""

    GOOD_ROWS = "good_rows"
    ALL_OR_NOTHING = "all_or_nothing"


class Verb(StrEnum):
    """What an import did to a row of the portal."""

    MADE = "made"
    CHANGED = "changed"
