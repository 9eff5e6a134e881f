"""Registrations imported, from the preview to the undo, by the clock.

python -m bench.imports measures them alone.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable, Iterator
from functools import partial

from bench.figures import Figure
from portal import wiring
from portal.app import make_services
from portal.config import Config
from portal.db import schema
from portal.db.engine import build_engines
from portal.importers import IMPORTERS
from portal.imports import actions, queries
from portal.imports.models import Batch
from portal.imports.rules import BatchState, Mode
from portal.runner import Runner
from portal.web.services import Services
from tests.clock import NOON
from tests.people import assemble
from tools import postgres

ROWS, CUSTOMERS = 5_000, 900
REF = "MP-5000"
HEADER = "number,partner,person,customer,line,state,registered,closed,amount"


def measure() -> Iterator[Figure]:
    with tempfile.TemporaryDirectory(prefix="portal-bench-") as folder:
        yield from _on("sqlite", f"sqlite:///{folder}/bench.sqlite3")
    with postgres.throwaway() as url:
        yield from _on("postgresql", url)


def _on(name: str, url: str) -> Iterator[Figure]:
    engines = build_engines(url)
    schema.upgrade(engines)
    assemble(engines.write)
    config = Config(database_url=url, secret_key="x" * 32)
    services = make_services(config, engines=engines, clock=lambda: NOON)
    _upload(services)
    for label, goal, begin in (
        ("preview", 5, actions.begin_check),
        ("commit", 10, partial(actions.begin_run, mode=Mode.GOOD_ROWS, corrections={})),
        ("undo", 10, actions.begin_undo),
    ):
        took = _seconds(services, begin)
        text = f"{name}: {label} of {ROWS:,} registrations"
        yield Figure("imports", text, took, goal, is_most=True, unit="s")
    assert _batch(services).state is BatchState.UNDONE
    assert _batch(services).found["counts"]["new"] == ROWS
    engines.dispose()


def _upload(services: Services) -> None:
    sent = [("registrations.csv", _table().encode())]
    command = actions.Upload(ref=REF, files=sent, user_id=None)
    with services.system_session() as db:
        actions.upload(db, IMPORTERS["registrations"], command, now=NOON)
        db.commit()


def _table() -> str:
    """Won ones of three companies, with customers that come again and again."""
    partners = ("Alder Systems", "Birch IT", "Cedar Networks")
    rows = (
        f"A{n},{partners[n % 3]},,Customer {n % CUSTOMERS} AG,Observe,won,"
        f"2025-{1 + n % 11:02}-{1 + n % 28:02},2025-12-{1 + n % 28:02},{100 + n}"
        for n in range(ROWS)
    )
    return "\n".join([HEADER, *rows])


def _seconds(services: Services, begin: Callable[..., None]) -> float:
    """From the press of the button until the job is done."""
    runner = Runner(services, wiring.JOBS, wiring.GIVEN_UP, ())
    began = time.perf_counter()
    with services.system_session() as db:
        begin(db, queries.get_batch(db, REF), now=NOON)
        db.commit()
    runner.run_due()
    return time.perf_counter() - began


def _batch(services: Services) -> Batch:
    with services.system_session(writes=False) as db:
        return queries.get_batch(db, REF)


def main() -> None:
    for figure in measure():
        print(figure.line(), flush=True)


if __name__ == "__main__":
    main()
