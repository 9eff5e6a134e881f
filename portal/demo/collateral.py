"""The demo's library: real PDFs, made here, read like uploads, with zones and audiences."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

from portal.collateral.actions import assets, processing
from portal.collateral.actions.assets import AddFile, CreateAsset, EditAsset
from portal.collateral.actions.processing import Refusal
from portal.collateral.models import Asset, AssetVersion
from portal.collateral.queries import assets as queries
from portal.demo.shelf import DemoAsset, demo_assets
from portal.files.fonts import loaded
from portal.files.kinds import Kind
from portal.kernel.viewer import Viewer
from portal.web.services import Services


def shelve(services: Services, marketing: Viewer, *, now: dt.datetime) -> int:
    """Make, read and publish every piece as a person of marketing; returns how many.

    Commits after each, so that the heavy work holds no transaction open.
    """
    pieces = demo_assets()
    for piece in pieces:
        _shelve(services, marketing, piece, now - dt.timedelta(days=piece.days_old))
    return len(pieces)


def drawn(piece: DemoAsset) -> bytes:
    """The piece as a PDF."""
    import typst  # noqa: PLC0415  heavy

    job = {
        "title": piece.title,
        "label": piece.kind.label,
        "summary": piece.summary,
        "sections": piece.sections,
        "rows": piece.rows,
        "colour": piece.colour,
        "language": piece.language,
        "wide": piece.is_wide,
    }
    made: bytes = typst.compile(
        Path(__file__).with_name("pieces.typ").read_bytes(),
        format="pdf",
        font_paths=loaded(),
        sys_inputs={"job": json.dumps(job)},
    )
    return made


def _shelve(services: Services, marketing: Viewer, piece: DemoAsset, at: dt.datetime) -> None:
    key = services.new_key()
    stored = services.files.put(key, [drawn(piece)])
    with services.viewer_session(marketing, writes=True) as db:
        asset = assets.create(db, _command(services, piece), now=at)
        file = AddFile(
            asset_id=asset.id,
            name=f"{piece.title}.pdf",
            kind=Kind.PDF,
            key=key,
            size=stored.size,
            sha256=stored.sha256,
        )
        version = assets.add_file(db, file, now=at)
        assets.edit(db, asset.ref, _edited(asset, piece), now=at)
        db.commit()
        version_id, ref = version.id, asset.ref
    _read(services, version_id, at)
    with services.viewer_session(marketing, writes=True) as db:
        asset = queries.get_asset(db, ref)
        newest = queries.newest_version(db, asset.id)
        assert isinstance(newest, AssetVersion)
        assets.set_zones(db, newest, piece.zones, now=at)
        assets.publish(db, queries.get_asset(db, ref), now=at, today=at.date())
        db.commit()


def _command(services: Services, piece: DemoAsset) -> CreateAsset:
    return CreateAsset(
        new_ref=services.new_ref("AS"),
        title=piece.title,
        kind=piece.kind,
        language=piece.language,
        line_codes=f" {piece.line} " if piece.line else "",
    )


def _edited(asset: Asset, piece: DemoAsset) -> EditAsset:
    return EditAsset(
        version=asset.version,
        title=piece.title,
        summary=piece.summary,
        kind=piece.kind,
        line_codes=asset.line_codes,
        stage=piece.stage,
        industry=piece.industry,
        language=piece.language,
        region="",
        campaign="",
        tags=piece.tags,
        usage_rights="",
        family=piece.family,
        owner_id=asset.owner_id,
        valid_from=None,
        valid_until=None,
        replaced_by_id=None,
        audience=piece.audience,
    )


def _read(services: Services, version_id: int, at: dt.datetime) -> None:
    """What the runner does with an upload, at once; the file is our own."""
    with services.system_session(writes=False) as db:
        waiting = processing.find_waiting(db, version_id)
    assert waiting is not None
    with processing.fetched(services.files, waiting) as path:
        seen = processing.look(path, waiting, services.files, services.new_key)
        pages = processing.read(path, waiting, services.files, services.new_key)
    assert not isinstance(seen, Refusal), seen
    assert not isinstance(pages, Refusal), pages
    with services.system_session() as db:
        processing.note_look(db, version_id, seen, now=at)
        processing.note_pages(db, version_id, pages, now=at)
        db.commit()
