"""One winner among many processes, and what a durable registration costs."""

from __future__ import annotations

import multiprocessing
import statistics
import tempfile
import time
from collections.abc import Iterator
from typing import Any

from sqlalchemy import func, select, text

from bench.figures import Figure
from portal.app import make_services
from portal.config import Config
from portal.db import schema
from portal.db.engine import Engines, build_engines
from portal.deals.jobs import judge_due
from portal.deals.models import Protection
from portal.deals.queries import judging
from portal.deals.rules.states import ProtectionState
from portal.kernel import refs
from portal.web.services import Services
from tests.clock import NOON
from tests.deals.registering import register
from tests.people import Cast, Somebody, assemble
from tests.proofs.rivalry import approve_what_is_clear, found_rivals, wanted
from tools import postgres

RIVALS, ROUNDS, ALONE = 8, 5, 60


def measure(*, customers: int = 40) -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        yield from _on("sqlite", f"sqlite:///{folder}/bench.sqlite3", customers)
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder, postgres.throwaway() as url:
        yield from _on("postgresql", url, customers)


def _services(url: str, engines: Engines) -> Services:
    return make_services(
        Config(database_url=url, secret_key="x" * 32), engines=engines, clock=lambda: NOON
    )


def _on(name: str, url: str, customers: int) -> Iterator[Figure]:
    engines = build_engines(url)
    schema.upgrade(engines)
    services = _services(url, engines)
    cast = assemble(engines.write)
    rivals = found_rivals(services, RIVALS)
    approve_what_is_clear(services)
    yield from _alone(name, services, cast, rivals[0])
    engines.dispose()
    began = time.perf_counter()
    waits = _compete(url, cast, rivals, customers)
    took = time.perf_counter() - began
    services = _services(url, build_engines(url))
    while _is_due(services):
        judge_due(services, NOON)
    yield from _winners(name, services, customers, waits, took)
    services.engines.dispose()


def _alone(name: str, services: Services, cast: Cast, somebody: Somebody) -> Iterator[Figure]:
    """Registrations and bare commits of one row take turns; both are durable."""
    engine = services.engines.write
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE bench_rows (n INTEGER)"))
    costs, ratios = [], []
    for lap in range(ROUNDS):
        began = time.process_time(), time.perf_counter()
        for number in range(ALONE):
            unique = 10**6 * (lap + 1) + number
            register(services, somebody, wanted(cast, unique, new_ref=refs.make("DR", unique)))
        costs.append((time.process_time() - began[0]) / ALONE * 1e6)
        registering = time.perf_counter() - began[1]
        began = time.process_time(), time.perf_counter()
        for number in range(ALONE):
            with engine.begin() as connection:
                connection.execute(text("INSERT INTO bench_rows VALUES (:n)"), {"n": number})
        ratios.append((time.perf_counter() - began[1]) / registering)
    cost = statistics.median(costs)
    yield Figure("writes", f"{name}: registration, processor", cost, unit="us")
    yield Figure(
        "writes", f"{name}: registrations of bare commits", statistics.median(ratios), 0.05
    )


def _is_due(services: Services) -> bool:
    with services.system_session(writes=False) as db:
        return bool(judging.claims_due(db, limit=1))


def _compete(url: str, cast: Cast, rivals: list[Somebody], customers: int) -> list[float]:
    context = multiprocessing.get_context("spawn")
    with context.Manager() as manager:
        start = manager.Barrier(len(rivals))
        jobs = [
            (url, cast.lines, rival, place, customers, start) for place, rival in enumerate(rivals)
        ]
        with context.Pool(len(rivals)) as pool:
            return [wait for waits in pool.starmap(_rival, jobs) for wait in waits]


def _rival(
    url: str, lines: dict[str, int], somebody: Somebody, place: int, customers: int, start: Any
) -> list[float]:
    """Milliseconds of each registration; any error ends the bench."""
    services = _services(url, build_engines(url))
    start.wait()
    waits = []
    for number in range(customers):
        ref = refs.make("DR", 7_919 * (number * RIVALS + place) + 1)
        began = time.perf_counter()
        register(services, somebody, wanted(Cast(lines=lines), number, new_ref=ref))
        waits.append((time.perf_counter() - began) * 1000)
    return waits


def _winners(
    name: str, services: Services, customers: int, waits: list[float], took: float
) -> Iterator[Figure]:
    with services.system_session(writes=False) as db:
        live = select(func.count()).where(Protection.state == ProtectionState.LIVE)
        winners = (db.scalar(live) or 0) - ROUNDS * ALONE
    worst, late = max(waits), sorted(waits)[int(0.99 * (len(waits) - 1))]
    label = f"{name}: winners for {customers} customers, {RIVALS} processes"
    yield Figure("writes", label, winners, customers, unit="")
    yield Figure("writes", f"{name}: registrations a second", len(waits) / took, unit="/s")
    note = f"p99 {late:.0f} ms"
    yield Figure("writes", f"{name}: longest wait of a writer", worst, unit="ms", note=note)
