"""A walk over every route as everybody, which compares each answer with the policy.

What may be is worked out from the policy a route declares and the roles a person holds; what a
person may know of is written down in `things`.
"""

from __future__ import annotations

import io
import re
import sqlite3
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from flask import Flask
from flask.testing import FlaskClient
from werkzeug.exceptions import HTTPException
from werkzeug.routing import AnyConverter, IntegerConverter
from werkzeug.test import TestResponse

from portal.kernel import refs
from tests.people import COMPANIES, Cast, Somebody
from tests.policy import Route, routes
from tests.proofs.things import (
    FINER,
    FIXED,
    KNOWN,
    ONLY_WHEN_ASKED,
    Stage,
    Thing,
    builder_of,
)

METHODS = ("GET", "POST", "PUT", "DELETE", "HEAD", "OPTIONS")
WALKERS = ("anna", "alma", "alois", "bert", "nora", "carl", "mara", "otto", "lena", "fritz", "ada")
WALKERS += ("ivo",)
NOBODY = "nobody"
ROLE_REFUSAL = "This page is not part of your role."
MALFORMED = ("nonsense", "1'--", "-1")
TOKEN = re.compile(rb'(name="csrf_token" value=|name="csrf-token" content=)"[^"]*"')
LINK = re.compile(r'href="(/[^"#]*)')
STRAY = re.compile(r'href="(?![/#]|https?:|mailto:)[^"]*"')
MOST_OWN = 5
"""So many own things are looked at; a seller's registrations come in as many states."""
MOST_LINKS = 60


@dataclass(slots=True)
class Crawl:
    """Everybody's browsers, and what was found to be wrong."""

    app: Flask
    stage: Stage
    browsers: dict[str, FlaskClient]
    tokens: dict[str, str]
    sessions: dict[str, str]
    snapshot: Snapshot | None
    things: dict[Callable[[Stage], list[Thing]], list[Thing]] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    asked: int = 0

    @property
    def cast(self) -> Cast:
        return self.stage.cast

    def walk(self, only: Callable[[Route], bool] = lambda route: True) -> None:
        """First what changes nothing, then what may."""
        chosen = [route for route in routes(self.app) if only(route)]
        for route in chosen:
            if route.method == "GET":
                self._get(route)
        for route in chosen:
            self._other_methods(route)
            if route.method == "POST":
                self._post(route)

    # What a route names

    def _paths(self, route: Route, things: dict[str, str]) -> str:
        with self.app.test_request_context():
            adapter = self.app.url_map.bind("localhost")
            return str(adapter.build(route.endpoint, things, method=route.method))

    def _things(self, route: Route) -> tuple[str, list[Thing]] | None:
        """The argument that names a thing, and the things; None if the route names none."""
        for argument in route.arguments:
            if f"{route.endpoint}.{argument}" in FIXED or _choices(route, argument):
                continue
            builder = builder_of(route.endpoint, argument)
            if builder not in self.things:
                self.things[builder] = builder(self.stage)
            return argument, self.things[builder]
        return None

    def _fixed(self, route: Route) -> dict[str, str]:
        """Values of arguments that name nothing of anybody's."""
        values = {}
        for argument in route.arguments:
            value = FIXED.get(f"{route.endpoint}.{argument}") or _choices(route, argument)
            if value:
                values[argument] = value
        return values

    # The walk

    def _get(self, route: Route) -> None:
        found = self._things(route)
        for name in (NOBODY, *WALKERS):
            if found is None:
                answer = self._ask(route, name, self._paths(route, self._fixed(route)))
                self._judge(route, name, answer, is_own=True)
                continue
            argument, things = found
            self._unknown(route, name, argument, things)
            own = [thing for thing in things if name in thing.seen_by][:MOST_OWN]
            answers = [self._ask_for(route, name, argument, thing.ref) for thing in own]
            for answer in answers:
                self._judge(route, name, answer, is_own=True)
            is_shown = any(a.status_code < 400 or a.status_code in {409, 422} for a in answers)
            is_finer = route.endpoint in FINER
            if own and self._is_allowed(route, name) and not is_shown and not is_finer:
                self._fault(route, name, f"allowed but blocked: {answers[0].status_code}")

    def _post(self, route: Route) -> None:
        found = self._things(route)
        self._without_token(route)
        for name in (NOBODY, *WALKERS):
            if found is not None:
                self._unknown(route, name, *found)
            if self.snapshot is None and self._is_allowed(route, name):
                continue
            if found is None:
                answer = self._ask(route, name, self._paths(route, self._fixed(route)))
                self._judge(route, name, answer, is_own=False)
            else:
                argument, things = found
                for thing in [thing for thing in things if name in thing.seen_by][:3]:
                    answer = self._ask_for(route, name, argument, thing.ref)
                    self._judge(route, name, answer, is_own=False)
            if self.snapshot is not None:
                self.snapshot.restore()
                self.browsers[name].set_cookie("session", self.sessions[name])

    def _unknown(self, route: Route, name: str, argument: str, things: list[Thing]) -> None:
        """What is foreign, missing or malformed answers alike, and does nothing."""
        missing = self._ask_for(route, name, argument, _missing(things))
        self._judge(route, name, missing, is_own=False)
        foreign = [thing for thing in things if name not in thing.seen_by]
        for thing in foreign[:: max(1, len(foreign) // 3)]:
            answer = self._ask_for(route, name, argument, thing.ref)
            self._judge(route, name, answer, is_own=False)
            if _looks(answer, thing.ref) != _looks(missing, _missing(things)):
                self._fault(route, name, f"foreign told from missing: {answer.status_code}")
            if self._is_allowed(route, name) and route.policy.needs and answer.status_code < 400:
                self._fault(route, name, "a foreign thing was taken")
        for value in MALFORMED:
            answer = self._ask_for(route, name, argument, value)
            self._judge(route, name, answer, is_own=False)
            if self._is_allowed(route, name) and route.policy.needs and answer.status_code < 400:
                self._fault(route, name, f"a malformed {argument} was taken")

    def _declared(self, path: str) -> set[str]:
        """The methods that the routes which match a path say they answer."""
        adapter = self.app.url_map.bind("localhost")
        declared = set()
        for method in ("GET", "POST"):
            try:
                endpoint, _ = adapter.match(path, method=method)
            except HTTPException:
                continue
            declared.add(self.app.view_functions[endpoint].policy.method)  # type: ignore[attr-defined]
        return declared

    def _other_methods(self, route: Route) -> None:
        """Methods that no route of this path declares do nothing, whoever asks."""
        found = self._things(route)
        values = self._fixed(route) | ({found[0]: _missing(found[1])} if found else {})
        path = self._paths(route, values)
        declared = self._declared(path)
        for name in (NOBODY, "carl", "ada"):
            for method in METHODS:
                answer = self._ask(route, name, path, method=method) if method != "POST" else None
                if answer is None or method in declared:
                    continue
                if method == "OPTIONS":
                    is_right = answer.status_code == 200 and not answer.data
                elif method == "HEAD" and "GET" in declared:
                    is_right = not answer.data
                else:
                    is_right = answer.status_code == 405
                if not is_right:
                    self._fault(route, name, f"{method} answers {answer.status_code}")

    def _without_token(self, route: Route) -> None:
        found = self._things(route)
        values = self._fixed(route) | ({found[0]: _missing(found[1])} if found else {})
        for name in (NOBODY, "ada"):
            answer = self.browsers[name].post(self._paths(route, values))
            if answer.status_code != 400:
                self._fault(route, name, f"without a token: {answer.status_code}")

    # Answers

    def _ask_for(self, route: Route, name: str, argument: str, value: str) -> TestResponse:
        return self._ask(route, name, self._paths(route, self._fixed(route) | {argument: value}))

    def _ask(
        self, route: Route, name: str, path: str, *, method: str | None = None
    ) -> TestResponse:
        method = method or route.method
        data = {"csrf_token": self.tokens[name]} if method == "POST" else None
        self.asked += 1
        answer = self.browsers[name].open(path, method=method, data=data)
        if answer.status_code >= 500:
            self._fault(route, name, f"broke: {answer.status_code}")
        self._scan(route, name, answer, path)
        return answer

    def _judge(self, route: Route, name: str, answer: TestResponse, *, is_own: bool) -> None:
        if route.policy.needs is None:
            return
        is_refused = answer.status_code == 403 and ROLE_REFUSAL in answer.text
        is_sent_off = answer.status_code == 303 and answer.location.startswith("/sign-in")
        if name == NOBODY:
            if not is_sent_off:
                self._fault(route, name, f"blocked but allowed: {answer.status_code}")
        elif self._is_allowed(route, name):
            if is_refused or (is_sent_off and route.endpoint != "accounts.sign_out"):
                self._fault(route, name, f"allowed but blocked: {answer.status_code}")
            if (
                is_own
                and route.method == "GET"
                and not route.arguments
                and route.endpoint not in ONLY_WHEN_ASKED
                and answer.status_code > 399
            ):
                self._fault(route, name, f"allowed but blocked: {answer.status_code}")
        elif not is_refused:
            self._fault(route, name, f"blocked but allowed: {answer.status_code}")

    def _is_allowed(self, route: Route, name: str) -> bool:
        if route.policy.needs is None:
            return True
        return name != NOBODY and getattr(self.cast, name).viewer.may(route.policy.needs)

    def _scan(self, route: Route, name: str, answer: TestResponse, path: str) -> None:
        """No word of what this person may not know of, in the body or in a header."""
        if route.endpoint == "static_file":
            return
        said = f"{answer.headers}\n{_text_of(answer.data)}"
        for word in self._secrets(name):
            if word in said and word not in path:
                self._fault(route, name, f"shows {word!r}")
                return

    def _secrets(self, name: str) -> Iterator[str]:
        for things in self.things.values():
            for thing in things:
                if name not in thing.seen_by:
                    yield from thing.canaries
        if name == NOBODY or name in KNOWN:
            for code, (company, *_) in COMPANIES.items():
                if code not in KNOWN.get(name, ()):
                    yield from (company, f"{code}.example")

    def _fault(self, route: Route, name: str, what: str) -> None:
        self.faults.append(f"{route.method} {route.path} as {name}: {what}")

    def follow_links(self) -> int:
        """Every link of every page leads somewhere for whoever sees it; returns how many did."""
        seen = 0
        for name in WALKERS:
            waiting, known = ["/"], {"/"}
            while waiting and len(known) < MOST_LINKS:
                path = waiting.pop(0)
                answer = self.browsers[name].get(path)
                seen += 1
                if answer.status_code >= 400:
                    self.faults.append(f"{path} as {name}: a link leads to {answer.status_code}")
                if answer.mimetype != "text/html":
                    continue
                for stray in STRAY.findall(answer.text):
                    self.faults.append(f"{path} as {name}: {stray} leads nowhere")
                for link in LINK.findall(answer.text):
                    address = link.replace("&amp;", "&")
                    if address not in known and not address.startswith("/static/"):
                        known.add(address)
                        waiting.append(address)
        return seen


def _choices(route: Route, argument: str) -> str:
    """The first value of an argument that is a few words or a number; nothing for any other."""
    converter = route.rule._converters.get(argument)
    if isinstance(converter, IntegerConverter):
        return "1"
    return min(converter.items) if isinstance(converter, AnyConverter) else ""


def _text_of(body: bytes) -> str:
    """What a reader finds in an answer, inside a spreadsheet too."""
    if body.startswith(b"PK"):
        with zipfile.ZipFile(io.BytesIO(body)) as parts:
            body = b"\n".join(parts.read(name) for name in parts.namelist())
    return body.decode(errors="replace")


def _missing(things: list[Thing]) -> str:
    """As well-formed as the things' own references, and nobody's."""
    if not things:
        return "x" * 43
    return refs.make(things[0].ref.split("-")[0], 2**39 + 12_345)


def _looks(answer: TestResponse, ref: str) -> tuple[int, list[tuple[str, str]], bytes]:
    """All of an answer that its reader can compare, with the reference they sent taken out."""
    headers = [(key, value.replace(ref, "REF")) for key, value in answer.headers if key != "Date"]
    body = TOKEN.sub(b"TOKEN", answer.data).replace(ref.encode(), b"REF")
    return answer.status_code, headers, body


@dataclass(frozen=True, slots=True)
class Snapshot:
    """An SQLite database as it was, to go back to after an act."""

    live: Path
    saved: Path

    @classmethod
    def of(cls, live: Path) -> Snapshot:
        snapshot = cls(live, live.with_suffix(".saved"))
        _copy(live, snapshot.saved)
        return snapshot

    def restore(self) -> None:
        _copy(self.saved, self.live)


def _copy(source: Path, target: Path) -> None:
    with sqlite3.connect(source) as read, sqlite3.connect(target) as write:
        read.backup(write)
    read.close()
    write.close()


def crawl(
    app: Flask,
    stage: Stage,
    browser_of: Callable[[Somebody], FlaskClient],
    *,
    database: Path | None,
) -> Crawl:
    """Everybody signed in; with an SQLite `database`, acts are done and taken back too."""
    browsers = {name: _plain(app, browser_of(getattr(stage.cast, name))) for name in WALKERS}
    browsers[NOBODY] = FlaskClient(app, app.response_class)
    tokens = {name: _token(browsers[name], "/me") for name in WALKERS}
    tokens[NOBODY] = _token(browsers[NOBODY], "/sign-in")
    sessions = {name: _session_of(browser) for name, browser in browsers.items()}
    made = Crawl(app, stage, browsers, tokens, sessions, None)
    for route in routes(app):
        made._things(route)
    made.snapshot = Snapshot.of(database) if database else None
    return made


def _plain(app: Flask, browser: FlaskClient) -> FlaskClient:
    """The same session in a browser that judges no page."""
    plain = FlaskClient(app, app.response_class)
    plain.set_cookie("session", _session_of(browser))
    return plain


def _session_of(browser: FlaskClient) -> str:
    cookie = browser.get_cookie("session")
    assert cookie is not None
    return cookie.value


def _token(browser: FlaskClient, page: str) -> str:
    found = re.search(r'name="csrf_token" value="([^"]+)"', browser.get(page).text)
    assert found, f"{page} has no form"
    return found.group(1)
