"""Run migrations on the connection that the caller hands over, or on the configured database."""

import os

from alembic import context

from portal.config import from_environment
from portal.db.base import Base
from portal.db.engine import build_engines
from portal.db.text_index import is_declared
from portal.wiring import import_models

import_models()


def render_item(kind, item, autogen_context):
    """Migrations never import live code: a column type is written as what it is in SQL."""
    if kind == "type" and type(item).__module__.startswith("portal."):
        return f"sa.{item.impl!r}"
    return False


def run(connection):
    context.configure(
        connection=connection,
        target_metadata=Base.metadata,
        render_as_batch=True,
        compare_type=True,
        render_item=render_item,
        include_object=is_declared,
        transaction_per_migration=True,
    )
    with context.begin_transaction():
        context.run_migrations()


handed = context.config.attributes.get("connection")
if handed is not None:
    run(handed)
else:
    engines = build_engines(from_environment(os.environ).database)
    with engines.write.begin() as connection:
        run(connection)
    engines.dispose()
