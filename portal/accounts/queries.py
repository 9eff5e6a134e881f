"""Every read of people and sessions, and the one place where a viewer is made."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, bindparam, func, or_, select

from portal.accounts.models import (
    Assignment,
    Authenticator,
    OneTimeLink,
    RecoveryCode,
    SavedView,
    User,
    UserRole,
    UserSession,
)
from portal.accounts.rules import Purpose
from portal.db.events import Entry
from portal.db.session import Prepared, SystemSession, ViewerSession
from portal.kernel.errors import NotFound
from portal.kernel.policy import Role
from portal.kernel.viewer import SEES_EVERYTHING, SEES_NOTHING, Sees, Sight, Viewer
from portal.partners.models import Partner, Supply
from portal.partners.rules import PartnerState, PartnerType
from portal.programme.models import Tier

_SEES_ALL = frozenset({Role.ADMINISTRATOR, Role.FINANCE, Role.AUDITOR})
_KNOWS_ALL = _SEES_ALL | {Role.MARKETING_MANAGER}
_COMPANY_WIDE = frozenset({Role.PARTNER_MANAGER, Role.PARTNER_FINANCE})


@dataclass(frozen=True, slots=True)
class Account:
    """A person as sign-in and the shell need them; `viewer` is how they see."""

    user_id: int
    name: str
    email: str
    company: str
    locale: str
    time_zone: str
    has_shortcuts: bool
    password_hash: str
    has_factor: bool
    viewer: Viewer


@dataclass(frozen=True, slots=True)
class FoundSession:
    id: int
    data: dict[str, Any]
    seen_at: dt.datetime
    fresh_at: dt.datetime | None
    account: Account | None


_HAS_FACTOR = (
    select(Authenticator.id)
    .where(Authenticator.user_id == User.id, Authenticator.confirmed_at.is_not(None))
    .correlate(User)
    .exists()
    .label("has_factor")
)

_ACCOUNT = (
    _HAS_FACTOR,
    User.id,
    User.name,
    User.email,
    User.locale,
    User.time_zone,
    User.has_shortcuts,
    User.password_hash,
    User.partner_id,
    User.is_active,
    Partner.name.label("company"),
    Partner.kind,
    Partner.state.label("company_state"),
    Tier.code.label("tier"),
    UserRole.role,
)

_SESSION = Prepared(
    select(
        UserSession.id.label("session_id"),
        UserSession.data,
        UserSession.seen_at,
        UserSession.fresh_at,
        *_ACCOUNT,
    )
    .outerjoin(User, User.id == UserSession.user_id)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .outerjoin(Partner, Partner.id == User.partner_id)
    .outerjoin(Tier, Tier.id == Partner.tier_id)
    .where(
        UserSession.token_hash == bindparam("token_hash"),
        UserSession.ends_at > bindparam("now"),
        UserSession.idle_until > bindparam("now"),
    )
)

_USER = Prepared(
    select(*_ACCOUNT)
    .outerjoin(UserRole, UserRole.user_id == User.id)
    .outerjoin(Partner, Partner.id == User.partner_id)
    .outerjoin(Tier, Tier.id == Partner.tier_id)
    .where(User.id == bindparam("user_id"))
)

_BRANCH = Prepared(
    select(Supply.reseller_id, Supply.distributor_id).where(
        or_(
            Supply.reseller_id == bindparam("partner_id"),
            Supply.distributor_id == bindparam("partner_id"),
        )
    )
)

_ASSIGNED = Prepared(
    select(Assignment.partner_id).where(Assignment.user_id == bindparam("user_id"))
)


def find_session(db: SystemSession, token_hash: str, *, now: dt.datetime) -> FoundSession | None:
    """The live session behind a token, with its person; two statements at most three."""
    rows = db.rows(_SESSION, token_hash=token_hash, now=now)
    if not rows:
        return None
    first = rows[0]
    account = _account(db, rows) if first.id is not None else None
    return FoundSession(first.session_id, dict(first.data), first.seen_at, first.fresh_at, account)


def find_account(db: SystemSession, user_id: int) -> Account | None:
    """None for people who may not sign in: inactive, without a role, or their company is not."""
    rows = db.rows(_USER, user_id=user_id)
    return _account(db, rows) if rows else None


def viewer_for(db: SystemSession, user_id: int) -> Viewer:
    """Raises NotFound for people who may not sign in."""
    account = find_account(db, user_id)
    if account is None:
        raise NotFound
    return account.viewer


def _account(db: SystemSession, rows: Sequence[Row[Any]]) -> Account | None:
    row = rows[0]
    roles = frozenset(Role(r.role) for r in rows if r.role is not None)
    is_shut = row.partner_id is not None and row.company_state != PartnerState.ACTIVE
    if not row.is_active or not roles or is_shut:
        return None
    if row.partner_id is None:
        viewer = _staff(db, row.id, roles)
    else:
        viewer = _partner_person(db, row, roles)
    return Account(
        user_id=row.id,
        name=row.name,
        email=row.email,
        company=row.company or "",
        locale=row.locale,
        time_zone=row.time_zone,
        has_shortcuts=row.has_shortcuts,
        password_hash=row.password_hash,
        has_factor=row.has_factor,
        viewer=viewer,
    )


def _staff(db: SystemSession, user_id: int, roles: frozenset[Role]) -> Viewer:
    assigned: frozenset[int] = frozenset()
    if Role.CHANNEL_MANAGER in roles and not roles & _SEES_ALL:
        assigned = frozenset(row.partner_id for row in db.rows(_ASSIGNED, user_id=user_id))
    if roles & _SEES_ALL:
        sees = SEES_EVERYTHING
    else:
        sees = Sees(Sight.PARTNERS, assigned) if assigned else SEES_NOTHING
    return Viewer(
        user_id=user_id,
        roles=roles,
        partner_id=None,
        sees=sees,
        knows=None if roles & _KNOWS_ALL else assigned,
        earns=None if roles & _SEES_ALL else assigned,
    )


def _partner_person(db: SystemSession, row: Row[Any], roles: frozenset[Role]) -> Viewer:
    mine = frozenset({row.partner_id})
    supplies = db.rows(_BRANCH, partner_id=row.partner_id)
    distributors = frozenset(s.distributor_id for s in supplies)
    resellers = frozenset(s.reseller_id for s in supplies)
    if Role.DISTRIBUTOR_MANAGER in roles:
        sees = Sees(Sight.BRANCH, mine)
    else:
        sees = Sees(Sight.PARTNERS if roles & _COMPANY_WIDE else Sight.OWN, mine)
    tokens = {"all", f"type:{row.kind.value}", f"partner:{row.partner_id}"}
    company_wide = roles - {Role.PARTNER_SELLER}
    return Viewer(
        user_id=row.id,
        roles=roles,
        partner_id=row.partner_id,
        sees=sees,
        knows=mine | distributors | resellers,
        earns=mine if company_wide else frozenset(),
        audience=frozenset(tokens | ({f"tier:{row.tier}"} if row.tier else set())),
    )


def find_by_email(db: SystemSession, email_key: str) -> User | None:
    return db.scalar(select(User).where(User.email_key == email_key))


def get_user(db: SystemSession, user_id: int) -> User:
    """Raises NotFound."""
    user = db.get(User, user_id)
    if user is None:
        raise NotFound
    return user


def find_link(
    db: SystemSession,
    token_hash: str,
    purpose: Purpose,
    *,
    now: dt.datetime,
    is_to_be_used: bool = False,
) -> OneTimeLink | None:
    """A link that is for this purpose, unused and not over; locked if it is to be used now."""
    query = select(OneTimeLink).where(
        OneTimeLink.token_hash == token_hash,
        OneTimeLink.purpose == purpose,
        OneTimeLink.used_at.is_(None),
        OneTimeLink.ends_at > now,
    )
    return db.scalar(query.with_for_update() if is_to_be_used else query)


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One of a person's sessions, as the profile page lists it."""

    id: int
    created_at: dt.datetime
    seen_at: dt.datetime
    address: str
    agent: str


def list_sessions(db: SystemSession, user_id: int, *, now: dt.datetime) -> list[SessionRow]:
    query = (
        select(
            UserSession.id,
            UserSession.created_at,
            UserSession.seen_at,
            UserSession.address,
            UserSession.agent,
        )
        .where(
            UserSession.user_id == user_id,
            UserSession.ends_at > now,
            UserSession.idle_until > now,
        )
        .order_by(UserSession.seen_at.desc(), UserSession.id)
    )
    return [SessionRow(*row) for row in db.execute(query)]


@dataclass(frozen=True, slots=True)
class Addressee:
    """Somebody a letter can be sent to."""

    user_id: int
    name: str
    email: str
    locale: str
    time_zone: str
    partner_id: int | None


_ADDRESSEE = (User.id, User.name, User.email, User.locale, User.time_zone, User.partner_id)


def addressee(db: SystemSession, user_id: int) -> Addressee | None:
    """None if the person is gone."""
    row = db.execute(select(*_ADDRESSEE).where(User.id == user_id, User.is_active)).first()
    return None if row is None else Addressee(*row)


def manager_of(db: SystemSession, partner_id: int) -> Addressee | None:
    """The channel manager who looks after a company."""
    query = (
        select(*_ADDRESSEE)
        .join(Assignment, Assignment.user_id == User.id)
        .where(Assignment.partner_id == partner_id, User.is_active)
    )
    row = db.execute(query).first()
    return None if row is None else Addressee(*row)


def people_of(db: SystemSession, partner_id: int, role: Role) -> list[Addressee]:
    """A company's people with one role, by name."""
    query = (
        select(*_ADDRESSEE)
        .join(UserRole, UserRole.user_id == User.id)
        .where(User.partner_id == partner_id, UserRole.role == role, User.is_active)
        .order_by(User.name, User.id)
    )
    return [Addressee(*row) for row in db.execute(query)]


def names_of(db: ViewerSession | SystemSession, user_ids: set[int]) -> dict[int, str]:
    """Names for timelines; people the viewer does not know are left out."""
    query = select(User.id, User.name).where(User.id.in_(user_ids))
    return {row.id: row.name for row in db.execute(query)}


@dataclass(frozen=True, slots=True)
class Person:
    """One person with roles, as the pages about people show them."""

    id: int
    ref: str
    name: str
    email: str
    partner_id: int | None
    company: str
    is_distributor: bool
    roles: frozenset[Role]
    is_active: bool
    has_joined: bool
    seen_at: dt.datetime | None


def get_person(db: ViewerSession | SystemSession, ref: str) -> User:
    """Raises NotFound, also for somebody the viewer does not see."""
    user = db.scalar(select(User).where(User.ref == ref))
    if user is None:
        raise NotFound
    return user


def describe(db: SystemSession, user: User) -> Person:
    company = db.get(Partner, user.partner_id) if user.partner_id is not None else None
    return Person(
        id=user.id,
        ref=user.ref,
        name=user.name,
        email=user.email,
        partner_id=user.partner_id,
        company=company.name if company else "",
        is_distributor=bool(company and company.kind is PartnerType.DISTRIBUTOR),
        roles=roles_of(db, user.id),
        is_active=user.is_active,
        has_joined=bool(user.password_hash),
        seen_at=user.seen_at,
    )


def roles_of(db: SystemSession, user_id: int) -> frozenset[Role]:
    return frozenset(db.scalars(select(UserRole.role).where(UserRole.user_id == user_id)))


def count_others(db: SystemSession, user: User, roles: frozenset[Role]) -> int:
    """Active people of the same side and company, but `user`, who hold one of `roles`."""
    mine = (
        User.partner_id.is_(None)
        if user.partner_id is None
        else (User.partner_id == user.partner_id)
    )
    query = (
        select(func.count(func.distinct(User.id)))
        .join(UserRole, UserRole.user_id == User.id)
        .where(
            mine,
            User.id != user.id,
            User.is_active,
            User.password_hash != "",
            UserRole.role.in_(roles),
        )
    )
    return db.scalar(query) or 0


def colleagues(db: SystemSession, user: User) -> dict[int, str]:
    """Id and name of the active people beside `user`, by name."""
    mine = (
        User.partner_id.is_(None)
        if user.partner_id is None
        else (User.partner_id == user.partner_id)
    )
    query = (
        select(User.id, User.name)
        .where(mine, User.id != user.id, User.is_active)
        .order_by(User.name, User.id)
    )
    return {row.id: row.name for row in db.execute(query)}


@dataclass(frozen=True, slots=True)
class Invitation:
    """What somebody who was invited sees before joining."""

    name: str
    email: str
    company: str
    roles: tuple[Role, ...]


def find_invitation(db: SystemSession, token_hash: str, *, now: dt.datetime) -> Invitation | None:
    link = find_link(db, token_hash, Purpose.INVITATION, now=now)
    if link is None:
        return None
    person = describe(db, get_user(db, link.user_id))
    if not person.is_active or person.has_joined:
        return None
    return Invitation(person.name, person.email, person.company, tuple(sorted(person.roles)))


@dataclass(frozen=True, slots=True)
class ViewRow:
    """A saved view of a list: the viewer's own, or one that a colleague shares."""

    name: str
    query: str
    is_shared: bool
    is_mine: bool


_VIEWS = Prepared(
    select(SavedView.name, SavedView.query, SavedView.is_shared, SavedView.user_id)
    .where(SavedView.page == bindparam("page"))
    .order_by(SavedView.name, SavedView.id)
)


def list_views(db: ViewerSession, page: str) -> list[ViewRow]:
    """Views of one list that the viewer saved or is shared, by name."""
    mine = db.viewer.user_id
    return [
        ViewRow(row.name, row.query, row.is_shared, row.user_id == mine)
        for row in db.rows(_VIEWS, page=page)
    ]


def find_own_view(db: ViewerSession, page: str, name: str) -> SavedView | None:
    query = select(SavedView).where(
        SavedView.user_id == db.viewer.user_id, SavedView.page == page, SavedView.name == name
    )
    return db.scalar(query)


def get_own_view(db: ViewerSession, page: str, name: str) -> SavedView:
    """Raises NotFound."""
    view = find_own_view(db, page, name)
    if view is None:
        raise NotFound
    return view


def find_authenticator(
    db: SystemSession, user_id: int, *, is_to_be_used: bool = False
) -> Authenticator | None:
    """Confirmed or not; locked if it is to be used, so that a code cannot count twice at once."""
    query = select(Authenticator).where(Authenticator.user_id == user_id)
    return db.scalar(query.with_for_update() if is_to_be_used else query)


def knows_device(db: SystemSession, user_id: int, device: str) -> bool:
    """Whether one of a person's last hundred sign-ins was from `device`, or there was none yet."""
    query = (
        select(Entry.facts)
        .where(Entry.subject == "user", Entry.subject_id == user_id, Entry.kind == "user.signed_in")
        .order_by(Entry.id.desc())
        .limit(100)
    )
    found = [facts.get("device", "") for facts in db.scalars(query)]
    return not found or device in found


def find_recovery_code(db: SystemSession, user_id: int, code_hash: str) -> RecoveryCode | None:
    """One that is unused; locked."""
    query = select(RecoveryCode).where(
        RecoveryCode.user_id == user_id,
        RecoveryCode.code_hash == code_hash,
        RecoveryCode.used_at.is_(None),
    )
    return db.scalar(query.with_for_update())


def count_recovery_codes(db: SystemSession, user_id: int) -> int:
    unused = RecoveryCode.used_at.is_(None)
    query = select(func.count(RecoveryCode.id)).where(RecoveryCode.user_id == user_id, unused)
    return db.scalar(query) or 0
