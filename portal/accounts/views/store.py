"""Sessions in a table: the web floor asks, this answers, each in a short transaction."""

from __future__ import annotations

import datetime as dt
from typing import Any

from portal.accounts import actions, queries
from portal.accounts.queries import Account
from portal.accounts.rules import must_have_factor
from portal.config import Config
from portal.db.session import SystemSession
from portal.web import sightings
from portal.web.services import Services
from portal.web.sessions import Opened, Record
from portal.web.signin import Person

SEEN_EVERY = dt.timedelta(minutes=1)


class TableSessions:
    """The portal's `SessionStore`."""

    def find(self, services: Services, token_hash: str) -> Record | None:
        now = services.clock()
        with services.system_session(writes=False) as db:
            found = queries.find_session(db, token_hash, now=now)
        if found is None:
            return None
        account = found.account
        if account is not None and now - found.seen_at >= SEEN_EVERY:
            is_vendor = account.viewer.is_vendor

            def touch(db: SystemSession) -> None:
                actions.touch_session(db, found.id, account.user_id, is_vendor=is_vendor, now=now)

            sightings.record(services, touch)
        person = person_of(account, found.id, services.config) if account else None
        return Record(found.id, found.data, found.fresh_at, person)

    def create(self, services: Services, opened: Opened) -> None:
        now = services.clock()
        with services.system_session() as db:
            command = actions.OpenSession(
                token_hash=opened.token_hash,
                data=opened.data,
                user_id=opened.user_id,
                address=opened.address,
                agent=opened.agent,
                fresh_at=opened.fresh_at,
            )
            actions.open_session(db, command, now=now)
            db.commit()

    def update(self, services: Services, session_id: int, data: dict[str, Any]) -> None:
        with services.system_session() as db:
            actions.change_session(db, session_id, data)
            db.commit()

    def delete(self, services: Services, session_id: int) -> None:
        with services.system_session() as db:
            actions.close_session(db, session_id)
            db.commit()


def person_of(account: Account, session_id: int, config: Config) -> Person:
    is_needed = config.second_factor == "required" and must_have_factor(account.viewer.roles)
    return Person(
        user_id=account.user_id,
        session_id=session_id,
        name=account.name,
        email=account.email,
        company=account.company,
        locale=account.locale,
        time_zone=account.time_zone,
        has_shortcuts=account.has_shortcuts,
        viewer=account.viewer,
        must_enrol=is_needed and not account.has_factor,
        has_factor=account.has_factor,
    )
