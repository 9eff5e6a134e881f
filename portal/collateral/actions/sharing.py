"""Share links for customers: made for one recipient, counted, over after a while, taken back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.collateral.models import ShareLink
from portal.collateral.queries import assets as queries
from portal.collateral.queries import sharing
from portal.collateral.rules.assets import AssetState, Form
from portal.collateral.rules.events import ShareMade, ShareRevoked
from portal.db.events import publish as tell
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import Refused

LONGEST = 365


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeShare:
    """`days` from now until it is over; with `is_pinned` it stays with the present version."""

    new_ref: str
    token_hash: str
    asset_ref: str
    recipient: str
    days: int
    password_hash: str = ""
    is_pinned: bool = False
    deal_ref: str = ""


def share(db: ViewerSession, command: MakeShare, *, now: dt.datetime) -> ShareLink:
    """Raises NotFound, Refused("not_live"), Refused("not_shared")."""
    asset = queries.get_asset(db, command.asset_ref)
    if asset.state is not AssetState.LIVE:
        raise Refused(
            "This piece is no longer live. Share the one that replaces it.", code="not_live"
        )
    if asset.form is Form.EMAIL:
        raise Refused("Copy the text into your own mail instead.", code="not_shared")
    version = queries.get_version(db, asset.id, asset.current_number)
    made = ShareLink(
        created_at=now,
        ref=command.new_ref,
        token_hash=command.token_hash,
        asset_id=asset.id,
        version_id=version.id if command.is_pinned else None,
        partner_id=db.viewer.partner_id,
        user_id=db.viewer.user_id,
        deal_ref=command.deal_ref,
        recipient=command.recipient,
        password_hash=command.password_hash,
        ends_at=now + dt.timedelta(days=command.days),
    )
    db.add(made)
    db.flush()
    happened = ShareMade(
        subject_id=made.id,
        partner_id=made.partner_id,
        ref=made.ref,
        asset_ref=asset.ref,
        ends_at=made.ends_at,
    )
    tell(db, happened, now=now)
    return made


def revoke(db: ViewerSession, ref: str, *, now: dt.datetime) -> None:
    """Take a link of the viewer's own back; doing so again changes nothing.  Raises NotFound."""
    link = sharing.get_own(db, ref)
    if link.revoked_at is None:
        link.revoked_at = now
        db.flush()
        tell(
            db,
            ShareRevoked(subject_id=link.id, partner_id=link.partner_id, ref=ref),
            now=now,
        )


def count_open(db: SystemSession, share_id: int, *, now: dt.datetime) -> None:
    """That it was opened, and on which day; nothing of who did."""
    link = db.get_one(ShareLink, share_id)
    link.opens += 1
    link.last_opened_on = now.date()
    db.flush()


def count_download(db: SystemSession, share_id: int) -> None:
    db.get_one(ShareLink, share_id).downloads += 1
    db.flush()
