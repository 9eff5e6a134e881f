"""One page out of a sorted statement, cut by key, with a total that stops counting at a cap."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy import ColumnElement, Row, Select, and_, or_

from portal.db.session import Anything, SystemSession, ViewerSession
from portal.kernel.page import TOTAL_CAP, Cursor, Page, PageRequest

T = TypeVar("T")
BATCH = 500


@dataclass(frozen=True, slots=True)
class Key:
    """What a list is sorted by, never null, and the id that settles ties."""

    column: Any
    id: Any

    def order(self, *, is_descending: bool) -> tuple[ColumnElement[Any], ...]:
        if is_descending:
            return self.column.desc(), self.id.desc()
        return self.column.asc(), self.id.asc()

    def beyond(self, cursor: Cursor, *, is_descending: bool) -> ColumnElement[bool]:
        """Rows that come after the cursor's, in that direction."""
        (value,) = cursor.values
        if is_descending:
            is_later, is_later_id = self.column < value, self.id < cursor.id
        else:
            is_later, is_later_id = self.column > value, self.id > cursor.id
        return or_(is_later, and_(self.column == value, is_later_id))


def page(
    db: ViewerSession | SystemSession,
    query: Select[*Anything],
    request: PageRequest,
    *,
    key: Key,
    make: Callable[[Row[*Anything]], T],
) -> Page[T]:
    """The rows of `query` that `request` asks for.  One statement, or two where it must count."""
    cursor = request.before or request.after
    is_descending = request.is_descending != bool(request.before)
    cut = query.add_columns(key.column.label("key_value"), key.id.label("key_id"))
    cut = cut.order_by(*key.order(is_descending=is_descending)).limit(request.limit)
    if cursor:
        cut = cut.where(key.beyond(cursor, is_descending=is_descending))
    found = db.execute(cut).all()
    is_whole = cursor is None and len(found) <= request.size
    total = len(found) if is_whole else _count(db, query, key)

    def place_of(row: Row[*Anything]) -> Cursor:
        return Cursor(request.sort, (row.key_value,), row.key_id)

    shown = Page.cut(found, request, place_of, total=total)
    return Page(tuple(make(row) for row in shown.rows), shown.next, shown.previous, total)


def stream(
    db: ViewerSession | SystemSession,
    query: Select[*Anything],
    *,
    key: Key,
    make: Callable[[Row[*Anything]], T],
) -> Iterator[T]:
    """Every row of `query` in the key's order, fetched some hundred at a time.

    Batches are cut by key, so no cursor is held while a slow reader takes its time.
    """
    keyed = query.add_columns(key.column.label("key_value"), key.id.label("key_id"))
    ordered = keyed.order_by(*key.order(is_descending=False)).limit(BATCH)
    batch = db.execute(ordered).all()
    while batch:
        yield from (make(row) for row in batch)
        last = Cursor("", (batch[-1].key_value,), batch[-1].key_id)
        rest = ordered.where(key.beyond(last, is_descending=False))
        batch = db.execute(rest).all() if len(batch) == BATCH else []


def _count(db: ViewerSession | SystemSession, query: Select[*Anything], key: Key) -> int:
    ids = query.with_only_columns(key.id, maintain_column_froms=True).order_by(None)
    return len(db.execute(ids.limit(TOTAL_CAP + 1)).all())
