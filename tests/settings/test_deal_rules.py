"""The deal rules: edited on a form, tried with cases, published from a day on."""

from __future__ import annotations

import datetime as dt
import html
import re

import pytest
from sqlalchemy import func, select

from portal.db.events import Entry
from portal.programme import queries
from portal.programme.models import DealCase, DealRulesVersion
from portal.programme.rules import changes
from portal.programme.rules.deal_rules import DealRules
from portal.settings.rules import layout
from tests.programme.test_deal_rules import FULL

EDIT = "/settings/deal-rules/edit"


@pytest.mark.parametrize("rules", [DealRules(), FULL], ids=["defaults", "everything"])
def test_every_setting_goes_through_the_form_and_back(rules):
    assert layout.rules_of(layout.answers_of(rules)) == rules


def test_the_form_asks_for_every_setting_of_the_document():
    asked = {setting.path for setting in layout.SETTINGS.values()}
    for change in changes.between(DealRules(), FULL):
        assert any(change.path.startswith(path) or path.startswith(change.path) for path in asked)


def typed(**changed):
    """The form as it stands, with some fields changed."""
    answers = layout.answers_of(DealRules())
    fields = {name: value for name, value in answers.items() if value is not False}
    return {**fields, "based_on": "0", "currency": "EUR", "value": "50000", **changed}


def send(browser, **changed):
    fields = {name: v for name, v in typed(**changed).items() if v is not None}
    return browser.send(EDIT, page=EDIT, **fields)


def in_force(services, at):
    with services.system_session(writes=False) as db:
        return queries.rules_at(db, at)


def test_a_version_is_published_and_in_force(browser_of, cast, services, clock, peek):
    ada = browser_of(cast.ada)
    answer = send(ada, act="publish", protection__length__count="120", note="Longer cycles")
    assert (answer.status_code, answer.location) == (303, "/settings/deal-rules")
    number, rules = in_force(services, clock())
    assert (number, rules.protection.length.count) == (1, 120)
    page = ada.get("/settings/deal-rules").text
    assert "Version 1 is in force" in page
    assert "Longer cycles" in page
    told = ada.get("/settings/deal-rules/1").text
    assert ">90<" in told
    assert ">120<" in told
    facts = peek(select(Entry.facts).where(Entry.kind == "programme.deal_rules_published"))
    assert facts["changed"] == ["protection.length.count"]


def test_a_version_can_begin_on_a_later_day(browser_of, cast, services, clock):
    answer = send(browser_of(cast.ada), act="publish", tick_seconds="9", effective_on="2026-04-01")
    assert answer.status_code == 303
    start = dt.datetime(2026, 4, 1, tzinfo=dt.UTC)
    assert in_force(services, start - dt.timedelta(seconds=1))[0] == 0
    assert in_force(services, start)[1].tick_seconds == 9


def test_rules_never_begin_in_the_past(browser_of, cast, peek):
    answer = send(browser_of(cast.ada), act="publish", tick_seconds="9", effective_on="2026-01-01")
    assert answer.status_code == 422
    assert "what was judged stays judged" in answer.text
    assert peek(select(func.count()).select_from(DealRulesVersion)) == 0


def test_two_editors_do_not_overwrite_each_other(browser_of, cast):
    ada = browser_of(cast.ada)
    assert send(ada, act="publish", tick_seconds="9").status_code == 303
    assert send(ada, act="publish", tick_seconds="8").status_code == 409


def test_a_difference_is_shown_before_it_is_published(browser_of, cast, peek):
    page = send(browser_of(cast.ada), act="try", decision__count="3")
    assert page.status_code == 200
    assert "Decision › count" in html.unescape(page.text)
    assert "decides within 3 business days" in page.text
    assert peek(select(func.count()).select_from(DealRulesVersion)) == 0


def test_a_claim_is_tried_by_the_real_judge(browser_of, cast):
    limit = "100000 EUR"
    page = send(browser_of(cast.ada), act="try", auto_approval=limit).text
    assert "Approved by rule" in page
    above = send(browser_of(cast.ada), act="try", auto_approval=limit, value="100000").text
    assert "A person decides." in above


def test_a_kept_case_must_hold_before_a_version_goes_live(browser_of, cast, peek):
    ada = browser_of(cast.ada)
    kept = send(
        ada, act="keep", auto_approval="100000 EUR", case_name="Small deal", expected="approve"
    )
    assert kept.status_code == 200
    assert peek(select(DealCase.expected)) == "approve"
    refused = send(ada, act="publish", auto_approval="10000 EUR")
    assert refused.status_code == 422
    assert "Small deal" in refused.text
    assert send(ada, act="publish", auto_approval="100000 EUR").status_code == 303
    number = re.search(r'name="case" value="(\d+)"', ada.get("/settings/deal-rules").text).group(1)
    drop = "/settings/deal-rules/cases/drop"
    assert ada.send(drop, page="/settings/deal-rules", case=number).status_code == 303
    assert peek(select(func.count()).select_from(DealCase)) == 0


@pytest.mark.parametrize(
    ("field", "text", "message"),
    [
        ("milestones", "meeting | Meeting | 20 | ten | 45", "Line 1: Write a whole number."),
        ("milestones", "visit | Visit | 1 | 2 | 3\nmeeting | Meeting", "Line 2: write code | name"),
        ("auto_approval", "lots", "Line 1: Write an amount and its currency"),
        ("calendar__zone", "Mars/Olympus", "is not a known time zone"),
        ("routes", "partner_seller", "may not decide registrations"),
        ("second__share", "half", "Write a number as text"),
        ("protection__length__count", "0", "Write a number from 1 to 3650"),
        ("tick_seconds", "", "write a whole number"),
        ("calendar__shifts", "Monday | 9:00 | 8:00", "Open before you close"),
    ],
)
def test_a_wrong_setting_is_named_and_the_form_kept(browser_of, cast, field, text, message):
    answer = send(browser_of(cast.ada), act="publish", note="Kept words", **{field: text})
    assert answer.status_code == 422
    page = html.unescape(answer.text)
    assert message in page
    assert f'href="#{field}"' in page
    assert "Kept words" in page


@pytest.mark.parametrize("name", ["mara", "fritz", "alma", "ivo"])
def test_only_administrators_change_the_programme(browser_of, cast, name):
    browser = browser_of(getattr(cast, name))
    for path in ("/settings", "/settings/deal-rules", EDIT):
        assert browser.get(path).status_code == 403
    assert browser.send("/settings/deal-rules/cases/drop", case="1").status_code == 403


def test_settings_stand_on_one_page_and_roles_are_told_from_the_policy(browser_of, cast):
    ada = browser_of(cast.ada)
    assert "The built-in rules" in ada.get("/settings").text
    assert "decide deals" in ada.get("/settings/permissions").text
    assert ada.get("/settings/deal-rules/99").status_code == 404
