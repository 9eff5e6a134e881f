"""Tables of people and their sessions."""

from __future__ import annotations

import datetime as dt

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from portal.accounts.rules import Purpose
from portal.db.base import Base, Code, Document, Id, Line, LongText, Name
from portal.db.scope import company, nobody, saved_by, vendor_only
from portal.kernel.policy import Role


class User(Base):
    """A person with one account, on the vendor's side or with one partner."""

    __tablename__ = "users"
    __scope__ = company("partner_id")

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    version: Mapped[int] = mapped_column()
    ref: Mapped[str] = mapped_column(String(20), unique=True)
    email: Mapped[str] = mapped_column(String(320))
    email_key: Mapped[str] = mapped_column(String(320), unique=True)
    name: Mapped[Name]
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    password_hash: Mapped[Line] = mapped_column(default="")
    is_active: Mapped[bool] = mapped_column(default=True)
    locale: Mapped[str] = mapped_column(String(10), default="en")
    time_zone: Mapped[Code] = mapped_column(default="Europe/Zurich")
    has_shortcuts: Mapped[bool] = mapped_column(default=True)
    seen_at: Mapped[dt.datetime | None]
    left_at: Mapped[dt.datetime | None]

    __mapper_args__ = {"version_id_col": version}


class UserRole(Base):
    __tablename__ = "user_roles"
    __scope__ = nobody()
    __table_args__ = (UniqueConstraint("user_id", "role"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    role: Mapped[Role]


class UserSession(Base):
    """A browser that is signed in, or about to be (`user_id` is None).  The token is hashed."""

    __tablename__ = "user_sessions"
    __scope__ = nobody()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    user_id: Mapped[int | None] = mapped_column(ForeignKey("users.id"), index=True)
    data: Mapped[Document]
    seen_at: Mapped[dt.datetime]
    idle_until: Mapped[dt.datetime]
    ends_at: Mapped[dt.datetime] = mapped_column(index=True)
    fresh_at: Mapped[dt.datetime | None]
    address: Mapped[str] = mapped_column(String(60), default="")
    agent: Mapped[Name] = mapped_column(default="")


class OneTimeLink(Base):
    """A secret sent to one person, for one purpose, once.  Only its hash is kept."""

    __tablename__ = "one_time_links"
    __scope__ = nobody()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    purpose: Mapped[Purpose]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    ends_at: Mapped[dt.datetime] = mapped_column(index=True)
    used_at: Mapped[dt.datetime | None]
    bound_to: Mapped[str] = mapped_column(String(64))


class Assignment(Base):
    """The channel manager who looks after a partner."""

    __tablename__ = "assignments"
    __scope__ = vendor_only()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    partner_id: Mapped[int] = mapped_column(ForeignKey("partners.id"), unique=True)
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)


class SavedView(Base):
    """A list as somebody likes to see it: its filters under a name, for one person or its side.

    `page` is the list's endpoint, `query` its part of the address after the question mark.
    """

    __tablename__ = "saved_views"
    __scope__ = saved_by("user_id", "partner_id", "is_shared")
    __table_args__ = (UniqueConstraint("user_id", "page", "name"),)

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    partner_id: Mapped[int | None] = mapped_column(ForeignKey("partners.id"), index=True)
    page: Mapped[Code]
    name: Mapped[Name]
    query: Mapped[LongText]
    is_shared: Mapped[bool] = mapped_column(default=False)


class Authenticator(Base):
    """An app that shows codes.  The secret is sealed; without `confirmed_at` it does not count.

    `last_step` is the step of the last code used: each counts once.
    """

    __tablename__ = "authenticators"
    __scope__ = nobody()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), unique=True)
    secret: Mapped[Line]
    last_step: Mapped[int] = mapped_column(default=0)
    confirmed_at: Mapped[dt.datetime | None]


class RecoveryCode(Base):
    """A code on paper that stands in for the authenticator, once.  Only its hash is kept."""

    __tablename__ = "recovery_codes"
    __scope__ = nobody()

    id: Mapped[Id]
    created_at: Mapped[dt.datetime]
    user_id: Mapped[int] = mapped_column(ForeignKey("users.id"), index=True)
    code_hash: Mapped[str] = mapped_column(String(64), unique=True)
    used_at: Mapped[dt.datetime | None]
