"""Reading share links: one's own, and the one that a customer holds."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from portal.collateral.models import Asset, AssetVersion, ShareLink
from portal.collateral.rules.assets import AssetState
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class ShareRow:
    ref: str
    asset_ref: str
    title: str
    recipient: str
    created_at: dt.datetime
    ends_at: dt.datetime
    revoked_at: dt.datetime | None
    opens: int
    downloads: int
    last_opened_on: dt.date | None
    is_pinned: bool
    has_password: bool
    deal_ref: str

    def is_open(self, now: dt.datetime) -> bool:
        return self.revoked_at is None and self.ends_at > now


def mine(db: ViewerSession, asset_id: int | None = None, *, most: int = 100) -> list[ShareRow]:
    """Links that the viewer made, newest first; with `asset_id` those to one piece."""
    query = (
        select(
            ShareLink.ref,
            Asset.ref,
            Asset.title,
            ShareLink.recipient,
            ShareLink.created_at,
            ShareLink.ends_at,
            ShareLink.revoked_at,
            ShareLink.opens,
            ShareLink.downloads,
            ShareLink.last_opened_on,
            ShareLink.version_id.is_not(None),
            ShareLink.password_hash != "",
            ShareLink.deal_ref,
        )
        .join(Asset, Asset.id == ShareLink.asset_id)
        .where(ShareLink.user_id == db.viewer.user_id)
        .order_by(ShareLink.id.desc())
        .limit(most)
    )
    if asset_id is not None:
        query = query.where(ShareLink.asset_id == asset_id)
    return [ShareRow(*tuple(row)) for row in db.execute(query)]


def get_own(db: ViewerSession, ref: str) -> ShareLink:
    """A link of the viewer's own.  Raises NotFound."""
    query = select(ShareLink).where(ShareLink.ref == ref, ShareLink.user_id == db.viewer.user_id)
    share = db.scalar(query)
    if share is None:
        raise NotFound
    return share


@dataclass(frozen=True, slots=True)
class Opened:
    """What a link leads to now."""

    share: ShareLink
    asset: Asset
    version: AssetVersion


def open_by_token(db: SystemSession, token_hash: str, *, now: dt.datetime) -> Opened:
    """The piece behind a link, in its current version unless one was pinned.

    Raises NotFound alike for a link that never was, is over, or was revoked, and for a piece that
    is no longer live.
    """
    share = db.scalar(select(ShareLink).where(ShareLink.token_hash == token_hash))
    if share is None or share.revoked_at is not None or share.ends_at <= now:
        raise NotFound
    asset = db.scalar(
        select(Asset).where(Asset.id == share.asset_id, Asset.state == AssetState.LIVE)
    )
    if asset is None:
        raise NotFound
    query = select(AssetVersion).where(AssetVersion.asset_id == asset.id, AssetVersion.is_published)
    if share.version_id is not None:
        query = query.where(AssetVersion.id == share.version_id)
    else:
        query = query.where(AssetVersion.number == asset.current_number)
    version = db.scalar(query)
    if version is None:
        raise NotFound
    return Opened(share, asset, version)
