"""The repository as a newcomer finds it: its map is true, its locks agree, it speaks of itself."""

from __future__ import annotations

import re

import pytest

from tests.architecture.repository import PORTAL, ROOT, named, tracked

README = ROOT / "README.md"
MAP = re.compile(r"^```tree\n(.*?)^```", re.DOTALL | re.MULTILINE)
TEXT = {".py", ".md", ".html", ".css", ".js", ".cfg", ".toml", ".txt", ".in", ".mako", ".yml", ""}
ELSEWHERE = re.compile(
    r"(?<![\w.])/work/|(?<![\w./-])shared/|\bissues? #?\d|\bissue [A-H]\b|\bdesign pages?\b",
    re.IGNORECASE,
)
MAY_NAME_ITS_SURROUNDINGS = {".ci/run", "tests/architecture/test_repository.py"}


def mapped() -> list[str]:
    """The paths of README's map, whose lines are indented by two spaces a level."""
    found = MAP.search(README.read_text()) if README.exists() else None
    assert found or not README.exists(), "README.md has no map: a block that opens with ```tree"
    paths: list[str] = []
    above: list[str] = []
    for line in found.group(1).splitlines() if found else ():
        if line.strip():
            level = (len(line) - len(line.lstrip())) // 2
            above = [*above[:level], line.split()[0]]
            paths.append("".join(above))
    return paths


def test_the_map_in_the_readme_shows_only_what_exists():
    missing = [path for path in mapped() if not (ROOT / path).exists()]
    assert not missing, f"README's map shows what is not there: {missing}"


def test_the_map_in_the_readme_shows_every_package_of_the_portal():
    shown = {path.rstrip("/") for path in mapped()}
    packages = {named(p.parent) for p in tracked() if p.match("portal/*/__init__.py")}
    absent = sorted(packages - shown) if shown else []
    assert not absent, f"README's map lacks: {absent}"


def test_the_repository_speaks_only_of_itself():
    found = [
        f"{named(path)}: {match.group()!r}"
        for path in tracked()
        if path.suffix in TEXT and named(path) not in MAY_NAME_ITS_SURROUNDINGS
        for match in ELSEWHERE.finditer(path.read_text(errors="replace"))
    ]
    assert not found, f"A reader cannot follow these: {found}"


def test_tests_and_production_run_the_same_versions():
    differing = pins("requirements.txt").items() - pins("requirements-dev.txt").items()
    assert not differing, f"Run `make deps`: {sorted(differing)}"


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_dependency_is_locked(name):
    lines = (ROOT / f"{name}.in").read_text().splitlines()
    asked = {re.split(r"[\[<>=;\s]", line)[0].lower() for line in lines if line[:1].isalpha()}
    unlocked = asked - pins(f"{name}.txt").keys()
    assert not unlocked, f"Run `make deps`: {sorted(unlocked)}"


def test_no_module_of_the_portal_is_outside_a_package():
    stray = [
        named(path)
        for path in tracked()
        if path.suffix == ".py" and PORTAL in path.parents
        if not (path.parent / "__init__.py").exists()
    ]
    assert not stray, f"These folders lack an __init__.py, so no contract covers them: {stray}"


def pins(name: str) -> dict[str, str]:
    found = re.findall(
        r"^([A-Za-z0-9._-]+)(?:\[\w+\])?==(\S+)", (ROOT / name).read_text(), re.MULTILINE
    )
    return {package.lower(): version for package, version in found}
