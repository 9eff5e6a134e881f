"""Two kinds of session, told apart by type: one sees through a viewer's eyes, one sees everything.

A function that takes a ViewerSession cannot return another tenant's row, whatever it selects.
A function that takes a SystemSession says so in its signature, and is reviewed for it.

Weaknesses, so that nobody learns them twice: a wrong scope shows up as missing rows; a unique
constraint still reveals that a value exists; entities handed out of `as_system` are on your
conscience (return values instead); a row that a viewer loaded and then lost can still be refreshed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, cast

from sqlalchemy import ColumnElement, Connection, Engine, Row, Select, event, select
from sqlalchemy.orm import ORMExecuteState, Session, UOWTransaction
from sqlalchemy.orm.util import LoaderCriteriaOption
from sqlalchemy.sql import visitors

from portal.db.base import Base, scoped_classes
from portal.db.scope import Eyes, eyes_of, parameters_of
from portal.kernel.errors import NotFound
from portal.kernel.viewer import Viewer

Anything = tuple[Any, ...]


class UnscopedStatement(RuntimeError):
    """A statement the scope cannot be added to: text, Core tables, bulk writes."""


class OutOfScopeWrite(NotFound):
    """A row was written that its writer could not read."""


class Prepared:
    """A select of mapped columns, built once; each kind of viewer has its variant with the scope.

    Run it with `db.rows(prepared, name=value, ...)`.
    """

    def __init__(self, statement: Select[*Anything]) -> None:
        self.statement = statement
        self._variants: dict[Eyes, Select[*Anything]] = {}

    def seen_by(self, eyes: Eyes) -> Select[*Anything]:
        if eyes not in self._variants:
            tables = {t for t in visitors.iterate(self.statement) if hasattr(t, "primary_key")}
            names = {getattr(t, "name", None) for t in tables}
            criteria = [c for cls, c in _criteria(eyes) if cls.__tablename__ in names]
            self._variants[eyes] = self.statement.options(*criteria).execution_options(
                portal_eyes=eyes
            )
        return self._variants[eyes]


class _Criterion(LoaderCriteriaOption):
    """A scope as a loader criterion that also holds for an alias that is joined.

    SQLAlchemy 2.1 fits a criterion to an alias in FROM and WHERE but not in the ON of a join, where
    it would speak of the table itself and leave the alias open.  Goes when the library does it.
    """

    _traverse_internals = LoaderCriteriaOption._traverse_internals  # noqa: SLF001

    def _resolve_where_criteria(self, ext_info: Any) -> ColumnElement[bool]:
        criterion: ColumnElement[bool] = super()._resolve_where_criteria(ext_info)
        if ext_info.is_aliased_class:
            return cast(ColumnElement[bool], ext_info._adapter.traverse(criterion))  # noqa: SLF001
        return criterion


@cache
def _criteria(eyes: Eyes) -> list[tuple[type[Base], LoaderCriteriaOption]]:
    return [
        (cls, _Criterion(cls, cls.__scope__(cls, eyes), include_aliases=True))
        for cls in scoped_classes()
    ]


class SystemSession(Session):
    """Sees every row.  Opened by jobs, by the CLI, and by `ViewerSession.as_system`."""

    def rows(self, prepared: Prepared, **parameters: Any) -> Sequence[Row[*Anything]]:
        return self.execute(prepared.statement, parameters).all()


class ViewerSession(Session):
    """Sees only `viewer`'s rows, in selects, joins, aliases, subqueries, loads and refreshes."""

    def __init__(self, bind: Engine | Connection, *, viewer: Viewer, **kw: Any) -> None:
        super().__init__(bind, **kw)
        self.viewer = viewer
        self.eyes = eyes_of(viewer)
        self.parameters = parameters_of(viewer)

    def rows(self, prepared: Prepared, **parameters: Any) -> Sequence[Row[*Anything]]:
        return self.execute(prepared.seen_by(self.eyes), parameters).all()

    @contextmanager
    def as_system(self, reason: str) -> Iterator[SystemSession]:
        """Look past the viewer's scope, inside the same transaction, for a stated reason."""
        bind = self.get_bind()
        assert isinstance(bind, Engine)
        if bind.get_execution_options().get("portal_reads_only"):
            with SystemSession(bind) as system:
                system.info.update(reason=reason, outer=self)
                yield system
            return
        self.flush()
        with SystemSession(self.connection(), join_transaction_mode="create_savepoint") as system:
            system.info.update(reason=reason, outer=self)
            yield system
            system.commit()
        self.expire_all()


@event.listens_for(ViewerSession, "do_orm_execute")
def _add_scope(state: ORMExecuteState) -> Any:
    session = state.session
    assert isinstance(session, ViewerSession)
    if not state.is_orm_statement or state.is_from_statement or not state.is_select:
        raise UnscopedStatement(str(state.statement)[:200])
    if state.execution_options.get("portal_eyes") != session.eyes:
        state.statement = state.statement.options(*(c for _, c in _criteria(session.eyes)))
    assert not state.is_executemany
    state.parameters = {**cast(dict[str, Any], state.parameters or {}), **session.parameters}
    return state.invoke_statement()


@event.listens_for(ViewerSession, "after_flush")
def _check_writes(session: ViewerSession, context: UOWTransaction) -> None:
    """Every row just written must still be one the viewer could read (cf. RLS's WITH CHECK)."""
    written: dict[type[Any], set[int]] = defaultdict(set)
    for row in session.new | session.dirty:
        written[type(row)].add(row.id)
    for cls, ids in written.items():
        visible = select(cls.__table__.c.id).where(
            cls.__table__.c.id.in_(ids), cls.__scope__(cls, session.eyes)
        )
        if set(session.connection().scalars(visible, session.parameters)) != ids:
            raise OutOfScopeWrite
