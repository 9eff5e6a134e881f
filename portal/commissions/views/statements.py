"""A partner's statement of a month: on screen, for print, and as a PDF."""

from __future__ import annotations

import datetime as dt
from pathlib import Path
from typing import Any

from flask import request
from flask.typing import ResponseReturnValue

from portal.commissions.queries import statements
from portal.commissions.rules import showing
from portal.commissions.views.pages import HEADER, area, cells, own_partner
from portal.files.typesetting import typeset
from portal.kernel.errors import NotFound
from portal.kernel.money import Money, format_money
from portal.kernel.policy import May
from portal.partners import queries as partner_queries
from portal.web.area import Visit
from portal.web.csv import XLSX_TYPE, csv_chunks, download, xlsx_bytes

TEMPLATE = Path(__file__).with_name("statement.typ")
PAPERS = {"a4": "a4", "letter": "us-letter"}


def _month(period: str) -> dt.date:
    """Raises NotFound for what is no month."""
    month = statements.month_from(period)
    if month is None:
        raise NotFound
    return month


@area.page("/statements/<period>", needs=May.COMMISSIONS_READ)
def show_statement(visit: Visit, period: str) -> ResponseReturnValue:
    partner_id, month = own_partner(visit), _month(period)
    filters = {"month": period}
    rows = list(statements.stream_lines(visit.db, filters, partner_id=partner_id))
    return visit.render(
        "commissions/statement.html",
        month=month,
        period=period,
        partner=partner_queries.get_partner(visit.db, partner_id),
        totals=statements.statement_of(visit.db, partner_id, month),
        rows=[row for row in rows if row.amount_minor],
        nothing=[row for row in rows if not row.amount_minor],
    )


@area.page("/statements/<period>.csv", needs=May.COMMISSIONS_READ)
def statement_csv(visit: Visit, period: str) -> ResponseReturnValue:
    partner_id = own_partner(visit)
    _month(period)
    rows = statements.stream_lines(visit.db, {"month": period}, partner_id=partner_id)
    body = b"".join(csv_chunks(HEADER, cells(rows)))
    return download(body, name=f"statement-{period}.csv", media_type="text/csv")


@area.page("/statements/<period>.xlsx", needs=May.COMMISSIONS_READ)
def statement_xlsx(visit: Visit, period: str) -> ResponseReturnValue:
    partner_id = own_partner(visit)
    _month(period)
    rows = statements.stream_lines(visit.db, {"month": period}, partner_id=partner_id)
    body = xlsx_bytes(HEADER, cells(rows), title=f"Statement {period}")
    return download(body, name=f"statement-{period}.xlsx", media_type=XLSX_TYPE)


@area.page("/statements/<period>.pdf", needs=May.COMMISSIONS_READ)
def statement_pdf(visit: Visit, period: str) -> ResponseReturnValue:
    partner_id, month = own_partner(visit), _month(period)
    paper = PAPERS.get(request.args.get("paper", ""), PAPERS["a4"])
    rows = statements.stream_lines(visit.db, {"month": period}, partner_id=partner_id)
    locale = visit.person.locale
    partner = partner_queries.get_partner(visit.db, partner_id)

    def money(minor: int, currency: str) -> str:
        return format_money(Money(minor, currency), locale)

    job: dict[str, Any] = {
        "paper": paper,
        "vendor": visit.services.config.vendor,
        "partner": partner.name,
        "number": partner.ref,
        "month": f"{month:%B %Y}",
        "totals": [
            {
                "opening": money(each.opening, each.currency),
                "earned": money(each.earned, each.currency),
                "paid": money(each.paid, each.currency),
                "closing": money(each.closing, each.currency),
            }
            for each in statements.statement_of(visit.db, partner_id, month)
        ],
        "lines": [
            {
                "ref": row.ref,
                "day": row.happened_on.isoformat(),
                "about": row.customer or row.kind,
                "deal": row.deal_ref,
                "amount": money(row.amount_minor, row.currency),
                "steps": [
                    [step.name, step.text, step.amount]
                    for step in showing.rows_of(row.explanation, row.currency, locale)
                ],
            }
            for row in rows
        ],
    }
    body = typeset(TEMPLATE, job)
    return download(body, name=f"statement-{period}.pdf", media_type="application/pdf")
