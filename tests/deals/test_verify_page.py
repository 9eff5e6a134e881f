"""The public check of a registration number."""

from __future__ import annotations

import pytest

from portal.deals.actions import decisions
from portal.deals.actions.decisions import Approve
from tests.deals.registering import draft, register


@pytest.fixture
def number(services, runner, cast):
    """The number of an approved registration for Observe."""
    ref = register(services, cast.anna, draft(cast))
    runner.run_due()
    with services.viewer_session(cast.mara.viewer, writes=True) as db:
        decisions.approve(db, ref, Approve(version=None), now=services.clock())
        db.commit()
    return ref


def said(app, number, line):
    browser = app.test_client()
    page = browser.send("/verify", page="/verify", number=number, line=str(line)).text
    return page.split("<h1>")[1].split("<form")[0].split("note__text")[1]


def test_a_number_is_valid_for_its_line_however_it_is_typed(app, cast, number):
    for typed in (number, number.lower(), number.replace("-", " ")):
        assert "is valid for this product" in said(app, typed, cast.lines["observe"])


def test_every_other_case_gets_one_answer(services, app, cast, number, clock):
    pending = register(services, cast.carl, draft(cast, customer_name="Other", customer_domain=""))
    observe, vault = cast.lines["observe"], cast.lines["vault"]
    cases = [(number, vault), (pending, observe), ("DR-000000000", observe), ("x", observe)]
    answers = {said(app, typed, line) for typed, line in cases}
    assert len(answers) == 1
    assert "is not valid for this product" in answers.pop()


def test_a_number_is_no_longer_valid_when_its_protection_ended(app, cast, number, clock):
    clock.pass_(days=91)
    assert "is not valid" in said(app, number, cast.lines["observe"])


def test_trying_numbers_is_slowed_down(app, cast):
    browser = app.test_client()
    token = browser.token("/verify")
    fields = {"csrf_token": token, "number": "DR-1", "line": str(cast.lines["observe"])}
    codes = [browser.post("/verify", data=fields).status_code for _ in range(31)]
    assert set(codes[:30]) == {200}
    assert codes[30] == 429
