"""Payouts: two persons, one file line each, and money that comes back."""

from __future__ import annotations

import datetime as dt
import xml.etree.ElementTree as ET

import pytest
from sqlalchemy import func, select

from portal.commissions.actions import bank, payouts, periods
from portal.commissions.actions.bank import Propose
from portal.commissions.actions.payouts import Prepare
from portal.commissions.models import BankAccount, Entry, Payout, PayoutRun
from portal.commissions.queries import ledger
from portal.commissions.rules.bank_file import NAMESPACE, Party, iban_from
from portal.commissions.rules.postings import Balance, EntryKind, PayoutState, RunState
from portal.kernel.errors import Forbidden, PortalError, Refused, Stale
from tests.commissions.earning import publish, win

IBAN = "DE89 3704 0044 0532 0130 00"
VENDOR = Party("Northpeak", "CH9300762011623852957", "POFICHBEXXX")


def act(services, somebody, verb, *args):
    with services.viewer_session(somebody.viewer, writes=True) as db:
        found = verb(db, *args, now=services.clock())
        db.commit()
        return found


def give_bank(services, cast, clock, *, wait=True):
    act(services, cast.alma, bank.propose, Propose(holder="Alder Systems AG", iban=IBAN))
    act(services, cast.alois, bank.confirm, cast.partners["alder"])
    if wait:
        clock.pass_(hours=73)


@pytest.fixture
def payable(services, cast, runner, clock):
    """1,200 EUR of Alder's, payable."""
    publish(services, cast)
    win(services, cast, runner, clock)
    clock.pass_(days=31)
    runner.run_due()


def prepared(services, cast, ref="RN-1"):
    command = Prepare(ref=ref, currency="EUR", pays_on=services.clock().date())
    return act(services, cast.fritz, payouts.prepare, command)


def balance(services, cast):
    with services.system_session(writes=False) as db:
        return ledger.balance(db, cast.partners["alder"], "EUR")


def test_a_run_goes_from_reserve_to_paid(services, cast, clock, payable):
    give_bank(services, cast, clock)
    prepared(services, cast)
    assert balance(services, cast) == Balance("EUR", in_payout=1_200_00)
    act(services, cast.ada, payouts.release, "RN-1", VENDOR)
    act(services, cast.fritz, payouts.settle, "RN-1")
    assert balance(services, cast) == Balance("EUR", paid=1_200_00)


def test_who_prepared_a_run_does_not_release_it(services, cast, clock, payable):
    give_bank(services, cast, clock)
    prepared(services, cast)
    with pytest.raises(Refused, match="Another person"):
        act(services, cast.fritz, payouts.release, "RN-1", VENDOR)


def test_a_second_release_and_a_second_run_pay_nothing_twice(services, cast, clock, payable, peek):
    give_bank(services, cast, clock)
    prepared(services, cast)
    with pytest.raises(Refused, match="Nothing is payable"):
        prepared(services, cast, "RN-2")
    act(services, cast.ada, payouts.release, "RN-1", VENDOR)
    made = peek(select(PayoutRun.bank_file))
    with pytest.raises(Stale):
        act(services, cast.ada, payouts.release, "RN-1", VENDOR)
    act(services, cast.ada, payouts.settle, "RN-1")
    with pytest.raises(Stale):
        act(services, cast.fritz, payouts.settle, "RN-1")
    assert peek(select(PayoutRun.bank_file)) == made
    assert peek(select(func.count(Entry.id)).where(Entry.kind == EntryKind.SETTLE)) == 1


@pytest.mark.parametrize(("is_given", "reason"), [(False, "No bank details"), (True, "wait")])
def test_who_cannot_be_paid_is_left_out(services, cast, payable, peek, is_given, reason):
    if is_given:
        give_bank(services, cast, services.clock, wait=False)
    prepared(services, cast)
    assert peek(select(Payout.state)) is PayoutState.BLOCKED
    assert reason in peek(select(Payout.reason))
    assert balance(services, cast).payable == 1_200_00


def test_a_cancelled_run_gives_everything_back(services, cast, clock, payable, peek):
    give_bank(services, cast, clock)
    prepared(services, cast)
    act(services, cast.fritz, payouts.cancel, "RN-1")
    assert balance(services, cast) == Balance("EUR", payable=1_200_00)
    prepared(services, cast, "RN-2")
    assert balance(services, cast).in_payout == 1_200_00


def test_a_returned_payment_is_payable_again_once(services, cast, clock, payable, peek):
    give_bank(services, cast, clock)
    prepared(services, cast)
    act(services, cast.ada, payouts.release, "RN-1", VENDOR)
    act(services, cast.ada, payouts.settle, "RN-1")
    name = peek(select(Payout.end_to_end))
    act(services, cast.fritz, payouts.return_payment, name, "Account closed")
    assert balance(services, cast) == Balance("EUR", payable=1_200_00)
    with pytest.raises(Stale):
        act(services, cast.fritz, payouts.return_payment, name, "Again")


def test_the_bank_file_is_well_formed_and_adds_up(services, cast, clock, payable, peek):
    give_bank(services, cast, clock)
    prepared(services, cast)
    act(services, cast.ada, payouts.release, "RN-1", VENDOR)
    root = ET.fromstring(peek(select(PayoutRun.bank_file)))
    at = {"p": NAMESPACE}
    amounts = [each.text for each in root.findall(".//p:InstdAmt", at)]
    assert amounts == ["1200.00"]
    assert [each.text for each in root.findall(".//p:CtrlSum", at)] == ["1200.00", "1200.00"]
    assert [each.text for each in root.findall(".//p:NbOfTxs", at)] == ["1", "1"]
    assert [each.text for each in root.findall(".//p:CdtrAcct/p:Id/p:IBAN", at)] == [
        "DE89370400440532013000"
    ]
    order = [each.tag.split("}")[1] for each in root.find(".//p:PmtInf", at)]
    assert order == [
        "PmtInfId",
        "PmtMtd",
        "NbOfTxs",
        "CtrlSum",
        "ReqdExctnDt",
        "Dbtr",
        "DbtrAcct",
        "DbtrAgt",
        "ChrgBr",
        "CdtTrfTxInf",
    ]


def test_bank_details_need_two_persons_and_wait(services, cast, clock, peek):
    act(services, cast.alma, bank.propose, Propose(holder="Alder", iban=IBAN))
    with pytest.raises(Refused, match="Another person"):
        act(services, cast.alma, bank.confirm, cast.partners["alder"])
    with pytest.raises(Forbidden):
        act(services, cast.carla, bank.confirm, cast.partners["alder"])
    act(services, cast.fritz, bank.confirm, cast.partners["alder"])
    assert peek(select(BankAccount.usable_at)) == clock() + dt.timedelta(hours=72)


@pytest.mark.parametrize("text", ["DE89 3704 0044 0532 0130 01", "DE", "", "XX" * 30])
def test_a_mistyped_iban_is_refused(text):
    with pytest.raises(Refused):
        iban_from(text)


def test_a_closed_month_takes_nothing_more(services, cast, clock, payable, engines, peek):
    clock.pass_(days=20)
    act(services, cast.fritz, periods.close, dt.date(2026, 3, 1))
    with services.system_session() as db:
        period = ledger.get_period(db, dt.date(2026, 3, 1))
        assert periods.proof(db, period.id) == (period.entries, period.digest)
        assert period.entries > 0
    with pytest.raises(Refused, match="not over"):
        act(services, cast.fritz, periods.close, services.clock().date().replace(day=1))
    with pytest.raises(PortalError):
        act(services, cast.ivo, periods.close, dt.date(2026, 3, 1))


def test_the_pages_take_a_run_through(services, cast, clock, payable, browser_of, peek):
    give_bank(services, cast, clock)
    finance, colleague = browser_of(cast.fritz), browser_of(cast.ada)
    day = clock().date().isoformat()
    path = finance.send("/finance/runs", currency="EUR", pays_on=day).location
    assert "a colleague releases it" in finance.get(path).text
    assert colleague.send(f"{path}/release").status_code == 422
    assert peek(select(PayoutRun.state)) is RunState.PREPARED
    for page in ("/finance/runs", "/finance/periods", "/finance/bank", f"{path}.csv"):
        assert finance.get(page).status_code == 200
    assert browser_of(cast.alma).get("/bank").status_code == 200
    assert finance.get("/finance/plans").status_code == 200
    assert "hold_days" in finance.get("/finance/plans/programme/1").text
    assert finance.get("/finance/plans/programme/next").status_code == 200
    assert "As expected" in finance.send("/finance/sandbox", text=CASE).text


CASE = """
name: a small deal
plan: {plan: p, version: 1, currency: EUR, rules: [{id: b, earned_on: won, percent: 10}]}
events: [{kind: won, date: 2026-01-15, partner: alder, amount: 10000}]
expect: {lines: [{event: e1, partner: alder, amount: 1000.00}]}
"""
