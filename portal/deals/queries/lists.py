"""Lists of registrations: what is wanted, in statements that are built once for each shape.

Drafts stand in their own list; staff see none of them but those of an imported history.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import BindParameter, ColumnElement, Row, Select, and_, bindparam, func, or_, select
from sqlalchemy.orm import InstrumentedAttribute

from portal.accounts.models import User
from portal.catalogue.models import Line
from portal.db.session import Prepared, ViewerSession
from portal.deals.models import Deal, Protection
from portal.deals.rules.lifecycle import UNDECIDED, DealState
from portal.deals.rules.states import ProtectionState
from portal.kernel import refs
from portal.kernel.errors import Refused
from portal.kernel.page import TOTAL_CAP, Cursor, Page, PageRequest, SortValue
from portal.kernel.text import fold
from portal.partners.models import Partner
from portal.programme.queries import ZONE_IN_FORCE
from portal.programme.rules.deal_rules import DealRules

ENDING_WITHIN = dt.timedelta(days=30)
EXPORT_BATCH = 1000


class View(StrEnum):
    OPEN = "open"
    WAITING = "waiting"
    ENDING = "ending"
    WON = "won"
    LOST = "lost"
    ALL = "all"
    DRAFTS = "drafts"


VIEW_LABELS = {
    View.OPEN: "Open",
    View.WAITING: "Waiting",
    View.ENDING: "Protection ending",
    View.WON: "Won",
    View.LOST: "Lost",
    View.ALL: "All",
    View.DRAFTS: "Drafts",
}

WORK = (View.WAITING, View.ENDING, View.DRAFTS)
"""Views that hold work, whose figures stand beside their names."""

_STATES = {
    View.OPEN: tuple(sorted(UNDECIDED | {DealState.APPROVED})),
    View.WAITING: tuple(sorted(UNDECIDED)),
    View.ENDING: (DealState.APPROVED,),
    View.WON: (DealState.WON,),
    View.LOST: (DealState.LOST,),
    View.DRAFTS: (DealState.DRAFT,),
}

_SORTS: dict[str, InstrumentedAttribute[Any]] = {
    "updated": Deal.updated_at,
    "customer": Deal.customer_key,
    "due": Deal.due_at,
    "ends": Protection.ends_at,
}
_FIRST_SORT = {View.WAITING: "due", View.ENDING: "ends"}


def sorts_of(view: View) -> tuple[str, ...]:
    """Names of the columns by which this view can be sorted, all of them indexed and filled."""
    own = (_FIRST_SORT[view],) if view in _FIRST_SORT else ()
    return ("updated", "customer", *own)


def first_sort(view: View) -> str:
    return _FIRST_SORT.get(view, "-updated")


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which registrations: everything a list's address can say."""

    view: View = View.OPEN
    query: str = ""
    line_id: int | None = None
    partner: str = ""
    is_mine: bool = False
    page: PageRequest = field(default_factory=lambda: PageRequest(sort="-updated"))


@dataclass(frozen=True, slots=True)
class DealRow:
    """One line of a list.  `protected_until` is the end of a live protection."""

    id: int
    ref: str
    customer_name: str
    customer_key: str
    customer_domain: str
    customer_country: str
    line: str
    partner: str
    partner_ref: str
    owner: str
    value_minor: int
    currency: str
    state: DealState
    closes_on: dt.date | None
    submitted_at: dt.datetime | None
    updated_at: dt.datetime
    due_at: dt.datetime | None
    answer_due_at: dt.datetime | None
    protected_until: dt.datetime | None


_COLUMNS = (
    Deal.id,
    Deal.ref,
    Deal.customer_name,
    Deal.customer_key,
    Deal.customer_domain,
    Deal.customer_country,
    func.coalesce(Line.name, "").label("line"),
    func.coalesce(Partner.name, "").label("partner"),
    func.coalesce(Partner.ref, "").label("partner_ref"),
    func.coalesce(User.name, "").label("owner"),
    Deal.value_minor,
    Deal.currency,
    Deal.state,
    Deal.closes_on,
    Deal.submitted_at,
    Deal.updated_at,
    Deal.due_at,
    Deal.answer_due_at,
    Protection.ends_at.label("protected_until"),
)


@dataclass(frozen=True, slots=True)
class _Shape:
    """All that decides a list's SQL, apart from its parameters."""

    view: View
    is_vendor: bool
    has_ref: bool = False
    has_query: bool = False
    has_line: bool = False
    has_partner: bool = False
    is_mine: bool = False
    sort: str = ""
    is_descending: bool = False
    has_cursor: bool = False
    is_counted: bool = False


@dataclass(frozen=True, slots=True)
class Listing:
    """One page of a list.  `counts` are of the views that hold work, none beyond the cap.

    `zone` is the programme's, in which protection's days are counted.
    """

    page: Page[DealRow]
    counts: dict[View, int]
    zone: ZoneInfo


def list_deals(db: ViewerSession, wanted: Wanted, *, now: dt.datetime) -> Listing:
    """One statement; the figures come beside every row, so only an empty page asks for them."""
    shape, parameters = _shape(db, wanted, now)
    counted = replace(shape, is_counted=True)
    found = _run(db, wanted.page, counted, parameters, most=wanted.page.limit)
    rows = [DealRow(*row[: len(_COLUMNS)]) for row in found]
    if found:
        total, *counts, zone = found[0][len(_COLUMNS) :]
    else:
        counting = _count(replace(shape, sort="", is_descending=False))
        total, *counts, zone = db.rows(counting, **parameters)[0]
    return Listing(
        page=Page.cut(rows, wanted.page, lambda row: _place(row, wanted.page.sort), total=total),
        counts=dict(zip(WORK, counts, strict=True)),
        zone=ZoneInfo(zone or DealRules().calendar.zone),
    )


def every_deal(db: ViewerSession, wanted: Wanted, *, now: dt.datetime) -> Iterator[DealRow]:
    """All rows of a list in its order, fetched in batches, for files."""
    shape, parameters = _shape(db, wanted, now)
    page = PageRequest(sort=wanted.page.sort)
    while True:
        rows = _fetch(db, page, shape, parameters, most=EXPORT_BATCH)
        yield from rows
        if len(rows) < EXPORT_BATCH:
            return
        page = replace(page, after=_place(rows[-1], page.sort))


def find_deals(db: ViewerSession, query: str, *, now: dt.datetime, most: int) -> list[DealRow]:
    """The latest registrations that a search means, for search over everything."""
    return list_first(db, Wanted(view=View.ALL, query=query), now=now, most=most)


def list_first(db: ViewerSession, wanted: Wanted, *, now: dt.datetime, most: int) -> list[DealRow]:
    """The first rows of a list, without its figures."""
    shape, parameters = _shape(db, wanted, now)
    return _fetch(db, wanted.page, shape, parameters, most=most)


def latest(db: ViewerSession, *, now: dt.datetime, most: int) -> list[DealRow]:
    """What changed last, whatever its state; drafts are left out."""
    return find_deals(db, "", now=now, most=most)


def _shape(db: ViewerSession, wanted: Wanted, now: dt.datetime) -> tuple[_Shape, dict[str, Any]]:
    typed = wanted.query.strip()
    ref = _ref_in(typed)
    words, partner = fold(typed), fold(wanted.partner)
    shape = _Shape(
        view=wanted.view,
        is_vendor=db.viewer.is_vendor,
        has_ref=bool(ref),
        has_query=bool(typed) and not ref,
        has_line=wanted.line_id is not None,
        has_partner=bool(partner),
        is_mine=wanted.is_mine,
        sort=wanted.page.column,
        is_descending=wanted.page.is_descending,
    )
    parameters = {
        "now": now,
        "soon": now + ENDING_WITHIN,
        "me": db.viewer.user_id,
        "company": db.viewer.partner_id,
        "ref": ref,
        "words": f"%{words}%" if words else typed,
        "domain": f"%{typed.lower().replace('%', '')}%",
        "line": wanted.line_id,
        "partner": f"{partner}%",
    }
    return shape, parameters


def _ref_in(typed: str) -> str:
    try:
        return refs.parse(typed, "DR")
    except Refused:
        return ""


def _place(row: DealRow, sort: str) -> Cursor:
    values: dict[str, SortValue] = {
        "updated": row.updated_at,
        "customer": row.customer_key,
        "due": row.due_at,
        "ends": row.protected_until,
    }
    return Cursor(sort, (values[sort.removeprefix("-")],), row.id)


def _fetch(
    db: ViewerSession, page: PageRequest, shape: _Shape, parameters: dict[str, Any], *, most: int
) -> list[DealRow]:
    return [DealRow(*row) for row in _run(db, page, shape, parameters, most=most)]


def _run(
    db: ViewerSession, page: PageRequest, shape: _Shape, parameters: dict[str, Any], *, most: int
) -> Sequence[Row[*tuple[Any, ...]]]:
    cursor = page.after or page.before
    is_descending = page.is_descending != (page.before is not None)
    wanted = replace(shape, has_cursor=cursor is not None, is_descending=is_descending)
    place = {"at": cursor.values[0], "at_id": cursor.id} if cursor else {}
    return db.rows(_rows(wanted), most=most, **place, **parameters)


@lru_cache(maxsize=512)
def _rows(shape: _Shape) -> Prepared:
    column = _SORTS[shape.sort]
    figures = _figures(shape) if shape.is_counted else []
    query = _narrowed(_joined(select(*_COLUMNS, *figures), shape), shape)
    if shape.has_cursor:
        at = bindparam("at", type_=column.type)
        at_id: BindParameter[int] = bindparam("at_id")
        beyond = (
            or_(column < at, and_(column == at, Deal.id < at_id))
            if shape.is_descending
            else or_(column > at, and_(column == at, Deal.id > at_id))
        )
        query = query.where(beyond)
    order = (column.desc(), Deal.id.desc()) if shape.is_descending else (column, Deal.id)
    return Prepared(query.order_by(*order).limit(bindparam("most")))


@lru_cache(maxsize=512)
def _count(shape: _Shape) -> Prepared:
    return Prepared(select(*_figures(shape)))


def _figures(shape: _Shape) -> list[ColumnElement[Any]]:
    """The list's own total, those of the views that hold work, each to the cap; and the zone."""
    work = (_capped(_Shape(view, shape.is_vendor)) for view in WORK)
    return [_capped(shape), *work, ZONE_IN_FORCE]


def _capped(shape: _Shape) -> ColumnElement[int]:
    query = select(Deal.id)
    if shape.view is View.ENDING:
        query = query.join(Protection, _IS_LIVE)
    if shape.has_partner:
        query = query.join(Partner, Partner.id == Deal.partner_id)
    counted = _narrowed(query, shape).limit(TOTAL_CAP + 1).subquery()
    return select(func.count()).select_from(counted).scalar_subquery()


_IS_LIVE = and_(Protection.deal_id == Deal.id, Protection.state == ProtectionState.LIVE)


def _joined(query: Select[*tuple[Any, ...]], shape: _Shape) -> Select[*tuple[Any, ...]]:
    query = query.select_from(Deal)
    if shape.view is View.ENDING:
        query = query.join(Protection, _IS_LIVE)
    else:
        query = query.outerjoin(Protection, _IS_LIVE)
    return (
        query.outerjoin(Line, Line.id == Deal.line_id)
        .outerjoin(Partner, Partner.id == Deal.partner_id)
        .outerjoin(User, User.id == Deal.owner_id)
    )


def _narrowed(query: Select[*tuple[Any, ...]], shape: _Shape) -> Select[*tuple[Any, ...]]:
    is_draft = Deal.state == DealState.DRAFT
    if shape.view is View.ALL:
        query = query.where(~is_draft)
    else:
        query = query.where(Deal.state.in_(_STATES[shape.view]))
    if shape.view is View.DRAFTS:
        own = or_(Deal.registered_by_id == bindparam("me"), Deal.partner_id == bindparam("company"))
        query = query.where(Deal.is_history if shape.is_vendor else own)
    if shape.view is View.ENDING:
        query = query.where(Protection.ends_at <= bindparam("soon"))
    if shape.has_ref:
        query = query.where(Deal.ref == bindparam("ref"))
    if shape.has_query:
        found = or_(
            Deal.customer_key.like(bindparam("words")),
            Deal.customer_domain.like(bindparam("domain")),
        )
        query = query.where(found)
    if shape.has_line:
        query = query.where(Deal.line_id == bindparam("line"))
    if shape.has_partner:
        query = query.where(Partner.name_key.like(bindparam("partner")))
    if shape.is_mine:
        query = query.where(Deal.owner_id == bindparam("me"))
    return query
