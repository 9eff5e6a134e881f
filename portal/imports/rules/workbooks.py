"""The first sheet of an XLSX workbook as lines of text.

Values are taken as they were last computed.  A formula that never was computed has none, and the
workbook is refused with the cell's name.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import zipfile
from decimal import Decimal
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

_CELL = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3}[0-9]{1,7})"[^>]*?(?:/>|>(.*?)</c>)', re.DOTALL)
_FORMULA = re.compile(rb"<f\b")
_VALUE = re.compile(rb"<v>[^<]|<is>")


class UnreadableWorkbook(Exception):
    """The message says why and what to do."""


def lines(body: bytes) -> list[tuple[str, ...]]:
    """Raises UnreadableWorkbook."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(body))
        sheet = book.get_sheet_by_index(0)
        cells = sheet.to_python(skip_empty_area=False)
    except (CalamineError, OSError, ValueError, IndexError) as error:
        raise UnreadableWorkbook("the workbook is damaged. Save it again as XLSX.") from error
    bare = _formula_without_value(body)
    if bare:
        raise UnreadableWorkbook(
            f"cell {bare} holds a formula that was never computed. Open the file in a spreadsheet "
            "program, save it, and send it again."
        )
    return [tuple(_text(cell) for cell in line) for line in cells]


def _formula_without_value(body: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(body)) as archive:
        names = sorted(n for n in archive.namelist() if n.startswith("xl/worksheets/sheet"))
        xml = archive.read(names[0]) if names else b""
    if not _FORMULA.search(xml):
        return ""
    for name, inside in _CELL.findall(xml):
        if _FORMULA.search(inside) and not _VALUE.search(inside):
            return str(name.decode())
    return ""


def _text(cell: Any) -> str:
    """Days in ISO form, numbers without a trailing .0, truth as yes and no."""
    match cell:
        case None:
            return ""
        case bool():
            return "yes" if cell else "no"
        case float():
            return f"{Decimal(repr(cell)).normalize():f}"
        case dt.datetime():
            return cell.isoformat(sep=" ").removesuffix(" 00:00:00")
        case _:
            return str(cell)
