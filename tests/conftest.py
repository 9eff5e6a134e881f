"""Real databases, the cast, a clock in the hand, and browsers for its people.

Every test that asks for a database runs on SQLite and on PostgreSQL.  Commits are real and
nothing is patched: what must be replaced is passed in.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, ExitStack, contextmanager
from itertools import count

import pytest
from flask import Flask

from portal.accounts import actions as accounts
from portal.app import create_app, make_runner, make_services
from portal.config import Config
from portal.db.engine import Engines
from portal.db.session import SystemSession, ViewerSession
from portal.kernel import refs
from portal.runner import Runner
from portal.web.services import Services
from portal.web.sessions import hashed
from tests import databases, people
from tests.clock import HandClock
from tests.databases import Server
from tests.page import Browser
from tests.people import Cast, Somebody


@pytest.fixture(scope="session")
def _servers(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[[str], Server]]:
    started: dict[str, Server] = {}
    with ExitStack() as stack:

        def start(name: str) -> Server:
            if name not in started:
                made: AbstractContextManager[Server] = (
                    databases.sqlite_server(tmp_path_factory.mktemp("template"))
                    if name == "sqlite"
                    else databases.postgres_server()
                )
                started[name] = stack.enter_context(made)
            return started[name]

        yield start


@pytest.fixture(scope="session", params=databases.chosen())
def server(request: pytest.FixtureRequest, _servers: Callable[[str], Server]) -> Server:
    return _servers(request.param)


@pytest.fixture
def engines(server: Server, tmp_path) -> Iterator[Engines]:
    """The test's own empty database."""
    with server.empty(tmp_path) as engines:
        yield engines


@pytest.fixture
def clock() -> HandClock:
    return HandClock()


@pytest.fixture
def cast(engines: Engines) -> Cast:
    return people.assemble(engines.write)


@pytest.fixture
def services(engines: Engines, clock: HandClock, tmp_path) -> Services:
    """As in production, but with counted references and tokens, and cheap password hashes."""
    references, tokens = count(1), count(1)
    return make_services(
        Config(
            data=str(tmp_path),
            secret_key="x" * 32,
            password_cost=1,
            second_factor="optional",
            hosts="localhost",
        ),
        engines=engines,
        clock=clock,
        new_ref=lambda prefix: refs.make(prefix, next(references) * 7_919),
        new_token=lambda: f"token-{next(tokens)}-{'x' * 32}",
    )


@pytest.fixture
def app(services: Services) -> Flask:
    app = create_app(services)
    app.test_client_class = Browser
    return app


@pytest.fixture
def runner(services: Services) -> Runner:
    """`runner.run_due()` does what the job runner would do now."""
    return make_runner(services)


@pytest.fixture
def as_viewer(services: Services) -> Callable[[Somebody], AbstractContextManager[ViewerSession]]:
    """Open a writing transaction as somebody; it is committed on leaving."""

    @contextmanager
    def open_(somebody: Somebody) -> Iterator[ViewerSession]:
        with services.viewer_session(somebody.viewer, writes=True) as db:
            yield db
            db.commit()

    return open_


@pytest.fixture
def system(services: Services) -> Iterator[SystemSession]:
    """A session that sees everything; tests commit it themselves."""
    with services.system_session() as db:
        yield db


@pytest.fixture
def peek(engines: Engines):
    """Read one value past every scope, as it stands committed right now."""

    def peek_(query):
        with SystemSession(engines.read) as db:
            return db.scalar(query)

    return peek_


@pytest.fixture
def browser_of(app: Flask, services: Services, clock: HandClock) -> Callable[[Somebody], Browser]:
    """A browser in which somebody has just signed in."""

    def browser(somebody: Somebody) -> Browser:
        token = services.new_token()
        data = {"_user_id": str(somebody.user_id), "_fresh": True}
        command = accounts.OpenSession(
            token_hash=hashed(token),
            data=data,
            user_id=somebody.user_id,
            address="127.0.0.1",
            agent="test",
            fresh_at=clock(),
        )
        with services.system_session() as db:
            accounts.open_session(db, command, now=clock())
            db.commit()
        client = app.test_client()
        client.set_cookie("session", token)
        assert isinstance(client, Browser)
        return client

    return browser
