"""Reading assets and their versions, one by one and as lists for pages."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sqlalchemy import bindparam, case, func, or_, select

from portal.accounts.models import User
from portal.catalogue.models import Line
from portal.collateral.models import (
    Asset,
    AssetToken,
    AssetVersion,
    BrandZone,
    Favourite,
    VersionPage,
)
from portal.collateral.rules.assets import AssetKind, AssetState, Form, Stage, VersionState
from portal.collateral.rules.cobrand import Zone
from portal.db.session import Prepared, SystemSession, ViewerSession
from portal.files.kinds import Kind
from portal.files.zones import Box
from portal.kernel.errors import NotFound

Session = ViewerSession | SystemSession


@dataclass(frozen=True, slots=True)
class Card:
    """An asset as a list shows it."""

    id: int
    ref: str
    title: str
    summary: str
    kind: AssetKind
    form: Form
    state: AssetState
    line_codes: str
    stage: Stage
    industry: str
    language: str
    region: str
    tags: str
    usage_rights: str
    valid_until: dt.date | None
    published_at: dt.datetime | None
    updated_at: dt.datetime
    current_number: int
    file_kind: str
    pages: int | None
    size: int
    seconds: int | None
    has_picture: bool
    is_brandable: bool

    @property
    def lines(self) -> list[str]:
        return self.line_codes.split()

    @property
    def is_expired(self) -> bool:
        return self.state is AssetState.EXPIRED


CARD = (
    Asset.id,
    Asset.ref,
    Asset.title,
    Asset.summary,
    Asset.kind,
    Asset.form,
    Asset.state,
    Asset.line_codes,
    Asset.stage,
    Asset.industry,
    Asset.language,
    Asset.region,
    Asset.tags,
    Asset.usage_rights,
    Asset.valid_until,
    Asset.published_at,
    Asset.updated_at,
    Asset.current_number,
    Asset.file_kind,
    Asset.pages,
    Asset.size,
    Asset.seconds,
    Asset.has_picture,
    Asset.is_brandable,
)


def card(row: Any) -> Card:
    """From a row of CARD."""
    return Card(*row)


@dataclass(frozen=True, slots=True)
class VersionRow:
    id: int
    number: int
    created_at: dt.datetime
    published_at: dt.datetime | None
    is_published: bool
    state: VersionState
    note: str
    name: str
    file_kind: Kind | None
    size: int
    pages: int | None
    failure: str
    has_picture: bool


def get_asset(db: Session, ref: str) -> Asset:
    """Raises NotFound."""
    asset = db.scalar(select(Asset).where(Asset.ref == ref))
    if asset is None:
        raise NotFound
    return asset


def get_by_id(db: Session, asset_id: int) -> Asset:
    """Raises NotFound."""
    asset = db.scalar(select(Asset).where(Asset.id == asset_id))
    if asset is None:
        raise NotFound
    return asset


def get_card(db: Session, ref: str) -> Card:
    """Raises NotFound."""
    row = db.execute(select(*CARD).where(Asset.ref == ref)).first()
    if row is None:
        raise NotFound
    return card(row)


def get_version(db: Session, asset_id: int, number: int) -> AssetVersion:
    """Raises NotFound, also for a version that the viewer may not have."""
    query = select(AssetVersion).where(
        AssetVersion.asset_id == asset_id, AssetVersion.number == number
    )
    version = db.scalar(query)
    if version is None:
        raise NotFound
    return version


def version_by_id(db: Session, version_id: int) -> AssetVersion | None:
    return db.scalar(select(AssetVersion).where(AssetVersion.id == version_id))


def newest_version(db: Session, asset_id: int) -> AssetVersion | None:
    """By number, whatever its state."""
    query = (
        select(AssetVersion)
        .where(AssetVersion.asset_id == asset_id)
        .order_by(AssetVersion.number.desc())
        .limit(1)
    )
    return db.scalar(query)


def list_versions(db: Session, asset_id: int) -> list[VersionRow]:
    """Those the viewer may have, newest first."""
    query = (
        select(
            AssetVersion.id,
            AssetVersion.number,
            AssetVersion.created_at,
            AssetVersion.published_at,
            AssetVersion.is_published,
            AssetVersion.state,
            AssetVersion.note,
            AssetVersion.name,
            AssetVersion.file_kind,
            AssetVersion.size,
            AssetVersion.pages,
            AssetVersion.failure,
            AssetVersion.preview_key != "",
        )
        .where(AssetVersion.asset_id == asset_id)
        .order_by(AssetVersion.number.desc())
    )
    return [VersionRow(*tuple(row)) for row in db.execute(query)]


def list_pages(db: Session, version_id: int) -> list[int]:
    """Numbers of the pages that can be shown."""
    query = (
        select(VersionPage.number)
        .where(VersionPage.version_id == version_id, VersionPage.thumbnail_key != "")
        .order_by(VersionPage.number)
    )
    return list(db.scalars(query))


def page_key(db: Session, version_id: int, number: int) -> str:
    """Raises NotFound."""
    query = select(VersionPage.thumbnail_key).where(
        VersionPage.version_id == version_id, VersionPage.number == number
    )
    key = db.scalar(query)
    if not key:
        raise NotFound
    return key


def page_texts(db: Session, version_id: int) -> list[str]:
    query = (
        select(VersionPage.text)
        .where(VersionPage.version_id == version_id)
        .order_by(VersionPage.number)
    )
    return list(db.scalars(query))


def zones_of(db: Session, version_id: int) -> tuple[Zone, ...]:
    query = select(BrandZone).where(BrandZone.version_id == version_id).order_by(BrandZone.id)
    return tuple(
        Zone(
            kind=zone.kind,
            page=zone.page,
            box=Box(zone.x, zone.y, zone.width, zone.height, zone.unit),
            align=zone.align,
            valign=zone.valign,
            ground=zone.ground,
            largest=zone.largest,
        )
        for zone in db.scalars(query)
    )


def audience_of(db: SystemSession | ViewerSession, asset_id: int) -> frozenset[str]:
    """The tokens; only staff see them."""
    return frozenset(db.scalars(select(AssetToken.token).where(AssetToken.asset_id == asset_id)))


def translations(db: Session, asset: Asset) -> list[Card]:
    """The same piece in other languages, as far as the viewer sees them, by language."""
    if not asset.family:
        return []
    query = (
        select(*CARD)
        .where(Asset.family == asset.family, Asset.id != asset.id)
        .order_by(Asset.language, Asset.id)
    )
    return [card(row) for row in db.execute(query)]


def favourites(db: ViewerSession) -> frozenset[int]:
    """Ids of the assets that the viewer marked."""
    return frozenset(db.scalars(select(Favourite.asset_id)))


def cards(db: Session, ids: Iterable[int]) -> dict[int, Card]:
    """Those of `ids` that the session sees."""
    wanted = list(ids)
    if not wanted:
        return {}
    return {row.id: card(row) for row in db.execute(select(*CARD).where(Asset.id.in_(wanted)))}


def owners(db: ViewerSession) -> list[tuple[int, str]]:
    """Staff who may own a piece, by name."""
    query = select(User.id, User.name).where(User.partner_id.is_(None), User.is_active)
    return [(row.id, row.name) for row in db.execute(query.order_by(User.name, User.id))]


_FOR_DEAL = Prepared(
    select(*CARD)
    .where(
        Asset.state == AssetState.LIVE,
        or_(Asset.line_codes == "", Asset.line_codes.contains(bindparam("line"))),
        Asset.stage.in_(bindparam("stages", expanding=True)),
        or_(Asset.industry == "", Asset.industry == bindparam("industry")),
    )
    .order_by(
        case((Asset.line_codes == "", 1), else_=0),
        case((Asset.stage == Stage.ANY, 1), else_=0),
        case((Asset.industry == "", 1), else_=0),
        Asset.published_at.desc(),
        Asset.id.desc(),
    )
    .limit(bindparam("most"))
)


def for_deal(
    db: ViewerSession,
    line_id: int | None,
    *,
    stage: Stage | None = None,
    industry: str = "",
    most: int = 5,
) -> list[Card]:
    """The pieces that help with a deal of this line, the closest first.

    Without a stage, pieces for every stage count.
    """
    code = db.scalar(select(Line.code).where(Line.id == line_id)) or "-"
    stages = list(Stage) if stage is None else [Stage.ANY, stage]
    rows = db.rows(_FOR_DEAL, line=f" {code} ", stages=stages, industry=industry, most=most)
    return [card(row) for row in rows]


def count_live(db: Session) -> int:
    return db.scalar(select(func.count(Asset.id)).where(Asset.state == AssetState.LIVE)) or 0
