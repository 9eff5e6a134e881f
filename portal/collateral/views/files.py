"""Files of the library: previews, thumbnails and downloads, the vendor's own and co-branded."""

from __future__ import annotations

import datetime as dt
import hashlib

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.collateral.actions import branding
from portal.collateral.actions import library as actions
from portal.collateral.actions.branding import Copy, Plan
from portal.collateral.actions.library import Take
from portal.collateral.models import Asset, AssetVersion
from portal.collateral.queries import assets as queries
from portal.collateral.queries.assets import Session
from portal.collateral.rules.naming import download_name
from portal.collateral.views.areas import library_area as area
from portal.collateral.views.library import deal_from_link
from portal.files import door
from portal.files.kinds import FORMS
from portal.files.serve import Shown
from portal.kernel.errors import NotFound
from portal.kernel.policy import May
from portal.web import sightings
from portal.web.area import Visit
from portal.web.services import Services

WEBP = "image/webp"


@area.page("/collateral/<ref>/download", needs=May.COLLATERAL_READ)
def download(visit: Visit, ref: str) -> ResponseReturnValue:
    """The current version with the company's branding where it has a place; `plain=1` without."""
    asset = queries.get_asset(visit.db, ref)
    version = queries.get_version(visit.db, asset.id, asset.current_number)
    partner_id = visit.viewer.partner_id
    is_plain = request.args.get("plain") == "1" or partner_id is None
    plan = None if is_plain else branding.plan(visit.db, version, partner_id or 0)
    if plan is None:
        return _send(visit, asset, version, None)
    if plan.wants_logo and not plan.own.logo_key and visit.viewer.may(May.COLLATERAL_BRAND):
        return visit.go("collateral.show_logo", ref=ref, deal=deal_from_link() or None)
    return _send(visit, asset, version, copy_of(visit.services, visit.db, plan, now=visit.now))


@area.page("/collateral/<ref>/v/<int:number>/download", needs=May.COLLATERAL_READ)
def download_version(visit: Visit, ref: str, number: int) -> ResponseReturnValue:
    """An older version, as the vendor made it."""
    asset = queries.get_asset(visit.db, ref)
    return _send(visit, asset, queries.get_version(visit.db, asset.id, number), None)


def copy_of(services: Services, db: Session, plan: Plan, *, now: dt.datetime) -> Copy:
    """The co-branded copy, made now if there is none with this branding."""
    known = branding.find_copy(db, plan)
    if known is not None:
        return Copy(known.file_key, known.size)
    made = branding.make_copy(services.files, plan, services.new_key())
    sightings.record(services, lambda system: branding.note_copy(system, plan, made, now=now))
    return made


def file_of(services: Services, asset: Asset, version: AssetVersion, copy: Copy | None) -> Response:
    """A version, or a co-branded copy of it, as a download.  Raises NotFound without a file."""
    if version.file_kind is None or not version.file_key:
        raise NotFound
    key = copy.key if copy else version.file_key
    shown = Shown(
        name=download_name(asset.title, version.number, asset.language, version.file_kind),
        media_type=FORMS[version.file_kind].media_type,
        size=copy.size if copy else version.size,
        tag=hashlib.sha256(key.encode()).hexdigest()[:32],
    )
    return door.sent(services.files, key, shown, sendfile=services.config.files_sendfile)


def _send(visit: Visit, asset: Asset, version: AssetVersion, copy: Copy | None) -> Response:
    response = file_of(visit.services, asset, version, copy)
    if door.is_beginning(response):
        take = Take(
            asset_id=asset.id,
            version_id=version.id,
            partner_id=visit.viewer.partner_id,
            user_id=visit.viewer.user_id,
            deal_ref=deal_from_link(),
            is_branded=copy is not None,
        )
        now = visit.now
        sightings.record(visit.services, lambda db: actions.note_download(db, take, now=now))
    return response


@area.page("/collateral/<ref>/v/<int:number>/preview", needs=May.COLLATERAL_READ)
def preview(visit: Visit, ref: str, number: int) -> ResponseReturnValue:
    version = _version(visit, ref, number)
    return picture_of(visit.services, version.preview_key)


@area.page("/collateral/<ref>/v/<int:number>/thumbnail", needs=May.COLLATERAL_READ)
def thumbnail(visit: Visit, ref: str, number: int) -> ResponseReturnValue:
    version = _version(visit, ref, number)
    return picture_of(visit.services, version.thumbnail_key)


@area.page("/collateral/<ref>/v/<int:number>/pages/<int:page>", needs=May.COLLATERAL_READ)
def page_thumbnail(visit: Visit, ref: str, number: int, page: int) -> ResponseReturnValue:
    version = _version(visit, ref, number)
    return picture_of(visit.services, queries.page_key(visit.db, version.id, page))


def _version(visit: Visit, ref: str, number: int) -> AssetVersion:
    asset = queries.get_asset(visit.db, ref)
    return queries.get_version(visit.db, asset.id, number)


def picture_of(services: Services, key: str) -> Response:
    """Raises NotFound without a picture."""
    if not key:
        raise NotFound
    tag = hashlib.sha256(key.encode()).hexdigest()[:32]
    shown = Shown("preview.webp", WEBP, services.files.size(key), tag, is_inline=True)
    return door.sent(services.files, key, shown, sendfile=services.config.files_sendfile)
