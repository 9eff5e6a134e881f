"""How registrations run from being sent to their end.  What is shown stands in the address."""

from __future__ import annotations

import datetime as dt
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.deals.rules import words
from portal.kernel.clock import add_days, local_day, start_of_day
from portal.kernel.errors import Refused
from portal.kernel.policy import May
from portal.oversight.queries import process as queries
from portal.oversight.queries.process import NOBODY, By, Wanted
from portal.oversight.rules import process
from portal.oversight.rules.process import Case, Choice, Span, Stage, Summary
from portal.oversight.views.pages import reports as area
from portal.programme import queries as programme
from portal.web import charts, lists
from portal.web.area import Visit
from portal.web.charts import Point
from portal.web.csv import XLSX_TYPE, csv_chunks, download, xlsx_bytes
from portal.web.lists import Asked, Link

FILTERS = ("period", "from", "to", "by", "stage", *By)
HEADER = (
    "Group",
    *(process.STAGE_LABELS[stage] for stage in Stage),
    "Decided: median hours",
    "Decided: nine in ten within hours",
    "Ended: median days",
    "Ended: nine in ten within days",
)
SHOWN_GROUPS = 25
FUNNEL = (Stage.REGISTERED, Stage.DECIDED, Stage.APPROVED, Stage.WON)


@dataclass(frozen=True, slots=True)
class Asking:
    """A report's address, read."""

    asked: Asked
    choice: Choice
    by: By
    span: Span
    zone: ZoneInfo

    def wanted(self, span: Span) -> Wanted:
        only = {by: self.asked[by] for by in By if self.asked[by]}
        starts_at = start_of_day(span.starts_on, self.zone)
        return Wanted(starts_at, start_of_day(span.ends_on, self.zone), only)


def read(visit: Visit, path: str, filters: Sequence[str] = FILTERS) -> Asking:
    """Days are the programme's.  Raises Refused("day")."""
    asked = lists.asked(path, request.args, filters=filters, sorts=("-submitted",))
    zone = programme.rules_at(visit.db, visit.now)[1].calendar.tzinfo
    choice = Choice(asked["period"]) if asked["period"] in list(Choice) else Choice.QUARTER
    by = By(asked["by"]) if asked["by"] in list(By) else By.PARTNER
    days = _days(asked, local_day(visit.now, zone)) if choice is Choice.DAYS else None
    span = process.span_of(choice, local_day(visit.now, zone), days)
    return Asking(asked, choice, by, span, zone)


def _days(asked: Asked, today: dt.date) -> Span:
    try:
        starts_on = dt.date.fromisoformat(asked["from"]) if asked["from"] else today.replace(day=1)
        last = dt.date.fromisoformat(asked["to"]) if asked["to"] else today
    except ValueError as error:
        raise Refused("Write days as 2026-03-31.", code="day") from error
    if not 2000 <= starts_on.year <= last.year <= 2200 or last < starts_on:
        raise Refused("The first day comes before the last, both after 2000.", code="day")
    return Span(starts_on, add_days(last, 1))


@area.page("/reports/process", needs=May.REPORTS_READ)
def show(visit: Visit) -> ResponseReturnValue:
    asking = read(visit, url_for("reports.show"))
    cases = queries.list_cases(visit.db, asking.wanted(asking.span), asking.by)
    before = process.summarise(
        queries.list_cases(
            visit.db,
            asking.wanted(process.span_before(asking.choice, asking.span)),
            asking.by,
        )
    )
    summary, labels = process.summarise(cases), queries.list_labels(visit.db, asking.by)
    return visit.render(
        "oversight/process.html",
        asking=asking,
        last_day=add_days(asking.span.ends_on, -1),
        periods=period_links(asking),
        breakdowns=[
            Link(by.value.capitalize(), asking.asked.url(by=by.value), by is asking.by) for by in By
        ],
        chips=_chips(visit, asking),
        tiles=_tiles(asking, summary, before),
        bottleneck=process.bottleneck(summary),
        has_cases=bool(cases),
        funnel=_funnel(summary),
        times=_times(summary),
        reasons=_reasons(summary),
        ends=[_figure(asking, summary, stage) for stage in Stage],
        groups=_groups(asking, cases, labels),
        group_heading=asking.by.value.capitalize(),
        csv_url=asking.asked.export_url(url_for("reports.export_csv")),
        xlsx_url=asking.asked.export_url(url_for("reports.export_xlsx")),
    )


@area.page("/reports/process/deals", needs=May.REPORTS_READ)
def show_deals(visit: Visit) -> ResponseReturnValue:
    """The registrations behind a figure."""
    asking = read(visit, url_for("reports.show_deals"))
    asked = asking.asked
    stage = Stage(asked["stage"]) if asked["stage"] in list(Stage) else Stage.REGISTERED
    found = queries.list_deals(visit.db, asking.wanted(asking.span), stage, asked.page)
    return visit.render(
        "oversight/process_deals.html",
        heading=process.STAGE_LABELS[stage],
        asking=asking,
        last_day=add_days(asking.span.ends_on, -1),
        rows=[(row, words.STATES[row.state]) for row in found.rows],
        pager=asked.pager(found),
        back_url=_address("reports.show", {**asked.filters, "stage": ""}),
    )


@area.page("/reports/process.csv", needs=May.REPORTS_READ)
def export_csv(visit: Visit) -> ResponseReturnValue:
    rows = _export(visit)
    return download(csv_chunks(HEADER, rows), name="process.csv", media_type="text/csv")


@area.page("/reports/process.xlsx", needs=May.REPORTS_READ)
def export_xlsx(visit: Visit) -> ResponseReturnValue:
    body = xlsx_bytes(HEADER, _export(visit), title="Process")
    return download(body, name="process.xlsx", media_type=XLSX_TYPE)


def _export(visit: Visit) -> list[tuple[Any, ...]]:
    asking = read(visit, url_for("reports.show"))
    cases = queries.list_cases(visit.db, asking.wanted(asking.span), asking.by)
    labels = queries.list_labels(visit.db, asking.by)
    groups = [(_label(labels, code), found) for code, found in process.by_group(cases)]
    return [_cells(name, found) for name, found in [*groups, ("All", process.summarise(cases))]]


def _cells(name: str, found: Summary) -> tuple[Any, ...]:
    lengths = (
        (found.to_decision.median, 3600),
        (found.to_decision.most, 3600),
        (found.to_end.median, 86400),
        (found.to_end.most, 86400),
    )
    rounded = (
        None if length is None else round(length.total_seconds() / unit) for length, unit in lengths
    )
    return (name, *(found.count(stage) for stage in Stage), *rounded)


def _label(labels: Mapping[str, str], code: str) -> str:
    return "None" if code == NOBODY else labels.get(code, code)


def period_links(asking: Asking) -> list[Link]:
    return [
        Link(
            label,
            asking.asked.url(period="" if choice is Choice.QUARTER else choice.value),
            choice is asking.choice,
        )
        for choice, label in process.CHOICE_LABELS.items()
        if choice is not Choice.DAYS or asking.choice is Choice.DAYS
    ]


def _chips(visit: Visit, asking: Asking) -> list[Link]:
    texts = {
        by.value: f"{by.value.capitalize()}: "
        f"{_label(queries.list_labels(visit.db, by), asking.asked[by])}"
        for by in By
        if asking.asked[by]
    }
    return asking.asked.chips(texts)


def _behind(asking: Asking, stage: Stage, **narrowed: str) -> str:
    """The address of the registrations that a figure counts."""
    return _address(
        "reports.show_deals", {**asking.asked.filters, **narrowed, "stage": stage.value}
    )


def _address(endpoint: str, given: Mapping[str, str]) -> str:
    query = urlencode({name: value for name, value in given.items() if value})
    return f"{url_for(endpoint)}?{query}"


def _tiles(asking: Asking, now: Summary, before: Summary) -> list[dict[str, str]]:
    return [
        {
            "label": process.STAGE_LABELS[stage],
            "value": f"{now.count(stage):,}",
            "note": process.against(now.count(stage), before.count(stage)),
            "url": _behind(asking, stage),
        }
        for stage in (Stage.REGISTERED, Stage.APPROVED, Stage.WON, Stage.WAITING)
    ]


def _figure(asking: Asking, summary: Summary, stage: Stage) -> tuple[str, str, str, str]:
    share = process.percent_words(summary.share(stage, Stage.REGISTERED))
    label = process.STAGE_LABELS[stage]
    return label, f"{summary.count(stage):,}", share, _behind(asking, stage)


def _funnel(summary: Summary) -> dict[str, Any]:
    counts = [(process.STAGE_LABELS[stage], summary.count(stage)) for stage in FUNNEL]
    shares = [
        process.percent_words(summary.share(after, before))
        for before, after in itertools.pairwise(FUNNEL)
    ]
    registered, won = summary.count(Stage.REGISTERED), summary.count(Stage.WON)
    points = [Point(label, count, f"{count:,}") for label, count in counts]
    return {
        "finding": f"Of {registered:,} registrations, {won:,} are won so far.",
        "chart": charts.funnel(
            "stages", "Registrations by stage", points, steps=[f"{share} go on" for share in shares]
        ),
        "table": {
            "heads": ["Stage", "Registrations", "Of the stage before"],
            "rows": [
                (label, f"{count:,}", share)
                for (label, count), share in zip(counts, ["", *shares], strict=True)
            ],
        },
    }


def _times(summary: Summary) -> dict[str, Any]:
    lengths = [
        ("From sent to decided", summary.to_decision),
        ("From approved to the end", summary.to_end),
    ]
    points = [
        Point(
            f"{name}, median",
            found.median.total_seconds() if found.median else 0,
            process.length_words(found.median),
            goal=found.most.total_seconds() if found.most else None,
        )
        for name, found in lengths
    ]
    decided = summary.to_decision
    finding = (
        f"Half are decided within {process.length_words(decided.median)}, "
        f"nine in ten within {process.length_words(decided.most)}."
        if decided.count
        else "Nothing is decided yet."
    )
    return {
        "finding": finding,
        "chart": charts.bars("times", "Time in each stage", points, own_scales=True),
        "table": {
            "heads": ["Stage", "Registrations", "Median", "Nine in ten within"],
            "rows": [
                (
                    name,
                    f"{found.count:,}",
                    process.length_words(found.median),
                    process.length_words(found.most),
                )
                for name, found in lengths
            ],
        },
    }


def _reasons(summary: Summary) -> dict[str, Any]:
    found = [
        *((f"Lost: {words.LOST_BECAUSE.get(r, r)}", n) for r, n in summary.lost_reasons.items()),
        *((f"Rejected: {r.replace('_', ' ')}", n) for r, n in summary.reasons.items()),
    ]
    found.sort(key=lambda item: (-item[1], item[0]))
    finding = (
        f"The most common reason is “{found[0][0]}”, {found[0][1]:,} of "
        f"{sum(count for _, count in found):,}."
        if found
        else "Nothing was lost or rejected."
    )
    points = [Point(name, count, f"{count:,}") for name, count in found[:8]]
    return {
        "finding": finding,
        "chart": charts.bars("reasons", "Why registrations were lost or rejected", points),
        "table": {
            "heads": ["Reason", "Registrations"],
            "rows": [(name, f"{count:,}") for name, count in found],
        },
    }


def _groups(
    asking: Asking, cases: Sequence[Case], labels: Mapping[str, str]
) -> list[dict[str, str]]:
    """The largest groups; the rest stand together, so that the column adds up."""
    found = process.by_group(cases)
    rows = [
        _group(_label(labels, code), summary, asking.asked.url(**{asking.by.value: code}))
        | {"deals_url": _behind(asking, Stage.REGISTERED, **{asking.by.value: code})}
        for code, summary in found[:SHOWN_GROUPS]
    ]
    rest = {code for code, _ in found[SHOWN_GROUPS:]}
    if rest:
        summary = process.summarise([case for case in cases if case.group in rest])
        csv_url = asking.asked.export_url(url_for("reports.export_csv"))
        rows.append(_group(f"{len(rest):,} others", summary, csv_url) | {"deals_url": ""})
    return rows


def _group(name: str, summary: Summary, url: str) -> dict[str, str]:
    return {
        "name": name,
        "url": url,
        "registered": f"{summary.count(Stage.REGISTERED):,}",
        "approved": process.percent_words(summary.share(Stage.APPROVED, Stage.DECIDED)),
        "won": process.percent_words(summary.share(Stage.WON, Stage.APPROVED)),
        "median": process.length_words(summary.to_decision.median),
        "most": process.length_words(summary.to_decision.most),
    }
