"""Making assets, adding versions, and moving them from draft to live and away again."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass, fields

from sqlalchemy import delete, select

from portal.collateral.actions import indexing
from portal.collateral.models import Asset, AssetToken, AssetVersion, BrandZone, ShareLink
from portal.collateral.queries import assets as queries
from portal.collateral.rules import assets as rules
from portal.collateral.rules.assets import (
    SHOWN,
    AssetKind,
    AssetState,
    Form,
    Stage,
    Step,
    VersionState,
)
from portal.collateral.rules.cobrand import Zone
from portal.collateral.rules.events import (
    AssetChanged,
    AssetCreated,
    AssetExpired,
    AssetMoved,
    AssetPublished,
    VersionAdded,
)
from portal.db import jobs
from portal.db.events import publish as tell
from portal.db.jobs import Work
from portal.db.session import SystemSession, ViewerSession
from portal.files.kinds import Kind
from portal.kernel.errors import Refused, Stale

CHECK = "collateral.check"


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateAsset:
    new_ref: str
    title: str
    kind: AssetKind
    form: Form = Form.FILE
    language: str = ""
    line_codes: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddFile:
    """A file that lies in the store already.  `kind` is what its name and first bytes say."""

    asset_id: int
    name: str
    kind: Kind
    key: str
    size: int
    sha256: str
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class AddText:
    """A video's address, or an e-mail's subject and text."""

    asset_id: int
    subject: str = ""
    body: str = ""
    video_url: str = ""
    note: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EditAsset:
    """Everything that the edit page holds.  `version` is the one that was read."""

    version: int
    title: str
    summary: str
    kind: AssetKind
    line_codes: str
    stage: Stage
    industry: str
    language: str
    region: str
    campaign: str
    tags: str
    usage_rights: str
    family: str
    owner_id: int | None
    valid_from: dt.date | None
    valid_until: dt.date | None
    replaced_by_id: int | None
    audience: frozenset[str]


def create(db: ViewerSession, command: CreateAsset, *, now: dt.datetime) -> Asset:
    """A draft addressed to every partner, owned by who made it."""
    asset = Asset(
        created_at=now,
        updated_at=now,
        ref=command.new_ref,
        title=command.title,
        kind=command.kind,
        form=command.form,
        language=command.language,
        line_codes=command.line_codes,
        owner_id=db.viewer.user_id,
    )
    db.add(asset)
    db.flush()
    db.add(AssetToken(created_at=now, asset_id=asset.id, token="all"))  # noqa: S106  an audience
    db.flush()
    tell(db, AssetCreated(subject_id=asset.id, partner_id=None, ref=asset.ref), now=now)
    return asset


def add_file(db: ViewerSession, command: AddFile, *, now: dt.datetime) -> AssetVersion:
    """The next version; it is judged, scanned and read by the runner."""
    version = _next_version(db, command.asset_id, command.note, now=now)
    version.state = VersionState.CHECKING
    version.name = command.name
    version.file_kind = command.kind
    version.size, version.sha256 = command.size, command.sha256
    version.file_key = command.key
    _added(db, version, now=now)
    queue_check(db, version.id, now=now)
    return version


def queue_check(db: ViewerSession | SystemSession, version_id: int, *, now: dt.datetime) -> None:
    work = Work(kind=CHECK, payload={"version_id": version_id}, dedupe=dedupe_of(version_id))
    jobs.enqueue(db, work, now=now)


def dedupe_of(version_id: int) -> str:
    return f"{CHECK}:{version_id}"


def add_text(db: ViewerSession, command: AddText, *, now: dt.datetime) -> AssetVersion:
    """The next version of a video link or an e-mail text; it is ready at once."""
    version = _next_version(db, command.asset_id, command.note, now=now)
    version.state = VersionState.READY
    version.subject, version.body = command.subject, command.body
    version.video_url = command.video_url
    version.size = len(command.body.encode())
    _added(db, version, now=now)
    return version


def _next_version(db: ViewerSession, asset_id: int, note: str, *, now: dt.datetime) -> AssetVersion:
    newest = queries.newest_version(db, asset_id)
    return AssetVersion(
        created_at=now,
        asset_id=asset_id,
        number=newest.number + 1 if newest else 1,
        user_id=db.viewer.user_id,
        note=note,
    )


def _added(db: ViewerSession, version: AssetVersion, *, now: dt.datetime) -> None:
    db.add(version)
    asset = queries.get_by_id(db, version.asset_id)
    asset.updated_at = now
    db.flush()
    happened = VersionAdded(
        subject_id=asset.id, partner_id=None, ref=asset.ref, number=version.number
    )
    tell(db, happened, now=now)


def edit(db: ViewerSession, ref: str, command: EditAsset, *, now: dt.datetime) -> Asset:
    """Raises NotFound, Stale, Refused("dates")."""
    asset = queries.get_asset(db, ref)
    if asset.version != command.version:
        raise Stale("Somebody changed this piece meanwhile. Open it again to see what it is.")
    rules.check_dates(command.valid_from, command.valid_until)
    own = [f.name for f in fields(command) if f.name not in {"version", "audience"}]
    changed = [name for name in own if getattr(asset, name) != getattr(command, name)]
    for name in changed:
        setattr(asset, name, getattr(command, name))
    if _set_audience(db, asset.id, command.audience, now=now):
        changed.append("audience")
    asset.updated_at = now
    db.flush()
    if changed:
        happened = AssetChanged(
            subject_id=asset.id, partner_id=None, ref=asset.ref, fields=tuple(sorted(changed))
        )
        tell(db, happened, now=now)
        _index(db, asset)
    return asset


def _set_audience(
    db: ViewerSession, asset_id: int, audience: frozenset[str], *, now: dt.datetime
) -> bool:
    """Whether it changed."""
    query = select(AssetToken).where(AssetToken.asset_id == asset_id)
    held = {row.token: row for row in db.scalars(query)}
    for token in audience - held.keys():
        db.add(AssetToken(created_at=now, asset_id=asset_id, token=token))
    for token in held.keys() - audience:
        db.delete(held[token])
    return audience != held.keys()


def move(db: ViewerSession, ref: str, step: Step, *, now: dt.datetime) -> Asset:
    """Every step but publishing.  A piece that is withdrawn takes its share links along.

    Raises NotFound, Stale.
    """
    asset = queries.get_asset(db, ref)
    _enter(asset, rules.after(asset.state, step), now=now)
    asset.is_approved = False
    db.flush()
    if step is Step.WITHDRAW:
        for share in db.scalars(
            select(ShareLink).where(ShareLink.asset_id == asset.id, ShareLink.revoked_at.is_(None))
        ):
            share.revoked_at = now
    happened = AssetMoved(
        subject_id=asset.id, partner_id=None, ref=asset.ref, step=step, state=asset.state
    )
    tell(db, happened, now=now)
    return asset


def _enter(asset: Asset, state: AssetState, *, now: dt.datetime) -> None:
    asset.state, asset.is_shown, asset.updated_at = state, state in SHOWN, now


def publish(
    db: ViewerSession | SystemSession, asset: Asset, *, now: dt.datetime, today: dt.date
) -> bool:
    """Make the newest version the one that partners get; whether it is so already.

    False when its first day is still to come: the runner publishes it then.
    Raises Stale, Refused("no_version"), Refused("not_ready"), Refused("over").
    """
    rules.after(asset.state, Step.PUBLISH)
    version = queries.newest_version(db, asset.id)
    rules.check_publishable(version.state if version else None, asset.valid_until, today)
    assert version is not None
    if not rules.is_due(asset.valid_from, today):
        _enter(asset, AssetState.IN_REVIEW, now=now)
        asset.is_approved = True
        db.flush()
        return False
    is_new_version = 0 < asset.current_number < version.number
    if asset.current_number != version.number or asset.published_at is None:
        asset.published_at = now
    version.is_published, version.published_at = True, version.published_at or now
    asset.current_number, asset.is_approved = version.number, False
    show(db, asset, version)
    _enter(asset, AssetState.LIVE, now=now)
    db.flush()
    happened = AssetPublished(
        subject_id=asset.id,
        partner_id=None,
        ref=asset.ref,
        number=version.number,
        is_new_version=is_new_version,
    )
    tell(db, happened, now=now)
    _index(db, asset)
    return True


def show(db: ViewerSession | SystemSession, asset: Asset, version: AssetVersion) -> None:
    """Copy what lists show of the current version to its asset."""
    asset.file_kind = version.file_kind.value if version.file_kind else ""
    asset.pages, asset.size = version.pages, version.size
    asset.seconds = round(version.seconds) if version.seconds is not None else None
    asset.has_picture = version.thumbnail_key != ""
    asset.is_brandable = bool(
        version.placeholders or queries.zones_of(db, version.id) or "{{partner." in version.body
    )


def _index(db: ViewerSession | SystemSession, asset: Asset) -> None:
    if isinstance(db, SystemSession):
        indexing.index(db, asset)
        return
    with db.as_system("the search index") as system:
        indexing.index(system, queries.get_by_id(system, asset.id))


def set_zones(
    db: ViewerSession, version: AssetVersion, zones: Iterable[Zone], *, now: dt.datetime
) -> None:
    """Replace the zones of a version."""
    db.flush()
    for row in db.scalars(select(BrandZone).where(BrandZone.version_id == version.id)):
        db.delete(row)
    for zone in zones:
        db.add(
            BrandZone(
                created_at=now,
                version_id=version.id,
                kind=zone.kind,
                page=zone.page,
                x=zone.box.x,
                y=zone.box.y,
                width=zone.box.width,
                height=zone.box.height,
                unit=zone.box.unit,
                align=zone.align,
                valign=zone.valign,
                ground=zone.ground,
                largest=zone.largest,
            )
        )
    db.flush()
    asset = queries.get_by_id(db, version.asset_id)
    if version.number == asset.current_number:
        show(db, asset, version)
    asset.updated_at = now
    db.flush()


def expire_over(db: SystemSession, *, now: dt.datetime, today: dt.date) -> int:
    """Live pieces whose last day has passed; returns how many."""
    over = select(Asset).where(Asset.state == AssetState.LIVE, Asset.valid_until < today)
    assets = list(db.scalars(over.order_by(Asset.id)))
    for asset in assets:
        _enter(asset, AssetState.EXPIRED, now=now)
        tell(db, AssetExpired(subject_id=asset.id, partner_id=None, ref=asset.ref), now=now)
    db.flush()
    return len(assets)


def publish_due(db: SystemSession, *, now: dt.datetime, today: dt.date) -> int:
    """Approved pieces whose first day has come; returns how many.

    One whose newest file is not ready waits for the next time.
    """
    due = select(Asset).where(
        Asset.state == AssetState.IN_REVIEW, Asset.is_approved, Asset.valid_from <= today
    )
    count = 0
    for asset in list(db.scalars(due.order_by(Asset.id))):
        with suppress(Refused):
            count += publish(db, asset, now=now, today=today)
    return count


def discard(db: ViewerSession, ref: str) -> None:
    """Remove a draft that was never published, with all its versions.

    Raises NotFound, Stale.
    """
    asset = queries.get_asset(db, ref)
    if asset.state is not AssetState.DRAFT or asset.current_number:
        raise Stale("Only a draft that was never live can be discarded. Withdraw it instead.")
    with db.as_system("a draft and all that hangs on it") as system:
        for statement in indexing.removals(asset.id):
            system.execute(statement)
        system.execute(delete(Asset).where(Asset.id == asset.id))
