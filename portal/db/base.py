"""The declarative base, constraint names, and column types that mean the same on both databases."""

from __future__ import annotations

import datetime as dt
import enum
from typing import Annotated, Any, ClassVar

from sqlalchemy import JSON, BigInteger, DateTime, Dialect, Enum, Integer, MetaData, String, Text
from sqlalchemy.orm import DeclarativeBase, mapped_column
from sqlalchemy.types import TypeDecorator

from portal.db.scope import Scope

NAMES = {
    "ix": "ix_%(column_0_N_label)s",
    "uq": "uq_%(table_name)s_%(column_0_N_name)s",
    "ck": "ck_%(table_name)s_%(constraint_name)s",
    "fk": "fk_%(table_name)s_%(column_0_N_name)s",
    "pk": "pk_%(table_name)s",
}


class UtcDateTime(TypeDecorator[dt.datetime]):
    """Aware UTC in Python, whatever the database keeps.  Rejects naive values."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: dt.datetime | None, dialect: Dialect) -> dt.datetime | None:
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("naive datetime")
        return value.astimezone(dt.UTC)

    def process_result_value(
        self, value: dt.datetime | None, dialect: Dialect
    ) -> dt.datetime | None:
        if value is None:
            return None
        return value.replace(tzinfo=dt.UTC) if value.tzinfo is None else value.astimezone(dt.UTC)


def text_enum(cls: type[enum.Enum]) -> Enum:
    """Text with a CHECK: PostgreSQL's own enums cannot drop a value."""
    return Enum(
        cls,
        native_enum=False,
        create_constraint=True,
        length=30,
        name=cls.__name__.lower(),
        values_callable=lambda members: [member.value for member in members],
    )


Id = Annotated[int, mapped_column(Integer, primary_key=True)]
Minor = Annotated[int, mapped_column(BigInteger)]
Name = Annotated[str, mapped_column(String(200))]
Line = Annotated[str, mapped_column(String(500))]
Code = Annotated[str, mapped_column(String(60))]
Currency = Annotated[str, mapped_column(String(3))]
FileKey = Annotated[str, mapped_column(String(64), index=True, info={"file_key": True})]
"""Names a stored file: what no such column names is swept, see `portal.db.files`."""

LongText = Annotated[str, mapped_column(Text)]
Document = Annotated[dict[str, Any], mapped_column(JSON)]


class Base(DeclarativeBase):
    """Every table.  A mapped class that does not say who may see its rows cannot be defined."""

    metadata = MetaData(naming_convention=NAMES)
    type_annotation_map = {
        dt.datetime: UtcDateTime,
        enum.Enum: Enum(
            enum.Enum,
            native_enum=False,
            create_constraint=True,
            length=30,
            values_callable=lambda cls: [member.value for member in cls],
        ),
    }
    __scope__: ClassVar[Scope]
    __append_only__: ClassVar[bool] = False

    def __init_subclass__(cls, **kw: Any) -> None:
        if "__tablename__" in cls.__dict__ and "__scope__" not in cls.__dict__:
            raise TypeError(f"{cls.__name__} must declare __scope__: who may see its rows?")
        super().__init_subclass__(**kw)


def scoped_classes() -> list[type[Base]]:
    return [mapper.class_ for mapper in Base.registry.mappers]
