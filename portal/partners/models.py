"""Tables of partner companies."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Currency, Id, Name
from portal.db.scope import known
from portal.partners.rules import PartnerState, PartnerType


class Partner(Base):
    """A company that sells for the vendor.  `name_key` is its folded name, for finding it."""

    __tablename__ = "partners"
    __scope__ = known("id")

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    name: Mapped[Name]
    name_key: Mapped[Name] = mapped_column(index=True)
    kind: Mapped[PartnerType]
    state: Mapped[PartnerState] = mapped_column(default=PartnerState.ACTIVE, index=True)
    domain: Mapped[Name] = mapped_column(default="", index=True)
    country: Mapped[str] = mapped_column(String(2), default="")
    currency: Mapped[Currency] = mapped_column(default="EUR")
    region_id: Mapped[int | None] = mapped_column(ForeignKey("regions.id"), index=True)
    tier_id: Mapped[int | None] = mapped_column(ForeignKey("tiers.id"), index=True)

    __mapper_args__ = {"version_id_col": version}


class Supply(Base):
    """A distributor that a reseller buys a line from; without a line, all of them."""

    __tablename__ = "supplies"
    __scope__ = known("reseller_id")
    __table_args__ = (
        UniqueConstraint("reseller_id", "distributor_id", "line_id"),
        CheckConstraint("reseller_id <> distributor_id", name="not_itself"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    reseller_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    distributor_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    line_id: Mapped[int | None] = mapped_column(ForeignKey("lines.id"), index=True)
