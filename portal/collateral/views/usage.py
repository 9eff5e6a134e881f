"""What is used, by whom, and what nobody uses; all of it as files too."""

from __future__ import annotations

import datetime as dt

from flask import request
from flask.typing import ResponseReturnValue

from portal.collateral.queries import usage
from portal.collateral.views.areas import content as area
from portal.kernel.policy import May
from portal.web.area import Visit
from portal.web.csv import csv_chunks, download

SPANS = {"30": 30, "90": 90, "365": 365}


def _since(visit: Visit) -> tuple[str, dt.datetime]:
    span = request.args.get("days", "90")
    days = SPANS.get(span, 90)
    return str(days), visit.now - dt.timedelta(days=days)


@area.page("/reports/usage", needs=May.COLLATERAL_MEASURE)
def show_usage(visit: Visit) -> ResponseReturnValue:
    span, since = _since(visit)
    pieces = usage.by_asset(visit.db, since=since)
    return visit.render(
        "content/usage.html",
        span=span,
        spans=SPANS,
        pieces=pieces,
        unused=usage.unused(pieces, now=visit.now),
        companies=usage.by_partner(visit.db, since=since),
        totals=usage.totals(visit.db, since=since),
    )


@area.page("/reports/usage/downloads", needs=May.COLLATERAL_MEASURE)
def show_downloads(visit: Visit) -> ResponseReturnValue:
    """The rows behind a figure."""
    span, since = _since(visit)
    ref = request.args.get("piece", "")[:20]
    rows = usage.download_rows(visit.db, since=since, ref=ref)
    return visit.render("content/downloads.html", rows=rows[:500], span=span, ref=ref)


@area.page("/reports/usage.csv", needs=May.COLLATERAL_MEASURE)
def export_usage(visit: Visit) -> ResponseReturnValue:
    """One line for each download."""
    _, since = _since(visit)
    rows = usage.download_rows(visit.db, since=since)
    header = ("at", "piece", "title", "version", "partner", "person", "deal", "branded")
    lines = (
        (r.at, r.asset_ref, r.title, r.number, r.partner, r.person, r.deal_ref, r.is_branded)
        for r in rows
    )
    return download(csv_chunks(header, lines), name="downloads.csv", media_type="text/csv")
