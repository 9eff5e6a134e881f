"""Tables of what people do with collateral: branding, downloads, shares, favourites, wishes."""

from __future__ import annotations

import datetime as dt
from enum import StrEnum

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.db.base import Base, FileKey, Id, Line, LongText, Name
from portal.db.scope import company, personal, vendor_only


class RequestState(StrEnum):
    OPEN = "open"
    ANSWERED = "answered"


class PartnerBranding(Base):
    """What a company shows of itself on co-branded pieces.  Logos are PNG."""

    __tablename__ = "partner_brandings"
    __scope__ = company("partner_id")

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), unique=True)
    company: Mapped[Name]
    contact: Mapped[Name] = mapped_column(default="")
    email: Mapped[str] = mapped_column(String(320), default="")
    phone: Mapped[Name] = mapped_column(default="")
    website: Mapped[Name] = mapped_column(default="")
    address: Mapped[Line] = mapped_column(default="")
    colour: Mapped[str] = mapped_column(String(7), default="#1b1f24")
    logo_key: Mapped[FileKey] = mapped_column(default="")
    logo_dark_key: Mapped[FileKey] = mapped_column(default="")

    __mapper_args__ = {"version_id_col": version}


class Rendition(Base):
    """A co-branded copy.  `recipe` is a digest of all that went into it, so a change makes anew."""

    __tablename__ = "renditions"
    __scope__ = company("partner_id")
    __table_args__ = (UniqueConstraint("version_id", "partner_id", "recipe"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version_id: Mapped[int] = mapped_column(ForeignKey("asset_versions.id"))
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), index=True)
    recipe: Mapped[str] = mapped_column(String(64))
    file_key: Mapped[FileKey]
    size: Mapped[int] = mapped_column(BigInteger)


class Download(Base):
    """Somebody took a version.  `deal_ref` as the link said it, which nobody has verified."""

    __tablename__ = "downloads"
    __scope__ = company("partner_id")
    __table_args__ = (
        Index("ix_downloads_asset_at", "asset_id", "created_at"),
        Index("ix_downloads_user_at", "user_id", "created_at"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    version_id: Mapped[int] = mapped_column(ForeignKey("asset_versions.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"))
    deal_ref: Mapped[str] = mapped_column(String(20), default="", index=True)
    is_branded: Mapped[bool] = mapped_column(default=False)


class Favourite(Base):
    __tablename__ = "favourites"
    __scope__ = personal("user_id")
    __table_args__ = (UniqueConstraint("user_id", "asset_id"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)


class LibraryVisit(Base):
    """When a person last looked round the library; a new visit begins after an hour away."""

    __tablename__ = "library_visits"
    __scope__ = personal("user_id")

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    seen_at: Mapped[dt.datetime]
    since_at: Mapped[dt.datetime]
    """The end of the visit before: what is younger is new."""


class Search(Base):
    """What was looked for and how much of it was found; no person is kept with it."""

    __tablename__ = "searches"
    __scope__ = vendor_only()
    __table_args__ = (Index("ix_searches_found", "found", "created_at"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    words: Mapped[Name]
    found: Mapped[int]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)


class AssetRequest(Base):
    """Somebody missed something and asked for it."""

    __tablename__ = "asset_requests"
    __scope__ = company("partner_id")
    __table_args__ = (
        CheckConstraint("(state = 'answered') = (answered_at IS NOT NULL)", name="answered"),
        Index("ix_asset_requests_state", "state", "id"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    words: Mapped[Name]
    note: Mapped[LongText] = mapped_column(default="")
    state: Mapped[RequestState] = mapped_column(default=RequestState.OPEN)
    answer: Mapped[LongText] = mapped_column(default="")
    asset_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)
    answered_at: Mapped[dt.datetime | None]


class ShareLink(Base):
    """An address for one customer.  Only the token's hash is kept; opens are counted, not who.

    Without `version_id` it follows the current version.
    """

    __tablename__ = "share_links"
    __scope__ = company("partner_id")
    __table_args__ = (Index("ix_share_links_user", "user_id", "id"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)
    version_id: Mapped[int | None] = mapped_column(ForeignKey("asset_versions.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"))
    deal_ref: Mapped[str] = mapped_column(String(20), default="", index=True)
    recipient: Mapped[Name]
    password_hash: Mapped[Line] = mapped_column(default="")
    ends_at: Mapped[dt.datetime]
    revoked_at: Mapped[dt.datetime | None]
    opens: Mapped[int] = mapped_column(default=0)
    downloads: Mapped[int] = mapped_column(default=0)
    last_opened_on: Mapped[dt.date | None]

    __mapper_args__ = {"version_id_col": version}
