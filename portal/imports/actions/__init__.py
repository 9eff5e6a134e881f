"""Every change an import makes: taking files in, planning rows, writing them, taking them back."""

from portal.imports.actions.importer import Importer, Planned
from portal.imports.actions.ledger import Ledger, Setting
from portal.imports.actions.running import Checked, Run, check, choices_of, gather, suggest, write
from portal.imports.actions.shelf import Shelf, Slot
from portal.imports.actions.steps import (
    JOB_OF,
    ChooseColumns,
    Upload,
    begin_check,
    begin_run,
    begin_undo,
    choose_columns,
    fail,
    try_again,
    upload,
)
from portal.imports.actions.undoing import Undone, undo

__all__ = [
    "JOB_OF",
    "Checked",
    "ChooseColumns",
    "Importer",
    "Ledger",
    "Planned",
    "Run",
    "Setting",
    "Shelf",
    "Slot",
    "Undone",
    "Upload",
    "begin_check",
    "begin_run",
    "begin_undo",
    "check",
    "choices_of",
    "choose_columns",
    "fail",
    "gather",
    "suggest",
    "try_again",
    "undo",
    "upload",
    "write",
]
