"""What it costs to start: the portal up to its first page, against its libraries alone."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from bench.figures import Figure

ROUNDS = 7
LIBRARIES = """
import flask, flask_login, flask_wtf, sqlalchemy.orm, wtforms, jinja2, babel.dates
app = flask.Flask("twin")
app.get("/")(lambda: flask.render_template_string("hello"))
app.test_client().get("/")
"""
PORTAL = """
from portal.app import create_app
app = create_app()
answer = app.test_client().get("/sign-in")
assert answer.status_code == 200, answer.status_code
"""
MIGRATE = """
from portal.app import create_app
from portal.db import schema
schema.upgrade(create_app().extensions["portal"].engines)
"""


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        _seconds(MIGRATE, folder)
        pairs = [(_seconds(LIBRARIES, folder), _seconds(PORTAL, folder)) for _ in range(ROUNDS)]
    ours = statistics.median(portal for _, portal in pairs)
    ratio = statistics.median(portal / libraries for libraries, portal in pairs)
    yield Figure("start", "start to the first page, processor", ours * 1000, unit="ms")
    yield Figure("start", "start of that of the libraries alone", ratio, 1.5, is_most=True)


def _seconds(program: str, folder: str) -> float:
    """Processor time of a fresh process."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    settings = {"PORTAL_DATA": folder, "PYTHONPATH": str(Path(__file__).parent.parent)}
    subprocess.run([sys.executable, "-c", program], check=True, env={**os.environ, **settings})
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
