"""Tables of the programme: versions of the deal rules, regions and tiers."""

from __future__ import annotations

import datetime as dt

from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Code, Document, Id, Name
from portal.db.scope import everyone, vendor_only


class Region(Base):
    """Where partners sell: a regional office, a country group."""

    __tablename__ = "regions"
    __scope__ = everyone()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]


class Tier(Base):
    """A partner level.  A higher `rank` is the better tier."""

    __tablename__ = "tiers"
    __scope__ = everyone()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    code: Mapped[Code] = mapped_column(unique=True)
    name: Mapped[Name]
    rank: Mapped[int]


class DealRulesVersion(Base):
    """The deal rules in force from `effective_at` until the next version's."""

    __tablename__ = "deal_rules_versions"
    __scope__ = everyone()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    effective_at: Mapped[dt.datetime] = mapped_column(index=True)
    number: Mapped[int] = mapped_column(unique=True)
    document: Mapped[Document]
    user_id: Mapped[int | None]
    note: Mapped[Name] = mapped_column(default="")


class DealCase(Base):
    """A claim made up by the vendor, and the outcome that every version of the rules must give."""

    __tablename__ = "deal_cases"
    __scope__ = vendor_only()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    name: Mapped[Name]
    claim: Mapped[Document]
    expected: Mapped[Code]
