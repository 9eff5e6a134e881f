"""Tables of partner companies."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import CheckConstraint, ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, Code, Currency, Id, Line, LongText, Name
from portal.db.scope import known, staff_who_know
from portal.partners.rules import PartnerState, PartnerType


class Partner(Base):
    """A company that sells for the vendor.  `name_key` is its folded name, for finding it.

    `languages` are codes parted by spaces.  The contact and the address are what co-branded files
    and other people see of the company.
    """

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
    languages: Mapped[Line] = mapped_column(default="", server_default="")
    contact_name: Mapped[Name] = mapped_column(default="", server_default="")
    contact_email: Mapped[str] = mapped_column(String(320), default="", server_default="")
    contact_phone: Mapped[Code] = mapped_column(default="", server_default="")
    website: Mapped[Name] = mapped_column(default="", server_default="")
    address: Mapped[Line] = mapped_column(default="", server_default="")

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


class PartnerNote(Base):
    """What staff write down about a company for each other."""

    __tablename__ = "partner_notes"
    __scope__ = staff_who_know("partner_id")

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    text: Mapped[LongText]
