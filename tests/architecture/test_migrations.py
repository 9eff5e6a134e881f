"""Migrations form one numbered line and stand on nothing that may change."""

from __future__ import annotations

import ast
import re

from tests.architecture.repository import ROOT, modules_under, named, names_imported_by, tree_of

VERSIONS = ROOT / "migrations" / "versions"
REVISIONS = sorted(modules_under(VERSIONS))


def declared(path, name):
    for node in tree_of(path).body:
        match node:
            case ast.Assign(targets=[ast.Name(id=found)], value=ast.Constant(value=value)):
                if found == name:
                    return value
    return None


def test_a_migration_imports_nothing_from_the_portal():
    found = [
        f"{named(path)}:{line} {name}"
        for path in REVISIONS
        for name, line in names_imported_by(path)
        if name.split(".")[0] in {"portal", "tests", "tools"}
    ]
    assert not found, f"What was true when it was written must stay true: {found}"


def test_migrations_form_one_numbered_line():
    before = None
    for position, path in enumerate(REVISIONS, start=1):
        number = f"{position:04d}"
        assert re.fullmatch(rf"{number}_[a-z0-9_]+", path.stem), f"{path.name} is number {number}"
        assert declared(path, "revision") == number, path.name
        assert declared(path, "down_revision") == before, f"{path.name} follows {before}"
        before = number


def test_a_migration_says_why():
    silent = [named(path) for path in REVISIONS if not ast.get_docstring(tree_of(path))]
    assert not silent, silent


def test_a_migration_can_be_undone_or_says_why_not():
    silent = [
        named(path)
        for path in REVISIONS
        for node in tree_of(path).body
        if isinstance(node, ast.FunctionDef) and node.name == "downgrade"
        if isinstance(node.body[0], ast.Pass)
    ]
    assert not silent, f"An empty downgrade gives its reason: {silent}"


def test_the_head_names_the_newest_migration():
    """Two branches that add a migration each meet there as a conflict."""
    head = (ROOT / "migrations" / "head").read_text().strip()
    assert head == REVISIONS[-1].name[:4], "`make migration` writes migrations/head"
