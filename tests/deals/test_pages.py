"""Lists, one registration and registering, through HTTP."""

from __future__ import annotations

import pytest
from sqlalchemy import func, select

from portal.deals.actions import decisions
from portal.deals.actions.decisions import Approve
from portal.deals.models import Sighting
from tests.deals.registering import draft, register


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
