"""Payout runs: prepared by one, released by another, settled or returned."""

from __future__ import annotations

from flask import url_for
from flask.typing import ResponseReturnValue

from portal.commissions.actions import payouts as actions
from portal.commissions.actions.payouts import Prepare
from portal.commissions.forms import ReasonForm, RunForm
from portal.commissions.models import PayoutRun
from portal.commissions.queries import ledger
from portal.commissions.queries import payouts as queries
from portal.commissions.rules import postings
from portal.commissions.rules.bank_file import Party, masked
from portal.commissions.rules.postings import PayoutState, RunState
from portal.commissions.views.pages import area
from portal.kernel.errors import NotFound
from portal.kernel.money import Money
from portal.kernel.policy import May
from portal.web.area import Visit
from portal.web.csv import csv_chunks, download

HEADER = ("Payment", "Partner", "Number", "Amount", "Currency", "State", "Reason", "Holder", "IBAN")


@area.page("/finance/runs", needs=May.FINANCE_READ)
def show_runs(visit: Visit) -> ResponseReturnValue:
    return _runs(visit, _form(visit, RunForm(data={"pays_on": visit.now.date().isoformat()})))


def _form(visit: Visit, form: RunForm) -> RunForm:
    totals = postings.totals(ledger.trial_balance(visit.db))
    form.currency.choices = {
        total.currency: f"{total.currency}, {Money(total.payable, total.currency)} payable"
        for total in totals
        if total.payable > 0
    }
    return form


def _runs(visit: Visit, form: RunForm, status: int = 200) -> ResponseReturnValue:
    return visit.render(
        "finance/runs.html",
        status,
        runs=queries.list_runs(visit.db),
        form=form,
        may_run=visit.viewer.may(May.FINANCE_RUN),
    )


@area.act("/finance/runs", needs=May.FINANCE_RUN)
def prepare_run(visit: Visit) -> ResponseReturnValue:
    form = _form(visit, visit.form(RunForm))
    ref = visit.services.new_ref("RN")

    def prepare() -> PayoutRun:
        assert form.pays_on.day is not None
        command = Prepare(ref=ref, currency=form.currency.data or "", pays_on=form.pays_on.day)
        return actions.prepare(visit.db, command, now=visit.now)

    if visit.attempt(form, prepare):
        visit.say("The run is prepared. A colleague releases it.")
        return visit.go("commissions.show_run", ref=ref)
    return _runs(visit, form, 422)


@area.page("/finance/runs/<ref>", needs=May.FINANCE_READ)
def show_run(visit: Visit, ref: str) -> ResponseReturnValue:
    run = queries.get_run(visit.db, ref)
    rows = queries.list_payouts(visit.db, run.id)
    paid = [row for row in rows if row.state is not PayoutState.BLOCKED]
    may_run = visit.viewer.may(May.FINANCE_RUN)
    is_own = run.prepared_by_id == visit.viewer.user_id
    return visit.render(
        "finance/run.html",
        run=run,
        rows=[(row, masked(row.iban) if row.iban else "") for row in paid],
        blocked=[row for row in rows if row.state is PayoutState.BLOCKED],
        total=sum(row.amount_minor for row in paid),
        may_release=may_run and run.state is RunState.PREPARED and not is_own,
        waits_for_colleague=may_run and run.state is RunState.PREPARED and is_own,
        may_settle=may_run and run.state is RunState.RELEASED,
        may_run=may_run,
        crumbs=[("Payout runs", url_for("commissions.show_runs"))],
        form=ReasonForm(),
    )


@area.act("/finance/runs/<ref>/release", needs=May.FINANCE_RUN, is_fresh=True)
def release_run(visit: Visit, ref: str) -> ResponseReturnValue:
    config = visit.services.config
    debtor = Party(config.vendor, config.bank_iban, config.bank_bic)
    actions.release(visit.db, ref, debtor, now=visit.now)
    visit.say("The run is released. Hand the bank file to the bank.")
    return visit.go("commissions.show_run", ref=ref)


@area.act("/finance/runs/<ref>/settle", needs=May.FINANCE_RUN)
def settle_run(visit: Visit, ref: str) -> ResponseReturnValue:
    actions.settle(visit.db, ref, now=visit.now)
    visit.say("The run is settled; partners see their commissions as paid.")
    return visit.go("commissions.show_run", ref=ref)


@area.act("/finance/runs/<ref>/cancel", needs=May.FINANCE_RUN)
def cancel_run(visit: Visit, ref: str) -> ResponseReturnValue:
    actions.cancel(visit.db, ref, now=visit.now)
    visit.say("The run is cancelled; everything in it is payable again.")
    return visit.go("commissions.show_run", ref=ref)


@area.act("/finance/runs/<ref>/returned/<end_to_end>", needs=May.FINANCE_RUN)
def return_payment(visit: Visit, ref: str, end_to_end: str) -> ResponseReturnValue:
    form = visit.form(ReasonForm)
    reason = form.reason.data or ""
    actions.return_payment(visit.db, end_to_end, reason, now=visit.now)
    visit.say("The payment is payable again, in the next run.")
    return visit.go("commissions.show_run", ref=ref)


@area.page("/finance/runs/<ref>.xml", needs=May.FINANCE_RUN)
def bank_file(visit: Visit, ref: str) -> ResponseReturnValue:
    """The very bytes that were made at the release."""
    run = queries.get_run(visit.db, ref)
    if not run.bank_file:
        raise NotFound
    return download(run.bank_file.encode(), name=f"{ref}.xml", media_type="application/xml")


@area.page("/finance/runs/<ref>.csv", needs=May.FINANCE_READ)
def run_csv(visit: Visit, ref: str) -> ResponseReturnValue:
    run = queries.get_run(visit.db, ref)
    rows = (
        (
            row.end_to_end,
            row.partner,
            row.partner_ref,
            Money(row.amount_minor, row.currency).amount,
            row.currency,
            row.state.value,
            row.reason,
            row.holder,
            masked(row.iban) if row.iban else "",
        )
        for row in queries.list_payouts(visit.db, run.id)
    )
    body = b"".join(csv_chunks(HEADER, rows))
    return download(body, name=f"{ref}.csv", media_type="text/csv")
