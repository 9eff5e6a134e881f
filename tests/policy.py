"""The whole policy as text: who may use which address, and which role may do what.

    python -m tests.policy

writes tests/architecture/policy.txt, whose changes a reviewer reads line by line.
"""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule

from portal.app import create_app, make_services
from portal.config import Config
from portal.kernel.policy import GRANTS, May, Role
from portal.web.area import Policy

PAGE = Path(__file__).parent / "architecture" / "policy.txt"
HEADING = "# Who may use what. Written by: python -m tests.policy\n"


@dataclass(frozen=True, slots=True)
class Route:
    """One address with one method, and what it demands."""

    rule: Rule
    policy: Policy

    @property
    def path(self) -> str:
        return self.rule.rule

    @property
    def method(self) -> str:
        return self.policy.method

    @property
    def endpoint(self) -> str:
        return str(self.rule.endpoint)

    @property
    def arguments(self) -> tuple[str, ...]:
        return tuple(sorted(self.rule.arguments))

    def demands(self) -> str:
        needs = self.policy.needs
        if needs is None:
            return f"open: {self.policy.why_open}"
        return needs.value + (", password just given" if self.policy.is_fresh else "")


def routes(app: Flask) -> list[Route]:
    found = [
        Route(rule, app.view_functions[rule.endpoint].policy)  # type: ignore[attr-defined]
        for rule in app.url_map.iter_rules()
    ]
    return sorted(found, key=lambda route: (route.path, route.method))


def table(app: Flask) -> str:
    return "\n".join([HEADING, *_routes(app), "", *_roles(), ""])


def _routes(app: Flask) -> Iterator[str]:
    for route in routes(app):
        yield f"{route.method:<5} {route.path:<48} {route.endpoint:<36} {route.demands()}"


def _roles() -> Iterator[str]:
    """A line for each permission: columns for each role would all move with a new one."""
    for may in sorted(May):
        holders = [role.value for role in Role if may in GRANTS[role]]
        yield f"{may.value:<28} {' '.join(holders)}"


def bare_app(folder: Path) -> Flask:
    """The application with an empty database that nothing asks."""
    config = Config(data=str(folder), secret_key="x" * 32)
    return create_app(make_services(config))


def main() -> int:
    with tempfile.TemporaryDirectory() as folder:
        PAGE.write_text(table(bare_app(Path(folder))))
    return 0


if __name__ == "__main__":
    sys.exit(main())
