"""The log as auditors look through it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, Select, and_, func, or_, select

from portal.accounts.models import User
from portal.db import keyset
from portal.db.events import Entry
from portal.db.keyset import Key
from portal.db.session import Anything, ViewerSession
from portal.deals.models import Deal
from portal.kernel.page import Page, PageRequest
from portal.partners.models import Partner

LARGEST_ID = 2**31 - 1
_KEY = Key(Entry.id, Entry.id)
_NAMED = {
    "deal": (Deal.id, Deal.ref),
    "partner": (Partner.id, Partner.ref),
    "user": (User.id, User.ref),
}


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which entries.  `thing` is a number that people know, or the row's; [starts_at, ends_at)."""

    person: str = ""
    subject: str = ""
    thing: str = ""
    kind: str = ""
    starts_at: dt.datetime | None = None
    ends_at: dt.datetime | None = None


@dataclass(frozen=True, slots=True)
class EntryRow:
    """One entry; `actor` is empty where nobody acted, `partner` where it is no company's."""

    id: int
    at: dt.datetime
    kind: str
    subject: str
    subject_id: int
    actor_id: int | None
    actor: str
    partner: str
    facts: dict[str, Any]
    hash: str


def list_entries(db: ViewerSession, wanted: Wanted, request: PageRequest) -> Page[EntryRow]:
    """One statement, or two where it must count."""
    return keyset.page(db, _entries(wanted), request, key=_KEY, make=_row)


def stream_entries(db: ViewerSession, wanted: Wanted) -> Iterator[EntryRow]:
    """The same entries without pages, oldest first."""
    return keyset.stream(db, _entries(wanted), key=_KEY, make=_row)


def _row(found: Row[*Anything]) -> EntryRow:
    return EntryRow(*found[:10])


def _entries(wanted: Wanted) -> Select[*Anything]:
    return (
        select(
            Entry.id,
            Entry.at,
            Entry.kind,
            Entry.subject,
            Entry.subject_id,
            Entry.actor_id,
            func.coalesce(User.name, ""),
            func.coalesce(Partner.name, ""),
            Entry.facts,
            Entry.hash,
        )
        .select_from(Entry)
        .outerjoin(User, User.id == Entry.actor_id)
        .outerjoin(Partner, Partner.id == Entry.partner_id)
        .where(*_conditions(wanted))
    )


def _conditions(wanted: Wanted) -> Iterator[ColumnElement[bool]]:
    if wanted.person:
        typed = wanted.person.lower()
        is_meant = or_(
            User.email_key.contains(typed, autoescape=True),
            func.lower(User.name).contains(typed, autoescape=True),
            User.ref == wanted.person.upper(),
        )
        yield is_meant
    if wanted.subject:
        yield Entry.subject == wanted.subject
    if wanted.thing:
        yield _is_about(wanted.thing)
    if wanted.kind:
        yield Entry.kind == wanted.kind
    if wanted.starts_at:
        yield Entry.at >= wanted.starts_at
    if wanted.ends_at:
        yield Entry.at < wanted.ends_at


def _is_about(thing: str) -> ColumnElement[bool]:
    if thing.isascii() and thing.isdecimal() and int(thing) <= LARGEST_ID:
        return Entry.subject_id == int(thing)
    return or_(
        *(
            and_(Entry.subject == subject, Entry.subject_id.in_(select(id_).where(ref == thing)))
            for subject, (id_, ref) in _NAMED.items()
        )
    )
