"""What the directory lists and shows: companies with their people, managers and suppliers."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from sqlalchemy import ColumnElement, Row, Select, func, literal, or_, select, union_all
from sqlalchemy.orm import aliased

from portal.accounts.models import Assignment, User, UserRole, UserSession
from portal.db import keyset
from portal.db.keyset import Key
from portal.db.session import Anything, SystemSession, ViewerSession
from portal.kernel.page import Page, PageRequest
from portal.kernel.policy import Role
from portal.kernel.text import fold
from portal.partners.models import Partner, PartnerNote, Supply
from portal.partners.rules import PartnerState, PartnerType
from portal.programme.models import Region, Tier

SORTS = ("name", "created")
_KEYS = {"name": Key(Partner.name_key, Partner.id), "created": Key(Partner.created_at, Partner.id)}
_Manager = aliased(User)


@dataclass(frozen=True, slots=True)
class CompanyRow:
    """One company as the directory lists it."""

    id: int
    ref: str
    name: str
    kind: PartnerType
    state: PartnerState
    domain: str
    country: str
    currency: str
    created_at: dt.datetime
    tier: str | None
    region: str | None
    manager: str | None
    people: int
    seen_at: dt.datetime | None


def _companies() -> Select[*Anything]:
    people = select(func.count(User.id)).where(User.partner_id == Partner.id, User.is_active)
    seen = select(func.max(User.seen_at)).where(User.partner_id == Partner.id)
    return (
        select(
            Partner.id,
            Partner.ref,
            Partner.name,
            Partner.kind,
            Partner.state,
            Partner.domain,
            Partner.country,
            Partner.currency,
            Partner.created_at,
            Tier.name.label("tier"),
            Region.name.label("region"),
            _Manager.name.label("manager"),
            people.correlate(Partner).scalar_subquery().label("people"),
            seen.correlate(Partner).scalar_subquery().label("seen_at"),
        )
        .outerjoin(Tier, Tier.id == Partner.tier_id)
        .outerjoin(Region, Region.id == Partner.region_id)
        .outerjoin(Assignment, Assignment.partner_id == Partner.id)
        .outerjoin(_Manager, _Manager.id == Assignment.user_id)
    )


def _row(found: Row[*Anything]) -> CompanyRow:
    return CompanyRow(*found[:14])


def _filtered(db: ViewerSession, filters: Mapping[str, str]) -> Select[*Anything]:
    """Every filter of the directory's address; a value that is no choice finds nothing."""
    return _companies().where(*_conditions(filters, db.viewer.user_id))


def _conditions(filters: Mapping[str, str], viewer_id: int) -> Iterator[ColumnElement[bool]]:
    for name, value in filters.items():
        match name:
            case "q":
                yield or_(
                    Partner.name_key.contains(fold(value), autoescape=True),
                    Partner.domain.contains(value.lower(), autoescape=True),
                    Partner.ref == value.upper(),
                )
            case "type":
                yield Partner.kind.in_([kind for kind in PartnerType if kind == value])
            case "tier":
                yield Tier.code == value
            case "region":
                yield Region.code == value
            case "view":
                yield _in_view(value, viewer_id)


def _in_view(view: str, viewer_id: int) -> ColumnElement[bool]:
    if view == "mine":
        return Assignment.user_id == viewer_id
    if view == "unassigned":
        return Assignment.id.is_(None)
    return Partner.state.in_([state for state in PartnerState if state == view])


def list_companies(
    db: ViewerSession, filters: Mapping[str, str], request: PageRequest
) -> Page[CompanyRow]:
    """Companies this viewer knows.  One statement, or two where it must count."""
    query = _filtered(db, filters)
    return keyset.page(db, query, request, key=_KEYS[request.column], make=_row)


def stream_companies(db: ViewerSession, filters: Mapping[str, str]) -> Iterator[CompanyRow]:
    """The same rows without pages, by name."""
    query = _filtered(db, filters)
    return keyset.stream(db, query, key=_KEYS["name"], make=_row)


def find_company(db: ViewerSession, partner_id: int) -> CompanyRow | None:
    found = db.execute(_companies().where(Partner.id == partner_id)).first()
    return _row(found) if found else None


@dataclass(frozen=True, slots=True)
class Choices:
    """Code and name of what a company can be filtered by."""

    tiers: dict[str, str]
    regions: dict[str, str]


def filter_choices(db: ViewerSession) -> Choices:
    """Tiers from the best down and regions by name, in one statement."""
    tiers = select(literal("tier").label("list"), Tier.code, Tier.name, (-Tier.rank).label("place"))
    regions = select(literal("region"), Region.code, Region.name, literal(0))
    rows = db.execute(union_all(tiers, regions).order_by("list", "place", "name")).all()
    return Choices(
        tiers={row.code: row.name for row in rows if row.list == "tier"},
        regions={row.code: row.name for row in rows if row.list == "region"},
    )


@dataclass(frozen=True, slots=True)
class PersonRow:
    """One of a company's people, or of the vendor's."""

    id: int
    ref: str
    name: str
    email: str
    roles: tuple[Role, ...]
    is_active: bool
    has_joined: bool
    seen_at: dt.datetime | None


def list_people(db: SystemSession, partner_id: int | None) -> list[PersonRow]:
    """People of one side, those who left last, by name.  None: the vendor's own."""
    query = (
        select(
            User.id,
            User.ref,
            User.name,
            User.email,
            User.is_active,
            User.password_hash,
            User.seen_at,
            UserRole.role,
        )
        .outerjoin(UserRole, UserRole.user_id == User.id)
        .where(User.partner_id.is_(None) if partner_id is None else User.partner_id == partner_id)
        .order_by(User.is_active.desc(), User.name, User.id)
    )
    roles: dict[int, list[Role]] = {}
    people: dict[int, Row[*Anything]] = {}
    for row in db.execute(query):
        people.setdefault(row.id, row)
        if row.role is not None:
            roles.setdefault(row.id, []).append(row.role)
    return [
        PersonRow(
            id=row.id,
            ref=row.ref,
            name=row.name,
            email=row.email,
            roles=tuple(sorted(roles.get(row.id, []))),
            is_active=row.is_active,
            has_joined=bool(row.password_hash),
            seen_at=row.seen_at,
        )
        for row in people.values()
    ]


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A supplier of a company, or a company it supplies."""

    ref: str
    name: str
    state: PartnerState


def list_neighbours(db: ViewerSession, partner_id: int) -> tuple[list[Neighbour], list[Neighbour]]:
    """(those who supply the company, those whom it supplies), each by name."""
    found: list[list[Neighbour]] = []
    for mine, other in (
        (Supply.reseller_id, Supply.distributor_id),
        (Supply.distributor_id, Supply.reseller_id),
    ):
        query = (
            select(Partner.ref, Partner.name, Partner.state)
            .join(Supply, other == Partner.id)
            .where(mine == partner_id)
            .distinct()
            .order_by(Partner.name, Partner.ref)
        )
        found.append([Neighbour(*row) for row in db.execute(query)])
    return found[0], found[1]


@dataclass(frozen=True, slots=True)
class NoteRow:
    id: int
    at: dt.datetime
    author: str | None
    text: str


def list_notes(db: ViewerSession, partner_id: int) -> list[NoteRow]:
    """What staff wrote about a company, newest first."""
    query = (
        select(PartnerNote.id, PartnerNote.created_at, User.name, PartnerNote.text)
        .outerjoin(User, User.id == PartnerNote.user_id)
        .where(PartnerNote.partner_id == partner_id)
        .order_by(PartnerNote.id.desc())
        .limit(200)
    )
    return [NoteRow(*row) for row in db.execute(query)]


def list_managers(db: SystemSession) -> dict[int, str]:
    """Id and name of those who can look after a company, by name."""
    query = (
        select(User.id, User.name)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.is_active, UserRole.role == Role.CHANNEL_MANAGER)
        .order_by(User.name, User.id)
    )
    return {row.id: row.name for row in db.execute(query)}


def list_distributors(db: SystemSession) -> dict[int, str]:
    """Id and name of the distributors that are open, by name."""
    query = (
        select(Partner.id, Partner.name)
        .where(Partner.kind == PartnerType.DISTRIBUTOR, Partner.state == PartnerState.ACTIVE)
        .order_by(Partner.name, Partner.id)
    )
    return {row.id: row.name for row in db.execute(query)}


def suppliers_of_all(db: SystemSession, partner_id: int) -> frozenset[int]:
    """Distributors that supply a company with every line."""
    query = select(Supply.distributor_id).where(
        Supply.reseller_id == partner_id, Supply.line_id.is_(None)
    )
    return frozenset(db.scalars(query))


@dataclass(frozen=True, slots=True)
class Stakes:
    """What a company has open: closing it touches each of these."""

    people: int
    sessions: int
    supplied: int


def find_stakes(db: SystemSession, partner_id: int) -> Stakes:
    people = select(func.count(User.id)).where(User.partner_id == partner_id, User.is_active)
    sessions = (
        select(func.count(UserSession.id))
        .join(User, User.id == UserSession.user_id)
        .where(User.partner_id == partner_id)
    )
    supplied = select(func.count(func.distinct(Supply.reseller_id))).where(
        Supply.distributor_id == partner_id
    )
    counts = (people, sessions, supplied)
    row = db.execute(select(*(count.scalar_subquery() for count in counts))).one()
    return Stakes(*row)
