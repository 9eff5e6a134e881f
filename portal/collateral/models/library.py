"""Tables of the library: assets and their versions, whom they are for, how they are found."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.collateral.rules.assets import AssetKind, AssetState, Form, Stage, VersionState
from portal.collateral.rules.cobrand import ZoneKind
from portal.db.base import Base, Code, FileKey, Id, Line, LongText, Name
from portal.db.scope import addressed, everyone, nobody, through, unless_vendor, vendor_only
from portal.files.kinds import Kind
from portal.files.zones import Align, Ground, Unit, Valign


class AssetToken(Base):
    """A token of the audience of an asset, see `rules.audience`."""

    __tablename__ = "asset_tokens"
    __scope__ = vendor_only()
    __table_args__ = (UniqueConstraint("asset_id", "token"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)
    token: Mapped[Code]


class Asset(Base):
    """A piece of collateral.  What a list shows of its current version stands here too.

    `line_codes` holds codes with a space on either side (" observe vault "); none is every line.
    Assets that share a `family` are the same piece in other languages.  `is_shown` is what `state`
    implies: those addressed may find it.
    """

    __tablename__ = "assets"
    __scope__ = unless_vendor(
        addressed("id", AssetToken, foreign="asset_id", token="token"),  # noqa: S106  a column
        "is_shown",
        value=True,
    )
    __table_args__ = (
        CheckConstraint("is_shown = (state IN ('live', 'expired'))", name="shown"),
        CheckConstraint("state <> 'live' OR current_number > 0", name="live"),
        CheckConstraint(
            "valid_until IS NULL OR valid_from IS NULL OR valid_until >= valid_from", name="valid"
        ),
        Index("ix_assets_published", "published_at", "id"),
        Index("ix_assets_state_updated", "state", "updated_at", "id"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    updated_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[Name]
    summary: Mapped[LongText] = mapped_column(default="")
    kind: Mapped[AssetKind]
    form: Mapped[Form] = mapped_column(default=Form.FILE)
    state: Mapped[AssetState] = mapped_column(default=AssetState.DRAFT)
    is_shown: Mapped[bool] = mapped_column(default=False)
    is_approved: Mapped[bool] = mapped_column(default=False)
    """Cleared for a first day that is still to come."""

    line_codes: Mapped[Line] = mapped_column(default="")
    stage: Mapped[Stage] = mapped_column(default=Stage.ANY)
    industry: Mapped[Name] = mapped_column(default="")
    language: Mapped[str] = mapped_column(String(5), default="")
    region: Mapped[Code] = mapped_column(default="")
    campaign: Mapped[Name] = mapped_column(default="")
    tags: Mapped[Line] = mapped_column(default="")
    usage_rights: Mapped[Line] = mapped_column(default="")
    family: Mapped[str] = mapped_column(String(20), default="", index=True)
    owner_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    valid_from: Mapped[dt.date | None]
    valid_until: Mapped[dt.date | None]
    replaced_by_id: Mapped[int | None] = mapped_column(ForeignKey("assets.id"), index=True)
    published_at: Mapped[dt.datetime | None]

    current_number: Mapped[int] = mapped_column(default=0)
    file_kind: Mapped[Code] = mapped_column(default="")
    pages: Mapped[int | None]
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    seconds: Mapped[int | None]
    has_picture: Mapped[bool] = mapped_column(default=False)
    is_brandable: Mapped[bool] = mapped_column(default=False)

    __mapper_args__ = {"version_id_col": version}


class AssetVersion(Base):
    """One content of an asset.  It never changes; what the runner finds out about it is added.

    `is_published`: partners may have it.  `failure` says why a file was refused or not read.
    """

    __tablename__ = "asset_versions"
    __scope__ = unless_vendor(through("asset_id", Asset), "is_published", value=True)
    __table_args__ = (
        UniqueConstraint("asset_id", "number"),
        CheckConstraint("state NOT IN ('refused', 'failed') OR failure <> ''", name="failure"),
        Index("ix_asset_versions_work", "state", "id"),
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"))
    number: Mapped[int]
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    note: Mapped[Line] = mapped_column(default="")
    state: Mapped[VersionState]
    is_published: Mapped[bool] = mapped_column(default=False)
    published_at: Mapped[dt.datetime | None]

    name: Mapped[Name] = mapped_column(default="")
    file_kind: Mapped[Kind | None]
    size: Mapped[int] = mapped_column(BigInteger, default=0)
    sha256: Mapped[str] = mapped_column(String(64), default="")
    file_key: Mapped[FileKey] = mapped_column(default="")
    preview_key: Mapped[FileKey] = mapped_column(default="")
    thumbnail_key: Mapped[FileKey] = mapped_column(default="")
    pages: Mapped[int | None]
    width: Mapped[float | None]
    height: Mapped[float | None]
    seconds: Mapped[float | None]
    placeholders: Mapped[Line] = mapped_column(default="")
    failure: Mapped[Line] = mapped_column(default="")

    subject: Mapped[Name] = mapped_column(default="")
    body: Mapped[LongText] = mapped_column(default="")
    video_url: Mapped[Line] = mapped_column(default="")


class VersionPage(Base):
    """One page of a version: its text, and a thumbnail where it can be drawn."""

    __tablename__ = "version_pages"
    __scope__ = through("version_id", AssetVersion)
    __table_args__ = (UniqueConstraint("version_id", "number"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version_id: Mapped[int] = mapped_column(ForeignKey("asset_versions.id"))
    number: Mapped[int]
    text: Mapped[LongText] = mapped_column(default="")
    thumbnail_key: Mapped[FileKey] = mapped_column(default="")


class BrandZone(Base):
    """A place on a version that co-branding fills, see `rules.cobrand`."""

    __tablename__ = "brand_zones"
    __scope__ = through("version_id", AssetVersion)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version_id: Mapped[int] = mapped_column(ForeignKey("asset_versions.id"), index=True)
    kind: Mapped[ZoneKind]
    page: Mapped[int]
    x: Mapped[float]
    y: Mapped[float]
    width: Mapped[float]
    height: Mapped[float]
    unit: Mapped[Unit] = mapped_column(default=Unit.POINTS)
    align: Mapped[Align] = mapped_column(default=Align.LEFT)
    valign: Mapped[Valign] = mapped_column(default=Valign.TOP)
    ground: Mapped[Ground] = mapped_column(default=Ground.LIGHT)
    largest: Mapped[float] = mapped_column(default=12)


class AssetText(Base):
    """The tokens of an asset, read only through `portal.db.text_index`.  Its id is the asset's."""

    __tablename__ = "asset_texts"
    __scope__ = nobody()

    id: Mapped[int] = mapped_column(ForeignKey("assets.id"), primary_key=True, autoincrement=False)
    head: Mapped[LongText]
    body: Mapped[LongText]


class SearchGram(Base):
    """Three letters of a word that stands in some asset: where a mistyped word looks for it."""

    __tablename__ = "search_grams"
    __scope__ = nobody()
    __table_args__ = ({"sqlite_with_rowid": False},)

    gram: Mapped[str] = mapped_column(String(3), primary_key=True)
    word: Mapped[str] = mapped_column(String(40), primary_key=True)


class Synonym(Base):
    """Words that mean the same, parted by commas; kept by marketing."""

    __tablename__ = "synonyms"
    __scope__ = everyone()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    words: Mapped[Line]


class KitToken(Base):
    """A token of the audience of a kit."""

    __tablename__ = "kit_tokens"
    __scope__ = vendor_only()
    __table_args__ = (UniqueConstraint("kit_id", "token"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    kit_id: Mapped[int] = mapped_column(ForeignKey("kits.id"), index=True)
    token: Mapped[Code]


class Kit(Base):
    """A few pieces that belong together, in an order, taken as one archive."""

    __tablename__ = "kits"
    __scope__ = unless_vendor(
        addressed("id", KitToken, foreign="kit_id", token="token"),  # noqa: S106  a column
        "is_live",
        value=True,
    )

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    title: Mapped[Name]
    summary: Mapped[LongText] = mapped_column(default="")
    line_codes: Mapped[Line] = mapped_column(default="")
    stage: Mapped[Stage] = mapped_column(default=Stage.ANY)
    industry: Mapped[Name] = mapped_column(default="")
    is_live: Mapped[bool] = mapped_column(default=False)

    __mapper_args__ = {"version_id_col": version}


class KitItem(Base):
    """A piece in a kit; a viewer sees it only when the piece is there for it too."""

    __tablename__ = "kit_items"
    __scope__ = through("asset_id", Asset)
    __table_args__ = (UniqueConstraint("kit_id", "asset_id"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    kit_id: Mapped[int] = mapped_column(ForeignKey("kits.id"), index=True)
    asset_id: Mapped[int] = mapped_column(ForeignKey("assets.id"), index=True)
    position: Mapped[int]
