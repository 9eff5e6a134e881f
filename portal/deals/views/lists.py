"""Lists of registrations and the same as files.  What a list shows stands in its address."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request
from flask.typing import ResponseReturnValue

from portal.catalogue import queries as catalogue
from portal.catalogue.queries import LineRow
from portal.db.session import ViewerSession
from portal.deals.queries import lists
from portal.deals.queries.lists import VIEW_LABELS, DealRow, View, Wanted
from portal.deals.rules import words
from portal.deals.rules.lifecycle import UNDECIDED
from portal.deals.views.pages import area
from portal.kernel.money import Money
from portal.kernel.page import SIZES, TOTAL_CAP, Cursor, PageRequest
from portal.kernel.policy import May
from portal.kernel.viewer import Sight
from portal.web.area import Visit
from portal.web.csv import XLSX_TYPE, csv_chunks, download, xlsx_bytes

PATH = "/deals"
NOTHING = {
    View.OPEN: ("No open deals", "Registering takes about a minute."),
    View.WAITING: ("Nothing is waiting", "Registrations wait here for a decision or an answer."),
    View.ENDING: ("No protection is ending", "Nothing ends in the next 30 days."),
    View.WON: ("No deal is won yet", "Deals that you mark as won are kept here."),
    View.LOST: ("No deal is lost", "Deals that you mark as lost are kept here."),
    View.ALL: ("No deals yet", "Registering takes about a minute."),
    View.DRAFTS: ("No drafts", "What you begin to register is kept here until you send it."),
}


@area.page(PATH, needs=May.DEALS_READ)
def show_deals(visit: Visit) -> ResponseReturnValue:
    return _list(visit, _wanted())


@area.page("/deals/drafts", needs=May.DEALS_REGISTER)
def show_drafts(visit: Visit) -> ResponseReturnValue:
    return _list(visit, replace(_wanted(), view=View.DRAFTS))


@area.page("/deals/export.csv", needs=May.DEALS_READ)
def export_csv(visit: Visit) -> ResponseReturnValue:
    wanted, shows_partner = _wanted(), _shows_partner(visit)

    def chunks(db: ViewerSession) -> Iterator[bytes]:
        rows = lists.every_deal(db, wanted, now=visit.now)
        return csv_chunks(_header(shows_partner=shows_partner), _cells(rows, shows_partner))

    return download(visit.stream(chunks), name=f"deals-{wanted.view}.csv", media_type="text/csv")


@area.page("/deals/export.xlsx", needs=May.DEALS_READ)
def export_xlsx(visit: Visit) -> ResponseReturnValue:
    wanted, shows_partner = _wanted(), _shows_partner(visit)
    rows = lists.every_deal(visit.db, wanted, now=visit.now)
    header = _header(shows_partner=shows_partner)
    body = xlsx_bytes(header, _cells(rows, shows_partner), title="Deals")
    return download(body, name=f"deals-{wanted.view}.xlsx", media_type=XLSX_TYPE)


def _wanted() -> Wanted:
    """What the address asks for.  A value that no page of ours writes means the first page of all.

    Raises Refused for a cursor that is damaged or of another order.
    """
    given = request.args
    view = View(given["view"]) if given.get("view") in list(View) else View.OPEN
    sort = given.get("sort", "")
    if sort.removeprefix("-") not in lists.sorts_of(view):
        sort = lists.first_sort(view)
    line, size = given.get("line", ""), given.get("size", "")
    page = PageRequest(
        size=int(size) if size in {str(each) for each in SIZES} else SIZES[0],
        after=Cursor.decode(given["after"]) if given.get("after") else None,
        before=Cursor.decode(given["before"]) if given.get("before") else None,
        sort=sort,
    )
    return Wanted(
        view=view,
        query=given.get("q", "")[:100],
        line_id=int(line) if line.isascii() and line.isdecimal() and len(line) < 9 else None,
        partner=given.get("partner", "")[:100],
        is_mine=given.get("mine") == "1",
        page=page,
    )


def _shows_partner(visit: Visit) -> bool:
    """Whether more than one company's registrations may be in the list."""
    return visit.viewer.is_vendor or visit.viewer.sees.sight is Sight.BRANCH


def _list(visit: Visit, wanted: Wanted) -> ResponseReturnValue:
    listing = lists.list_deals(visit.db, wanted, now=visit.now)
    page = listing.page
    lines = catalogue.list_lines(visit.db)
    here = _parameters(wanted)
    shows_partner = _shows_partner(visit)
    return visit.render(
        "deals/list.html",
        heading_text=_heading(visit, wanted),
        rows=[_row(row, now=visit.now, zone=listing.zone) for row in page.rows],
        page_of_rows=page,
        wanted=wanted,
        columns=_columns(wanted, here, shows_partner=shows_partner),
        shows_partner=shows_partner,
        views=_views(visit, wanted, listing.counts),
        applied=_applied(wanted, lines),
        lines=lines,
        keep={"view": wanted.view, "sort": wanted.page.sort},
        previous_url=_url(here, before=page.previous.encode()) if page.previous else "",
        next_url=_url(here, after=page.next.encode()) if page.next else "",
        sizes=[
            {"label": size, "url": _url(here, size=size), "current": size == wanted.page.size}
            for size in SIZES
        ],
        export_query=urlencode(here),
        nothing=NOTHING[wanted.view],
        may_register=visit.viewer.may(May.DEALS_REGISTER),
    )


def _heading(visit: Visit, wanted: Wanted) -> str:
    if wanted.view is View.DRAFTS:
        return "Drafts"
    return "Deals" if visit.viewer.is_vendor else "My deals"


def _row(row: DealRow, *, now: dt.datetime, zone: ZoneInfo) -> tuple[Any, ...]:
    """What one line of the table prints, worked out here so that the template only prints."""
    badge = words.STATES[row.state]
    shield = words.shield(row.protected_until, now, zone) if row.protected_until else None
    due_at = row.answer_due_at or (row.due_at if row.state in UNDECIDED else None)
    return (
        row.ref,
        row.customer_name or "No customer yet",
        row.customer_domain,
        row.line,
        row.partner,
        row.owner,
        row.value_minor,
        row.currency,
        badge,
        shield,
        due_at,
        row.updated_at,
    )


def _parameters(wanted: Wanted) -> dict[str, Any]:
    """The address of this list without its page."""
    given = {
        "view": wanted.view.value,
        "q": wanted.query,
        "line": wanted.line_id,
        "partner": wanted.partner,
        "mine": "1" if wanted.is_mine else "",
        "sort": wanted.page.sort if wanted.page.sort != lists.first_sort(wanted.view) else "",
        "size": wanted.page.size if wanted.page.size != SIZES[0] else "",
    }
    return {name: value for name, value in given.items() if value}


def _url(parameters: dict[str, Any], **changes: Any) -> str:
    return f"{PATH}?{urlencode({k: v for k, v in (parameters | changes).items() if v})}"


def _columns(
    wanted: Wanted, here: dict[str, Any], *, shows_partner: bool
) -> list[dict[str, str | None]]:
    sort = wanted.page.sort

    def column(kind: str, label: str, name: str = "") -> dict[str, str | None]:
        if name not in lists.sorts_of(wanted.view):
            return {"kind": kind, "label": label}
        is_first = sort == (name if name != "updated" else "-updated")
        flipped = sort.removeprefix("-") if sort.startswith("-") else f"-{sort}"
        first = "-updated" if name == "updated" else name
        is_sorted = sort.removeprefix("-") == name
        url = _url(here, sort=flipped if is_sorted and is_first else first)
        direction = "descending" if sort.startswith("-") else "ascending"
        return {
            "kind": kind,
            "label": label,
            "sort_url": url,
            "sorted": direction if is_sorted else None,
        }

    last = (
        column("due", "Decide by", "due")
        if wanted.view is View.WAITING
        else column("due", "Protection" if wanted.view is View.ENDING else "Time left", "ends")
    )
    return [
        column("name", "Customer", "customer"),
        column("who", "Partner" if shows_partner else "Product"),
        column("value", "Value"),
        column("extra", "Last change", "updated"),
        column("state", "Status"),
        last,
    ]


def _views(visit: Visit, wanted: Wanted, counts: dict[View, int]) -> list[dict[str, Any]]:
    """The views with what waits in them; how many there are is said only where there is work."""
    shown = [view for view in View if view is not View.DRAFTS or visit.viewer.partner_id]
    return [
        {
            "label": VIEW_LABELS[view],
            "url": f"{PATH}?view={view}",
            "current": view is wanted.view,
            "count": _figure(counts[view]) if counts.get(view) else None,
        }
        for view in shown
    ]


def _figure(count: int) -> str:
    return "1,000+" if count > TOTAL_CAP else f"{count:,}"


def _applied(wanted: Wanted, lines: list[LineRow]) -> list[dict[str, str]]:
    """The filters in force, each with the address that takes it away."""
    here = _parameters(wanted)
    names = {line.id: line.name for line in lines}
    labels = {
        "q": f"Search: {wanted.query}",
        "line": f"Product: {names.get(wanted.line_id or 0, 'unknown')}",
        "partner": f"Partner: {wanted.partner}",
        "mine": "Mine",
    }
    return [
        {"label": label, "url": _url({k: v for k, v in here.items() if k != name})}
        for name, label in labels.items()
        if name in here
    ]


def _header(*, shows_partner: bool) -> list[str]:
    partner = ["Partner"] if shows_partner else []
    return [
        "Number",
        "Customer",
        "Website",
        "Country",
        *partner,
        "Product",
        "Owner",
        "Value",
        "Currency",
        "Status",
        "Expected close",
        "Registered",
        "Decide by",
        "Protected until",
        "Last change",
    ]


def _cells(rows: Iterable[DealRow], shows_partner: bool) -> Iterator[list[Any]]:  # noqa: FBT001
    for row in rows:
        partner = [row.partner] if shows_partner else []
        yield [
            row.ref,
            row.customer_name,
            row.customer_domain,
            row.customer_country,
            *partner,
            row.line,
            row.owner,
            Money(row.value_minor, row.currency).amount,
            row.currency,
            words.STATES[row.state].text,
            row.closes_on,
            row.submitted_at,
            row.due_at if row.state in UNDECIDED else None,
            row.protected_until,
            row.updated_at,
        ]
