"""A company's branding, and copies of collateral with it set in."""

from __future__ import annotations

import base64
import datetime as dt
import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from sqlalchemy import select

from portal.collateral.models import AssetVersion, PartnerBranding, Rendition
from portal.collateral.queries import assets as queries
from portal.collateral.queries import branding as branding_queries
from portal.collateral.queries.branding import Own
from portal.collateral.rules import cobrand
from portal.collateral.rules.cobrand import Branding, Zone, ZoneKind
from portal.collateral.rules.events import BrandingChanged
from portal.db.events import publish as tell
from portal.db.files import Files
from portal.db.session import SystemSession, ViewerSession
from portal.files import intake, sandbox, zones
from portal.files.kinds import FORMS, IMAGES, Kind, Purpose
from portal.files.placeholders import LOGO, fill_text
from portal.files.tasks import MADE
from portal.kernel.errors import Refused

WORTH_KEEPING = frozenset({Kind.PDF, Kind.PPTX, Kind.DOCX}) | IMAGES


@dataclass(frozen=True, slots=True, kw_only=True)
class SaveBranding:
    partner_id: int
    company: str
    contact: str
    email: str
    phone: str
    website: str
    address: str
    colour: str


def save(db: ViewerSession, command: SaveBranding, *, now: dt.datetime) -> PartnerBranding:
    """Make or change a company's contact block."""
    row = _row(db, command.partner_id, command.company, now=now)
    for name, value in asdict(command).items():
        setattr(row, name, value)
    db.flush()
    _changed(db, row, now=now)
    return row


def keep_logo(
    db: ViewerSession, partner_id: int, key: str, *, is_for_dark: bool, now: dt.datetime
) -> None:
    """Name a logo that lies in the store."""
    row = _row(db, partner_id, branding_queries.company_name(db, partner_id), now=now)
    if is_for_dark:
        row.logo_dark_key = key
    else:
        row.logo_key = key
    db.flush()
    _changed(db, row, now=now)


def _row(db: ViewerSession, partner_id: int, company: str, *, now: dt.datetime) -> PartnerBranding:
    row = branding_queries.find(db, partner_id)
    if row is None:
        row = PartnerBranding(created_at=now, partner_id=partner_id, company=company)
        db.add(row)
    return row


def _changed(db: ViewerSession, row: PartnerBranding, *, now: dt.datetime) -> None:
    happened = BrandingChanged(
        subject_id=row.id, partner_id=row.partner_id, has_logo=bool(row.logo_key)
    )
    tell(db, happened, now=now)


def stored_logo(files: Files, path: Path, name: str, key: str) -> None:
    """Judge an uploaded logo and put it into the store as a PNG.

    Raises Refused with the judge's code.
    """
    verdict = intake.examine(path, name, Purpose.LOGO)
    if not verdict.is_accepted or verdict.kind is None:
        raise Refused(verdict.message, code=verdict.code, field="logo")
    with TemporaryDirectory(prefix="portal-logo-") as folder:
        outcome = sandbox.run("logo", path, Path(folder), {"kind": verdict.kind.value})
        if outcome.value is None:
            raise Refused(outcome.message, code=outcome.failure, field="logo")
        files.put(key, [(Path(folder) / MADE).read_bytes()], name=name, media_type="image/png")


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes into a co-branded copy; equal recipes make equal copies."""

    version_id: int
    partner_id: int
    file_key: str
    kind: Kind
    zones: tuple[Zone, ...]
    own: Own
    wants_logo: bool
    recipe: str


def plan(db: ViewerSession | SystemSession, version: AssetVersion, partner_id: int) -> Plan | None:
    """None when nothing in this version is co-branded."""
    marked = queries.zones_of(db, version.id)
    if version.file_kind not in WORTH_KEEPING or not (marked or version.placeholders):
        return None
    own = branding_queries.own(db, partner_id)
    wants_logo = LOGO in version.placeholders.split() or any(
        zone.kind is ZoneKind.LOGO for zone in marked
    )
    said = [version.sha256, [asdict(zone) for zone in marked], asdict(own)]
    recipe = hashlib.sha256(json.dumps(said, sort_keys=True).encode()).hexdigest()
    return Plan(
        version.id,
        partner_id,
        version.file_key,
        version.file_kind,
        marked,
        own,
        wants_logo,
        recipe,
    )


def find_copy(db: ViewerSession | SystemSession, wanted: Plan) -> Rendition | None:
    query = select(Rendition).where(
        Rendition.version_id == wanted.version_id,
        Rendition.partner_id == wanted.partner_id,
        Rendition.recipe == wanted.recipe,
    )
    return db.scalar(query)


@dataclass(frozen=True, slots=True)
class Copy:
    key: str
    size: int


def make_copy(files: Files, wanted: Plan, key: str) -> Copy:
    """Set the branding into the file and put the result under `key`.

    Raises Refused when the branding does not go into it.
    """
    with _made(files, wanted) as path:
        stored = files.put(key, [path.read_bytes()], media_type=FORMS[wanted.kind].media_type)
    return Copy(key, stored.size)


def note_copy(db: SystemSession, wanted: Plan, copy: Copy, *, now: dt.datetime) -> None:
    """Remember a copy; of two made at once the first stays."""
    if find_copy(db, wanted) is None:
        db.add(
            Rendition(
                created_at=now,
                version_id=wanted.version_id,
                partner_id=wanted.partner_id,
                recipe=wanted.recipe,
                file_key=copy.key,
                size=copy.size,
            )
        )
        db.flush()


@contextmanager
def _made(files: Files, wanted: Plan) -> Iterator[Path]:
    with TemporaryDirectory(prefix="portal-brand-") as folder:
        source, out = Path(folder) / "source", Path(folder) / "out"
        out.mkdir()
        files.fetch(wanted.file_key, source)
        branding = branding_of(files, wanted.own)
        task, arguments = _task(wanted, branding)
        outcome = sandbox.run(task, source, out, arguments)
        if outcome.value is None:
            raise Refused(outcome.message, code=outcome.failure)
        yield out / MADE


def _task(wanted: Plan, branding: Branding) -> tuple[str, dict[str, Any]]:
    if wanted.kind in {Kind.PPTX, Kind.DOCX}:
        logo = base64.b64encode(branding.logo).decode() if branding.logo else None
        values = cobrand.placeholder_values(branding)
        return "fill", {"kind": wanted.kind.value, "values": values, "logo": logo}
    return "brand", {"kind": wanted.kind.value, "blocks": _blocks(wanted.zones, branding)}


def _blocks(marked: Sequence[Zone], branding: Branding) -> list[dict[str, Any]]:
    return [zones.to_json(block) for block in cobrand.blocks(marked, branding)]


def proof(
    files: Files, version: AssetVersion, marked: Sequence[Zone], branding: Branding, *, page: int
) -> bytes:
    """One page with the zones filled, as a WebP picture.  Raises Refused."""
    assert version.file_kind is not None
    with TemporaryDirectory(prefix="portal-proof-") as folder:
        source, out = Path(folder) / "source", Path(folder) / "out"
        out.mkdir()
        files.fetch(version.file_key, source)
        arguments = {
            "kind": version.file_kind.value,
            "blocks": _blocks(marked, branding),
            "page": page,
        }
        outcome = sandbox.run("proof", source, out, arguments)
        if outcome.value is None:
            raise Refused(outcome.message, code=outcome.failure)
        picture: str = outcome.value["pictures"][0]
        return (out / picture).read_bytes()


def branding_of(files: Files, own: Own) -> Branding:
    """With the logos fetched from the store."""
    return Branding(
        company=own.company,
        logo=b"".join(files.read(own.logo_key)) if own.logo_key else None,
        logo_on_dark=b"".join(files.read(own.logo_dark_key)) if own.logo_dark_key else None,
        contact=own.contact,
        email=own.email,
        phone=own.phone,
        website=own.website,
        address=own.address,
        level=own.level,
        colour=own.colour,
    )


def filled_mail(version: AssetVersion, own: Own) -> tuple[str, str]:
    """Subject and text of an e-mail with the company's values in."""
    values = cobrand.placeholder_values(
        Branding(
            company=own.company,
            contact=own.contact,
            email=own.email,
            phone=own.phone,
            website=own.website,
            address=own.address,
            level=own.level,
        )
    )
    return fill_text(version.subject, values), fill_text(version.body, values)
