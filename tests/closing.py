"""The last lines of a run: on which databases and in which browser its tests really ran.

A database counts when a test opened a connection to it, a browser when a test was given one.
Where CI is set, a whole run that left a part out has failed.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from sqlalchemy import Connection, Engine, event

PARTS = ("SQLite", "PostgreSQL", "Chromium")
DATABASES = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}
HOW_TO_GET = {
    "SQLite": "some test has to use the SQLite database",
    "PostgreSQL": "`make setup-dev` installs one, or PORTAL_TEST_PG names a server",
    "Chromium": "install it (Debian: apt install chromium), or PORTAL_TEST_CHROMIUM names one",
}


@dataclass
class Ran:
    """What the run has used: a version for each part, and the tests that used it."""

    versions: dict[str, str] = field(default_factory=dict)
    tests: dict[str, set[str]] = field(default_factory=dict)
    current: str = ""

    def note(self, part: str, version: str) -> None:
        self.versions[part] = version
        self.tests.setdefault(part, set()).add(self.current)

    @property
    def missing(self) -> list[str]:
        return [part for part in PARTS if part not in self.versions]

    def sentence(self) -> str:
        named = [
            f"{part} {self.versions[part]} (tests: {len(self.tests[part]):,})"
            for part in PARTS
            if part in self.versions
        ]
        return f"Ran on: {', '.join(named)}" if named else "Ran on: no database and no browser"


RAN = pytest.StashKey[Ran]()


def pytest_configure(config: pytest.Config) -> None:
    ran = config.stash[RAN] = Ran()

    def connected(connection: Connection) -> None:
        version = connection.dialect.server_version_info or ()
        part = DATABASES[connection.dialect.name]
        ran.note(part, ".".join(str(number) for number in version))

    event.listen(Engine, "engine_connect", connected)
    config.add_cleanup(lambda: event.remove(Engine, "engine_connect", connected))


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Iterator[None]:
    item.config.stash[RAN].current = item.nodeid
    return (yield)


def is_whole(config: pytest.Config) -> bool:
    """Whether the run was asked for everything, not for a part."""
    narrowed = config.option.keyword or config.option.markexpr or config.option.deselect
    return config.args in (config.getini("testpaths"), ["."]) and not narrowed


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    config = session.config
    complete = not is_whole(config) or not config.stash[RAN].missing
    if os.environ.get("CI") and not complete and exitstatus == pytest.ExitCode.OK:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    ran = config.stash[RAN]
    terminalreporter.section("databases and browser")
    terminalreporter.line(ran.sentence())
    if is_whole(config):
        for part in ran.missing:
            terminalreporter.line(f"Left out: {part}; {HOW_TO_GET[part]}.", red=True)
