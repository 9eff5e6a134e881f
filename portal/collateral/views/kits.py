"""Kits: taking one as an archive with a contents page, and putting one together."""

from __future__ import annotations

import tempfile
import zipfile
from collections.abc import Iterator
from typing import IO

from flask import Response, render_template
from flask.typing import ResponseReturnValue

from portal.collateral.actions import branding
from portal.collateral.actions import kits as actions
from portal.collateral.actions import library as library_actions
from portal.collateral.actions.library import Take
from portal.collateral.forms.desk import options
from portal.collateral.forms.kits import KitForm
from portal.collateral.models import Asset, AssetVersion, Kit
from portal.collateral.queries import desk, kits
from portal.collateral.rules.naming import download_name
from portal.collateral.views.areas import content, library_area
from portal.collateral.views.files import copy_of
from portal.db.session import SystemSession
from portal.files.names import content_disposition
from portal.kernel.policy import May
from portal.partners.rules import PartnerType
from portal.web import sightings
from portal.web.area import Visit

CHUNK = 256 * 1024


@library_area.page("/collateral/kits", needs=May.COLLATERAL_READ)
def show_kits(visit: Visit) -> ResponseReturnValue:
    return visit.render("collateral/kits.html", kits=kits.list_kits(visit.db))


@library_area.page("/collateral/kits/<ref>", needs=May.COLLATERAL_READ)
def show_kit(visit: Visit, ref: str) -> ResponseReturnValue:
    kit = kits.get_kit(visit.db, ref)
    return visit.render("collateral/kit.html", kit=kit, pieces=kits.pieces_of(visit.db, kit))


@library_area.page("/collateral/kits/<ref>/download", needs=May.COLLATERAL_READ)
def take_kit(visit: Visit, ref: str) -> ResponseReturnValue:
    """One archive: a contents page, then the pieces in order, with the company's branding."""
    kit = kits.get_kit(visit.db, ref)
    packed = tempfile.TemporaryFile(prefix="portal-kit-")  # noqa: SIM115  closed when it is sent
    takes = _pack(visit, kit, packed)
    size = packed.seek(0, 2)
    now = visit.now

    def note(db: SystemSession) -> None:
        for take in takes:
            library_actions.note_download(db, take, now=now)

    sightings.record(visit.services, note)
    response = Response(_chunks(packed), mimetype="application/zip")
    response.headers["Content-Length"] = str(size)
    response.headers["Content-Disposition"] = content_disposition(f"{kit.title}.zip")
    return response


def _pack(visit: Visit, kit: Kit, packed: IO[bytes]) -> list[Take]:
    takes, contents = [], []
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for number, (asset, version) in enumerate(kits.versions_of(visit.db, kit), 1):
            name = _add(visit, archive, number, asset, version)
            contents.append((name, asset, version))
            if name:
                takes.append(_take(visit, asset, version))
        page = render_template("collateral/contents.html", kit=kit, contents=contents)
        archive.writestr("contents.html", page, zipfile.ZIP_DEFLATED)
    return takes


def _add(
    visit: Visit, archive: zipfile.ZipFile, number: int, asset: Asset, version: AssetVersion
) -> str:
    """The name in the archive; nothing for what is no file."""
    if version.file_kind is None or not version.file_key:
        return ""
    partner_id, key = visit.viewer.partner_id, version.file_key
    plan = branding.plan(visit.db, version, partner_id) if partner_id else None
    if plan is not None:
        key = copy_of(visit.services, visit.db, plan, now=visit.now).key
    label = download_name(asset.title, version.number, asset.language, version.file_kind)
    name = f"{number:02} {label}".replace("/", "-")
    with archive.open(name, "w", force_zip64=True) as target:
        for chunk in visit.services.files.read(key):
            target.write(chunk)
    return name


def _take(visit: Visit, asset: Asset, version: AssetVersion) -> Take:
    return Take(
        asset_id=asset.id,
        version_id=version.id,
        partner_id=visit.viewer.partner_id,
        user_id=visit.viewer.user_id,
    )


def _chunks(packed: IO[bytes]) -> Iterator[bytes]:
    with packed:
        packed.seek(0)
        while chunk := packed.read(CHUNK):
            yield chunk


@content.page("/content/kits", needs=May.COLLATERAL_EDIT)
def show_all_kits(visit: Visit) -> ResponseReturnValue:
    return visit.render("content/kits.html", kits=kits.list_kits(visit.db))


@content.page("/content/kits/new", needs=May.COLLATERAL_EDIT)
def show_new_kit(visit: Visit) -> ResponseReturnValue:
    return _kit_page(visit, KitForm(is_for_all=True), None)


@content.act("/content/kits/new", needs=May.COLLATERAL_EDIT)
def make_kit(visit: Visit) -> ResponseReturnValue:
    form, new_ref = _posted(visit), visit.services.new_ref("KT")
    made = visit.attempt(
        form, lambda: actions.make(visit.db, form.command(), new_ref=new_ref, now=visit.now)
    )
    if made is None:
        return _kit_page(visit, form, None, 422)
    visit.say("The kit is kept.")
    return visit.go("content.show_all_kits")


@content.page("/content/kits/<ref>", needs=May.COLLATERAL_EDIT)
def show_kit_edit(visit: Visit, ref: str) -> ResponseReturnValue:
    kit = kits.get_kit(visit.db, ref)
    tokens = kits.audience_of(visit.db, kit.id)
    form = KitForm(
        title=kit.title,
        summary_text=kit.summary,
        stage=kit.stage.value,
        pieces="\n".join(asset.ref for asset, _ in kits.versions_of(visit.db, kit)),
        is_for_all="all" in tokens,
        types=[token[5:] for token in tokens if token.startswith("type:")],
        tiers=[token[5:] for token in tokens if token.startswith("tier:")],
        is_live=kit.is_live,
    )
    return _kit_page(visit, form, kit)


@content.act("/content/kits/<ref>", needs=May.COLLATERAL_EDIT)
def save_kit(visit: Visit, ref: str) -> ResponseReturnValue:
    form = _posted(visit)
    done = visit.attempt(form, lambda: actions.change(visit.db, ref, form.command(), now=visit.now))
    if done is None:
        return _kit_page(visit, form, kits.get_kit(visit.db, ref), 422)
    visit.say("Saved.")
    return visit.go("content.show_all_kits")


def _posted(visit: Visit) -> KitForm:
    form = visit.form(KitForm)
    _offer(visit, form)
    return form


def _offer(visit: Visit, form: KitForm) -> None:
    form.types.choices = options((kind.value, kind.label) for kind in PartnerType)
    form.tiers.choices = options(desk.addressable(visit.db).tiers)


def _kit_page(
    visit: Visit, form: KitForm, kit: Kit | None, status: int = 200
) -> ResponseReturnValue:
    _offer(visit, form)
    return visit.render("content/kit.html", status, form=form, kit=kit)
