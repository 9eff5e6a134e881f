"""The first page and search, by role."""

from __future__ import annotations

import pytest

from portal.deals.actions import decisions
from portal.deals.actions.decisions import Approve, Ask
from tests.deals.registering import draft, register


@pytest.fixture
def asked(services, runner, cast):
    """A registration of Anna's about which Mara asked something."""
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    with services.viewer_session(cast.mara.viewer, writes=True) as db:
        ask = Ask(version=None, fields=(), text="Who signs?")
        decisions.request_information(db, ref, ask, now=services.clock())
        db.commit()
    return ref


def test_a_new_partner_is_led_to_its_first_deal(browser_of, cast):
    page = browser_of(cast.anna).get("/").text
    assert "Register your first deal" in page
    assert "/deals/new" in page


def test_a_question_is_the_first_task_of_its_owner(browser_of, cast, asked):
    page = browser_of(cast.anna).get("/").text
    assert "Answer about Helvetia Logistics AG" in page
    assert f"/deals/{asked}/answer" in page


def test_a_decision_is_the_first_task_of_the_channel_manager(services, browser_of, cast):
    register(services, cast.anna, draft(cast))
    page = browser_of(cast.mara).get("/").text
    assert "Decide Helvetia Logistics AG" in page
    assert "Decide" not in browser_of(cast.otto).get("/").text


def test_protection_that_ends_soon_is_a_task_on_both_sides(
    services, runner, browser_of, cast, clock
):
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    with services.viewer_session(cast.mara.viewer, writes=True) as db:
        decisions.approve(db, ref, Approve(version=None), now=services.clock())
        db.commit()
    clock.pass_(days=80)
    for somebody in (cast.anna, cast.mara):
        assert "Protection of Helvetia Logistics AG ends" in browser_of(somebody).get("/").text


@pytest.mark.parametrize("name", ["nora", "alma", "alois", "otto", "ada", "fritz", "lena", "ivo"])
def test_everybody_has_a_first_page(browser_of, cast, asked, name):
    assert browser_of(getattr(cast, name)).get("/").status_code == 200


def test_search_finds_what_the_viewer_may_see_and_nothing_else(browser_of, cast, asked):
    for query in ("helvetia", asked, "helvetia-logistics.example"):
        assert asked in browser_of(cast.anna).get(f"/search?q={query}").text
        assert f"/deals/{asked}" not in browser_of(cast.carl).get(f"/search?q={query}").text


def test_search_suggests_while_one_types(browser_of, cast, asked):
    fragment = {"X-Fragment": "suggest"}
    said = browser_of(cast.anna).get("/search?q=helv", headers=fragment).text
    assert f'data-href="/deals/{asked}"' in said
    assert "<html" not in said
    assert "Register a deal" in browser_of(cast.anna).get("/search?q=regi", headers=fragment).text
    assert "Register" not in browser_of(cast.mara).get("/search?q=regi", headers=fragment).text


def test_no_role_finds_deals_by_search_without_the_right_to_read_them(browser_of, cast, asked):
    assert asked not in browser_of(cast.lena).get("/search?q=helvetia").text
