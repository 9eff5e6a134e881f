"""Rivals for one customer at the same moment: one winner, by place, on both databases."""

from __future__ import annotations

import threading
import time
from concurrent.futures import ThreadPoolExecutor, wait

from sqlalchemy.orm import Session

from portal.db import events
from portal.deals.actions import decisions, drafts, intake, judging
from portal.deals.actions.decisions import Approve
from portal.deals.jobs import judge_due
from portal.deals.queries import judging as queries
from portal.kernel.errors import PortalError
from tests.deals.registering import register
from tests.proofs.rivalry import (
    PATIENCE,
    approve_what_is_clear,
    at_once,
    contest,
    found_rivals,
    outcome,
    wanted,
)

AT_ONCE = 1.0
"""Seconds within which an act that waits for nobody is done, on a busy machine too."""


def log_holds(services) -> None:
    with services.engines.snapshot() as connection:
        assert events.verify(connection).broken_at is None


def test_of_two_rivals_at_once_the_one_with_the_lower_place_wins(services, cast, server, proof):
    rounds = proof.rounds(commit=300, full=10_000)
    rivals = found_rivals(services, 2)
    approve_what_is_clear(services)
    began = time.monotonic()
    contest(services, cast, rivals, rounds=rounds, judges=2)
    outcome(services, rounds=rounds, rivals=2)
    log_holds(services)
    took = time.monotonic() - began
    proof.report(f"{server.name}: {rounds:,} rounds, one winner each, {took:.0f} s")


def test_of_eight_rivals_at_once_one_wins(services, cast, server, proof):
    rounds = proof.rounds(commit=20, full=2_000)
    rivals = found_rivals(services, 8)
    approve_what_is_clear(services)
    contest(services, cast, rivals, rounds=rounds, judges=2)
    outcome(services, rounds=rounds, rivals=8)
    proof.report(f"{server.name}: {rounds:,} rounds of eight, one winner each")


def test_two_people_who_approve_two_rivals_at_once_make_one_winner(services, cast, server, proof):
    rounds = proof.rounds(commit=30, full=1_000)
    rivals = found_rivals(services, 2)
    start = threading.Barrier(2)

    def approve(somebody, ref) -> None:
        start.wait(PATIENCE)
        with services.viewer_session(somebody.viewer, writes=True) as db:
            try:
                decisions.approve(db, ref, Approve(version=None), now=services.clock())
                db.commit()
            except PortalError:
                db.rollback()

    for number in range(rounds):
        claims = [register(services, rival, wanted(cast, number)) for rival in rivals]
        judge_due(services, services.clock())
        with ThreadPoolExecutor(2) as pool:
            at_once(
                pool,
                [
                    lambda: approve(cast.ada, claims[0]),  # noqa: B023 (used within the round)
                    lambda: approve(cast.ada, claims[1]),  # noqa: B023
                ],
            )
    judge_due(services, services.clock())
    outcome(services, rounds=rounds, rivals=2)
    proof.report(f"{server.name}: {rounds:,} rounds, never two protected")


def test_intake_waits_for_no_rivals_open_transaction(services, cast, server):
    """A registers while B holds an uncommitted claim on the same customer, then on another.

    SQLite's writers take turns whatever they write, so there A waits in both cases alike.
    """
    mine, rival = found_rivals(services, 2)
    waited = {}
    for customer, theirs in (("same", 1), ("other", 2)):
        with services.viewer_session(rival.viewer, writes=True) as held:
            deal = drafts.save(held, wanted(cast, theirs), now=services.clock())
            intake.submit(held, deal.ref, version=deal.version, now=services.clock())
            waited[customer] = _waits(services, mine, wanted(cast, len(waited) * 10 + 1), held)
    assert waited["same"] == waited["other"] == (server.name == "sqlite")


def test_intake_does_not_wait_while_its_customer_is_judged(services, cast, server):
    mine, rival = found_rivals(services, 2)
    ref = register(services, rival, wanted(cast, 1))
    with services.system_session() as held:
        judging.judge_claim(held, queries.id_of(held, ref), now=services.clock())
        waited = _waits(services, mine, wanted(cast, 1), held)
    assert waited == (server.name == "sqlite")


def _waits(services, somebody, command, held: Session) -> bool:
    """Whether somebody's registration is still waiting after a while; then `held` commits."""
    with ThreadPoolExecutor(1) as pool:
        registering = pool.submit(register, services, somebody, command)
        done, _ = wait([registering], AT_ONCE)
        held.commit()
        registering.result(PATIENCE)
    return not done
