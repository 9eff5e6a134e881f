"""Every read of the catalogue."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from portal.catalogue.models import Line
from portal.db.session import Prepared, SystemSession, ViewerSession


@dataclass(frozen=True, slots=True)
class LineRow:
    id: int
    code: str
    name: str
    family: str


_LINES = Prepared(
    select(Line.id, Line.code, Line.name, Line.family)
    .where(Line.is_active)
    .order_by(Line.name, Line.id)
)


def list_lines(db: ViewerSession | SystemSession) -> list[LineRow]:
    """Lines that may be registered now, by name."""
    return [LineRow(*row) for row in db.rows(_LINES)]
