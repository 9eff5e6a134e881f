"""Lists, one registration and registering, through HTTP."""

from __future__ import annotations

import datetime as dt
import re
from contextlib import contextmanager

import pytest
from sqlalchemy import event, func, select

from portal.deals.actions import decisions, drafts
from portal.deals.actions.decisions import Approve, Ask, Reject
from portal.deals.models import Deal, Sighting
from portal.deals.rules.lifecycle import DealState
from tests.deals.registering import draft, register


@contextmanager
def statements(engines):
    """What is sent to the database meanwhile, transactions' own words left out."""
    sent = []

    def note(connection, cursor, statement, *rest):
        if statement.startswith("SELECT"):
            sent.append(statement)

    binds = (engines.read, engines.write)
    for bind in binds:
        event.listen(bind, "before_cursor_execute", note)
    yield sent
    for bind in binds:
        event.remove(bind, "before_cursor_execute", note)


@pytest.fixture
def helvetia(services, cast):
    """Anna's registration of Helvetia Logistics, as it was just sent."""
    return register(services, cast.anna, draft(cast))


def decide(services, somebody, action, *args):
    with services.viewer_session(somebody.viewer, writes=True) as db:
        action(db, *args, now=services.clock())
        db.commit()


@pytest.fixture
def approved(services, runner, cast, helvetia):
    runner.run_due()
    decide(services, cast.mara, decisions.approve, helvetia, Approve(version=None))
    return helvetia


def test_a_seller_sees_its_own_registration_in_its_list(browser_of, cast, helvetia):
    page = browser_of(cast.anna).get("/deals")
    assert "Helvetia Logistics AG" in page.text
    assert "Sent" in page.text


def test_a_rival_sees_nothing_of_it(browser_of, cast, helvetia):
    browser = browser_of(cast.carl)
    assert "Helvetia" not in browser.get("/deals?view=all").text
    assert browser.get(f"/deals/{helvetia}").status_code == 404


def test_the_record_shows_the_countdown_and_whose_turn_it_is(browser_of, cast, approved):
    page = browser_of(cast.anna).get(f"/deals/{approved}").text
    assert "Protected, 90 days left" in page
    assert "31 May 2026" in page
    assert "The partner closes the deal" in page


def test_a_look_of_staff_is_shown_to_the_owner(browser_of, cast, helvetia, peek):
    mara = browser_of(cast.mara)
    mara.get(f"/deals/{helvetia}")
    mara.get(f"/deals/{helvetia}")
    assert peek(select(func.count()).select_from(Sighting)) == 1
    page = browser_of(cast.anna).get(f"/deals/{helvetia}").text
    assert "Mara" in page.split("Who at the vendor looked at this")[1]


def test_the_rivals_judgement_and_clock_never_reach_a_partner(browser_of, cast, approved):
    page = browser_of(cast.anna).get(f"/deals/{approved}").text
    for secret in ("judged", "rules were applied", "customer_id", "is_waiting", "version"):
        assert secret not in page


def test_finance_sees_the_deal_without_its_contact(browser_of, cast, helvetia):
    assert "reto.frei" in browser_of(cast.alma).get(f"/deals/{helvetia}").text
    page = browser_of(cast.alois).get(f"/deals/{helvetia}").text
    assert "Helvetia Logistics AG" in page
    assert "reto.frei" not in page.lower()
    assert "Reto" not in page


def test_finance_exports_no_contact(browser_of, cast, helvetia):
    assert b"reto" not in browser_of(cast.alois).get("/deals/export.csv").data.lower()


def test_an_export_holds_what_the_list_shows(services, browser_of, cast, helvetia):
    register(services, cast.anna, draft(cast, customer_name="=1+1", customer_domain="sum.example"))
    browser = browser_of(cast.anna)
    rows = browser.get("/deals/export.csv?q=sum.example").text.splitlines()
    assert len(rows) == 2
    assert "'=1+1" in rows[1]
    assert "Partner" not in rows[0]
    assert "Partner" in browser_of(cast.mara).get("/deals/export.csv").text.splitlines()[0]
    assert browser.get("/deals/export.xlsx").data[:2] == b"PK"


@pytest.fixture
def many(services, cast):
    """Thirty registrations of Anna's, a minute apart."""
    for number in range(30):
        command = draft(
            cast, customer_name=f"Customer {number:02}", customer_domain=f"c{number}.example"
        )
        now = services.clock() + dt.timedelta(minutes=number)
        register(services, cast.anna, command, now=now)


@pytest.mark.parametrize("sort", ["-updated", "updated", "customer", "-customer"])
def test_pages_show_every_deal_once_and_lead_back(browser_of, cast, many, sort):
    browser = browser_of(cast.anna)
    first = browser.get(f"/deals?sort={sort}").text
    assert "30 deals" in first
    next_url = re.search(r'href="([^"]+)" rel="next"', first).group(1).replace("&amp;", "&")
    second = browser.get(next_url).text
    seen = [re.findall(r"Customer (\d\d)<", page) for page in (first, second)]
    ordered = sorted(f"{n:02}" for n in range(30))
    is_down = sort.startswith("-")
    assert seen[0] + seen[1] == (ordered[::-1] if is_down else ordered)
    back = re.search(r'href="([^"]+)" rel="prev"', second).group(1).replace("&amp;", "&")
    assert re.findall(r"Customer (\d\d)<", browser.get(back).text) == seen[0]


@pytest.mark.parametrize(
    ("query", "count"),
    [
        ("view=waiting", 30),
        ("view=won", 0),
        ("q=customer+07", 1),
        ("q=c7.example", 1),
        ("mine=1", 30),
    ],
)
def test_filters_stand_in_the_address(browser_of, cast, many, query, count):
    page = browser_of(cast.anna).get(f"/deals?{query}&size=50").text
    assert len(re.findall(r"Customer \d\d<", page)) == count


def test_a_number_finds_its_deal_however_it_is_typed(browser_of, cast, helvetia):
    typed = helvetia.lower().replace("-", " ")
    assert "Helvetia" in browser_of(cast.anna).get(f"/deals?q={typed}").text


def test_a_damaged_link_to_a_page_says_so(browser_of, cast):
    assert browser_of(cast.anna).get("/deals?after=nonsense").status_code == 422


def test_staff_filter_by_partner(services, browser_of, cast, helvetia):
    register(
        services, cast.carl, draft(cast, customer_name="Fjord AS", customer_domain="f.example")
    )
    page = browser_of(cast.mara).get("/deals?partner=cedar").text
    assert "Fjord AS" in page
    assert "Helvetia" not in page


def test_a_list_costs_two_statements_and_five_with_signing_in_and_the_menu(
    services, browser_of, cast, many, engines
):
    for somebody, path in (
        (cast.anna, "/deals"),
        (cast.mara, "/deals?q=customer&partner=alder"),
        (cast.nora, "/deals?view=ending"),
    ):
        browser = browser_of(somebody)
        browser.get(path)
        with statements(engines) as sent:
            browser.get(path)
        assert len(sent) <= 5, "\n".join(each[:90] for each in sent)


def test_messages_reach_the_other_side_and_notes_for_staff_do_not(browser_of, cast, helvetia):
    anna, mara = browser_of(cast.anna), browser_of(cast.mara)
    anna.send(f"/deals/{helvetia}/messages", body="The demo is on Friday")
    assert "The demo is on Friday" in mara.get(f"/deals/{helvetia}").text
    mara.send(f"/deals/{helvetia}/messages", body="Thank you")
    mara.send(f"/deals/{helvetia}/messages", body="Watch this one", is_staff_only="1")
    page = anna.get(f"/deals/{helvetia}").text
    assert "Thank you" in page
    assert "Watch this one" not in page


def test_a_partner_writes_no_notes_for_staff(browser_of, cast, helvetia):
    anna = browser_of(cast.anna)
    answer = anna.send(f"/deals/{helvetia}/messages", body="Psst", is_staff_only="1")
    assert answer.status_code == 303
    assert "Psst" in browser_of(cast.alma).get(f"/deals/{helvetia}").text


def test_withdrawing_says_what_follows_and_can_be_done(browser_of, cast, helvetia, peek):
    anna = browser_of(cast.anna)
    page = anna.get(f"/deals/{helvetia}/withdraw").text
    assert "loses its place" in page
    assert anna.send(f"/deals/{helvetia}/withdraw").location == f"/deals/{helvetia}"
    assert peek(select(Deal.state)) is DealState.WITHDRAWN


def test_an_answer_opens_the_fields_asked_for_and_no_other(
    services, runner, browser_of, cast, helvetia, peek
):
    runner.run_due()
    ask = Ask(version=None, fields=("activity",), text="What did you do?")
    decide(services, cast.mara, decisions.request_information, helvetia, ask)
    anna = browser_of(cast.anna)
    page = anna.get(f"/deals/{helvetia}/answer").text
    assert "What did you do?" in page
    assert 'name="customer_name"' not in page
    refused = anna.send(f"/deals/{helvetia}/answer", text="", activity="x", customer_name="Y")
    assert refused.status_code == 400
    sent = anna.send(f"/deals/{helvetia}/answer", text="See there", activity="Two demos")
    assert sent.status_code == 303
    assert peek(select(Deal.activity)) == "Two demos"
    assert "See there" in anna.get(f"/deals/{helvetia}").text


def test_a_rejection_is_told_with_its_reason_and_can_be_appealed(
    services, runner, browser_of, cast, helvetia, peek
):
    runner.run_due()
    why = Reject(version=None, reason="too_small", text="From 10,000 on")
    decide(services, cast.mara, decisions.reject, helvetia, why)
    anna = browser_of(cast.anna)
    page = anna.get(f"/deals/{helvetia}").text
    assert "minimum size" in page
    assert "From 10,000 on" in page
    assert anna.send(f"/deals/{helvetia}/appeal", text="").status_code == 422
    anna.send(f"/deals/{helvetia}/appeal", text="It is 248,000")
    assert peek(select(Deal.state)) is DealState.APPEALED


def test_a_deal_is_won_with_its_order(browser_of, cast, approved, peek):
    anna = browser_of(cast.anna)
    fields = {"value": "250,000", "order_number": "PO-1", "won_on": "2026-03-02"}
    later = anna.send(f"/deals/{approved}/win", **{**fields, "won_on": "2026-03-09"})
    assert later.status_code == 422
    assert anna.send(f"/deals/{approved}/win", **fields).status_code == 303
    assert peek(select(Deal.won_minor)) == 250_000_00


def test_a_deal_is_lost_for_a_reason(browser_of, cast, approved, peek):
    anna = browser_of(cast.anna)
    assert anna.send(f"/deals/{approved}/lose").status_code == 422
    assert anna.send(f"/deals/{approved}/lose", reason="price").status_code == 303
    assert peek(select(Deal.state)) is DealState.LOST


def test_protection_is_extended_once_and_then_says_why_not(browser_of, cast, approved):
    anna = browser_of(cast.anna)
    sent = anna.send(f"/deals/{approved}/extend", reason="The board meets in June")
    assert sent.status_code == 303
    assert "120 days left" in anna.get(f"/deals/{approved}").text
    again = anna.send(f"/deals/{approved}/extend", reason="Once more")
    assert again.status_code == 422
    assert "1 was used" in again.text


def test_two_windows_do_not_overwrite_an_update(browser_of, cast, approved, clock, peek):
    anna = browser_of(cast.anna)
    page = anna.get(f"/deals/{approved}/update").text
    as_of = re.search(r'name="as_of"[^>]*value="([^"]+)"', page).group(1)
    fields = {"as_of": as_of, "stage": "proposal", "value": "1,000", "closes_on": "2026-06-30"}
    clock.pass_(minutes=1)
    assert anna.send(f"/deals/{approved}/update", **fields).status_code == 303
    assert anna.send(f"/deals/{approved}/update", **fields).status_code == 409


def test_what_was_done_is_noted(browser_of, cast, approved):
    anna = browser_of(cast.anna)
    anna.send(f"/deals/{approved}/activity", text="Workshop in Bern")
    assert "Workshop in Bern" in anna.get(f"/deals/{approved}").text


@pytest.mark.parametrize("verb", ["withdraw", "answer", "appeal", "win", "extend", "update"])
def test_every_move_has_a_page_that_a_rival_does_not_find(browser_of, cast, approved, verb):
    assert browser_of(cast.carl).get(f"/deals/{approved}/{verb}").status_code == 404
    assert browser_of(cast.carl).send(f"/deals/{approved}/{verb}").status_code == 404


def test_a_move_that_is_over_says_so(browser_of, cast, approved):
    assert browser_of(cast.anna).get(f"/deals/{approved}/withdraw").status_code == 409


def test_a_draft_of_a_reseller_is_not_seen_by_the_distributor_it_names(services, browser_of, cast):
    with services.viewer_session(cast.alma.viewer, writes=True) as db:
        named = draft(cast, distributor_id=cast.partners["nordwind"])
        ref = drafts.save(db, named, now=services.clock()).ref
        db.commit()
    nora = browser_of(cast.nora)
    assert nora.get(f"/deals/{ref}").status_code == 404
    assert "Helvetia" not in nora.get("/deals/drafts").text
    assert "Helvetia" in browser_of(cast.alma).get("/deals/drafts").text
