"""Lists a page at a time: where a page starts, how long it is, and what it shows.

Pages are cut by key (the sort values and id of the last row shown), never by counting rows, so a
page costs the same wherever it lies and rows that arrive in between are neither lost nor repeated.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Generic, TypeVar

from portal.kernel.errors import Refused

T = TypeVar("T")
SortValue = str | int | bool | date | datetime | None

SIZES = (25, 50, 100)
TOTAL_CAP = 1000
"""Totals are counted up to one more than this, which then reads "1,000+"."""

_LONGEST_CURSOR = 2000
_DIGEST = 6


@dataclass(frozen=True, slots=True)
class Cursor:
    """A row's place in a list sorted by `sort`.  It names a place and grants nothing."""

    sort: str
    values: tuple[SortValue, ...]
    id: int

    def encode(self) -> str:
        """As text for a URL, with a digest by which damage shows."""
        body = json.dumps(
            [self.sort, [_plain(value) for value in self.values], self.id],
            ensure_ascii=False,
            separators=(",", ":"),
        ).encode()
        return base64.urlsafe_b64encode(_digest(body) + body).decode().rstrip("=")

    @classmethod
    def decode(cls, text: str) -> Cursor:
        """Raises Refused("bad_cursor") unless `encode` wrote `text`."""
        try:
            if len(text) > _LONGEST_CURSOR:
                raise _damaged()
            padded = text.encode("ascii") + b"=" * (-len(text) % 4)
            raw = base64.b64decode(padded, altchars=b"-_", validate=True)
            digest, body = raw[:_DIGEST], raw[_DIGEST:]
            if digest != _digest(body):
                raise _damaged()
            sort, values, row_id = json.loads(body)
            if not isinstance(sort, str) or type(row_id) is not int or not _fits(row_id):
                raise _damaged()
            cursor = cls(sort, tuple(_value(kind, each) for kind, each in values), row_id)
        except (binascii.Error, ValueError, TypeError, RecursionError) as error:
            raise _damaged() from error
        if cursor.encode() != text:
            raise _damaged()
        return cursor


@dataclass(frozen=True, slots=True)
class PageRequest:
    """Which page is wanted.  `sort` is a column's name, with a leading minus for descending."""

    size: int = SIZES[0]
    after: Cursor | None = None
    before: Cursor | None = None
    sort: str = ""

    def __post_init__(self) -> None:
        if self.size not in SIZES:
            sizes = ", ".join(str(size) for size in SIZES)
            raise Refused(f"A page has {sizes} rows.", code="page_size", field="size")
        if self.after and self.before:
            raise Refused("Ask for a page after or before a row.", code="bad_cursor")
        if any(c.sort != self.sort for c in (self.after, self.before) if c):
            raise Refused(
                "The list is sorted otherwise now. Open its first page.", code="bad_cursor"
            )

    @property
    def limit(self) -> int:
        """How many rows to fetch: one more than shown tells whether another page follows."""
        return self.size + 1

    @property
    def column(self) -> str:
        return self.sort.removeprefix("-")

    @property
    def is_descending(self) -> bool:
        return self.sort.startswith("-")


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """Rows in the order shown; `total` is counted no further than TOTAL_CAP + 1."""

    rows: tuple[T, ...]
    next: Cursor | None
    previous: Cursor | None
    total: int

    @classmethod
    def cut(
        cls,
        fetched: Sequence[T],
        request: PageRequest,
        place_of: Callable[[T], Cursor],
        *,
        total: int,
    ) -> Page[T]:
        """The page from up to `request.limit` rows, fetched towards `before` if that is given.

        Rows before a cursor come nearest first, as a query that walks backwards returns them.
        """
        shown = list(fetched[: request.size])
        has_more = len(fetched) > request.size
        if request.before:
            shown.reverse()
        has_next = bool(request.before) or has_more
        has_previous = has_more if request.before else bool(request.after)
        return cls(
            rows=tuple(shown),
            next=place_of(shown[-1]) if shown and has_next else None,
            previous=place_of(shown[0]) if shown and has_previous else None,
            total=total,
        )

    @property
    def total_text(self) -> str:
        return f"{TOTAL_CAP:,}+" if self.total > TOTAL_CAP else f"{self.total:,}"


def _plain(value: SortValue) -> list[object]:
    """The value with the one letter of its kind.  An instant is a date too, so it comes first."""
    if isinstance(value, datetime):
        return ["t", value.isoformat()]
    if isinstance(value, date):
        return ["d", value.isoformat()]
    return ["v", value]


def _value(kind: str, raw: object) -> SortValue:
    if kind == "v" and (raw is None or isinstance(raw, str)):
        return raw
    if kind == "v" and isinstance(raw, int) and _fits(raw):
        return raw
    if kind in {"t", "d"} and isinstance(raw, str):
        return datetime.fromisoformat(raw) if kind == "t" else date.fromisoformat(raw)
    raise _damaged()


def _fits(number: int) -> bool:
    """Whether both databases can hold it."""
    return -(2**63) <= number < 2**63


def _digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()[:_DIGEST]


def _damaged() -> Refused:
    return Refused(
        "The link to this page is damaged. Open the list's first page.", code="bad_cursor"
    )
