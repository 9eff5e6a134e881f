"""What is used, by whom, and what nobody uses.  Every figure opens to its rows."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import case, func, select

from portal.accounts.models import User
from portal.collateral.models import Asset, AssetVersion, Download, ShareLink
from portal.collateral.rules.assets import AssetKind, AssetState
from portal.db.session import ViewerSession
from portal.partners.models import Partner

UNUSED_FOR = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True)
class AssetUse:
    """How often a live piece was taken since a day.  Downloads of staff do not count."""

    ref: str
    title: str
    kind: AssetKind
    number: int
    published_at: dt.datetime | None
    downloads: int
    branded: int
    people: int
    partners: int
    deals: int
    last_at: dt.datetime | None


def by_asset(db: ViewerSession, *, since: dt.datetime) -> list[AssetUse]:
    """Every live piece, the most used first; those that nobody took stand at the end."""
    taken = (
        select(
            Download.asset_id,
            func.count(Download.id).label("downloads"),
            func.sum(case((Download.is_branded, 1), else_=0)).label("branded"),
            func.count(Download.user_id.distinct()).label("people"),
            func.count(Download.partner_id.distinct()).label("partners"),
            func.count(func.nullif(Download.deal_ref, "").distinct()).label("deals"),
            func.max(Download.created_at).label("last_at"),
        )
        .where(Download.created_at >= since, Download.partner_id.is_not(None))
        .group_by(Download.asset_id)
        .subquery()
    )
    query = (
        select(
            Asset.ref,
            Asset.title,
            Asset.kind,
            Asset.current_number,
            Asset.published_at,
            func.coalesce(taken.c.downloads, 0),
            func.coalesce(taken.c.branded, 0),
            func.coalesce(taken.c.people, 0),
            func.coalesce(taken.c.partners, 0),
            func.coalesce(taken.c.deals, 0),
            taken.c.last_at,
        )
        .outerjoin(taken, taken.c.asset_id == Asset.id)
        .where(Asset.state == AssetState.LIVE)
        .order_by(func.coalesce(taken.c.downloads, 0).desc(), Asset.id)
    )
    return [AssetUse(*tuple(row)) for row in db.execute(query)]


def unused(rows: list[AssetUse], *, now: dt.datetime) -> list[AssetUse]:
    """Pieces live for ninety days that nobody took: what to withdraw, or to make known."""
    return [
        row
        for row in rows
        if not row.downloads and row.published_at and row.published_at <= now - UNUSED_FOR
    ]


@dataclass(frozen=True, slots=True)
class PartnerUse:
    name: str
    downloads: int
    people: int
    pieces: int
    last_at: dt.datetime


def by_partner(db: ViewerSession, *, since: dt.datetime) -> list[PartnerUse]:
    """Companies that took something, the most active first."""
    query = (
        select(
            Partner.name,
            func.count(Download.id),
            func.count(Download.user_id.distinct()),
            func.count(Download.asset_id.distinct()),
            func.max(Download.created_at),
        )
        .join(Partner, Partner.id == Download.partner_id)
        .where(Download.created_at >= since)
        .group_by(Partner.id, Partner.name)
        .order_by(func.count(Download.id).desc(), Partner.name)
    )
    return [PartnerUse(*row) for row in db.execute(query)]


@dataclass(frozen=True, slots=True)
class Totals:
    downloads: int
    shares: int
    opens: int


def totals(db: ViewerSession, *, since: dt.datetime) -> Totals:
    downloads = select(func.count(Download.id)).where(
        Download.created_at >= since, Download.partner_id.is_not(None)
    )
    shares = select(func.count(ShareLink.id), func.coalesce(func.sum(ShareLink.opens), 0)).where(
        ShareLink.created_at >= since
    )
    made, opens = db.execute(shares).one()
    return Totals(db.scalar(downloads) or 0, made, int(opens))


@dataclass(frozen=True, slots=True)
class DownloadRow:
    at: dt.datetime
    asset_ref: str
    title: str
    number: int
    partner: str | None
    person: str | None
    deal_ref: str
    is_branded: bool


def download_rows(db: ViewerSession, *, since: dt.datetime, ref: str = "") -> list[DownloadRow]:
    """The downloads behind the figures, newest first; with `ref` those of one piece."""
    query = (
        select(
            Download.created_at,
            Asset.ref,
            Asset.title,
            AssetVersion.number,
            Partner.name,
            User.name,
            Download.deal_ref,
            Download.is_branded,
        )
        .select_from(Download)
        .join(Asset, Asset.id == Download.asset_id)
        .join(AssetVersion, AssetVersion.id == Download.version_id)
        .outerjoin(Partner, Partner.id == Download.partner_id)
        .outerjoin(User, User.id == Download.user_id)
        .where(Download.created_at >= since, Download.partner_id.is_not(None))
        .order_by(Download.id.desc())
    )
    if ref:
        query = query.where(Asset.ref == ref)
    return [DownloadRow(*row) for row in db.execute(query)]
