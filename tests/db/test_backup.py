"""A copy holds everything, and goes back into either database."""

from __future__ import annotations

import pytest
from sqlalchemy import MetaData, func, select

from portal.db import backup, events
from portal.db.engine import build_engines
from portal.db.text_index import is_no_index
from portal.kernel.errors import Refused
from tools import postgres


def contents(engine):
    found = MetaData()
    found.reflect(engine, only=is_no_index)
    with engine.connect() as connection:
        return {
            table.name: connection.scalar(select(func.count()).select_from(table))
            for table in found.sorted_tables
        }


@pytest.fixture(params=["sqlite", "postgresql"])
def elsewhere(request, tmp_path):
    """Another, empty database of each kind."""
    if request.param == "sqlite":
        engines = build_engines(f"sqlite:///{tmp_path / 'other.db'}", fast_unsafe=True)
        yield engines
        engines.dispose()
        return
    with postgres.throwaway() as url:
        engines = build_engines(url, fast_unsafe=True)
        yield engines
        engines.dispose()


def test_a_copy_goes_back_into_either_database(engines, cast, elsewhere, tmp_path):
    copy = tmp_path / "copy.gz"
    assert backup.backup(engines, copy) == backup.restore(elsewhere, copy, replace=False)
    assert contents(elsewhere.read) == contents(engines.read)
    with elsewhere.snapshot() as connection:
        assert events.verify(connection).broken_at is None


def test_a_database_with_people_is_not_overwritten_by_mistake(engines, cast, tmp_path):
    copy = tmp_path / "copy.gz"
    backup.backup(engines, copy)
    with pytest.raises(Refused, match="--replace"):
        backup.restore(engines, copy, replace=False)


def test_a_file_that_is_no_copy_is_refused(engines, tmp_path):
    other = tmp_path / "letter.txt"
    other.write_text("Dear Sir")
    with pytest.raises(Refused, match="no copy"):
        backup.restore(engines, other, replace=True)
