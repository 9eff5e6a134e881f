"""What a door may use that is not a row: the databases, the clock, randomness."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from flask import current_app

from portal.config import Config
from portal.db import jobs
from portal.db.engine import Engines
from portal.db.events import Wiring
from portal.db.files import Files
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.ports import Clock, NewRef, NewToken
from portal.kernel.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Services:
    config: Config
    engines: Engines
    files: Files
    clock: Clock
    new_ref: NewRef
    new_token: NewToken
    wiring: Wiring = field(default_factory=dict)

    def salt(self) -> bytes:
        """16 random bytes, for one password hash."""
        return hashlib.sha256(self.new_token().encode()).digest()[:16]

    def new_key(self) -> str:
        """A name for a stored file that nobody can guess."""
        return hashlib.sha256(self.new_token().encode()).hexdigest()

    def viewer_session(self, viewer: Viewer, *, writes: bool) -> ViewerSession:
        bind = self.engines.write if writes else self.engines.read
        db = ViewerSession(bind, viewer=viewer, expire_on_commit=False)
        db.info["wiring"] = self.wiring
        return db

    def system_session(self, *, writes: bool = True) -> SystemSession:
        bind = self.engines.write if writes else self.engines.read
        db = SystemSession(bind, expire_on_commit=False)
        db.info["wiring"] = self.wiring
        return db


def services() -> Services:
    """The running application's."""
    found: Services = current_app.extensions["portal"]
    return found


def secret_keys() -> list[str]:
    """The running application's secrets, the newest first."""
    config = current_app.config
    return [config["SECRET_KEY"], *config["SECRET_KEY_FALLBACKS"]]


@dataclass(frozen=True, slots=True)
class Task:
    """A job in a handler's hands.  Handlers open sessions, call actions and commit."""

    services: Services
    id: int
    payload: dict[str, Any]
    user_id: int | None
    now: dt.datetime

    def progress(self, done: int, total: int) -> None:
        """Say how far it is; also renews the lease, so call it at least every few minutes."""
        engine = self.services.engines.write
        jobs.report(engine, self.id, done=done, total=total, now=self.services.clock())


JobHandler = Callable[[Task], dict[str, Any]]

GivenUp = Callable[[SystemSession, dict[str, Any], str, dt.datetime], None]
"""Told of a job's payload, and why it failed the last time, when it will not be tried again."""
