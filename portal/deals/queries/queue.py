"""The claims that wait for a decision: a page of them by time left, and the figures around it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cache
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    Integer,
    Select,
    String,
    and_,
    bindparam,
    func,
    literal,
    null,
    or_,
    select,
    true,
    tuple_,
    union_all,
)

from portal.accounts.models import Assignment, SavedView
from portal.catalogue.models import Line
from portal.db.base import UtcDateTime
from portal.db.session import Prepared, ViewerSession
from portal.deals.models import Deal
from portal.deals.rules.lifecycle import UNDECIDED, DealState
from portal.kernel import text
from portal.kernel.page import TOTAL_CAP, Cursor, Page, PageRequest
from portal.partners.models import Partner
from portal.programme.models import Region, Tier

PATH = "/approvals"
"""Where the list stands; views of it are saved under this."""

TO_DECIDE = (DealState.SUBMITTED, DealState.APPEALED)
"""States in which it is the vendor's turn."""


class View(StrEnum):
    OPEN = "open"
    CHECK = "check"
    TODAY = "today"
    MINE = "mine"
    DECIDED = "decided"


class Size(StrEnum):
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


SIZES = {
    Size.SMALL: (0, 50_000_00),
    Size.MEDIUM: (50_000_00, 250_000_00),
    Size.LARGE: (250_000_00, 10**15),
}
"""From and below, in hundredths of the deal's own currency."""


@dataclass(frozen=True, slots=True)
class Moment:
    """When the list is read, and when the reader's day ends."""

    now: dt.datetime
    midnight: dt.datetime


@dataclass(frozen=True, slots=True)
class Filters:
    """What is shown: a view of the queue, and codes or references that narrow it."""

    view: View = View.OPEN
    text: str = ""
    region: str = ""
    line: str = ""
    partner: str = ""
    tier: str = ""
    size: str = ""

    @property
    def given(self) -> frozenset[str]:
        names = ("text", "region", "line", "partner", "tier", "size")
        return frozenset(name for name in names if getattr(self, name))

    @property
    def sort(self) -> str:
        return "-decided" if self.view is View.DECIDED else "due"


class QueueRow(NamedTuple):
    """One registration in the list."""

    id: int
    ref: str
    version: int
    customer: str
    domain: str
    partner: str
    tier: str | None
    value_minor: int
    currency: str
    line: str | None
    closes_on: dt.date | None
    state: DealState
    finding: str
    is_waiting: bool
    judged_at: dt.datetime | None
    submitted_at: dt.datetime
    due_at: dt.datetime | None
    decided_at: dt.datetime | None

    @property
    def is_clear(self) -> bool:
        """Judged, and nothing for a person to look at: what may be approved with others."""
        is_judged = self.judged_at is not None and not self.is_waiting
        return is_judged and not self.finding and self.state is DealState.SUBMITTED


@dataclass(frozen=True, slots=True)
class Around:
    """Figures of the views, no further than TOTAL_CAP + 1, and what the filters can choose."""

    counts: dict[str, int] = field(default_factory=dict)
    choices: dict[str, list[tuple[str, str]]] = field(default_factory=dict)

    def count(self, view: View) -> int:
        return self.counts.get(view, 0)


_COLUMNS = (
    Deal.id,
    Deal.ref,
    Deal.version,
    Deal.customer_name,
    Deal.customer_domain,
    Partner.name,
    Tier.name,
    Deal.value_minor,
    Deal.currency,
    Line.name,
    Deal.closes_on,
    Deal.state,
    Deal.finding,
    Deal.is_waiting,
    Deal.judged_at,
    Deal.submitted_at,
    Deal.due_at,
    Deal.decided_at,
)


def _in_view(view: View) -> ColumnElement[bool]:
    if view is View.DECIDED:
        return and_(Deal.state.not_in([*UNDECIDED, DealState.DRAFT]), Deal.decided_at.is_not(None))
    to_decide = Deal.state.in_(TO_DECIDE)
    mine = select(Assignment.partner_id).where(Assignment.user_id == bindparam("me", type_=Integer))
    narrowed: dict[View, ColumnElement[bool]] = {
        View.OPEN: true(),
        View.CHECK: or_(Deal.finding != "", Deal.is_waiting, Deal.state == DealState.APPEALED),
        View.TODAY: Deal.due_at < bindparam("midnight", type_=UtcDateTime()),
        View.MINE: Deal.partner_id.in_(mine),
    }
    return and_(to_decide, narrowed[view])


def _narrowed(given: frozenset[str]) -> ColumnElement[bool]:
    like = bindparam("like", type_=String)
    each: dict[str, ColumnElement[bool]] = {
        "text": or_(
            Deal.customer_key.like(like, escape="\\"),
            Deal.customer_domain.like(bindparam("domain_like", type_=String), escape="\\"),
            Partner.name_key.like(like, escape="\\"),
            Deal.ref == bindparam("ref", type_=String),
        ),
        "region": Region.code == bindparam("region", type_=String),
        "line": Line.code == bindparam("line", type_=String),
        "partner": Partner.ref == bindparam("partner", type_=String),
        "tier": Tier.code == bindparam("tier", type_=String),
        "size": and_(
            Deal.value_minor >= bindparam("size_from"), Deal.value_minor < bindparam("size_below")
        ),
    }
    return and_(true(), *(each[name] for name in sorted(given)))


def _joined(statement: Any, view: View, given: frozenset[str]) -> Select[Any]:
    joined: Select[Any] = (
        statement.select_from(Deal)
        .join(Partner, Partner.id == Deal.partner_id)
        .outerjoin(Region, Region.id == Partner.region_id)
        .outerjoin(Tier, Tier.id == Partner.tier_id)
        .outerjoin(Line, Line.id == Deal.line_id)
        .where(_in_view(view), _narrowed(given))
    )
    return joined


@cache
def _page(view: View, given: frozenset[str], direction: str) -> Prepared:
    """`direction`: first, after or before a place; before walks backwards."""
    is_decided = view is View.DECIDED
    key = Deal.decided_at if is_decided else Deal.due_at
    rows = _joined(select(*_COLUMNS), view, given)
    place = tuple_(bindparam("at", type_=UtcDateTime()), bindparam("id", type_=Integer))
    is_down = is_decided != (direction == "before")
    if direction != "first":
        here = tuple_(key, Deal.id)
        rows = rows.where(here < place if is_down else here > place)
    order = (key.desc(), Deal.id.desc()) if is_down else (key, Deal.id)
    return Prepared(rows.order_by(*order).limit(bindparam("limit", type_=Integer)))


def _capped(statement: Select[Any]) -> Any:
    return select(func.count()).select_from(statement.limit(TOTAL_CAP + 1).subquery())


@cache
def _around(view: View, given: frozenset[str]) -> Prepared:
    """As (kind, code, name, number): the counts, the filters' choices, and the saved views."""
    counted = {each.value: _capped(_joined(select(Deal.id), each, frozenset())) for each in VIEWS}
    late = Deal.due_at < bindparam("now", type_=UtcDateTime())
    counted["late"] = _capped(_joined(select(Deal.id), View.OPEN, frozenset()).where(late))
    counted["shown"] = _capped(_joined(select(Deal.id), view, given))
    parts = [
        select(
            literal("count").label("kind"),
            literal(name).label("code"),
            null().label("name"),
            count.scalar_subquery().label("number"),
        )
        for name, count in counted.items()
    ]
    parts += [
        select(literal(kind), code, name, literal(0))
        for kind, code, name in (
            ("region", Region.code, Region.name),
            ("tier", Tier.code, Tier.name),
            ("line", Line.code, Line.name),
            ("partner", Partner.ref, Partner.name),
        )
    ]
    parts.append(
        select(literal("view"), SavedView.query, SavedView.name, literal(0)).where(
            SavedView.page == PATH
        )
    )
    found = union_all(*parts).subquery("around")
    return Prepared(select(found.c.kind, found.c.code, found.c.name, found.c.number))


VIEWS = (View.OPEN, View.CHECK, View.TODAY, View.MINE)
"""Views that show how many they hold."""


def list_queue(
    db: ViewerSession, filters: Filters, request: PageRequest, *, at: Moment
) -> tuple[Page[QueueRow], Around]:
    """One page, the longest due first, and what stands around it.  Two statements."""
    around = read_around(db, filters, at=at)
    given = _values(db, filters, at)
    direction, place = "first", request.after or request.before
    if place is not None:
        direction = "after" if request.after else "before"
        given |= {"at": place.values[0], "id": place.id}
    query = _page(filters.view, filters.given, direction)
    rows = [QueueRow(*row) for row in db.rows(query, **given, limit=request.limit)]
    total = around.counts.get("shown", 0)
    return Page.cut(rows, request, lambda row: place_of(row, filters), total=total), around


def read_around(db: ViewerSession, filters: Filters, *, at: Moment) -> Around:
    """The figures alone.  One statement."""
    given = _values(db, filters, at)
    return _read_around(db.rows(_around(filters.view, filters.given), **given))


def place_of(row: QueueRow, filters: Filters) -> Cursor:
    at = row.decided_at if filters.view is View.DECIDED else row.due_at
    return Cursor(filters.sort, (at,), row.id)


def _read_around(rows: Any) -> Around:
    around = Around()
    for kind, code, name, number in rows:
        if kind == "count":
            around.counts[code] = number
        else:
            around.choices.setdefault(kind, []).append((code, name))
    for choices in around.choices.values():
        choices.sort(key=lambda choice: (choice[1].casefold(), choice[0]))
    return around


def _values(db: ViewerSession, filters: Filters, at: Moment) -> dict[str, Any]:
    size_from, size_below = SIZES.get(filters.size, (0, 0))  # type: ignore[call-overload]
    return {
        "me": db.viewer.user_id,
        "now": at.now,
        "midnight": at.midnight,
        "like": _containing(text.fold(filters.text)),
        "domain_like": _containing(filters.text.casefold()),
        "ref": filters.text.strip().upper(),
        "region": filters.region,
        "line": filters.line,
        "partner": filters.partner,
        "tier": filters.tier,
        "size_from": size_from,
        "size_below": size_below,
    }


def _containing(words: str) -> str:
    escaped = words.replace("\\", "\\\\").replace("%", "\\%").replace("_", "\\_")
    return f"%{escaped}%"


@dataclass(frozen=True, slots=True)
class Neighbours:
    """Where a registration stands in the list, and what is before and after it."""

    before: QueueRow | None
    after: QueueRow | None


def neighbours(db: ViewerSession, filters: Filters, place: Cursor, *, at: Moment) -> Neighbours:
    """The rows around a place in the list, whether or not its row is still in it."""
    given = _values(db, filters, at) | {"at": place.values[0], "id": place.id, "limit": 1}
    found = {
        direction: db.rows(_page(filters.view, filters.given, direction), **given)
        for direction in ("before", "after")
    }
    first = {name: QueueRow(*rows[0]) if rows else None for name, rows in found.items()}
    return Neighbours(first["before"], first["after"])


def every_row(db: ViewerSession, filters: Filters, *, at: Moment) -> Iterator[QueueRow]:
    """All rows of the list in its order, a few hundred at a time."""
    given = _values(db, filters, at) | {"limit": 500}
    query = _page(filters.view, filters.given, "first")
    while rows := [QueueRow(*row) for row in db.rows(query, **given)]:
        yield from rows
        last = place_of(rows[-1], filters)
        given |= {"at": last.values[0], "id": last.id}
        query = _page(filters.view, filters.given, "after")


def count_to_decide(db: ViewerSession) -> int:
    """How many claims wait for a decision, no further than TOTAL_CAP + 1."""
    return int(db.rows(_TO_DECIDE)[0][0])


_TO_DECIDE = Prepared(
    select(func.count()).select_from(
        select(Deal.id).where(Deal.state.in_(TO_DECIDE)).limit(TOTAL_CAP + 1).subquery()
    )
)
