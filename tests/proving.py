"""Proofs: tests that show a claim by many rounds, fewer in `make test` than in `make prove`.

A test that takes `proof` is one. At full size what it found is kept in docs/proofs.md.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import hypothesis
import pytest

PAGE = Path(__file__).parent.parent / "docs" / "proofs.md"
HEADING = """# Proofs

What `make prove` found when it last ran. Each row is a test of that name.

| Claim | Found | Date |
| --- | --- | --- |
"""
IS_FULL = os.environ.get("PROOFS") == "full"
LONGEST = 4 * 60 * 60

hypothesis.settings.register_profile("commit", deadline=None, print_blob=True)
hypothesis.settings.register_profile("full", deadline=None, print_blob=True, max_examples=2_000)
hypothesis.settings.load_profile("full" if IS_FULL else "commit")


@dataclass(frozen=True, slots=True)
class Proof:
    """How much one proof is to do, and where it says what it found."""

    claim: str
    found: dict[str, str]

    def rounds(self, *, commit: int, full: int) -> int:
        return full if IS_FULL else commit

    def report(self, figures: str) -> None:
        """Figures in words, such as "10,000 rounds, one winner each, 41 s"."""
        self.found[self.claim] = figures


FOUND = pytest.StashKey[dict[str, str]]()


def pytest_configure(config: pytest.Config) -> None:
    config.stash[FOUND] = {}


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "proof" in getattr(item, "fixturenames", ()):
            item.add_marker("proof")
            if IS_FULL:
                item.add_marker(pytest.mark.timeout(LONGEST))


@pytest.fixture
def proof(request: pytest.FixtureRequest) -> Proof:
    claim = request.node.name.removeprefix("test_").replace("_", " ")
    return Proof(claim, request.config.stash[FOUND])


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    found = session.config.stash[FOUND]
    if IS_FULL and exitstatus == pytest.ExitCode.OK and found:
        today = datetime.now(UTC).date().isoformat()
        rows = kept_rows() | {claim: f"{said} | {today}" for claim, said in found.items()}
        PAGE.parent.mkdir(exist_ok=True)
        lines = [f"| {claim} | {rest} |\n" for claim, rest in sorted(rows.items())]
        PAGE.write_text(HEADING + "".join(lines))


def kept_rows() -> dict[str, str]:
    """The rows of the page, so that proving a part forgets nothing of the rest."""
    if not PAGE.exists():
        return {}
    rows = PAGE.read_text().removeprefix(HEADING).splitlines()
    return dict(row.strip("| ").split(" | ", 1) for row in rows)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    for claim, figures in sorted(config.stash[FOUND].items()):
        terminalreporter.line(f"Proved: {claim}: {figures}")
