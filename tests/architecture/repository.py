"""The files of the repository as the architecture tests read them."""

from __future__ import annotations

import ast
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PORTAL = ROOT / "portal"
TEMPLATES = ROOT / "templates"
TESTS = ROOT / "tests"


def named(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def tracked() -> tuple[Path, ...]:
    """Every file that git keeps or would keep."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    return tuple(path for name in listed.splitlines() if (path := ROOT / name).is_file())


@cache
def modules_under(folder: Path) -> tuple[Path, ...]:
    return tuple(p for p in tracked() if p.suffix == ".py" and folder in p.parents)


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text(), str(path))


def calls_in(path: Path) -> Iterator[tuple[str, int]]:
    """The last name of everything that is called, with its line: `db.commit()` gives `commit`."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Call):
            match node.func:
                case ast.Attribute(attr=name) | ast.Name(id=name):
                    yield name, node.lineno


def names_imported_by(path: Path) -> Iterator[tuple[str, int]]:
    """`import a.b` gives `a.b`, and `from a import b` gives `a.b` too."""
    for node in ast.walk(tree_of(path)):
        match node:
            case ast.Import(names=aliases):
                yield from ((alias.name, node.lineno) for alias in aliases)
            case ast.ImportFrom(module=module, names=aliases):
                yield from ((f"{module}.{alias.name}", node.lineno) for alias in aliases)


def sentences_in(path: Path) -> Iterator[tuple[str, int]]:
    """Texts of more than one word that are not docstrings: what a person may come to read."""
    tree = tree_of(path)
    silent = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in silent and " " in text.strip():
                yield text, node.lineno
