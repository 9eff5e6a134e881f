"""Both databases keep the same promises about transactions."""

from __future__ import annotations

import threading

import pytest
from sqlalchemy import insert, select, update
from sqlalchemy.exc import DBAPIError

from portal.catalogue.models import Product
from portal.db.buckets import Bucket
from portal.db.engine import build_engines
from portal.programme.models import Region
from tests.clock import NOON


def region(code: str) -> dict[str, object]:
    return {"created_at": NOON, "code": code, "name": code}


def test_a_reading_connection_cannot_write(engines):
    with pytest.raises(DBAPIError), engines.read.begin() as connection:
        connection.execute(insert(Region).values(region("a")))


def test_foreign_keys_hold(engines):
    values = {"code": "x", "name": "x", "line_id": 99, "list_price_minor": 1, "currency": "EUR"}
    with pytest.raises(DBAPIError), engines.write.begin() as connection:
        connection.execute(insert(Product).values(created_at=NOON, **values))


def test_read_then_write_loses_no_update_between_two_writers(engines):
    with engines.write.begin() as connection:
        connection.execute(insert(Bucket).values(key="k", until=NOON, count=0))

    def add_fifty() -> None:
        for _ in range(50):
            with engines.write.begin() as connection:
                query = select(Bucket.count).where(Bucket.key == "k").with_for_update()
                found = connection.scalar(query)
                connection.execute(update(Bucket).values(count=found + 1))

    threads = [threading.Thread(target=add_fifty) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    with engines.read.connect() as connection:
        assert connection.scalar(select(Bucket.count)) == 200


def test_sqlite_is_durable_outside_tests(tmp_path):
    engines = build_engines(f"sqlite:///{tmp_path / 'x.db'}")
    with engines.write.connect() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
        assert connection.exec_driver_sql("PRAGMA journal_mode").scalar() == "wal"
    engines.dispose()
