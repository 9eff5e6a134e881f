"""Every commission as finance sees it, what waits for a fact, and what is owed in all."""

from __future__ import annotations

from collections.abc import Iterator

from flask import request, url_for
from flask.typing import ResponseReturnValue

from portal.commissions.actions import accruing
from portal.commissions.forms import QuestionForm
from portal.commissions.queries import knowing, ledger, statements
from portal.commissions.rules import postings
from portal.commissions.views.mine import VIEWS, page_of
from portal.commissions.views.pages import HEADER, area, cells, with_standing
from portal.db.session import ViewerSession
from portal.kernel.money import Money, format_money
from portal.kernel.policy import May
from portal.web import lists
from portal.web.area import Visit
from portal.web.csv import csv_chunks, download
from portal.web.lists import Asked, Link

WAITING_SHOWN = 100


@area.page("/finance/commissions", needs=May.FINANCE_READ)
def show_all(visit: Visit) -> ResponseReturnValue:
    asked = _asked()
    page = statements.list_lines(visit.db, asked.filters, asked.page, partner_id=None)
    totals = postings.totals(ledger.trial_balance(visit.db))
    locale = visit.person.locale
    with visit.db.as_system("events that wait for a fact") as system:
        waiting = knowing.list_waiting(system, limit=WAITING_SHOWN)
    return visit.render(
        "finance/commissions.html",
        asked=asked,
        rows=with_standing(visit, page.rows),
        pager=asked.pager(page),
        tiles=[
            {
                "label": label,
                "value": format_money(Money(getattr(total, name), total.currency), locale),
            }
            for total in totals
            for label, name in (
                ("On hold", "held"),
                ("Payable", "payable"),
                ("In payout", "in_payout"),
                ("Paid", "paid"),
                ("Owed to us", "owed"),
            )
        ],
        waiting=waiting,
        may_run=visit.viewer.may(May.FINANCE_RUN),
        views=[Link(label, asked.url(view=v), asked["view"] == v) for v, label in VIEWS],
        export_url=asked.export_url(url_for("commissions.export_all")),
    )


def _asked() -> Asked:
    path = url_for("commissions.show_all")
    filters = ("month", "view", "partner")
    return lists.asked(path, request.args, filters=filters, sorts=statements.SORTS)


@area.page("/finance/commissions.csv", needs=May.FINANCE_READ)
def export_all(visit: Visit) -> ResponseReturnValue:
    filters = _asked().filters

    def chunks(db: ViewerSession) -> Iterator[bytes]:
        return csv_chunks(HEADER, cells(statements.stream_lines(db, filters, partner_id=None)))

    return download(visit.stream(chunks), name="commissions.csv", media_type="text/csv")


@area.page("/finance/commissions/<ref>", needs=May.FINANCE_READ)
def show_one(visit: Visit, ref: str) -> ResponseReturnValue:
    return page_of(visit, ref, QuestionForm())


@area.act("/finance/commissions/retry", needs=May.FINANCE_RUN)
def retry(visit: Visit) -> ResponseReturnValue:
    """Take every event that waits once more, now that facts were entered."""
    with visit.db.as_system("take events that waited") as system:
        waiting = knowing.list_waiting(system, limit=WAITING_SHOWN)
        for row in waiting:
            accruing.retry(system, row, now=visit.now)
        left = len(knowing.list_waiting(system, limit=WAITING_SHOWN))
    visit.say(f"{len(waiting) - left} events were taken; {left} still wait.")
    return visit.go("commissions.show_all")
