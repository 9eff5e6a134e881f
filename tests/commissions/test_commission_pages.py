"""A partner's commissions on screen and as files, and what finance sees."""

from __future__ import annotations

import io

import pytest
from pypdf import PdfReader
from sqlalchemy import select

from portal.commissions.models import CommissionLine, Question
from portal.commissions.queries import ledger
from tests.commissions.earning import publish, win


@pytest.fixture
def won(services, cast, runner, clock, peek):
    """One won deal of Alder's through Nordwind; returns Alder's line."""
    publish(services, cast)
    win(services, cast, runner, clock, distributor_id=cast.partners["nordwind"])
    alder = cast.partners["alder"]
    return peek(select(CommissionLine.ref).where(CommissionLine.partner_id == alder))


def test_a_partner_sees_what_it_earned_and_where_the_money_is(cast, won, browser_of):
    page = browser_of(cast.alma).get("/commissions").text
    assert "€1,200.00" in page
    assert "Helvetia Logistics AG" in page
    assert "On hold to 21 Apr 2026" in page


def test_the_page_of_a_commission_shows_every_step_and_the_total(cast, won, browser_of):
    page = browser_of(cast.alois).get(f"/commissions/{won}").text
    for words in ("Why this amount", "Gold rate", "12 %", "€1,200.00", "Programme plan v1"):
        assert words in page


def test_a_distributor_sees_its_override_and_not_its_resellers_commission(cast, won, browser_of):
    browser = browser_of(cast.nora)
    assert "€120.00" in browser.get("/commissions").text
    assert browser.get(f"/commissions/{won}").status_code == 404
    assert "Alder" not in browser.get("/statements/2026-03").text


@pytest.mark.parametrize("path", ["/commissions/{0}", "/statements/2026-03", "/commissions.csv"])
def test_another_company_sees_nothing_of_it(cast, won, browser_of, path):
    answer = browser_of(cast.carla).get(path.format(won))
    assert answer.status_code in (200, 404)
    assert "Helvetia" not in answer.text
    assert "1,200" not in answer.text


def test_a_seller_does_not_see_money(cast, won, browser_of):
    assert browser_of(cast.anna).get("/commissions").status_code == 403


def test_files_hold_what_the_page_shows(cast, won, browser_of):
    browser = browser_of(cast.alma)
    assert "1200.00,EUR" in browser.get("/commissions.csv").text
    assert browser.get("/commissions.xlsx").data[:2] == b"PK"
    assert "1200.00,EUR" in browser.get("/statements/2026-03.csv").text
    assert browser.get("/statements/2026-03.xlsx").data[:2] == b"PK"


@pytest.mark.parametrize(("paper", "width"), [("a4", 595), ("letter", 612)])
def test_the_statement_as_pdf_holds_the_ledgers_totals(cast, won, browser_of, paper, width):
    answer = browser_of(cast.alma).get(f"/statements/2026-03.pdf?paper={paper}")
    reader = PdfReader(io.BytesIO(answer.data))
    text = "\n".join(page.extract_text() for page in reader.pages)
    assert round(float(reader.pages[0].mediabox.width)) == width
    for words in ("Alder Systems", "€1,200.00", "Gold rate", won):
        assert words in text


def test_a_month_without_activity_says_so(cast, won, browser_of):
    assert "No activity in January" in browser_of(cast.alma).get("/statements/2026-01").text
    assert browser_of(cast.alma).get("/statements/2026-13").status_code == 404


def test_the_plan_is_shown_in_plain_words_with_an_example(cast, won, browser_of):
    page = browser_of(cast.alma).get("/plan").text
    assert "Programme plan v1" in page
    assert "€1,200.00" in page


def test_without_a_plan_the_page_says_so(cast, browser_of):
    assert "No plan applies to you" in browser_of(cast.alma).get("/plan").text


def test_a_question_reaches_finance_and_its_answer_may_post_a_difference(
    services, cast, won, browser_of, peek
):
    partner, finance = browser_of(cast.alma), browser_of(cast.fritz)
    assert partner.send(f"/commissions/{won}/question", text="").status_code == 422
    assert partner.send(f"/commissions/{won}/question", text="Why not 13 %?").status_code == 303
    ref = peek(select(Question.ref))
    assert "Why not 13 %?" in finance.get("/finance/disputes").text
    assert finance.get(f"/finance/disputes/{ref}").status_code == 200
    assert finance.send(f"/finance/disputes/{ref}", text="You are right", amount="100").location
    assert "You are right" in partner.get(f"/commissions/{won}").text
    with services.system_session(writes=False) as db:
        balance = ledger.balance(db, cast.partners["alder"], "EUR")
    assert (balance.held, balance.payable) == (1_200_00, 100_00)
    again = finance.send(f"/finance/disputes/{ref}", text="Again", amount="100")
    assert again.status_code == 409


def test_finance_sees_all_commissions(cast, won, browser_of):
    browser = browser_of(cast.fritz)
    page = browser.get("/finance/commissions").text
    assert "Alder Systems" in page
    assert "Nordwind Distribution" in page
    assert browser.get(f"/finance/commissions/{won}").status_code == 200
    assert "1200.00,EUR" in browser.get("/finance/commissions.csv").text
    assert browser_of(cast.ivo).send("/finance/commissions/retry").status_code == 403


def test_events_that_wait_are_named_and_taken_again(services, cast, runner, clock, browser_of):
    win(services, cast, runner, clock)
    browser = browser_of(cast.fritz)
    assert browser.send("/finance/commissions/retry").status_code == 303
