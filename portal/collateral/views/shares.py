"""Share links: making and taking back one's own, and the public page that a customer opens."""

from __future__ import annotations

import datetime as dt
import hashlib

from flask import Response, session
from flask.typing import ResponseReturnValue

from portal.accounts.rules import hashing
from portal.collateral.actions import branding
from portal.collateral.actions import sharing as actions
from portal.collateral.forms.library import PressForm
from portal.collateral.forms.sharing import ShareForm, UnlockForm
from portal.collateral.queries import assets as queries
from portal.collateral.queries import branding as branding_queries
from portal.collateral.queries import sharing
from portal.collateral.queries.sharing import Opened
from portal.collateral.views.areas import library_area as area
from portal.collateral.views.files import copy_of, file_of, picture_of
from portal.collateral.views.library import deal_from_link
from portal.files import door
from portal.kernel.errors import Forbidden
from portal.kernel.policy import May
from portal.web import limits, sightings
from portal.web.area import OpenVisit, Visit

WHY = "A customer opens what a partner shared"
UNLOCKED = "unlocked_shares"


@area.page("/collateral/<ref>/share", needs=May.COLLATERAL_SHARE)
def show_share(visit: Visit, ref: str) -> ResponseReturnValue:
    piece = queries.get_asset(visit.db, ref)
    form = ShareForm(days="30")
    return visit.render("collateral/share.html", piece=piece, form=form, deal=deal_from_link())


@area.act("/collateral/<ref>/share", needs=May.COLLATERAL_SHARE)
def share(visit: Visit, ref: str) -> ResponseReturnValue:
    """The address is shown once, on the page that answers; only its digest is kept."""
    form, deal = visit.form(ShareForm), deal_from_link()
    token = visit.services.new_token()
    password = form.password.data or ""
    config = visit.services.config
    hashed = (
        hashing.hash_password(password, salt=visit.services.salt(), passes=config.password_cost)
        if password
        else ""
    )
    made = visit.attempt(
        form,
        lambda: actions.share(
            visit.db,
            form.command(
                new_ref=visit.services.new_ref("SH"),
                token_hash=digest(token),
                asset_ref=ref,
                password_hash=hashed,
                deal_ref=deal,
            ),
            now=visit.now,
        ),
    )
    piece = queries.get_asset(visit.db, ref)
    if made is None:
        return visit.render("collateral/share.html", 422, piece=piece, form=form, deal=deal)
    address = f"{config.url.rstrip('/')}/s/{token}"
    return visit.render("collateral/shared.html", piece=piece, share=made, address=address)


def digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


@area.page("/collateral/shares", needs=May.COLLATERAL_SHARE)
def show_shares(visit: Visit) -> ResponseReturnValue:
    return visit.render("collateral/shares.html", shares=sharing.mine(visit.db))


@area.act("/collateral/shares/<ref>/revoke", needs=May.COLLATERAL_SHARE)
def revoke(visit: Visit, ref: str) -> ResponseReturnValue:
    visit.form(PressForm)
    actions.revoke(visit.db, ref, now=visit.now)
    visit.say("The link is closed. Whoever opens it now finds nothing.")
    return visit.go("collateral.show_shares")


@area.open_page("/s/<token>", why=WHY)
def open_share(visit: OpenVisit, token: str) -> ResponseReturnValue:
    opened = _opened(visit, token)
    if _is_locked(opened):
        return _public(visit, "collateral/locked.html", form=UnlockForm())
    share_id, now = opened.share.id, visit.now
    sightings.record(visit.services, lambda db: actions.count_open(db, share_id, now=now))
    return _public_page(visit, opened, token)


@area.open_act("/s/<token>", why=WHY)
def unlock_share(visit: OpenVisit, token: str) -> ResponseReturnValue:
    """The password, tried at most ten times in a quarter of an hour."""
    key = f"share:{digest(token)[:32]}"
    limits.check(visit.services, key, most=10, window=dt.timedelta(minutes=15), now=visit.now)
    opened, form = _opened(visit, token), visit.form(UnlockForm)
    if form.validate():
        if hashing.is_right(form.password.data or "", opened.share.password_hash):
            session[UNLOCKED] = [*session.get(UNLOCKED, []), opened.share.ref][-20:]
            return visit.go("collateral.open_share", token=token)
        form.password.errors = ["That is not the password of this link."]
    return _public(visit, "collateral/locked.html", 422, form=form)


@area.open_page("/s/<token>/file", why=WHY)
def shared_file(visit: OpenVisit, token: str) -> ResponseReturnValue:
    """The sharing company's co-branded copy, or the file as it is."""
    opened = _unlocked(visit, token)
    partner_id = opened.share.partner_id
    plan = branding.plan(visit.db, opened.version, partner_id) if partner_id else None
    copy = copy_of(visit.services, visit.db, plan, now=visit.now) if plan else None
    response = file_of(visit.services, opened.asset, opened.version, copy)
    if door.is_beginning(response):
        share_id = opened.share.id
        sightings.record(visit.services, lambda db: actions.count_download(db, share_id))
    return response


@area.open_page("/s/<token>/preview", why=WHY)
def shared_preview(visit: OpenVisit, token: str) -> ResponseReturnValue:
    return picture_of(visit.services, _unlocked(visit, token).version.preview_key)


def _opened(visit: OpenVisit, token: str) -> Opened:
    return sharing.open_by_token(visit.db, digest(token), now=visit.now)


def _is_locked(opened: Opened) -> bool:
    return bool(opened.share.password_hash) and opened.share.ref not in session.get(UNLOCKED, [])


def _unlocked(visit: OpenVisit, token: str) -> Opened:
    opened = _opened(visit, token)
    if _is_locked(opened):
        raise Forbidden("Open the link and give its password first.")
    return opened


def _public_page(visit: OpenVisit, opened: Opened, token: str) -> Response:
    partner_id = opened.share.partner_id
    company = branding_queries.own(visit.db, partner_id).company if partner_id else ""
    return _public(
        visit,
        "collateral/public.html",
        piece=opened.asset,
        version=opened.version,
        share=opened.share,
        company=company,
        token=token,
    )


def _public(visit: OpenVisit, template: str, status: int = 200, **values: object) -> Response:
    """Not for search engines."""
    response = visit.render(template, status, **values)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
