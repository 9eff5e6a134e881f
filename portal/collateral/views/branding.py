"""A company's branding, and marking the zones that it goes into."""

from __future__ import annotations

import io
from functools import cache

from flask import Response, request
from flask.typing import ResponseReturnValue

from portal.collateral.actions import assets as asset_actions
from portal.collateral.actions import branding as actions
from portal.collateral.forms.branding import BrandingForm, LogoForm
from portal.collateral.forms.desk import RemoveZoneForm, ZoneForm
from portal.collateral.models import AssetVersion
from portal.collateral.queries import assets as queries
from portal.collateral.queries import branding as branding_queries
from portal.collateral.rules.assets import USABLE
from portal.collateral.rules.cobrand import Branding
from portal.collateral.views import upload
from portal.collateral.views.areas import content, library_area
from portal.collateral.views.library import deal_from_link
from portal.files.kinds import IMAGES, Kind
from portal.kernel.errors import Forbidden, NotFound, Refused
from portal.kernel.policy import May
from portal.web.area import Visit

LOGO = 6 * 2**20
"""The largest form with a logo, in bytes."""


@library_area.page("/collateral/<ref>/brand", needs=May.COLLATERAL_BRAND)
def show_logo(visit: Visit, ref: str) -> ResponseReturnValue:
    """The first time: choose a logo, and the download goes on."""
    asset = queries.get_asset(visit.db, ref)
    return visit.render("collateral/logo.html", piece=asset, form=LogoForm(), deal=deal_from_link())


@library_area.act("/collateral/<ref>/brand", needs=May.COLLATERAL_BRAND, body=LOGO)
def keep_logo_and_go_on(visit: Visit, ref: str) -> ResponseReturnValue:
    form, deal = visit.form(LogoForm), deal_from_link()
    if _kept_logo(visit, form):
        return visit.go("collateral.show_asset", ref=ref, go=1, deal=deal or None)
    asset = queries.get_asset(visit.db, ref)
    return visit.render("collateral/logo.html", 422, piece=asset, form=form, deal=deal)


def _kept_logo(visit: Visit, form: LogoForm) -> bool:
    """Judge and store the logo before anything is written; False with the reason on the form."""
    partner_id, key = _company(visit), visit.services.new_key()
    if not form.validate():
        return False
    try:
        with upload.on_disk(form.logo.data) as path:
            name = form.logo.data.filename or ""
            actions.stored_logo(visit.services.files, path, name, key)
    except Refused as refused:
        form.refuse(refused)
        return False
    actions.keep_logo(visit.db, partner_id, key, is_for_dark=form.is_for_dark.data, now=visit.now)
    return True


def _company(visit: Visit) -> int:
    if visit.viewer.partner_id is None:
        raise Forbidden("Only partners have a branding.")
    return visit.viewer.partner_id


@library_area.page("/collateral/branding", needs=May.COLLATERAL_BRAND)
def show_branding(visit: Visit) -> ResponseReturnValue:
    own = branding_queries.own(visit.db, _company(visit))
    form = BrandingForm(
        company=own.company,
        contact=own.contact,
        email=own.email,
        phone=own.phone,
        website=own.website,
        address="\n".join(own.address),
        colour=own.colour,
    )
    return _branding_page(visit, form, LogoForm())


def _branding_page(
    visit: Visit, form: BrandingForm, logo: LogoForm, status: int = 200
) -> ResponseReturnValue:
    own = branding_queries.own(visit.db, _company(visit))
    return visit.render("collateral/branding.html", status, form=form, logo=logo, own=own)


@library_area.act("/collateral/branding", needs=May.COLLATERAL_BRAND)
def save_branding(visit: Visit) -> ResponseReturnValue:
    form, partner_id = visit.form(BrandingForm), _company(visit)
    done = visit.attempt(
        form, lambda: actions.save(visit.db, form.command(partner_id), now=visit.now)
    )
    if done is None:
        return _branding_page(visit, form, LogoForm(), 422)
    visit.say("Saved. Your next downloads carry it.")
    return visit.go("collateral.show_branding")


@library_area.act("/collateral/branding/logo", needs=May.COLLATERAL_BRAND, body=LOGO)
def keep_logo(visit: Visit) -> ResponseReturnValue:
    form = visit.form(LogoForm)
    if not _kept_logo(visit, form):
        own = branding_queries.own(visit.db, _company(visit))
        return _branding_page(visit, BrandingForm(company=own.company), form, 422)
    visit.say("Your logo is kept. Your next downloads carry it.")
    return visit.go("collateral.show_branding")


@library_area.page("/collateral/branding/logo/<ground>", needs=May.COLLATERAL_BRAND)
def own_logo(visit: Visit, ground: str) -> ResponseReturnValue:
    """The company's own logo, for its own page."""
    own = branding_queries.own(visit.db, _company(visit))
    key = own.logo_dark_key if ground == "dark" else own.logo_key
    if not key:
        raise NotFound
    picture = b"".join(visit.services.files.read(key))
    return Response(picture, mimetype="image/png")


@content.page("/content/<ref>/zones", needs=May.COLLATERAL_EDIT)
def show_zones(visit: Visit, ref: str) -> ResponseReturnValue:
    """Where branding goes, by number fields, beside the page as it will look."""
    return _zones_page(visit, ref, ZoneForm(page="1"))


def _zones_page(visit: Visit, ref: str, form: ZoneForm, status: int = 200) -> ResponseReturnValue:
    asset, version = queries.get_asset(visit.db, ref), _markable(visit, ref)
    zones = queries.zones_of(visit.db, version.id)
    page = request.args.get("page", "1")
    shown = int(page) if page.isdecimal() and len(page) < 5 else 1
    return visit.render(
        "content/zones.html",
        status,
        piece=asset,
        version=version,
        zones=zones,
        form=form,
        shown=min(max(1, shown), version.pages or 1),
    )


def _markable(visit: Visit, ref: str) -> AssetVersion:
    """The newest version, if zones can be set into it.  Raises NotFound."""
    version = queries.newest_version(visit.db, queries.get_asset(visit.db, ref).id)
    if version is None or version.state not in USABLE or version.file_kind not in MARKED:
        raise NotFound
    return version


MARKED = frozenset({Kind.PDF}) | IMAGES


@content.act("/content/<ref>/zones", needs=May.COLLATERAL_EDIT)
def add_zone(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(ZoneForm)
    if not form.validate():
        return _zones_page(visit, ref, form, 422)
    version, zone = _markable(visit, ref), form.zone()
    if zone.page > (version.pages or 1):
        form.page.errors = [f"The file has {version.pages or 1} pages."]
        return _zones_page(visit, ref, form, 422)
    zones = (*queries.zones_of(visit.db, version.id), zone)
    asset_actions.set_zones(visit.db, version, zones, now=visit.now)
    visit.say("The zone is marked.")
    return visit.go("content.show_zones", ref=ref, page=zone.page)


@content.act("/content/<ref>/zones/remove", needs=May.COLLATERAL_EDIT)
def remove_zone(visit: Visit, ref: str) -> ResponseReturnValue:
    form, version = visit.form(RemoveZoneForm), _markable(visit, ref)
    form.validate()
    zones = list(queries.zones_of(visit.db, version.id))
    number = form.number.count or 0
    if not 1 <= number <= len(zones):
        raise NotFound
    zones.pop(number - 1)
    asset_actions.set_zones(visit.db, version, zones, now=visit.now)
    visit.say("The zone is gone.")
    return visit.go("content.show_zones", ref=ref)


@content.page("/content/<ref>/zones/<int:page>/proof", needs=May.COLLATERAL_EDIT)
def proof(visit: Visit, ref: str, page: int) -> ResponseReturnValue:
    """One page with an example's branding set into its zones, as a picture."""
    version = _markable(visit, ref)
    if not 1 <= page <= (version.pages or 1):
        raise NotFound
    zones = queries.zones_of(visit.db, version.id)
    picture = actions.proof(visit.services.files, version, zones, example(), page=page)
    return Response(picture, mimetype="image/webp")


@cache
def example() -> Branding:
    """A company that does not exist, for the page on which zones are marked."""
    return Branding(
        company="Example Partner Ltd",
        logo=_example_logo(),
        contact="Robin Example",
        email="robin@partner.example",
        phone="+41 44 555 01 01",
        website="www.partner.example",
        address=("Station Road 1", "8000 Zurich"),
        level="Gold Partner",
    )


def _example_logo() -> bytes:
    """A plain mark with the word LOGO's proportions."""
    from PIL import Image, ImageDraw  # noqa: PLC0415  heavy

    picture = Image.new("RGBA", (600, 200), (0, 0, 0, 0))
    draw = ImageDraw.Draw(picture)
    draw.rounded_rectangle((4, 4, 595, 195), radius=36, outline=(43, 80, 214, 255), width=8)
    draw.ellipse((40, 50, 140, 150), fill=(43, 80, 214, 255))
    for at, end in ((70, 540), (110, 470)):
        draw.rounded_rectangle((180, at, end, at + 22), radius=11, fill=(43, 80, 214, 255))
    made = io.BytesIO()
    picture.save(made, "PNG")
    return made.getvalue()
