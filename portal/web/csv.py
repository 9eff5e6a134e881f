"""Tables as files: streamed CSV, and XLSX whose text cells stay text.

Spreadsheets run what looks like a formula; text that starts like one leads with an apostrophe.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Iterator, Sequence
from decimal import Decimal
from typing import Any

from flask import Response
from werkzeug.http import dump_options_header

FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\0", "＝", "＋", "－", "＠")
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
BATCH = 500


def safe(value: Any) -> Any:
    """A cell as it may leave: numbers as they are, text that cannot become a formula."""
    match value:
        case None:
            return ""
        case bool():
            return "yes" if value else "no"
        case int() | Decimal():
            return value
        case dt.datetime():
            return value.astimezone(dt.UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
        case dt.date():
            return value.isoformat()
        case _:
            text = str(value)
            return f"'{text}" if text.startswith(FORMULA) else text


def csv_chunks(header: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[bytes]:
    """RFC 4180 with a BOM (spreadsheets need it for UTF-8), in chunks of some hundred rows."""
    buffer = io.StringIO()
    writer = csv.writer(buffer)
    buffer.write("\ufeff")
    writer.writerow([safe(name) for name in header])
    for number, row in enumerate(rows, 1):
        writer.writerow([safe(value) for value in row])
        if number % BATCH == 0:
            yield buffer.getvalue().encode()
            buffer.seek(0)
            buffer.truncate()
    yield buffer.getvalue().encode()


def xlsx_bytes(header: Sequence[str], rows: Iterable[Sequence[Any]], *, title: str) -> bytes:
    """One sheet with a frozen header; every text cell is typed as text."""
    import xlsxwriter  # noqa: PLC0415  # only exports need it

    out = io.BytesIO()
    options = {"strings_to_formulas": False, "strings_to_urls": False, "constant_memory": True}
    book = xlsxwriter.Workbook(out, {**options, "in_memory": True})
    sheet = book.add_worksheet(title[:31])
    bold = book.add_format({"bold": True})
    sheet.freeze_panes(1, 0)
    for column, name in enumerate(header):
        sheet.write_string(0, column, name, bold)
        sheet.set_column(column, column, max(10, min(40, len(name) + 4)))
    for number, row in enumerate(rows, 1):
        for column, value in enumerate(row):
            cell = safe(value)
            if isinstance(cell, int | Decimal):
                sheet.write_number(number, column, cell)
            else:
                sheet.write_string(number, column, cell)
    book.close()
    return out.getvalue()


def download(body: Any, *, name: str, media_type: str) -> Response:
    """An answer that is saved, never shown."""
    response = Response(body, mimetype=media_type)
    response.headers["Content-Disposition"] = dump_options_header("attachment", {"filename": name})
    return response
