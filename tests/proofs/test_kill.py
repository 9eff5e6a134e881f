"""kill -9 in the middle of writing: what was acknowledged stays, and nothing is half-done."""

from __future__ import annotations

import random
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from sqlalchemy import func, select

from portal.db import events
from portal.db.engine import build_engines
from portal.db.events import Entry
from portal.db.outbox import Letter
from portal.deals.models import Customer, Deal, Judgement, Protection
from portal.deals.rules.lifecycle import DealState
from portal.web.services import Services
from tests.people import assemble
from tests.proofs.rivalry import approve_what_is_clear, found_rivals

WRITERS = 2
LIFE = (40, 250)
"""A writer is killed after so many acknowledgements, drawn from this range."""
BREATH = 0.03
"""Seconds, at most, between the last one that was read and the kill."""


@pytest.fixture
def durable(server, engines, services, tmp_path) -> Iterator[tuple[str, Services]]:
    """The test's database as production opens it: an acknowledged commit is on the disk."""
    url = engines.write.url.render_as_string(hide_password=False)
    if server.name == "sqlite":
        engines.dispose()
        url = f"sqlite:///{shutil.copy(tmp_path / 'test.db', tmp_path / 'durable.db')}"
    safe = build_engines(url)
    yield (
        url,
        Services(
            services.config,
            safe,
            services.clock,
            services.new_ref,
            services.new_token,
            services.wiring,
        ),
    )
    safe.dispose()


@contextmanager
def writer(url: str, number: int) -> Iterator[subprocess.Popen[str]]:
    command = (sys.executable, "-m", "tests.proofs.writing", url, str(number))
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            yield process
        finally:
            process.kill()


def killed_writers(url: str, *, writes: int, seed: int) -> tuple[list[str], int]:
    """Acknowledged references, and how often a writer was killed to get so many."""
    draw = random.Random(seed)
    acknowledged: list[str] = []
    kills = 0
    while len(acknowledged) < writes:
        with writer(url, kills) as one, writer(url, kills + 1) as other:
            acknowledged += [next_of(one) for _ in range(draw.randrange(*LIFE))]
            for process in (one, other):
                time.sleep(draw.uniform(0, BREATH))
                process.kill()
            for process in (one, other):
                assert process.stdout is not None
                acknowledged += process.stdout.read().split()
        kills += WRITERS
    return acknowledged, kills


def next_of(writing: subprocess.Popen[str]) -> str:
    assert writing.stdout is not None
    ref = writing.stdout.readline().strip()
    assert ref, "a writer ended by itself"
    return ref


def test_kill_minus_nine_loses_nothing_acknowledged_and_leaves_nothing_half_done(
    durable, server, proof
):
    url, services = durable
    writes = proof.rounds(commit=1_000, full=20_000)
    assemble(services.engines.write)
    found_rivals(services, WRITERS)
    approve_what_is_clear(services)
    acknowledged, kills = killed_writers(url, writes=writes, seed=writes)
    nothing_is_lost(services, acknowledged)
    nothing_is_half_done(services)
    proof.report(
        f"{server.name}: {len(acknowledged):,} acknowledged, {kills} times killed, 0 lost, 0 half"
    )


def nothing_is_lost(services: Services, acknowledged: list[str]) -> None:
    with services.system_session(writes=False) as db:
        found = set(db.scalars(select(Deal.ref).where(Deal.received_at.is_not(None))))
    assert not set(acknowledged) - found
    assert len(set(acknowledged)) == len(acknowledged)


def nothing_is_half_done(services: Services) -> None:
    """No deal without its events and letters, none of these without its deal; the log holds."""
    with services.system_session(writes=False) as db:
        deals = dict(db.execute(select(Deal.id, Deal.ref)).all())
        submitted = list(db.scalars(select(Entry.subject_id).where(Entry.kind == "deal.submitted")))
        assert sorted(submitted) == sorted(deals)
        assert db.scalar(select(func.count()).where(Deal.state == DealState.DRAFT)) == 0
        judged = set(db.scalars(select(Judgement.deal_id)))
        assert judged == set(
            db.scalars(select(Entry.subject_id).where(Entry.kind == "deal.judged"))
        )
        approved = set(db.scalars(select(Deal.id).where(Deal.state == DealState.APPROVED)))
        assert approved == judged == set(db.scalars(select(Protection.deal_id)))
        assert set(db.scalars(select(Deal.customer_id).where(Deal.id.in_(approved)))) == set(
            db.scalars(select(Customer.id))
        )
        letters = db.execute(select(Letter.template, func.count()).group_by(Letter.template)).all()
    counted = dict(letters)
    assert counted["deals/registered"] == len(deals)
    assert counted["deals/approved"] == len(approved)
    with services.engines.snapshot() as connection:
        verdict = events.verify(connection)
    assert verdict.broken_at is None, verdict.why
