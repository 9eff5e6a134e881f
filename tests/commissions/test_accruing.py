"""A won deal earns, says why, and takes it back to the last unit."""

from __future__ import annotations

import datetime as dt
import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import func, select

from portal.commissions.actions import reversing
from portal.commissions.models import CommissionEvent, CommissionLine, Entry, Tally, Transfer
from portal.commissions.queries import ledger
from portal.commissions.rules.event_documents import event_from, event_to_data
from portal.commissions.rules.facts import Event, Kind
from portal.commissions.rules.plan import Part
from portal.commissions.rules.postings import Balance, EventState
from portal.db import events
from portal.deals.models import Deal
from portal.deals.rules.events import DealWon, DecisionUndone
from portal.kernel.money import Money
from tests.commissions.earning import publish, win


def balance_of(services, partner_id, currency="EUR"):
    with services.system_session(writes=False) as db:
        return ledger.balance(db, partner_id, currency)


def test_a_won_deal_earns_in_the_transaction_that_wins_it(services, cast, runner, clock, peek):
    publish(services, cast)
    win(services, cast, runner, clock)
    assert balance_of(services, cast.partners["alder"]) == Balance("EUR", held=1_200_00)
    line = peek(select(CommissionLine))
    assert (line.amount_minor, line.rule) == (1_200_00, "gold")
    assert line.explanation["steps"]


def test_the_named_distributor_earns_its_override(services, cast, runner, clock):
    publish(services, cast)
    win(services, cast, runner, clock, distributor_id=cast.partners["nordwind"])
    assert balance_of(services, cast.partners["nordwind"]).held == 120_00


def test_a_hold_ends_and_the_money_is_payable(services, cast, runner, clock):
    publish(services, cast)
    win(services, cast, runner, clock)
    clock.pass_(days=29)
    runner.run_due()
    assert balance_of(services, cast.partners["alder"]).payable == 0
    clock.pass_(days=1)
    runner.run_due()
    assert balance_of(services, cast.partners["alder"]) == Balance("EUR", payable=1_200_00)


def test_a_deal_that_earns_nothing_says_why(services, cast, runner, clock, peek):
    win(services, cast, runner, clock)
    line = peek(select(CommissionLine))
    assert line.amount_minor == 0
    assert "there is no plan" in str(line.explanation)
    assert peek(select(func.count(Entry.id))) == 0


def test_a_missing_rate_makes_the_event_wait_and_the_win_stands(
    services, cast, runner, clock, peek
):
    publish(services, cast)
    win(services, cast, runner, clock, won_for=Money(10_000_00, "CHF"))
    row = peek(select(CommissionEvent))
    assert (row.state, row.code) == (EventState.WAITING, "no_rate")
    assert "exchange rate" in row.reason


def test_undoing_a_win_leaves_every_account_as_it_was(services, cast, runner, clock, peek):
    publish(services, cast)
    before = balance_of(services, cast.partners["alder"])
    ref = win(services, cast, runner, clock, distributor_id=cast.partners["nordwind"])
    with services.system_session() as db:
        row = db.scalar(select(CommissionEvent))
        reversing.reverse_event(db, row, reason="The win was taken back", now=clock())
        db.commit()
    assert ref
    assert balance_of(services, cast.partners["alder"]) == before
    assert balance_of(services, cast.partners["nordwind"]) == Balance("EUR")
    assert peek(select(func.sum(CommissionLine.amount_minor))) == 0
    assert peek(select(CommissionEvent.state)) is EventState.REVERSED


def test_a_win_after_an_undone_one_earns_again(services, cast, runner, clock, peek):
    publish(services, cast)
    ref = win(services, cast, runner, clock)
    with services.system_session() as db:
        deal = db.scalar(select(Deal))
        about = {"subject_id": deal.id, "partner_id": deal.partner_id, "ref": ref}
        events.publish(db, DecisionUndone(**about, verb="win"), now=clock())
        assert ledger.balance(db, deal.partner_id, "EUR") == Balance("EUR")
        again = DealWon(
            **about,
            order_number="PO-2",
            amount_minor=5_000_00,
            currency="EUR",
            won_on=clock().date(),
        )
        events.publish(db, again, now=clock())
        events.publish(db, again, now=clock())
        db.commit()
    assert balance_of(services, cast.partners["alder"]) == Balance("EUR", held=600_00)
    assert peek(select(func.count(CommissionEvent.id))) == 2


@given(
    amount=st.integers(-(10**9), 10**9),
    quantity=st.decimals(0, 10**6, places=3),
    cost=st.none() | st.integers(0, 10**9),
    unit_cost=st.none() | st.decimals(0, 10**6, places=4),
)
def test_a_stored_event_is_read_back_as_it_was(amount, quantity, cost, unit_cost):
    event = Event(
        id="won:1",
        kind=Kind.WON,
        partner="PA-1",
        day=dt.date(2026, 3, 2),
        currency="EUR",
        amount=amount,
        quantity=quantity,
        cost=cost,
        unit_cost=unit_cost,
        split=(Part("partner", percent=Decimal(60)), Part("PA-2", percent=Decimal(40))),
    )
    assert event_from(json.loads(json.dumps(event_to_data(event)))) == event


BANDED = """
plan: programme
version: 1
currency: EUR
rules:
  - id: base
    earned_on: won
    bands:
      over: quarter
      steps: [{from: 0, to: 15000, percent: 10}, {from: 15000, percent: 20}]
"""


def test_running_totals_go_on_from_deal_to_deal(services, cast, runner, clock, peek):
    publish(services, cast, BANDED)
    win(services, cast, runner, clock)
    win(
        services,
        cast,
        runner,
        clock,
        customer_name="Falken AG",
        customer_domain="falken.example",
        line_id=cast.lines["vault"],
        won_for=Money(10_000_00, "EUR"),
    )
    with services.system_session(writes=False) as db:
        amounts = list(db.scalars(select(CommissionLine.amount_minor).order_by(CommissionLine.id)))
        totals = list(db.scalars(select(Tally.value).where(Tally.scope.like("2026-Q%"))))
    assert amounts == [1_000_00, 1_000_00]
    assert totals == ["1000000", "1000000"]


@pytest.mark.parametrize("name", ["nora", "carla", "anna"])
def test_nobody_else_sees_the_money(services, cast, runner, clock, name):
    publish(services, cast)
    win(services, cast, runner, clock)
    with services.viewer_session(getattr(cast, name).viewer, writes=False) as db:
        for table in (CommissionLine, Entry, Transfer):
            assert db.scalar(select(func.count()).select_from(table)) in (0, None)
        assert ledger.balances(db, cast.partners["alder"]) == {}
