"""The demo story is told through the real actions, to its end, the same way each time."""

from __future__ import annotations

import json

from sqlalchemy import func, select

from portal.db import events
from portal.deals.models import Deal, Protection
from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.states import ProtectionState
from portal.demo import cli
from portal.kernel.policy import Role


def told(services):
    """A short story in the test's own database."""
    cli.load(services, deals=40, engines=services.engines)
    return services


def test_the_story_holds_what_it_promises(services, peek, engines):
    found = told(services)
    assert not cli.is_cut_off(found)
    assert peek(select(func.count(Deal.id)).where(Deal.state == DealState.SUBMITTED)) >= 10
    assert peek(select(func.count(Deal.id)).where(Deal.state == DealState.DRAFT)) == 1
    assert peek(select(func.count()).where(Protection.state == ProtectionState.LIVE)) >= 4
    with engines.snapshot() as connection:
        assert events.verify(connection).broken_at is None


def test_there_is_a_sign_in_for_every_role(services):
    found = told(services)
    people = cli.sign_ins(found)
    assert [who.role for who in people] == [role.value for role in Role]
    assert all(who.company and "@" in who.email for who in people)


def test_sign_ins_are_printed_for_programs(app, services):
    told(services)
    app.cli.add_command(cli.demo)
    result = app.test_cli_runner().invoke(args=["demo", "sign-ins", "--json"])
    listed = json.loads(result.output)
    assert {"role", "email", "password", "company"} == set(listed[0])
    browser = app.test_client()
    who = next(each for each in listed if each["role"] == "partner_seller")
    answer = browser.send(
        "/sign-in", page="/sign-in", email=who["email"], password=who["password"], next="/"
    )
    assert answer.status_code == 303
