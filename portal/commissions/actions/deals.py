"""What commissions do when a registration is won, or the win is taken back."""

from __future__ import annotations

import datetime as dt

from portal.commissions.actions import accruing, reversing
from portal.commissions.actions.accruing import Take
from portal.commissions.queries import knowing
from portal.commissions.rules.facts import Event as Happening
from portal.commissions.rules.facts import Kind
from portal.commissions.rules.postings import EventState
from portal.db.session import SystemSession
from portal.deals.rules.events import DealWon, DecisionUndone
from portal.kernel.event import Event


def won(db: SystemSession, happened: Event, now: dt.datetime) -> None:
    """Accrue what a won registration earns, in the transaction that wins it.

    Imported history never earns.  A win after one that was taken back is another event.
    """
    assert isinstance(happened, DealWon)
    sale = knowing.find_sale(db, happened.subject_id)
    if sale is None or sale.is_history:
        return
    earlier = knowing.events_of_deal(db, sale.deal_id)
    if any(event.state is not EventState.REVERSED for event in earlier):
        return
    number = f":{len(earlier) + 1}" if earlier else ""
    event = Happening(
        id=f"won:{sale.ref}{number}",
        kind=Kind.WON,
        partner=sale.partner,
        day=happened.won_on,
        currency=happened.currency,
        amount=happened.amount_minor,
        product=sale.line,
        region=sale.country,
        registered=True,
        deal=sale.ref,
        distributor=sale.distributor,
    )
    command = Take(
        event=event,
        partner_id=sale.partner_id,
        distributor_id=sale.distributor_id,
        deal_id=sale.deal_id,
    )
    accruing.take(db, command, now=now)


def undone(db: SystemSession, happened: Event, now: dt.datetime) -> None:
    """Take back what the win earned, to the last unit."""
    assert isinstance(happened, DecisionUndone)
    if happened.verb != "win":
        return
    for row in knowing.events_of_deal(db, happened.subject_id):
        reversing.reverse_event(db, row, reason="The win was taken back", now=now)
