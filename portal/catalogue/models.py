"""Tables of the catalogue."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Code, Currency, Id, Minor, Name
from portal.db.scope import everyone


class Line(Base):
    """A product line: what a registration protects."""

    __tablename__ = "lines"
    __scope__ = everyone()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    family: Mapped[Name] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)


class Product(Base):
    """Something with a price in a line.  `list_price_minor` is before discount and tax."""

    __tablename__ = "products"
    __scope__ = everyone()
    __table_args__ = (CheckConstraint("list_price_minor >= 0", name="list_price"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    line_id: Mapped[int] = mapped_column(ForeignKey("lines.id"), index=True)
    list_price_minor: Mapped[Minor]
    currency: Mapped[Currency]
