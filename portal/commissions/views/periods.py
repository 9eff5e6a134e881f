"""Months of the ledger: what is open, what is closed, and what all accounts say."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.commissions.actions import periods as actions
from portal.commissions.queries import ledger
from portal.commissions.queries.statements import month_from
from portal.commissions.rules import postings
from portal.commissions.views.pages import area
from portal.kernel.errors import NotFound, Refused
from portal.kernel.policy import May
from portal.web.area import Visit


@area.page("/finance/periods", needs=May.FINANCE_READ)
def show_periods(visit: Visit) -> ResponseReturnValue:
    return _page(visit)


def _page(visit: Visit, refusal: str = "", status: int = 200) -> ResponseReturnValue:
    balance = ledger.trial_balance(visit.db)
    return visit.render(
        "finance/periods.html",
        status,
        periods=ledger.list_periods(visit.db),
        rows=postings.trial(balance),
        refusal=refusal,
        today=visit.now.date(),
        may_run=visit.viewer.may(May.FINANCE_RUN),
    )


@area.act("/finance/periods/<period>/close", needs=May.FINANCE_RUN, is_fresh=True)
def close_period(visit: Visit, period: str) -> ResponseReturnValue:
    month = month_from(period)
    if month is None:
        raise NotFound
    try:
        actions.close(visit.db, month, now=visit.now)
    except Refused as refused:
        visit.db.rollback()
        return _page(visit, refused.message, 422)
    visit.say(f"{month:%B %Y} is closed. Nothing in it changes any more.")
    return visit.go("commissions.show_periods")
