"""The deals list against the smallest Flask page, at depth, and for a company of any size."""

from __future__ import annotations

import datetime as dt
import statistics
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from bench.figures import Figure
from bench.serving import Load, Server, load, median_ratio, serving
from bench.world import TOKEN, fill
from portal.app import utc_now
from portal.db import schema
from portal.db.engine import build_engines
from portal.kernel.page import Cursor
from tools import postgres

ROUNDS, COUNT = 5, 120
DEEP = 5_000
GOALS = {"sqlite": 0.22, "postgresql": 0.20}


def measure(*, deals: int) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        yield from _on("sqlite", f"sqlite:///{folder}/bench.sqlite3", deals)
    with postgres.throwaway() as url:
        yield from _on("postgresql", url, deals)


def _on(name: str, url: str, deals: int) -> Iterator[Figure]:
    now = utc_now()
    engines = build_engines(url, fast_unsafe=True)
    schema.upgrade(engines)
    fill(engines, deals=deals, now=now)
    engines.dispose()
    with _servers(url) as (hello, portal):
        few, many = _cookie("carla"), _cookie("alma")
        deep = f"/deals?view=all&after={_place(now, deals)}"
        shapes = {
            "hello": (hello, "/hello", {}),
            "few": (portal, "/deals", few),
            "many": (portal, "/deals", many),
            "first": (portal, "/deals?view=all", many),
            "deep": (portal, deep, many),
        }
        for server, path, headers in shapes.values():
            load(server, path, headers, count=30)
        rounds: dict[str, list[Load]] = {shape: [] for shape in shapes}
        for _ in range(ROUNDS):
            for shape, (server, path, headers) in shapes.items():
                rounds[shape].append(load(server, path, headers, count=COUNT))
    yield from _figures(name, rounds)


def _figures(name: str, rounds: dict[str, list[Load]]) -> Iterator[Figure]:
    for shape in ("hello", "few"):
        cost = statistics.median(each.processor_us for each in rounds[shape])
        middle = statistics.median(each.percentile(0.5) for each in rounds[shape])
        late = statistics.median(each.percentile(0.99) for each in rounds[shape])
        what = "bare Flask page" if shape == "hello" else "deals list, 25 rows"
        note = f"p50 {middle:.1f} ms, p99 {late:.1f} ms"
        yield Figure("pages", f"{name}: {what}, processor", cost, unit="us", note=note)
    ratio = median_ratio(rounds["hello"], rounds["few"])
    yield Figure("pages", f"{name}: deals list of bare Flask", ratio, GOALS[name])
    ratio = median_ratio(rounds["many"], rounds["few"])
    yield Figure("pages", f"{name}: large company of small", ratio, 1.3, is_most=True)
    ratio = median_ratio(rounds["deep"], rounds["first"])
    yield Figure("pages", f"{name}: page {DEEP:,} rows deep of first", ratio, 1.5, is_most=True)


@contextmanager
def _servers(url: str) -> Iterator[tuple[Server, Server]]:
    with tempfile.TemporaryDirectory() as data:
        settings = {
            "PORTAL_DATABASE_URL": url,
            "PORTAL_DATA": data,
            "PYTHONPATH": str(Path(__file__).parent.parent),
        }
        with serving("bench.hello:app", 8765) as hello, serving("wsgi:app", 8766, **settings) as us:
            yield hello, us


def _cookie(name: str) -> dict[str, str]:
    return {"Cookie": f"session={TOKEN.format(name)}"}


def _place(now: dt.datetime, deals: int) -> str:
    """The cursor of Alder's row that stands DEEP rows down its list, or of its last."""
    number = min(DEEP * 10, deals // 20 * 10)
    return Cursor("-updated", (now - dt.timedelta(minutes=number),), number).encode()
