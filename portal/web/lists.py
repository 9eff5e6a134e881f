"""A list's address: what filters, order and page it asks for, and the addresses around it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from werkzeug.datastructures import MultiDict

from portal.kernel.errors import Refused
from portal.kernel.page import SIZES, Cursor, Page, PageRequest
from portal.kernel.text import clean

LONGEST = 200


@dataclass(frozen=True, slots=True)
class Link:
    """One link of a view, a chip or a pager."""

    label: str
    url: str
    current: bool = False


@dataclass(frozen=True, slots=True)
class Pager:
    """What the pager component takes."""

    text: str
    previous_url: str
    next_url: str
    sizes: tuple[Link, ...]


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asks of the list at `path`.  `filters` holds only what is set."""

    path: str
    filters: Mapping[str, str]
    page: PageRequest
    default_sort: str

    def __getitem__(self, name: str) -> str:
        return self.filters.get(name, "")

    def url(self, **changes: str) -> str:
        """The list's first page with some parameters changed; an empty one is left out."""
        size = str(self.page.size) if self.page.size != SIZES[0] else ""
        sort = self.page.sort if self.page.sort != self.default_sort else ""
        wanted = {**self.filters, "sort": sort, "size": size, **changes}
        return _address(self.path, wanted)

    def export_url(self, path: str) -> str:
        """The address of a file with the same rows."""
        return _address(path, self.filters)

    def column(self, kind: str, label: str, sort: str = "") -> dict[str, Any]:
        """A column of the table component, with its link if the list sorts by it."""
        if not sort:
            return {"kind": kind, "label": label}
        is_current = self.page.column == sort
        is_rising = is_current and not self.page.is_descending
        order = {True: "ascending", False: "descending"}[is_rising]
        return {
            "kind": kind,
            "label": label,
            "sort_url": self.url(sort=f"-{sort}" if is_rising else sort),
            "sorted": order if is_current else None,
        }

    def chips(self, words: Mapping[str, str]) -> list[Link]:
        """The filters in force, each with the address that removes it."""
        return [Link(label, self.url(**{name: ""})) for name, label in words.items() if self[name]]

    def pager(self, page: Page[Any]) -> Pager:
        first = "1–" if page.previous is None and page.rows else ""
        return Pager(
            text=f"{first}{len(page.rows)} of {page.total_text}",
            previous_url=self._page(before=page.previous),
            next_url=self._page(after=page.next),
            sizes=tuple(
                Link(str(size), self.url(size=str(size)), size == self.page.size) for size in SIZES
            ),
        )

    def _page(self, **cursor: Cursor | None) -> str:
        ((name, place),) = cursor.items()
        return self.url(**{name: place.encode()}) if place else ""


def _address(path: str, wanted: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in wanted.items() if value})
    return f"{path}?{query}" if query else path


def asked(
    path: str, given: MultiDict[str, str], *, filters: Sequence[str], sorts: Sequence[str]
) -> Asked:
    """Read an address.  The first of `sorts` is the order that needs no saying.

    Parameters that the list does not know are left alone.  Raises Refused("bad_cursor"),
    Refused("page_size").
    """
    found = {name: clean(given.get(name, ""))[:LONGEST] for name in filters}
    sort = given.get("sort", "")
    known = {order for name in sorts for order in (name, f"-{name}", name.removeprefix("-"))}
    sort = sort if sort in known else sorts[0]
    after, before = given.get("after", ""), given.get("before", "")
    page = PageRequest(
        size=_size(given.get("size", "")),
        after=Cursor.decode(after) if after else None,
        before=Cursor.decode(before) if before else None,
        sort=sort,
    )
    return Asked(path, {n: v for n, v in found.items() if v}, page, sorts[0])


def _size(text: str) -> int:
    if not text:
        return SIZES[0]
    if not text.isdecimal() or int(text) not in SIZES:
        sizes = ", ".join(str(size) for size in SIZES)
        raise Refused(f"A page has {sizes} rows.", code="page_size")
    return int(text)
