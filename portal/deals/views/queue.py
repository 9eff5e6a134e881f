"""The list of claims to decide: what its address asks for, and what each line prints."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, fields
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from werkzeug.datastructures import MultiDict

from portal.deals.forms.approvals import SIZE_WORDS, FilterForm, choices
from portal.deals.queries.queue import (
    PATH,
    SIZES,
    Around,
    Filters,
    Moment,
    QueueRow,
    View,
)
from portal.deals.rules import findings, words
from portal.deals.rules.lifecycle import UNDECIDED
from portal.kernel.clock import end_of_day, local_day
from portal.kernel.money import Money
from portal.kernel.page import SIZES as PAGE_SIZES
from portal.kernel.page import TOTAL_CAP, Cursor, Page, PageRequest

LABELS = {
    View.OPEN: "To decide",
    View.CHECK: "Needs a check",
    View.TODAY: "Due today",
    View.MINE: "Mine",
    View.DECIDED: "Decided",
}
EMPTY = {
    View.OPEN: ("All decided", "New ones appear here and are mailed to you."),
    View.CHECK: ("Nothing needs a check", "What is left to decide is clear."),
    View.TODAY: ("Nothing is due today", "What is left to decide has time until later."),
    View.MINE: ("Nothing of yours is waiting", "You see the partners you look after here."),
    View.DECIDED: ("Nothing was decided yet", "Decisions are kept here, the latest first."),
}
NARROWING = ("text", "region", "line", "partner", "tier", "size")
SOON = dt.timedelta(hours=8)


@dataclass(frozen=True, slots=True)
class Shown:
    """What the address asks for: a list, and what is open beside it."""

    filters: Filters
    page: PageRequest
    ref: str = ""
    act: str = ""

    def parameters(self) -> dict[str, str]:
        """The list without its page and without what is open."""
        given = {"view": self.filters.view.value if self.filters.view is not View.OPEN else ""}
        given |= {_param(name): getattr(self.filters, name) for name in NARROWING}
        given["rows"] = str(self.page.size) if self.page.size != PAGE_SIZES[0] else ""
        return {name: value for name, value in given.items() if value}

    def url(self, path: str = PATH, **changes: str) -> str:
        given = {name: value for name, value in (self.parameters() | changes).items() if value}
        return f"{path}?{urlencode(given)}" if given else path

    @property
    def query(self) -> str:
        """The list's part of the address after the question mark, as it is saved."""
        return urlencode(self.parameters())

    def open_url(self, ref: str, act: str = "") -> str:
        return self.url(deal=ref, act=act)


def _param(name: str) -> str:
    return "q" if name == "text" else name


def shown(given: MultiDict[str, str]) -> Shown:
    """Values that no page of ours writes are left out.  Raises Refused for a damaged cursor."""
    view = View(given["view"]) if given.get("view") in list(View) else View.OPEN
    narrowing = {name: given.get(_param(name), "")[:100].strip() for name in NARROWING}
    if narrowing["size"] not in list(SIZES):
        narrowing["size"] = ""
    filters = Filters(view=view, **narrowing)
    rows = given.get("rows", "")
    page = PageRequest(
        size=int(rows) if rows in {str(size) for size in PAGE_SIZES} else PAGE_SIZES[0],
        after=Cursor.decode(given["after"]) if given.get("after") else None,
        before=Cursor.decode(given["before"]) if given.get("before") else None,
        sort=filters.sort,
    )
    return Shown(filters, page, given.get("deal", "")[:40], given.get("act", "")[:20])


def moment(now: dt.datetime, zone: str) -> Moment:
    place = ZoneInfo(zone)
    return Moment(now, end_of_day(local_day(now, place), place))


@dataclass(frozen=True, slots=True)
class Line:
    """One row as the table prints it."""

    row: QueueRow
    url: str
    check: words.Badge
    tone: str
    share: int | None


def lines(rows: Iterable[QueueRow], here: Shown, now: dt.datetime) -> list[Line]:
    return [
        Line(
            row,
            here.open_url(row.ref),
            _badge(row, here.filters.view),
            tone(row.due_at, now),
            share(row.submitted_at, row.due_at, now),
        )
        for row in rows
    ]


def _badge(row: QueueRow, view: View) -> words.Badge:
    if view is View.DECIDED:
        return words.STATES[row.state]
    is_judged = row.judged_at is not None
    return findings.badge(row.state, row.finding, is_judged=is_judged, is_waiting=row.is_waiting)


def tone(due_at: dt.datetime | None, now: dt.datetime) -> str:
    if due_at is None or due_at - now > SOON:
        return ""
    return "over" if due_at <= now else "soon"


def share(since: dt.datetime, due_at: dt.datetime | None, now: dt.datetime) -> int | None:
    """Percentage of the vendor's time that is used up."""
    if due_at is None or due_at <= since:
        return None
    return min(100, max(0, round(100 * ((now - since) / (due_at - since)))))


def figure(count: int) -> str:
    return f"{TOTAL_CAP:,}+" if count > TOTAL_CAP else f"{count:,}"


def figures(around: Around) -> dict[str, str]:
    """The counts on the page by the key they are updated under."""
    counted = {name: figure(count) for name, count in around.counts.items()}
    return counted | {"approvals": counted.get("open", "0")}


def views(here: Shown, around: Around) -> list[dict[str, Any]]:
    return [
        {
            "label": label,
            "url": PATH if view is View.OPEN else f"{PATH}?view={view}",
            "current": view is here.filters.view,
            "count": figure(around.count(view)) if view in around.counts else None,
            "key": view.value,
        }
        for view, label in LABELS.items()
    ]


def tiles(around: Around) -> list[dict[str, Any]]:
    late, check = around.counts.get("late", 0), around.count(View.CHECK)
    return [
        {"label": "Waiting", "value": figure(around.count(View.OPEN)), "key": "open"},
        {
            "label": "Past their deadline",
            "value": figure(late),
            "tone": "bad" if late else "",
            "key": "late",
        },
        {"label": "Due today", "value": figure(around.count(View.TODAY)), "key": "today"},
        {
            "label": "Need a check",
            "value": figure(check),
            "key": "check",
            "url": f"{PATH}?view={View.CHECK}",
        },
    ]


def saved(around: Around) -> list[dict[str, str]]:
    """Views that the reader saved, or a colleague shares."""
    return [
        {"label": name, "url": f"{PATH}?{query}" if query else PATH}
        for query, name in around.choices.get("view", [])
    ]


def filter_form(here: Shown, around: Around) -> FilterForm:
    form = FilterForm()
    for field in (form.region, form.line, form.partner, form.tier):
        field.choices = choices([("", "Any"), *around.choices.get(field.name, [])])
    form.process(MultiDict(here.parameters()))
    return form


def chips(here: Shown, around: Around) -> list[dict[str, str]]:
    """The filters in force, each with the address that takes it away."""
    labels = {"text": "Search", "line": "Product", "size": "Size"}
    given = here.parameters()
    found = []
    for field in fields(here.filters):
        value = getattr(here.filters, field.name)
        if field.name not in NARROWING or not value:
            continue
        names = {"size": SIZE_WORDS}.get(field.name) or dict(around.choices.get(field.name, []))
        label = f"{labels.get(field.name, field.name.capitalize())}: {names.get(value, value)}"
        rest = {name: other for name, other in given.items() if name != _param(field.name)}
        found.append({"label": label, "url": f"{PATH}?{urlencode(rest)}" if rest else PATH})
    return found


def pages(here: Shown, page: Page[QueueRow]) -> dict[str, Any]:
    """What the pager says and where it leads."""
    noun = "registration" if page.total == 1 else "registrations"
    return {
        "text": f"{len(page.rows)} of {page.total_text} {noun}",
        "previous": here.url(before=page.previous.encode()) if page.previous else "",
        "next": here.url(after=page.next.encode()) if page.next else "",
        "sizes": [
            {"label": size, "url": here.url(rows=str(size)), "current": size == here.page.size}
            for size in PAGE_SIZES
        ],
    }


HEADER = (
    "Number",
    "Customer",
    "Website",
    "Partner",
    "Tier",
    "Product",
    "Value",
    "Currency",
    "Expected close",
    "Status",
    "Check",
    "Registered",
    "Decide by",
    "Decided",
)


def cells(rows: Iterable[QueueRow]) -> Iterator[list[Any]]:
    """The rows as a file holds them, under HEADER."""
    for row in rows:
        yield [
            row.ref,
            row.customer,
            row.domain,
            row.partner,
            row.tier,
            row.line,
            Money(row.value_minor, row.currency).amount,
            row.currency,
            row.closes_on,
            words.STATES[row.state].text,
            _badge(row, View.OPEN).text,
            row.submitted_at,
            row.due_at if row.state in UNDECIDED else None,
            row.decided_at,
        ]
