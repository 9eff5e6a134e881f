"""Kits: a few pieces in an order, for an audience, taken as one archive."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import select

from portal.collateral.models import Kit, KitItem, KitToken
from portal.collateral.queries import assets as queries
from portal.collateral.queries import kits
from portal.collateral.rules.assets import Stage
from portal.db.session import ViewerSession
from portal.kernel.errors import Refused

MOST_PIECES = 30


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveKit:
    """`asset_refs` in the order in which they are to be read."""

    title: str
    summary: str
    line_codes: str
    stage: Stage
    asset_refs: tuple[str, ...]
    audience: frozenset[str]
    is_live: bool


def make(db: ViewerSession, command: SaveKit, *, new_ref: str, now: dt.datetime) -> Kit:
    """Raises Refused("no_pieces"), Refused("too_many"), NotFound for a piece that is not there."""
    kit = Kit(created_at=now, ref=new_ref, title=command.title)
    db.add(kit)
    db.flush()
    return _fill(db, kit, command, now=now)


def change(db: ViewerSession, ref: str, command: SaveKit, *, now: dt.datetime) -> Kit:
    """Raises as `make`, and NotFound."""
    return _fill(db, kits.get_kit(db, ref), command, now=now)


def _fill(db: ViewerSession, kit: Kit, command: SaveKit, *, now: dt.datetime) -> Kit:
    refs = tuple(dict.fromkeys(command.asset_refs))
    if not refs:
        raise Refused("Name at least one piece.", code="no_pieces", field="pieces")
    if len(refs) > MOST_PIECES:
        raise Refused(f"A kit has at most {MOST_PIECES} pieces.", code="too_many", field="pieces")
    kit.title, kit.summary, kit.line_codes = command.title, command.summary, command.line_codes
    kit.stage, kit.is_live = command.stage, command.is_live
    for row in db.scalars(select(KitItem).where(KitItem.kit_id == kit.id)):
        db.delete(row)
    for token in db.scalars(select(KitToken).where(KitToken.kit_id == kit.id)):
        db.delete(token)
    db.flush()
    for position, ref in enumerate(refs, 1):
        asset = queries.get_asset(db, ref)
        db.add(KitItem(created_at=now, kit_id=kit.id, asset_id=asset.id, position=position))
    db.add_all(KitToken(created_at=now, kit_id=kit.id, token=each) for each in command.audience)
    db.flush()
    return kit
