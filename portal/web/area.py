"""A blueprint whose routes cannot be registered without saying who may use them.

`page` answers GET in a transaction that cannot write; `act` answers POST in one that can, and
commits after the view unless the answer is an error.  `open_page` and `open_act` are for people
who are not signed in, and say why.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import wraps
from typing import Any, TypeVar

from flask import (
    Blueprint,
    Response,
    flash,
    make_response,
    redirect,
    render_template,
    request,
    url_for,
)
from flask.typing import ResponseReturnValue

from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import Forbidden
from portal.kernel.policy import May
from portal.kernel.viewer import Viewer
from portal.web.errors import SignedOut
from portal.web.forms import PortalForm
from portal.web.services import Services, services
from portal.web.signin import MustEnrol, Person, current_person, require_fresh

View = Callable[..., ResponseReturnValue]
F = TypeVar("F", bound=PortalForm)
ERROR = 400


@dataclass(frozen=True, slots=True)
class Policy:
    """What a route demands.  `needs` is None for open routes, which say why instead.

    `body` is the largest body it takes, in bytes, where that is more than the usual.
    """

    needs: May | None
    method: str
    is_fresh: bool = False
    why_open: str = ""
    is_enrolment: bool = False
    body: int = 0


@dataclass(slots=True)
class OpenVisit:
    """One request of somebody who need not be signed in."""

    db: SystemSession
    now: dt.datetime
    services: Services

    def form(self, form: type[F], **known: Any) -> F:
        return form.posted(request.form, request.files, **known)

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        page = render_template(template, now=self.now, locale="en", zone="UTC", **values)
        return make_response(page, status)

    def go(self, endpoint: str, **values: Any) -> Response:
        return make_response(redirect(url_for(endpoint, **values), 303))

    def go_to(self, path: str) -> Response:
        """`path` has been through `errors.safe_next`."""
        return make_response(redirect(path, 303))

    def say(self, text: str, *, undo: str | None = None) -> None:
        """A note on the next page; `undo` is the address that takes the act back."""
        _note(text, undo)


@dataclass(slots=True)
class Visit:
    """One request of a signed-in person: whose eyes, which transaction, what time it is."""

    person: Person
    db: ViewerSession
    now: dt.datetime
    services: Services

    @property
    def viewer(self) -> Viewer:
        return self.person.viewer

    @property
    def fragment(self) -> str:
        """The part of the page a script asks for, or nothing for the whole page."""
        return request.headers.get("X-Fragment", "")

    def form(self, form: type[F], **known: Any) -> F:
        return form.posted(request.form, request.files, **known)

    def attempt(self, form: PortalForm, act: Callable[[], Any]) -> Any | None:
        """What `act` returns; None, with the reason on the form, if the form or a rule refuses.

        After a refusal nothing of the transaction is kept.
        """
        if not form.validate():
            return None
        with form.refusals(self.db.rollback):
            return act()
        return None

    def render(self, template: str, status: int = 200, **values: Any) -> Response:
        page = render_template(
            template,
            visit=self,
            now=self.now,
            locale=self.person.locale,
            zone=self.person.time_zone,
            **values,
        )
        response = make_response(page, status)
        response.vary.add("X-Fragment")
        return response

    def go(self, endpoint: str, **values: Any) -> Response:
        return make_response(redirect(url_for(endpoint, **values), 303))

    def go_to(self, path: str) -> Response:
        """`path` has been through `errors.safe_next`."""
        return make_response(redirect(path, 303))

    def say(self, text: str, *, undo: str | None = None) -> None:
        """A note on the next page; `undo` is the address that takes the act back."""
        _note(text, undo)

    def stream(self, rows: Callable[[ViewerSession], Iterator[bytes]]) -> Iterator[bytes]:
        """Run `rows` over a session of its own that lives as long as the answer is being sent."""
        with self.services.viewer_session(self.viewer, writes=False) as db:
            yield from rows(db)


def _note(text: str, undo: str | None) -> None:
    note = {"text": text, "tone": "ok"}
    note |= {"action": "Undo", "action_url": undo} if undo else {}
    flash(note)  # type: ignore[arg-type]


def largest_body(view: object) -> int:
    """The bytes that this view takes beyond the usual from whoever asks now; else 0."""
    policy = getattr(view, "policy", None)
    if not isinstance(policy, Policy) or not policy.body or policy.needs is None:
        return 0
    person = current_person()
    return policy.body if person is not None and person.viewer.may(policy.needs) else 0


class Area(Blueprint):
    """A feature's pages."""

    def page(self, path: str, *, needs: May, is_fresh: bool = False) -> Callable[[View], View]:
        return self._guarded(path, Policy(needs, "GET", is_fresh))

    def act(
        self, path: str, *, needs: May, is_fresh: bool = False, body: int = 0
    ) -> Callable[[View], View]:
        return self._guarded(path, Policy(needs, "POST", is_fresh, body=body))

    def enrolment(self, path: str, *, method: str, is_fresh: bool) -> Callable[[View], View]:
        """A page or an act that is open to people who still lack the second factor they need."""
        return self._guarded(path, Policy(May.PROFILE_USE, method, is_fresh, is_enrolment=True))

    def open_page(self, path: str, *, why: str) -> Callable[[View], View]:
        return self._open(path, Policy(None, "GET", why_open=why))

    def open_act(self, path: str, *, why: str) -> Callable[[View], View]:
        return self._open(path, Policy(None, "POST", why_open=why))

    def _guarded(self, path: str, policy: Policy) -> Callable[[View], View]:
        def register(view: View) -> View:
            @wraps(view)
            def guarded(**url_args: Any) -> ResponseReturnValue:
                person = _admitted(policy)
                found = services()
                now = found.clock()
                if policy.is_fresh:
                    require_fresh(now)
                writes = policy.method == "POST"
                with found.viewer_session(person.viewer, writes=writes) as db:
                    response = make_response(view(Visit(person, db, now, found), **url_args))
                    if writes and response.status_code < ERROR:
                        db.commit()
                return response

            return self._add(path, policy, view, guarded)

        return register

    def _open(self, path: str, policy: Policy) -> Callable[[View], View]:
        def register(view: View) -> View:
            @wraps(view)
            def opened(**url_args: Any) -> ResponseReturnValue:
                found = services()
                writes = policy.method == "POST"
                with found.system_session(writes=writes) as db:
                    visit = OpenVisit(db, found.clock(), found)
                    response = make_response(view(visit, **url_args))
                    if writes and response.status_code < ERROR:
                        db.commit()
                return response

            return self._add(path, policy, view, opened)

        return register

    def _add(self, path: str, policy: Policy, view: View, wrapped: View) -> View:
        wrapped.policy = policy  # type: ignore[attr-defined]
        self.add_url_rule(path, view.__name__, wrapped, methods=[policy.method])
        return view


def _admitted(policy: Policy) -> Person:
    """Raises SignedOut or Forbidden."""
    person = current_person()
    if person is None:
        raise SignedOut
    assert policy.needs is not None
    if person.must_enrol and not policy.is_enrolment:
        raise MustEnrol("Your role needs a second factor. Set one up to go on.")
    if not person.viewer.may(policy.needs):
        raise Forbidden("This page is not part of your role.")
    return person
