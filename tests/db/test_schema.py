"""Migrations make what the models say, on both databases, and lose nothing on the way."""

from __future__ import annotations

from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.operations import Operations
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, inspect, select
from sqlalchemy.exc import IntegrityError

from portal.accounts.models import User
from portal.db import schema
from portal.db.base import Base
from portal.db.engine import build_engines
from portal.db.text_index import is_declared
from portal.partners.models import Partner

VERSIONS = Path(schema.__file__).parents[2] / "migrations" / "versions"


def test_models_and_migrations_agree(engines):
    with engines.read.connect() as connection:
        context = MigrationContext.configure(
            connection, opts={"compare_type": True, "include_object": is_declared}
        )
        assert compare_metadata(context, Base.metadata) == []


def test_the_checks_of_models_and_migrations_agree(engines):
    """Autogenerate does not see them."""
    declared = {
        (table.name, check.name)
        for table in Base.metadata.tables.values()
        for check in table.constraints
        if isinstance(check, CheckConstraint)
    }
    found = inspect(engines.read)
    migrated = {
        (name, check["name"])
        for name in Base.metadata.tables
        for check in found.get_check_constraints(name)
    }
    assert migrated == declared != set()


def test_every_migration_can_be_undone_and_done_again(tmp_path):
    engines = build_engines(f"sqlite:///{tmp_path / 'steps.db'}", fast_unsafe=True)
    numbers = sorted(path.name[:4] for path in VERSIONS.glob("[0-9]*.py"))
    for number, before in zip(numbers, ["base", *numbers], strict=False):
        schema.upgrade(engines, number)
        schema.downgrade(engines, before)
        schema.upgrade(engines, number)
    assert schema.current(engines.read) == numbers[-1]
    engines.dispose()


def rebuild(connection, table):
    operations = Operations(MigrationContext.configure(connection))
    with operations.batch_alter_table(table, recreate="auto") as batch:
        batch.alter_column("name", nullable=False, existing_nullable=True)


def test_altering_a_table_keeps_the_rows_that_refer_to_it(engines, cast, peek):
    people = select(User.id).order_by(User.id).limit(1)
    before = peek(people)
    with schema.altering(engines.write) as connection:
        rebuild(connection, Partner.__tablename__)
    assert peek(people) == before is not None


def test_altering_refuses_to_leave_rows_that_refer_to_nothing(engines, cast, peek):
    count = select(Partner.id).order_by(Partner.id).limit(1)
    before = peek(count)
    with (
        pytest.raises((RuntimeError, IntegrityError)),
        schema.altering(engines.write) as connection,
    ):
        connection.exec_driver_sql(f"DELETE FROM {Partner.__tablename__}")
    assert peek(count) == before


def test_foreign_keys_hold_again_after_altering(engines, cast):
    with schema.altering(engines.write):
        pass
    with pytest.raises(IntegrityError), engines.write.begin() as connection:
        connection.exec_driver_sql(f"DELETE FROM {Partner.__tablename__}")
