"""The closing lines tell what a run used, and CI refuses a whole run that left a part out."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import closing

ROOT = Path(closing.__file__).parent.parent
SUITE = """
import sqlalchemy

def test_on_a_database():
    with sqlalchemy.create_engine("sqlite://").connect():
        pass
"""


def run(folder: Path, *arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    (folder / "tests").mkdir(exist_ok=True)
    (folder / "tests" / "test_small.py").write_text(SUITE)
    (folder / "setup.cfg").write_text("[tool:pytest]\ntestpaths = tests\n")
    inherited = {key: value for key, value in os.environ.items() if key != "CI"}
    return subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "tests.closing", *arguments],
        cwd=folder,
        env={**inherited, "PYTHONPATH": str(ROOT), **environment},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_last_lines_name_what_ran_and_what_was_left_out(tmp_path):
    done = run(tmp_path)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = done.stdout[done.stdout.index("Ran on:") :].splitlines()
    assert lines[0].startswith("Ran on: SQLite 3.")
    assert lines[0].endswith(" (tests: 1)")
    assert [line.split(";")[0] for line in lines[1:3]] == [
        "Left out: PostgreSQL",
        "Left out: Chromium",
    ]
    assert "1 passed" in lines[-1]


def test_in_ci_a_whole_run_that_left_a_part_out_has_failed(tmp_path):
    assert run(tmp_path, CI="true").returncode == pytest.ExitCode.TESTS_FAILED


@pytest.mark.parametrize("part", [("tests/test_small.py",), ("-k", "database")])
def test_in_ci_a_part_may_leave_parts_out(tmp_path, part):
    done = run(tmp_path, *part, CI="true")
    assert done.returncode == 0
    assert "Left out" not in done.stdout
