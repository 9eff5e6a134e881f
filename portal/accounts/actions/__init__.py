"""Every change to people and their sessions.  One function per verb; none commits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from sqlalchemy import delete, select, update

from portal.accounts import queries, rules
from portal.accounts.models import Assignment, OneTimeLink, User, UserRole, UserSession
from portal.accounts.rules import LIFETIME, Purpose, email_key, hashing
from portal.accounts.rules.events import (
    PasswordChanged,
    ResetAsked,
    SessionsEnded,
    UserCreated,
)
from portal.db import events, outbox
from portal.db.outbox import Post
from portal.db.session import SystemSession
from portal.kernel.errors import Refused
from portal.kernel.event import Event
from portal.kernel.policy import Role
from portal.kernel.text import fold
from portal.partners.rules.events import ManagerChanged, PartnerMoved

NO_HOLD = dt.timedelta(0)
ANONYMOUS = dt.timedelta(hours=2)


@dataclass(frozen=True, slots=True, kw_only=True)
class CreateUser:
    """`ref` and `salt` come from outside: nothing below the doors makes randomness."""

    ref: str
    email: str
    name: str
    roles: frozenset[Role]
    partner_id: int | None
    time_zone: str = "Europe/Zurich"
    locale: str = "en"
    password_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SetPassword:
    """`salt`: 16 random bytes.  `passes`: the configured cost."""

    password: str
    salt: bytes
    passes: int


def create(db: SystemSession, command: CreateUser, *, now: dt.datetime) -> User:
    """Raises Refused("email_taken"), Refused("wrong_side")."""
    rules.check_roles(command.roles, is_vendor=command.partner_id is None)
    key = email_key(command.email)
    if queries.find_by_email(db, key) is not None:
        raise Refused("Somebody with this address has an account.", code="email_taken")
    user = User(
        created_at=now,
        ref=command.ref,
        email=command.email,
        email_key=key,
        name=command.name,
        partner_id=command.partner_id,
        password_hash=command.password_hash,
        time_zone=command.time_zone,
        locale=command.locale,
    )
    db.add(user)
    db.flush()
    db.add_all(UserRole(created_at=now, user_id=user.id, role=r) for r in sorted(command.roles))
    created = UserCreated(
        subject_id=user.id,
        partner_id=user.partner_id,
        roles=tuple(sorted(command.roles)),
    )
    events.publish(db, created, now=now)
    return user


def assign(db: SystemSession, *, partner_id: int, user_id: int, now: dt.datetime) -> None:
    """Make `user_id` the channel manager of a company, instead of whoever was."""
    before = queries.manager_of(db, partner_id)
    if before is not None and before.user_id == user_id:
        return
    db.execute(delete(Assignment).where(Assignment.partner_id == partner_id))
    db.add(Assignment(created_at=now, partner_id=partner_id, user_id=user_id))
    db.flush()
    changed = ManagerChanged(
        subject_id=partner_id,
        partner_id=partner_id,
        before=before.user_id if before else None,
        after=user_id,
    )
    events.publish(db, changed, now=now)


def set_password(db: SystemSession, user: User, command: SetPassword, *, now: dt.datetime) -> None:
    """Also ends the person's sessions and open links.  Raises Refused("weak_password")."""
    context = [user.name, user.email, *user.email.split("@"), *fold(user.name).split()]
    rules.check_password(command.password, context=context)
    is_first = not user.password_hash
    user.password_hash = hashing.hash_password(
        command.password, salt=command.salt, passes=command.passes
    )
    db.flush()
    db.execute(delete(UserSession).where(UserSession.user_id == user.id))
    unused = (OneTimeLink.user_id == user.id) & OneTimeLink.used_at.is_(None)
    db.execute(update(OneTimeLink).where(unused).values(used_at=now))
    changed = PasswordChanged(subject_id=user.id, partner_id=user.partner_id)
    events.publish(db, changed, now=now)
    if is_first:
        return
    tell = Post(
        template="accounts/password_changed",
        address=user.email,
        user_id=user.id,
        partner_id=user.partner_id,
        facts={"name": user.name, "at": now.isoformat()},
    )
    outbox.post(db, tell, now=now, hold=NO_HOLD)


def tell_of_sign_in(db: SystemSession, user: User, agent: str, *, now: dt.datetime) -> None:
    """Mail somebody that a browser not seen before signed in."""
    letter = Post(
        template="accounts/new_sign_in",
        address=user.email,
        user_id=user.id,
        partner_id=user.partner_id,
        facts={
            "name": user.name,
            "agent": agent or "an unnamed browser",
            "at": now.astimezone(ZoneInfo(user.time_zone)).strftime("%d.%m.%Y %H:%M %Z"),
        },
    )
    outbox.post(db, letter, now=now, hold=NO_HOLD)


def make_link(
    db: SystemSession, user: User, purpose: Purpose, *, token_hash: str, now: dt.datetime
) -> None:
    """Keep the hash of a one-time link.  It is void as soon as the password changes."""
    db.add(
        OneTimeLink(
            created_at=now,
            token_hash=token_hash,
            purpose=purpose,
            user_id=user.id,
            ends_at=now + LIFETIME[purpose],
            bound_to=rules.binding(user.email_key, user.password_hash),
        )
    )
    db.flush()


def request_reset(
    db: SystemSession, email: str, *, token: str, token_hash: str, now: dt.datetime
) -> None:
    """Mail a link if the address has an account; nothing tells the two cases apart."""
    user = queries.find_by_email(db, email_key(email))
    if user is None or queries.find_account(db, user.id) is None:
        return
    make_link(db, user, Purpose.RESET, token_hash=token_hash, now=now)
    letter = Post(
        template="accounts/reset",
        address=user.email,
        user_id=user.id,
        partner_id=user.partner_id,
        facts={"name": user.name, "token": token},
    )
    outbox.post(db, letter, now=now, hold=NO_HOLD)
    asked = ResetAsked(subject_id=user.id, partner_id=user.partner_id)
    events.publish(db, asked, now=now)


def use_link(
    db: SystemSession,
    purpose: Purpose,
    command: SetPassword,
    *,
    token_hash: str,
    now: dt.datetime,
) -> User:
    """Set a password by a one-time link.  Raises Refused("link_over"), Refused("weak_password")."""
    link = queries.find_link(db, token_hash, purpose, now=now, is_to_be_used=True)
    user = queries.get_user(db, link.user_id) if link else None
    bound = user and rules.binding(user.email_key, user.password_hash)
    if link is None or user is None or link.bound_to != bound:
        raise Refused("This link was used or is over. Ask for a new one.", code="link_over")
    link.used_at = now
    set_password(db, user, command, now=now)
    return user


def end_sessions(
    db: SystemSession, user_id: int, *, keep: int | None, now: dt.datetime, only: int | None = None
) -> int:
    """End a person's sessions but `keep`, or just `only`; returns how many ended."""
    ended = [UserSession.user_id == user_id]
    if keep is not None:
        ended.append(UserSession.id != keep)
    if only is not None:
        ended.append(UserSession.id == only)
    gone = db.scalars(delete(UserSession).where(*ended).returning(UserSession.id)).all()
    count = len(gone)
    if count:
        user = queries.get_user(db, user_id)
        over = SessionsEnded(subject_id=user_id, partner_id=user.partner_id, count=count)
        events.publish(db, over, now=now)
    return count


def end_company_sessions(db: SystemSession, happened: Event, now: dt.datetime) -> None:
    """Sign out everybody of a company that was suspended or has ended."""
    assert isinstance(happened, PartnerMoved)
    for user_id in db.scalars(select(User.id).where(User.partner_id == happened.partner_id)):
        end_sessions(db, user_id, keep=None, now=now)


@dataclass(frozen=True, slots=True, kw_only=True)
class OpenSession:
    """A browser's new session.  Without a person it only carries a form's token."""

    token_hash: str
    data: dict[str, Any]
    user_id: int | None
    address: str
    agent: str
    fresh_at: dt.datetime | None


def open_session(db: SystemSession, command: OpenSession, *, now: dt.datetime) -> None:
    idle, absolute = ANONYMOUS, ANONYMOUS
    if command.user_id is not None:
        is_vendor = queries.get_user(db, command.user_id).partner_id is None
        idle, absolute = rules.session_limits(is_vendor=is_vendor)
    db.add(
        UserSession(
            created_at=now,
            token_hash=command.token_hash,
            user_id=command.user_id,
            data=command.data,
            seen_at=now,
            idle_until=now + idle,
            ends_at=now + absolute,
            fresh_at=command.fresh_at,
            address=command.address,
            agent=command.agent,
        )
    )
    db.flush()
    if command.user_id is not None:
        _see(db, command.user_id, now=now)


def touch_session(
    db: SystemSession, session_id: int, user_id: int, *, is_vendor: bool, now: dt.datetime
) -> None:
    idle, _ = rules.session_limits(is_vendor=is_vendor)
    seen = update(UserSession).where(UserSession.id == session_id)
    db.execute(seen.values(seen_at=now, idle_until=now + idle))
    _see(db, user_id, now=now)


def _see(db: SystemSession, user_id: int, *, now: dt.datetime) -> None:
    """Being seen is no change of the person, so the version stays."""
    db.execute(update(User).where(User.id == user_id).values(seen_at=now))


def change_session(db: SystemSession, session_id: int, data: dict[str, Any]) -> None:
    db.execute(update(UserSession).where(UserSession.id == session_id).values(data=data))


def close_session(db: SystemSession, session_id: int) -> None:
    db.execute(delete(UserSession).where(UserSession.id == session_id))


def sweep_sessions(db: SystemSession, *, now: dt.datetime) -> None:
    """Forget sessions that are over."""
    db.execute(delete(UserSession).where(UserSession.ends_at < now))


def switch_shortcuts(db: SystemSession, user_id: int) -> bool:
    """Turn keyboard shortcuts on or off; returns what they are now."""
    user = queries.get_user(db, user_id)
    user.has_shortcuts = not user.has_shortcuts
    db.flush()
    return user.has_shortcuts
