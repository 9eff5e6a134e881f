"""Bank details: entered by a partner, confirmed by a second person."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.commissions.actions import bank as actions
from portal.commissions.actions.bank import Propose
from portal.commissions.forms import BankForm
from portal.commissions.queries import payouts as queries
from portal.commissions.rules.bank_file import masked
from portal.commissions.views.pages import area, own_partner
from portal.kernel.policy import May
from portal.partners import queries as partners
from portal.web.area import Visit


@area.page("/bank", needs=May.BANK_PROPOSE)
def show_bank(visit: Visit) -> ResponseReturnValue:
    return _page(visit, BankForm())


def _page(visit: Visit, form: BankForm, status: int = 200) -> ResponseReturnValue:
    partner_id = own_partner(visit)
    current = queries.find_bank(visit.db, partner_id)
    proposal = queries.find_proposal(visit.db, partner_id)
    return visit.render(
        "commissions/bank.html",
        status,
        form=form,
        current=current,
        current_iban=masked(current.iban) if current else "",
        proposal=proposal,
        proposal_iban=masked(proposal.iban) if proposal else "",
        may_confirm=proposal is not None and proposal.proposed_by_id != visit.viewer.user_id,
    )


@area.act("/bank", needs=May.BANK_PROPOSE, is_fresh=True)
def propose_bank(visit: Visit) -> ResponseReturnValue:
    form = visit.form(BankForm)
    own_partner(visit)

    def propose() -> object:
        command = Propose(
            holder=form.holder.data or "", iban=form.iban.data or "", bic=form.bic.data or ""
        )
        return actions.propose(visit.db, command, now=visit.now)

    if visit.attempt(form, propose):
        visit.say("The bank details are kept. A colleague confirms them.")
        return visit.go("commissions.show_bank")
    return _page(visit, form, 422)


@area.act("/bank/confirm", needs=May.BANK_PROPOSE, is_fresh=True)
def confirm_bank(visit: Visit) -> ResponseReturnValue:
    account = actions.confirm(visit.db, own_partner(visit), now=visit.now)
    visit.say(f"Confirmed. Payouts go there from {account.usable_at:%d %b %Y} on.")
    return visit.go("commissions.show_bank")


@area.page("/finance/bank", needs=May.FINANCE_READ)
def show_proposals(visit: Visit) -> ResponseReturnValue:
    found = queries.list_proposals(visit.db)
    return visit.render(
        "finance/bank.html",
        rows=[
            (account, name, partners.get_partner(visit.db, account.partner_id).ref)
            for account, name in found
        ],
        ibans={account.id: masked(account.iban) for account, _ in found},
        may_run=visit.viewer.may(May.FINANCE_RUN),
    )


@area.act("/finance/bank/<ref>/confirm", needs=May.FINANCE_RUN, is_fresh=True)
def confirm_proposal(visit: Visit, ref: str) -> ResponseReturnValue:
    partner = partners.get_by_ref(visit.db, ref)
    actions.confirm(visit.db, partner.id, now=visit.now)
    visit.say(f"The bank details of {partner.name} are confirmed.")
    return visit.go("commissions.show_proposals")
