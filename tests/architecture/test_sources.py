"""What the type checker, the linter and the import contracts cannot say about the code."""

from __future__ import annotations

import ast

from tests.architecture.repository import (
    PORTAL,
    TESTS,
    calls_in,
    modules_under,
    named,
    names_imported_by,
    sentences_in,
    tree_of,
)
from tests.architecture.wording import unwanted_in

DOORS = {"jobs", "cli"}
COMMITS_ITSELF = (
    "portal/db/",
    "portal/web/",
    "portal/cli.py",
    "portal/runner.py",
    "portal/demo/",
    "portal/accounts/views/",  # attempts and sessions are kept, whatever becomes of the request
)
NAMELESS = {"util", "utils", "helper", "helpers", "common", "misc", "manager", "managers", "info"}
BORROWED = ("unittest.mock", "pytest_mock", "freezegun", "time_machine")
LEFT_OUT = {"skip", "skipif", "xfail", "importorskip", "skipTest"}


def test_only_doors_own_the_transaction():
    commits = [
        f"{named(path)}:{line}"
        for path in modules_under(PORTAL)
        if not named(path).startswith(COMMITS_ITSELF)
        and not DOORS & set(path.relative_to(PORTAL).with_suffix("").parts)
        for name, line in calls_in(path)
        if name == "commit"
    ]
    assert not commits, f"The door commits, after the action returned: {commits}"


def test_only_the_db_floor_sends_literal_sql_or_hands_out_a_connection():
    outside = [path for path in modules_under(PORTAL) if not named(path).startswith("portal/db/")]
    found = [
        f"{named(path)}:{line} {name}()"
        for path in outside
        for name, line in calls_in(path)
        if name in {"connection", "exec_driver_sql"}
    ]
    found += [
        f"{named(path)}:{line} {name}"
        for path in outside
        for name, line in names_imported_by(path)
        if name in {"sqlalchemy.text", "sqlalchemy.sql.text", "sqlalchemy.literal_column"}
    ]
    assert not found, f"These go around what guards a viewer's rows: {found}"


def test_every_module_says_what_lives_in_it():
    silent = [
        named(path)
        for path in modules_under(PORTAL)
        if tree_of(path).body and ast.get_docstring(tree_of(path)) is None
    ]
    assert not silent, f"Open with a sentence on what lives here: {silent}"


def test_every_module_has_a_name_that_says_what_it_is():
    nameless = [named(path) for path in modules_under(PORTAL) if path.stem in NAMELESS]
    assert not nameless, f"If a thing has no name, it has no place: {nameless}"


def test_messages_say_what_happened_and_what_to_do_next():
    found = [
        f"{named(path)}:{line} says {unwanted!r}: {text!r}"
        for path in modules_under(PORTAL)
        for text, line in sentences_in(path)
        if (unwanted := unwanted_in(text))
    ]
    assert not found, "\n".join(found)


def test_no_test_is_left_out():
    found = [
        f"{named(path)}:{node.lineno} {node.attr}"
        for path in modules_under(TESTS)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in LEFT_OUT
    ]
    assert not found, f"A test runs, or it is not there: {found}"


def test_nothing_is_patched():
    found = [
        f"{named(path)}:{line} {name}"
        for path in modules_under(TESTS)
        for name, line in names_imported_by(path)
        if name.startswith(BORROWED)
    ]
    found += [
        f"{named(path)}:{node.lineno} {node.arg}"
        for path in modules_under(TESTS)
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.arg) and node.arg in {"monkeypatch", "mocker"}
    ]
    assert not found, f"Pass in what must be replaced: {found}"
