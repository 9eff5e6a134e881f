"""Flask-Login over stored sessions: who is signed in, and nothing of its cookies or guesses."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from flask import Flask, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from portal.kernel.errors import Forbidden
from portal.kernel.viewer import Viewer
from portal.web.sessions import StoredSession

FRESH_FOR = dt.timedelta(minutes=15)
BEGUN_FOR = dt.timedelta(minutes=10)


class MustEnrol(Forbidden):
    """The person's role needs a second factor and there is none yet."""

    code = "must_enrol"


class StepUp(Forbidden):
    """The act needs a sign-in that is minutes old; the page offers to confirm the password."""

    code = "step_up"


@dataclass(frozen=True, slots=True)
class Person(UserMixin):  # type: ignore[misc]  # flask-login is untyped
    """Whoever is signed in: what the shell shows, and the viewer that everything else takes."""

    user_id: int
    session_id: int
    name: str
    email: str
    company: str
    locale: str
    time_zone: str
    has_shortcuts: bool
    viewer: Viewer
    must_enrol: bool = False
    has_factor: bool = False

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.time_zone)

    def get_id(self) -> str:
        return str(self.user_id)


def install(app: Flask) -> None:
    manager = LoginManager()
    manager.session_protection = None  # its identifier trusts X-Forwarded-For
    manager.init_app(app)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(user_id: str) -> Person | None:
        record = _stored().record
        person = record.person if record else None
        return person if isinstance(person, Person) and person.get_id() == user_id else None


def _stored() -> StoredSession:
    found = session._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    assert isinstance(found, StoredSession)
    return found


def current_person() -> Person | None:
    person = current_user._get_current_object()  # noqa: SLF001
    return person if isinstance(person, Person) else None


def sign_in(person: Person) -> None:
    """Rotate the session and put `person` in it."""
    _stored().rotate(person.user_id)
    login_user(person, remember=False)


def begin(user_id: int, *, next_path: str, now: dt.datetime) -> None:
    """Rotate the session and note whose password was right; the second factor is still to come."""
    _stored().rotate(None)
    session["begun"] = {"user": user_id, "next": next_path, "at": now.isoformat()}


def begun(now: dt.datetime) -> tuple[int, str] | None:
    """(user id, where to go next) of a sign-in that waits for its second factor."""
    found = session.get("begun")
    if not found or now - dt.datetime.fromisoformat(found["at"]) > BEGUN_FOR:
        return None
    return found["user"], found["next"]


def sign_out() -> None:
    logout_user()
    session.clear()


def require_fresh(now: dt.datetime) -> None:
    """Raises StepUp unless the person signed in or confirmed within the last fifteen minutes."""
    record = _stored().record
    if record is None or record.fresh_at is None or now - record.fresh_at > FRESH_FOR:
        raise StepUp("This needs a sign-in that is minutes old. Confirm that it is you.")
