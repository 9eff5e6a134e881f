"""What marketing works with: every piece, what is missing, who may be addressed."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.accounts.models import User
from portal.collateral.models import Asset, AssetRequest, AssetVersion, Search, Synonym
from portal.collateral.models.use import RequestState
from portal.collateral.queries.assets import CARD, Card, card
from portal.collateral.queries.library import Wide
from portal.collateral.rules.assets import AT_WORK, EXPIRY_WARNING, AssetState, VersionState
from portal.db.session import ViewerSession
from portal.kernel.page import Cursor, Page, PageRequest
from portal.kernel.text import fold
from portal.partners.models import Partner
from portal.partners.rules import PartnerState
from portal.programme.models import Region, Tier


@dataclass(frozen=True, slots=True)
class Counts:
    """How many pieces stand where."""

    by_state: dict[AssetState, int]
    expiring: int
    at_work: int
    open_requests: int

    @property
    def total(self) -> int:
        return sum(self.by_state.values())


def counts(db: ViewerSession, *, today: dt.date) -> Counts:
    states = select(Asset.state, func.count(Asset.id)).group_by(Asset.state)
    expiring = select(func.count(Asset.id)).where(
        Asset.state == AssetState.LIVE, Asset.valid_until.between(today, today + EXPIRY_WARNING)
    )
    at_work = select(func.count(AssetVersion.id)).where(AssetVersion.state.in_(tuple(AT_WORK)))
    requests = select(func.count(AssetRequest.id)).where(AssetRequest.state == RequestState.OPEN)
    return Counts(
        {row[0]: row[1] for row in db.execute(states)},
        db.scalar(expiring) or 0,
        db.scalar(at_work) or 0,
        db.scalar(requests) or 0,
    )


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the list is narrowed to: a state or "expiring", and words of the title."""

    view: str = ""
    text: str = ""


def list_assets(
    db: ViewerSession, wanted: Wanted, request: PageRequest, *, today: dt.date
) -> Page[Card]:
    """Last changed first."""
    narrowed = _narrowed(select(Asset.id), wanted, today).limit(1001).subquery()
    total = db.scalar(select(func.count()).select_from(narrowed)) or 0
    query = _narrowed(select(*CARD), wanted, today)
    cursor = request.after or request.before
    if cursor is not None:
        at = cursor.values[0]
        older = (Asset.updated_at < at) | ((Asset.updated_at == at) & (Asset.id < cursor.id))
        newer = (Asset.updated_at > at) | ((Asset.updated_at == at) & (Asset.id > cursor.id))
        query = query.where(newer if request.before else older)
    if request.before:
        query = query.order_by(Asset.updated_at.asc(), Asset.id.asc())
    else:
        query = query.order_by(Asset.updated_at.desc(), Asset.id.desc())
    rows = [card(row) for row in db.execute(query.limit(request.limit))]
    return Page.cut(rows, request, _place, total=total)


def _place(row: Card) -> Cursor:
    return Cursor("", (row.updated_at,), row.id)


def _narrowed(query: Wide, wanted: Wanted, today: dt.date) -> Wide:
    if wanted.view == "expiring":
        query = query.where(
            Asset.state == AssetState.LIVE,
            Asset.valid_until.between(today, today + EXPIRY_WARNING),
        )
    elif wanted.view:
        query = query.where(Asset.state == AssetState(wanted.view))
    for word in fold(wanted.text).split():
        query = query.where(func.lower(Asset.title).contains(word, autoescape=True))
    return query


@dataclass(frozen=True, slots=True)
class Progress:
    """A version at work, for the page that waits for it."""

    asset_ref: str
    title: str
    name: str
    state: VersionState
    failure: str


def recent_uploads(db: ViewerSession, *, most: int = 40) -> list[Progress]:
    """What this person uploaded last, newest first."""
    query = (
        select(Asset.ref, Asset.title, AssetVersion.name, AssetVersion.state, AssetVersion.failure)
        .join(Asset, Asset.id == AssetVersion.asset_id)
        .where(AssetVersion.user_id == db.viewer.user_id, AssetVersion.file_kind.is_not(None))
        .order_by(AssetVersion.id.desc())
        .limit(most)
    )
    return [Progress(*row) for row in db.execute(query)]


@dataclass(frozen=True, slots=True)
class Addressable:
    """What an audience, a region and an owner are chosen from."""

    tiers: list[tuple[str, str]]
    partners: list[tuple[str, str]]
    regions: list[tuple[str, str]]
    owners: list[tuple[str, str]]


def addressable(db: ViewerSession) -> Addressable:
    partners = (
        select(Partner.id, Partner.name)
        .where(Partner.state == PartnerState.ACTIVE)
        .order_by(Partner.name_key, Partner.id)
    )
    owners = (
        select(User.id, User.name)
        .where(User.partner_id.is_(None), User.is_active)
        .order_by(User.name, User.id)
    )
    tiers = select(Tier.code, Tier.name).order_by(Tier.rank, Tier.id)
    regions = select(Region.code, Region.name).order_by(Region.name, Region.id)
    return Addressable(
        [(row[0], row[1]) for row in db.execute(tiers)],
        [(str(row[0]), row[1]) for row in db.execute(partners)],
        [(row[0], row[1]) for row in db.execute(regions)],
        [(str(row[0]), row[1]) for row in db.execute(owners)],
    )


@dataclass(frozen=True, slots=True)
class Missed:
    """What was looked for and not found."""

    words: str
    count: int
    partners: int
    last_at: dt.datetime


def missed_searches(db: ViewerSession, *, since: dt.datetime, most: int = 50) -> list[Missed]:
    """Searches that found nothing, the most frequent first."""
    query = (
        select(
            Search.words,
            func.count(Search.id),
            func.count(Search.partner_id.distinct()),
            func.max(Search.created_at),
        )
        .where(Search.found == 0, Search.created_at >= since)
        .group_by(Search.words)
        .order_by(func.count(Search.id).desc(), Search.words)
        .limit(most)
    )
    return [Missed(*row) for row in db.execute(query)]


@dataclass(frozen=True, slots=True)
class Asked:
    ref: str
    created_at: dt.datetime
    words: str
    note: str
    partner: str | None
    person: str | None


def open_requests(db: ViewerSession, *, most: int = 100) -> list[Asked]:
    """What people asked for and nobody answered yet, oldest first."""
    query = (
        select(
            AssetRequest.ref,
            AssetRequest.created_at,
            AssetRequest.words,
            AssetRequest.note,
            Partner.name,
            User.name,
        )
        .outerjoin(Partner, Partner.id == AssetRequest.partner_id)
        .outerjoin(User, User.id == AssetRequest.user_id)
        .where(AssetRequest.state == RequestState.OPEN)
        .order_by(AssetRequest.id)
        .limit(most)
    )
    return [Asked(*row) for row in db.execute(query)]


def synonym_lines(db: ViewerSession) -> str:
    return "\n".join(db.scalars(select(Synonym.words).order_by(Synonym.id)))
