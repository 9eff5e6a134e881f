"""A partner's own commissions: the list, why each amount, and the plan in plain words."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.commissions.forms import QuestionForm
from portal.commissions.queries import knowing, ledger, questions, statements
from portal.commissions.queries.estimates import Worked, plan_for, worked_examples
from portal.commissions.rules import payment, showing
from portal.commissions.rules.postings import Balance
from portal.commissions.rules.wording import describe
from portal.commissions.views.pages import HEADER, area, cells, own_partner, with_standing
from portal.db.session import ViewerSession
from portal.kernel.money import Money, format_money
from portal.kernel.policy import May
from portal.web import lists
from portal.web.area import Visit
from portal.web.csv import XLSX_TYPE, csv_chunks, download, xlsx_bytes
from portal.web.lists import Asked, Link

VIEWS = (("", "All"), ("taken_back", "Taken back"), ("nothing", "Earned nothing"))


@area.page("/commissions", needs=May.COMMISSIONS_READ)
def show_list(visit: Visit) -> ResponseReturnValue:
    partner_id = own_partner(visit)
    asked = _asked()
    page = statements.list_lines(visit.db, asked.filters, asked.page, partner_id=partner_id)
    months = statements.list_months(visit.db, partner_id)
    return visit.render(
        "commissions/list.html",
        asked=asked,
        rows=with_standing(visit, page.rows),
        pager=asked.pager(page),
        tiles=tiles(ledger.balances(visit.db, partner_id), visit.person.locale),
        months=months,
        month=statements.month_from(asked["month"]),
        views=[Link(label, asked.url(view=v), asked["view"] == v) for v, label in VIEWS],
        csv_url=asked.export_url(url_for("commissions.export_csv")),
        xlsx_url=asked.export_url(url_for("commissions.export_xlsx")),
    )


def tiles(balances: dict[str, Balance], locale: str) -> list[dict[str, Any]]:
    """A figure for each state; other currencies than the first stand beside it."""
    found = list(balances.values()) or [Balance("EUR")]

    def tile(label: str, name: str, note: str) -> dict[str, Any]:
        texts = [format_money(Money(getattr(b, name), b.currency), locale) for b in found]
        return {"label": label, "value": texts[0], "note": ", ".join([*texts[1:], note])}

    shown = [
        tile("Earned so far", "total", "less what was taken back"),
        tile("On hold", "held", "payable when the hold ends"),
        tile("Payable", "payable", "in the next payout"),
        tile("Paid", "paid", "to your bank account"),
    ]
    if any(balance.owed for balance in found):
        shown.append({**tile("Owed", "owed", "taken from what you earn next"), "tone": "bad"})
    return shown


def _asked() -> Asked:
    path = url_for("commissions.show_list")
    return lists.asked(path, request.args, filters=("month", "view"), sorts=statements.SORTS)


@area.page("/commissions.csv", needs=May.COMMISSIONS_READ)
def export_csv(visit: Visit) -> ResponseReturnValue:
    partner_id, filters = own_partner(visit), _asked().filters

    def chunks(db: ViewerSession) -> Iterator[bytes]:
        rows = statements.stream_lines(db, filters, partner_id=partner_id)
        return csv_chunks(HEADER, cells(rows))

    return download(visit.stream(chunks), name="commissions.csv", media_type="text/csv")


@area.page("/commissions.xlsx", needs=May.COMMISSIONS_READ)
def export_xlsx(visit: Visit) -> ResponseReturnValue:
    rows = statements.stream_lines(visit.db, _asked().filters, partner_id=own_partner(visit))
    body = xlsx_bytes(HEADER, cells(rows), title="Commissions")
    return download(body, name="commissions.xlsx", media_type=XLSX_TYPE)


@area.page("/commissions/<ref>", needs=May.COMMISSIONS_READ)
def show(visit: Visit, ref: str) -> ResponseReturnValue:
    return page_of(visit, ref, QuestionForm())


def page_of(visit: Visit, ref: str, form: QuestionForm, status: int = 200) -> ResponseReturnValue:
    """Why this amount, for the company that earned it and for finance."""
    line = statements.get_line(visit.db, ref)
    ((_, standing, parts),) = with_standing(visit, [line])
    return visit.render(
        "commissions/show.html",
        status,
        line=line,
        standing=standing,
        stages=payment.stages(standing, line.happened_on, parts),
        rows=showing.rows_of(line.explanation, line.currency, visit.person.locale),
        questions=questions.questions_on(visit.db, line.id),
        form=form,
    )


@area.page("/plan", needs=May.COMMISSIONS_READ)
def show_plan(visit: Visit) -> ResponseReturnValue:
    partner_id = own_partner(visit)
    today: dt.date = visit.now.date()
    with visit.db.as_system("the plan of the viewer's own company") as system:
        known = knowing.known_for(system, [partner_id], today)
    chosen = plan_for(known, partner_id, today)
    examples: list[Worked] = worked_examples(chosen.plan, today) if chosen.plan else []
    return visit.render(
        "commissions/plan.html",
        plan=chosen.plan,
        because=chosen.because,
        sentences=describe(chosen.plan) if chosen.plan else [],
        examples=[
            (each, showing.rows_of(each.explanation, each.currency, visit.person.locale))
            for each in examples
        ],
    )
