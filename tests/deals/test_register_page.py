"""The page on which a deal is registered, through HTTP."""

from __future__ import annotations

import re

import pytest
from sqlalchemy import func, select

from portal.deals.models import Deal
from portal.deals.rules.lifecycle import DealState
from tests.deals.registering import draft, register

COUNT = select(func.count()).select_from(Deal)


@pytest.fixture
def page(browser_of, cast):
    """Anna's browser with the register page open, and what she would send."""
    browser = browser_of(cast.anna)
    return browser, answers(browser.get("/deals/new").text, cast)


def answers(html, cast):
    """The four answers, and what the page itself holds."""
    key = re.search(r'name="key"[^>]*value="([^"]+)"', html).group(1)
    return {
        "key": key,
        "version": "",
        "contact": "reto.frei@helvetia-logistics.ch",
        "line": str(cast.lines["observe"]),
        "value": "248,000",
        "closes": "2026-06-30",
    }


def test_four_answers_register_a_deal_whose_name_and_country_stand_in_the_address(page, peek):
    browser, fields = page
    answer = browser.send("/deals/new", **fields)
    assert answer.status_code == 303
    deal = peek(select(Deal.customer_name)), peek(select(Deal.customer_country))
    assert deal == ("Helvetia Logistics", "CH")
    assert peek(select(Deal.value_minor)) == 248_000_00
    assert peek(select(Deal.state)) is DealState.SUBMITTED
    shown = browser.get(answer.location).text
    assert "Registered. You will hear by" in shown


def test_sending_the_page_twice_makes_one_deal(page, peek):
    browser, fields = page
    first, second = (browser.send("/deals/new", **fields) for _ in range(2))
    assert first.location == second.location
    assert peek(COUNT) == 1


def test_what_was_typed_is_kept_when_something_is_missing(page, peek):
    browser, fields = page
    answer = browser.send("/deals/new", **{**fields, "value": "lots"})
    assert answer.status_code == 422
    assert 'value="lots"' in answer.text
    assert "There is a problem" in answer.text
    assert "reto.frei@helvetia-logistics.ch" in answer.text
    assert peek(COUNT) == 0


def test_an_empty_page_names_what_is_missing(page, peek):
    browser, fields = page
    answer = browser.send("/deals/new", key=fields["key"], closes="2026-06-30")
    assert answer.status_code == 422
    assert "Enter the customer" in answer.text
    assert peek(COUNT) == 0


def test_a_field_the_page_does_not_have_is_refused(page, peek):
    browser, fields = page
    for name in ("state", "partner_id", "received_at", "customer_id"):
        assert browser.send("/deals/new", **fields, **{name: "1"}).status_code == 400
    assert peek(COUNT) == 0


def test_a_number_that_the_page_did_not_give_is_refused(page, peek):
    browser, fields = page
    assert browser.send("/deals/new", **{**fields, "key": "DR-7K3Q9ABCX.x"}).status_code == 400
    assert peek(COUNT) == 0


def keep(browser, **fields):
    token = browser.token()
    return browser.post(
        "/deals/draft", data={"csrf_token": token, **fields}, headers={"X-Fragment": "draft"}
    )


def test_a_draft_keeps_whatever_can_be_read(page, peek):
    browser, fields = page
    answer = keep(browser, **{**fields, "value": "1.2.3", "customer_name": "Helvetia"})
    assert answer.text == "Draft saved 13:00"
    assert peek(select(Deal.customer_name)) == "Helvetia"
    assert peek(select(Deal.value_minor)) == 0
    again = browser.get(answer.headers["X-Draft-Url"]).text
    assert 'value="Helvetia"' in again
    assert "reto.frei@helvetia-logistics.ch" in again


def test_a_draft_kept_many_times_is_one_and_becomes_the_registration(page, peek):
    browser, fields = page
    for name in ("H", "Helvetia", "Helvetia Logistics"):
        kept = keep(browser, **{**fields, "customer_name": name})
        fields["version"] = kept.headers["X-Draft-Version"]
    assert browser.send("/deals/new", **fields).status_code == 303
    assert peek(COUNT) == 1
    assert peek(select(Deal.state)) is DealState.SUBMITTED


def test_an_older_window_does_not_overwrite_a_draft(page, peek):
    browser, fields = page
    kept = keep(browser, **fields)
    here = {**fields, "version": kept.headers["X-Draft-Version"]}
    keep(browser, **{**here, "customer_name": "From here"})
    there = keep(browser, **{**here, "customer_name": "From there"})
    assert there.status_code == 409
    assert peek(select(Deal.customer_name)) == "From here"


def test_the_button_keeps_a_draft_without_a_script(page):
    browser, fields = page
    answer = browser.send("/deals/draft", **fields)
    assert answer.location == "/deals/drafts"
    assert "Draft" in browser.get("/deals/drafts").text


def test_a_draft_can_be_thrown_away(page, peek):
    browser, fields = page
    url = keep(browser, **fields).headers["X-Draft-Url"]
    browser.send(url.replace("/edit", "/discard"))
    assert peek(COUNT) == 0


def test_several_products_are_linked_registrations_with_a_value_each(page, peek, cast):
    browser, fields = page
    two = [str(cast.lines["observe"]), str(cast.lines["vault"])]
    refused = browser.send("/deals/new", **{**fields, "line": two})
    assert refused.status_code == 422
    assert "Enter the value of Vault Backup" in refused.text
    values = {f"value_{two[0]}": "200,000", f"value_{two[1]}": "48,000"}
    sent = browser.send("/deals/new", **{**fields, "line": two, "value": ""}, **values)
    assert sent.status_code == 303
    assert peek(COUNT) == 2
    assert peek(select(func.count(Deal.bundle.distinct()))) == 1
    assert peek(select(func.sum(Deal.value_minor))) == 248_000_00
    assert "Vault Backup" in browser.get(sent.location).text


def test_a_line_no_longer_chosen_leaves_the_draft(page, peek, cast):
    browser, fields = page
    two = [str(cast.lines["observe"]), str(cast.lines["vault"])]
    keep(browser, **{**fields, "line": two})
    assert peek(COUNT) == 2
    keep(browser, **{**fields, "line": two[1]})
    assert peek(COUNT) == 1
    assert peek(select(Deal.line_id)) == cast.lines["vault"]


def test_the_only_supplier_is_named_beforehand_and_can_be_left_out(page, cast):
    browser, _ = page
    assert re.search(r'<option selected value="PA-\w+">Nordwind', browser.get("/deals/new").text)


def test_a_distributor_registers_for_its_reseller(browser_of, cast, peek):
    browser = browser_of(cast.nora)
    html = browser.get("/deals/new").text
    alder = re.search(r'<option value="(PA-\w+)">Alder Systems', html).group(1)
    fields = answers(html, cast)
    assert browser.send("/deals/new", **fields, reseller=alder).status_code == 303
    assert peek(select(Deal.partner_id)) == cast.partners["alder"]
    assert peek(select(Deal.distributor_id)) == cast.partners["nordwind"]


def test_a_company_that_may_not_be_named_is_not_named(page, peek, cast):
    browser, fields = page
    browser.send("/deals/new", **fields, distributor="PA-000000000")
    assert peek(select(Deal.distributor_id)) is None


def test_a_domain_tells_the_companys_own_words_and_nothing_of_others(
    services, browser_of, cast, page
):
    browser, _ = page
    register(services, cast.carl, draft(cast, customer_name="Geheim AG"))
    empty = browser.get("/deals/derive?domain=helvetia-logistics.example").json
    assert empty["name"] == "Helvetia Logistics"
    assert empty["note"] == "We check this after you register it."
    ref = register(services, cast.anna, draft(cast, customer_name="Helvetia AG"))
    own = browser.get("/deals/derive?domain=helvetia-logistics.example").json
    assert own["name"] == "Helvetia AG"
    assert ref in own["note"]


def test_a_private_mailbox_asks_for_the_website(page):
    browser, _ = page
    told = browser.get("/deals/derive?domain=gmail.com").json
    assert told["name"] == ""
    assert "website" in told["note"]


def test_staff_and_finance_do_not_register(browser_of, cast):
    for somebody in (cast.mara, cast.ada, cast.alois):
        assert browser_of(somebody).get("/deals/new").status_code == 403
