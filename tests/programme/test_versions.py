"""Which deal rules are in force when."""

from __future__ import annotations

import datetime as dt

from portal.programme import queries
from portal.programme.models import DealRulesVersion
from portal.programme.rules.deal_rules import DealRules
from tests.clock import NOON

DAY = dt.timedelta(days=1)


def put(system, number, *, effective_at, tick):
    document = DealRules(tick_seconds=tick).to_dict()
    system.add(
        DealRulesVersion(
            created_at=NOON, effective_at=effective_at, number=number, document=document
        )
    )
    system.flush()


def test_without_a_version_the_built_in_rules_hold(system):
    assert queries.rules_at(system, NOON) == (queries.BUILT_IN, DealRules())


def test_the_last_version_that_has_begun_is_in_force(system):
    put(system, 1, effective_at=NOON - DAY, tick=10)
    put(system, 2, effective_at=NOON, tick=20)
    put(system, 3, effective_at=NOON + DAY, tick=30)
    number, rules = queries.rules_at(system, NOON)
    assert (number, rules.tick_seconds) == (2, 20)
    assert queries.rules_at(system, NOON - dt.timedelta(microseconds=1))[0] == 1


def test_of_two_versions_from_one_instant_the_later_holds(system):
    put(system, 1, effective_at=NOON, tick=10)
    put(system, 2, effective_at=NOON, tick=20)
    assert queries.rules_at(system, NOON)[0] == 2


def test_a_partner_reads_the_same_rules(system, as_viewer, cast):
    put(system, 1, effective_at=NOON, tick=10)
    system.commit()
    with as_viewer(cast.anna) as db:
        assert queries.rules_at(db, NOON)[0] == 1
