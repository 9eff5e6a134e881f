"""The embedded PostgreSQL: alone, kept, left behind by a killed owner, and wanted twice."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import NullPool

from tools import postgres

OWNER = """
import sys
from pathlib import Path
from tools import postgres
with postgres.{how} as url:
    print(url, flush=True)
    sys.stdin.read()
"""


@contextmanager
def owner(how: str) -> Iterator[tuple[subprocess.Popen, str]]:
    """A server owned by a process of its own, so that the process can be killed."""
    process = subprocess.Popen(
        [sys.executable, "-c", OWNER.format(how=how)],
        cwd=Path(postgres.__file__).parent.parent,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process, process.stdout.readline().strip()
    finally:
        process.communicate(timeout=30)


def ask(url: str, *statements: str) -> object:
    engine = create_engine(url, poolclass=NullPool)
    with engine.begin() as connection:
        for statement in statements:
            answer = connection.execute(text(statement))
        return answer.scalar() if answer.returns_rows else None


def homes() -> set[Path]:
    return set(Path(tempfile.gettempdir()).glob(f"{postgres.PREFIX}*"))


def test_a_throwaway_server_sorts_by_code_point_and_leaves_nothing():
    before = homes()
    with postgres.throwaway() as url:
        assert len(homes() - before) == 1
        assert ask(url, "SELECT lower('ÄÖ')") == "äö"
        assert ask(url, "SELECT 'Z' < 'a'") is True
        assert ask(url, "SHOW fsync") == "off"
    assert not homes() - before


def test_a_server_of_a_killed_owner_is_stopped_and_removed_by_the_next():
    before = homes()
    with owner("throwaway()") as (process, url):
        (left,) = homes() - before
        process.kill()
        process.wait()
        assert ask(url, "SELECT 1") == 1, "the server itself was not killed"
    postgres.sweep()
    assert left not in homes()
    with pytest.raises(Exception, match="No such file"):
        ask(url, "SELECT 1")


def test_a_kept_server_is_durable_and_its_data_outlive_a_kill_of_everything(tmp_path):
    home = tmp_path / "kept here"
    with owner(f"kept(Path({str(home)!r}))") as (process, url):
        assert ask(url, "SHOW fsync") == "on"
        ask(url, "CREATE TABLE deals (id integer)", "INSERT INTO deals VALUES (7)")
        data = Path(str(ask(url, "SHOW data_directory")))
        os.kill(int((data / "postmaster.pid").read_text().split()[0]), signal.SIGKILL)
        process.kill()
    with postgres.kept(home) as url:
        assert ask(url, "SELECT id FROM deals") == 7


def test_a_folder_is_served_by_one_owner_at_a_time(tmp_path):
    with (
        owner(f"kept(Path({str(tmp_path)!r}))"),
        pytest.raises(postgres.PostgresUnavailable, match="Another run"),
        postgres.kept(tmp_path),
    ):
        pass


def test_a_command_runs_beside_a_server_and_gives_its_own_status(tmp_path):
    script = "import os, sys; print(os.environ['PORTAL_DATABASE_URL']); sys.exit(7)"
    done = subprocess.run(
        [sys.executable, "-m", "tools.postgres", str(tmp_path), sys.executable, "-c", script],
        cwd=Path(postgres.__file__).parent.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 7, done.stderr
    assert done.stdout.startswith("postgresql+psycopg://portal@/postgres?host=")
