"""The log: strictly increasing, chained, and closed to change."""

from __future__ import annotations

import datetime as dt

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import DBAPIError

from portal.accounts.rules.events import PasswordChanged
from portal.db import events
from portal.db.events import Entry


def note(db, clock, user_id=7):
    events.publish(db, PasswordChanged(subject_id=user_id, partner_id=None), now=clock())


def test_entries_made_at_one_instant_still_follow_each_other(services, clock, peek, system):
    for _ in range(3):
        note(system, clock)
    system.commit()
    instants = system.scalars(select(Entry.at).order_by(Entry.id)).all()
    assert instants == [clock() + dt.timedelta(microseconds=n) for n in range(3)]


def test_a_clock_that_goes_back_does_not_turn_the_order_around(system, clock):
    note(system, clock)
    system.commit()
    clock.pass_(hours=-1)
    note(system, clock)
    system.commit()
    first, second = system.scalars(select(Entry.at).order_by(Entry.id))
    assert second > first


def test_nothing_is_logged_of_what_was_rolled_back(system, clock, peek):
    note(system, clock)
    system.rollback()
    assert peek(select(Entry.id)) is None


def test_an_untouched_log_verifies(system, clock, engines):
    for _ in range(5):
        note(system, clock)
        system.commit()
    with engines.snapshot() as connection:
        assert events.verify(connection) == events.Verdict(5, None)


@pytest.mark.parametrize(
    "change", [{"subject_id": 9}, {"at": dt.datetime(2020, 1, 1, tzinfo=dt.UTC)}, {"actor_id": 1}]
)
def test_a_change_past_the_triggers_is_named(system, clock, engines, server, change):
    for _ in range(3):
        note(system, clock)
        system.commit()
    with engines.write.begin() as connection:
        if server.name == "sqlite":
            connection.exec_driver_sql("DROP TRIGGER events_no_update")
        else:
            connection.exec_driver_sql("SET session_replication_role = replica")
        connection.execute(update(Entry).where(Entry.id == 2).values(change))
        if server.name != "sqlite":
            connection.exec_driver_sql("SET session_replication_role = origin")
    with engines.snapshot() as connection:
        assert events.verify(connection).broken_at == 2


@pytest.mark.parametrize("statement", ["UPDATE events SET actor_id = 1", "DELETE FROM events"])
def test_the_database_itself_refuses_to_change_the_log(system, clock, engines, statement):
    note(system, clock)
    system.commit()
    with pytest.raises(DBAPIError, match="append-only"), engines.write.begin() as connection:
        connection.exec_driver_sql(statement)
