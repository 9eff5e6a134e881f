"""Reading kits, and the pieces of one that the viewer may have."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import func, select

from portal.collateral.models import Asset, AssetVersion, Kit, KitItem, KitToken
from portal.collateral.queries.assets import CARD, Card, card
from portal.collateral.rules.assets import AssetState, Stage
from portal.db.session import ViewerSession
from portal.kernel.errors import NotFound


@dataclass(frozen=True, slots=True)
class KitRow:
    """`count`: how many of its pieces are there for the viewer."""

    ref: str
    title: str
    summary: str
    stage: Stage
    is_live: bool
    count: int


def list_kits(db: ViewerSession) -> list[KitRow]:
    """Kits with at least one piece that the viewer may have, by title."""
    query = (
        select(Kit.ref, Kit.title, Kit.summary, Kit.stage, Kit.is_live, func.count(KitItem.id))
        .join(KitItem, KitItem.kit_id == Kit.id)
        .group_by(Kit.id, Kit.ref, Kit.title, Kit.summary, Kit.stage, Kit.is_live)
        .order_by(Kit.title, Kit.id)
    )
    return [KitRow(*row) for row in db.execute(query)]


def get_kit(db: ViewerSession, ref: str) -> Kit:
    """Raises NotFound."""
    kit = db.scalar(select(Kit).where(Kit.ref == ref))
    if kit is None:
        raise NotFound
    return kit


def audience_of(db: ViewerSession, kit_id: int) -> frozenset[str]:
    """The tokens; only staff see them."""
    return frozenset(db.scalars(select(KitToken.token).where(KitToken.kit_id == kit_id)))


def pieces_of(db: ViewerSession, kit: Kit) -> list[Card]:
    """Its live pieces that the viewer sees, in order."""
    query = (
        select(*CARD)
        .join(KitItem, KitItem.asset_id == Asset.id)
        .where(KitItem.kit_id == kit.id, Asset.state == AssetState.LIVE)
        .order_by(KitItem.position, KitItem.id)
    )
    return [card(row) for row in db.execute(query)]


def versions_of(db: ViewerSession, kit: Kit) -> list[tuple[Asset, AssetVersion]]:
    """The live pieces with the version that is taken, in order; links and texts among them."""
    query = (
        select(Asset, AssetVersion)
        .join(KitItem, KitItem.asset_id == Asset.id)
        .join(AssetVersion, AssetVersion.asset_id == Asset.id)
        .where(
            KitItem.kit_id == kit.id,
            Asset.state == AssetState.LIVE,
            AssetVersion.number == Asset.current_number,
        )
        .order_by(KitItem.position, KitItem.id)
    )
    return [(row[0], row[1]) for row in db.execute(query)]
