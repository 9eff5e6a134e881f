"""Files as tables of text: CSV in the encodings and separators people send, XLSX, and ZIPs of both.

What cannot be read whole is refused with the reason; nothing of it is kept.
"""

from __future__ import annotations

import csv
import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass

from portal.imports.rules import workbooks
from portal.kernel.errors import Refused

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 100 * 1024 * 1024
MOST_ROWS = 50_000
MOST_COLUMNS = 200
MOST_FILES = 50
ENDINGS = (".csv", ".tsv", ".txt", ".xlsx")

_DELIMITERS = (",", ";", "\t", "|")
_SEPARATOR_LINE = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)
_NOT_TABLES = {
    b"%PDF": "a PDF",
    b"\x89PNG": "a picture",
    b"\xff\xd8\xff": "a picture",
    b"GIF8": "a picture",
    b"\xd0\xcf\x11\xe0": "an old Office file; save it as XLSX",
    b"{\\rtf": "a text document",
    b"<htm": "a web page",
    b"<!do": "a web page",
    b"<!DO": "a web page",
}


@dataclass(frozen=True, slots=True)
class Row:
    """`number` as spreadsheets count lines, the header being 1."""

    number: int
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    name: str
    header: tuple[str, ...]
    rows: tuple[Row, ...]

    def sample(self, place: int, most: int) -> list[str]:
        """The first values of a column that are not empty."""
        found = (row.cells[place] for row in self.rows if len(row.cells) > place)
        return [cell for cell, _ in zip(filter(str.strip, found), range(most), strict=False)]

    def values(self, place: int) -> list[str]:
        return [row.cells[place] for row in self.rows if len(row.cells) > place]


def refuse(name: str, why: str) -> Refused:
    return Refused(f"{name}: {why}", code="unreadable_file", field="files")


def unpack(name: str, body: bytes) -> list[tuple[str, bytes]]:
    """The tables in an upload: the file itself, or what a ZIP holds.

    Raises Refused("unreadable_file").
    """
    if len(body) > MOST_BYTES:
        raise refuse(name, f"the file is larger than {MOST_BYTES // 2**20} MB. Split it.")
    if not body.startswith(b"PK"):
        return [(name, body)]
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            members = _members(name, archive)
            if "xl/workbook.xml" in members:
                return [(name, body)]
            wanted = [m for m in members if _is_table(m)]
            if not wanted:
                raise refuse(name, "the ZIP holds no CSV or XLSX file.")
            return [(member.rsplit("/", 1)[-1], members[member]) for member in wanted]
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, ValueError) as error:
        raise refuse(name, "the ZIP is damaged or has a password. Pack it again.") from error


def _members(name: str, archive: zipfile.ZipFile) -> dict[str, bytes]:
    """Every member, unpacked no further than MOST_UNPACKED in all, whatever the ZIP claims."""
    infos = [info for info in archive.infolist() if not info.is_dir()]
    if len(infos) > 2_000:
        raise refuse(name, "the ZIP holds more than 2,000 files.")
    found: dict[str, bytes] = {}
    left = MOST_UNPACKED
    for info in infos:
        with archive.open(info) as member:
            found[info.filename] = member.read(left + 1)
        left -= len(found[info.filename])
        if left < 0:
            raise refuse(name, "unpacked it is larger than 100 MB. Split it.")
    if sum(map(_is_table, found)) > MOST_FILES:
        raise refuse(name, f"the ZIP holds more than {MOST_FILES} tables.")
    return found


def _is_table(path: str) -> bool:
    last = path.rsplit("/", 1)[-1]
    hidden = path.startswith("__MACOSX") or last.startswith((".", "~$"))
    return last.lower().endswith(ENDINGS) and not hidden


def read(name: str, body: bytes) -> Table:
    """Raises Refused("unreadable_file") with the file's name and the place."""
    if not body.strip():
        raise refuse(name, "the file is empty.")
    kind = next((kind for start, kind in _NOT_TABLES.items() if body.startswith(start)), None)
    if kind:
        raise refuse(name, f"this is {kind}. Send a CSV or XLSX file.")
    if body.startswith(b"PK"):
        try:
            lines = workbooks.lines(body)
        except workbooks.UnreadableWorkbook as error:
            raise refuse(name, str(error)) from error
    else:
        lines = list(_csv_lines(name, _decoded(name, body)))
    return _table(name, lines)


def _decoded(name: str, body: bytes) -> str:
    encoding = _encoding(body)
    try:
        return body.decode(encoding)
    except UnicodeDecodeError as error:
        raise refuse(name, "its characters cannot be read. Save it as CSV UTF-8.") from error


def _encoding(body: bytes) -> str:
    """By the byte order mark, else by where zero bytes stand, else UTF-8 if it is, else Windows."""
    if body.startswith(b"\xef\xbb\xbf"):
        return "utf-8-sig"
    if body.startswith((b"\xff\xfe", b"\xfe\xff")):
        return "utf-16"
    start = body[:4096]
    if start.count(0) > len(start) // 4:
        return "utf-16-le" if start[1::2].count(0) > start[::2].count(0) else "utf-16-be"
    try:
        body.decode("utf-8")
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _csv_lines(name: str, text: str) -> Iterator[tuple[str, ...]]:
    told = _SEPARATOR_LINE.match(text)
    delimiter = told[1] if told else _delimiter(text)
    body = text[told.end() :] if told else text
    reader = csv.reader(io.StringIO(body, newline=""), delimiter=delimiter, strict=False)
    try:
        for cells in reader:
            yield tuple(cells)
    except csv.Error as error:
        why = f"line {reader.line_num} cannot be read ({error}). Look for a stray quote there."
        raise refuse(name, why) from error


def _delimiter(text: str) -> str:
    """The separator that cuts the first lines into the most columns, the same number in each."""
    start = text[:65_536]

    def score(delimiter: str) -> tuple[int, int]:
        try:
            lines = [line for line in csv.reader(io.StringIO(start), delimiter=delimiter) if line]
        except csv.Error:
            return (0, 0)
        widths = [len(line) for line in lines[:50]]
        alike = sum(width == widths[0] for width in widths) if widths else 0
        wide = widths[0] if widths else 0
        return (alike if wide > 1 else 0, wide)

    return max(_DELIMITERS, key=score)


def _table(name: str, lines: list[tuple[str, ...]]) -> Table:
    numbered = [Row(n, cells) for n, cells in enumerate(lines, 1) if any(map(str.strip, cells))]
    if not numbered:
        raise refuse(name, "the file holds no rows.")
    header, *rows = numbered
    if len(header.cells) > MOST_COLUMNS:
        why = f"it has {len(header.cells):,} columns; {MOST_COLUMNS} are taken."
        raise refuse(name, f"{why} Remove those that are not needed.")
    if not rows:
        raise refuse(name, "there is a header and no rows below it.")
    if len(rows) > MOST_ROWS:
        raise refuse(name, f"it has {len(rows):,} rows; {MOST_ROWS:,} are taken. Split it.")
    return Table(name, _header(header.cells), tuple(rows))


def _header(cells: tuple[str, ...]) -> tuple[str, ...]:
    """Names without ends that are blank; one that is missing or taken gets its place as a name."""
    names: list[str] = []
    for place, cell in enumerate(cells):
        name = " ".join(cell.split())[:100] or f"Column {place + 1}"
        names.append(f"{name} ({place + 1})" if name in names else name)
    return tuple(names)
