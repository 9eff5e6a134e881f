"""Server-side sessions: a random token in a cookie, everything else in a table, hashed.

Flask's own sessions live in the cookie: a copy of it works after sign-out, and what was planted
before sign-in survives it.  Here a session is rotated at sign-in and deleted at sign-out.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import Any, Protocol

from flask import Flask, Request, Response
from flask import request as current_request
from flask.sessions import SessionInterface, SessionMixin
from werkzeug.datastructures import CallbackDict

from portal.web.services import Services


@dataclass(frozen=True, slots=True)
class Record:
    """A session as it is stored.  `person` is whoever the application finds behind `user_id`."""

    id: int
    data: dict[str, Any]
    fresh_at: dt.datetime | None
    person: Any | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Opened:
    """A session to be stored for the first time."""

    token_hash: str
    data: dict[str, Any]
    user_id: int | None
    address: str
    agent: str
    fresh_at: dt.datetime | None


class SessionStore(Protocol):
    """Where sessions are kept; `accounts` brings the table."""

    def find(self, services: Services, token_hash: str) -> Record | None: ...
    def create(self, services: Services, opened: Opened) -> None: ...
    def update(self, services: Services, session_id: int, data: dict[str, Any]) -> None: ...
    def delete(self, services: Services, session_id: int) -> None: ...


def hashed(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()


class StoredSession(CallbackDict[str, Any], SessionMixin):
    """The dict that Flask code sees.  `rotate` gives it a new token when it is saved."""

    def __init__(self, record: Record | None) -> None:
        def changed(session: CallbackDict[str, Any]) -> None:
            self.modified = True

        super().__init__(record.data if record else {}, changed)
        self.record = record
        self.modified = False
        self.rotated = False
        self.user_id: int | None = None

    def rotate(self, user_id: int | None) -> None:
        """Keep nothing from before, and answer with a new token for `user_id`, or for nobody."""
        self.clear()
        self.rotated = True
        self.user_id = user_id


class StoredSessions(SessionInterface):
    def __init__(self, services: Services, store: SessionStore) -> None:
        self.services = services
        self.store = store

    def get_cookie_name(self, app: Flask) -> str:
        return "__Host-session" if self.services.config.is_https else "session"

    def open_session(self, app: Flask, request: Request) -> StoredSession:
        token = request.cookies.get(self.get_cookie_name(app), "")
        if not token or request.path.startswith("/static/"):
            return StoredSession(None)
        return StoredSession(self.store.find(self.services, hashed(token)))

    def save_session(self, app: Flask, session: SessionMixin, response: Response) -> None:
        assert isinstance(session, StoredSession)
        if not session.modified:
            return
        record = session.record
        if record is not None and (session.rotated or not session):
            self.store.delete(self.services, record.id)
        if not session:
            response.delete_cookie(self.get_cookie_name(app), path="/")
            return
        if record is not None and not session.rotated:
            self.store.update(self.services, record.id, dict(session))
            return
        self._create(app, session, response)

    def _create(self, app: Flask, session: StoredSession, response: Response) -> None:
        token = self.services.new_token()
        opened = Opened(
            token_hash=hashed(token),
            data=dict(session),
            user_id=session.user_id,
            address=current_request.remote_addr or "",
            agent=current_request.user_agent.string[:200],
            fresh_at=self.services.clock() if session.user_id is not None else None,
        )
        self.store.create(self.services, opened)
        response.set_cookie(
            self.get_cookie_name(app),
            token,
            path="/",
            secure=self.services.config.is_https,
            httponly=True,
            samesite="Lax",
        )
