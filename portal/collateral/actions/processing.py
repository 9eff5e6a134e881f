"""From an uploaded file to one that can be shown: judged, scanned, cleaned, pictured, read.

The work on the file happens in children with limits, between transactions; each step here is either
that work or the writing down of it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import delete, select

from portal.collateral.actions import assets, indexing
from portal.collateral.models import Asset, AssetVersion, VersionPage
from portal.collateral.queries import assets as queries
from portal.collateral.rules.assets import AssetState, VersionState
from portal.db import jobs
from portal.db.files import Files
from portal.db.session import SystemSession
from portal.files import intake, sandbox
from portal.files.kinds import FORMS, IMAGES, Kind, Purpose
from portal.files.names import clean_name
from portal.files.tasks import MADE, TEXTS

NewKey = Callable[[], str]
TOO_LONG = dt.timedelta(minutes=30)
WEBP = "image/webp"


@dataclass(frozen=True, slots=True)
class Waiting:
    """A version whose file is to be worked on."""

    id: int
    title: str
    name: str
    kind: Kind
    key: str


@dataclass(frozen=True, slots=True)
class Kept:
    """A file put into the store by a step."""

    key: str
    size: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Refusal:
    state: VersionState
    why: str


@dataclass(frozen=True, slots=True)
class Seen:
    """What the first look found.  `cleaned` replaces the file when it is an image."""

    facts: Mapping[str, Any]
    placeholders: tuple[str, ...]
    preview: Kept
    thumbnail: Kept
    cleaned: Kept | None


def find_waiting(db: SystemSession, version_id: int) -> Waiting | None:
    """None when there is nothing to do for it any more."""
    query = (
        select(AssetVersion, Asset.title)
        .join(Asset, Asset.id == AssetVersion.asset_id)
        .where(AssetVersion.id == version_id)
    )
    row: Any = db.execute(query).first()
    if row is None or row[0].file_kind is None or not row[0].file_key:
        return None
    version, title = row
    if version.state in {VersionState.READY, VersionState.REFUSED}:
        return None
    return Waiting(version.id, title, version.name, version.file_kind, version.file_key)


@contextmanager
def fetched(files: Files, waiting: Waiting) -> Iterator[Path]:
    """The file on this machine for as long as the work takes."""
    with TemporaryDirectory(prefix="portal-collateral-") as folder:
        path = Path(folder) / "source"
        files.fetch(waiting.key, path)
        yield path


def judged(path: Path, waiting: Waiting, clamd: str) -> Refusal | None:
    """None when the file may go on."""
    verdict = intake.examine(path, waiting.name, Purpose.COLLATERAL)
    if not verdict.is_accepted:
        return Refusal(VersionState.REFUSED, verdict.message)
    if intake.is_held_back(path, clamd):
        return Refusal(VersionState.QUARANTINED, "")
    return None


def look(path: Path, waiting: Waiting, files: Files, new_key: NewKey) -> Seen | Refusal:
    """The pictures and facts a person waits for; an image is encoded anew first."""
    with TemporaryDirectory(prefix="portal-look-") as folder:
        out, cleaned = Path(folder), None
        if waiting.kind in IMAGES:
            outcome = sandbox.run("strip_image", path, out, {"kind": waiting.kind.value})
            if outcome.value is None:
                return Refusal(VersionState.FAILED, outcome.message)
            cleaned = _put(files, out / MADE, new_key(), name=waiting.name, kind=waiting.kind)
            path = (out / MADE).rename(out / "cleaned")
        arguments = {"kind": waiting.kind.value, "title": waiting.title}
        outcome = sandbox.run("preview", path, out, arguments)
        if outcome.value is None:
            return Refusal(VersionState.FAILED, outcome.message)
        preview, thumbnail = (
            _put(files, out / name, new_key()) for name in outcome.value["pictures"]
        )
        return Seen(
            outcome.value["facts"],
            tuple(outcome.value["placeholders"]),
            preview,
            thumbnail,
            cleaned,
        )


@dataclass(frozen=True, slots=True)
class ReadPages:
    texts: list[str]
    thumbnails: list[Kept]


def read(path: Path, waiting: Waiting, files: Files, new_key: NewKey) -> ReadPages | Refusal:
    """The text of each page and a thumbnail of each page that can be drawn."""
    with TemporaryDirectory(prefix="portal-read-") as folder:
        out = Path(folder)
        outcome = sandbox.run("read", path, out, {"kind": waiting.kind.value})
        if outcome.value is None:
            return Refusal(VersionState.FAILED, outcome.message)
        texts = json.loads((out / TEXTS).read_text(encoding="utf-8"))
        pictures = [_put(files, out / name, new_key()) for name in outcome.value["pictures"]]
        return ReadPages(texts, pictures)


def _put(files: Files, path: Path, key: str, *, name: str = "", kind: Kind | None = None) -> Kept:
    media_type = FORMS[kind].media_type if kind else WEBP
    with path.open("rb") as stream:
        chunks = iter(lambda: stream.read(256 * 1024), b"")
        stored = files.put(key, chunks, name=name, media_type=media_type)
    return Kept(key, stored.size, stored.sha256)


def stop(db: SystemSession, version_id: int, refusal: Refusal, *, now: dt.datetime) -> str:
    """Write down why the work ends here; returns the key of a file to delete, or nothing.

    A file in quarantine stays and is tried again.
    """
    version = db.get_one(AssetVersion, version_id)
    version.state, version.failure = refusal.state, refusal.why[:500]
    lost = ""
    if refusal.state is VersionState.REFUSED:
        lost, version.file_key = version.file_key, ""
    queries.get_by_id(db, version.asset_id).updated_at = now
    db.flush()
    return lost


def note_look(db: SystemSession, version_id: int, seen: Seen, *, now: dt.datetime) -> str:
    """Write down what was seen and propose it for an asset that nobody edited yet.

    Returns the key of the file that the cleaned one replaces, or nothing.
    """
    version = db.get_one(AssetVersion, version_id)
    replaced = ""
    if seen.cleaned is not None:
        replaced, version.file_key = version.file_key, seen.cleaned.key
        version.size, version.sha256 = seen.cleaned.size, seen.cleaned.sha256
    facts = seen.facts
    version.pages, version.seconds = facts["pages"], facts["seconds"]
    version.width, version.height = facts["width"], facts["height"]
    version.placeholders = " ".join(seen.placeholders)[:500]
    version.preview_key, version.thumbnail_key = seen.preview.key, seen.thumbnail.key
    version.state, version.failure = VersionState.READING, ""
    asset = queries.get_by_id(db, version.asset_id)
    _propose(asset, version, facts)
    if version.number == max(asset.current_number, 1):
        assets.show(db, asset, version)
    asset.updated_at = now
    db.flush()
    return replaced


def _propose(asset: Asset, version: AssetVersion, facts: Mapping[str, Any]) -> None:
    is_untouched = asset.state is AssetState.DRAFT and version.number == 1
    if is_untouched and facts["title"] and asset.title == title_from(version.name):
        asset.title = facts["title"]
    if not asset.language:
        asset.language = facts["language"]


def title_from(name: str) -> str:
    """A title for a file that has none: its name without the extension, in words."""
    stem = clean_name(name).rpartition(".")[0] or name
    return " ".join(stem.replace("_", " ").replace("-", " ").split())[:200]


def note_pages(db: SystemSession, version_id: int, pages: ReadPages, *, now: dt.datetime) -> None:
    """Write down the pages; the version is ready, and found by its text if it is current."""
    version = db.get_one(AssetVersion, version_id)
    db.execute(delete(VersionPage).where(VersionPage.version_id == version_id))
    count = max(len(pages.texts), len(pages.thumbnails))
    for number in range(count):
        db.add(
            VersionPage(
                created_at=now,
                version_id=version_id,
                number=number + 1,
                text=pages.texts[number].replace("\0", " ") if number < len(pages.texts) else "",
                thumbnail_key=(
                    pages.thumbnails[number].key if number < len(pages.thumbnails) else ""
                ),
            )
        )
    version.state = VersionState.READY
    asset = queries.get_by_id(db, version.asset_id)
    asset.updated_at = now
    db.flush()
    if asset.current_number == version.number:
        indexing.index(db, asset)


def resume(db: SystemSession, *, now: dt.datetime) -> int:
    """Queue again what waits for the scanner, and give up what no job works on any more.

    Returns how many were queued.
    """
    query = select(AssetVersion).where(
        AssetVersion.state.in_(
            (VersionState.CHECKING, VersionState.QUARANTINED, VersionState.READING)
        )
    )
    count = 0
    for version in db.scalars(query.order_by(AssetVersion.id)):
        if jobs.is_unfinished(db, assets.dedupe_of(version.id)):
            continue
        if version.state is VersionState.QUARANTINED:
            assets.queue_check(db, version.id, now=now)
            count += 1
        elif version.created_at < now - TOO_LONG:
            version.state = VersionState.FAILED
            version.failure = "This file could not be read. Export it again and upload it."
    db.flush()
    return count


def sha256_of(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
