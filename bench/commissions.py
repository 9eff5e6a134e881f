"""A commission run against its limit: reading the lines and writing the ledger rows, nothing else.

    python -m bench.commissions [lines]

One plan for each tier with marginal bands by quarter, an accelerator by quota, and for one tier in
ten a 90/10 split.  Limit and run alternate; CPU time of this process is compared.
"""

from __future__ import annotations

import random
import resource
import sqlite3
import statistics
import sys
import tempfile
import time
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path

from portal.commissions.rules.engine import Engine
from portal.commissions.rules.facts import Context, Event, Kind, Partner, Product
from portal.commissions.rules.fast import Kernel, Posting, Sale
from portal.commissions.rules.plan import Plan
from portal.commissions.rules.plan_reading import plan_from

PARTNERS, PRODUCTS, ROUNDS = 500, 40, 3
TIERS = ("gold", "silver", "bronze", "split")
READ = "select id, partner, day, product, amount from line order by rowid"
WRITE = "insert into ledger values (?, ?, ?, ?, ?, ?, ?, ?, ?)"


def plan(tier: str, version: int) -> Plan:
    first = Decimal(TIERS.index(tier) + version)
    valid = {"to": "2026-07-01"} if version == 1 else {"from": "2026-07-01"}
    rule = {
        "id": "base",
        "earned_on": "invoiced",
        "bands": {
            "over": "quarter",
            "steps": [
                {"to": "10000", "percent": str(first)},
                {"to": "50000", "percent": str(first + Decimal("1.5"))},
                {"to": "200000", "percent": str(first + 3)},
                {"percent": str(first + 5)},
            ],
        },
        "accelerator": {
            "over": "quarter",
            "steps": [{"at": "100", "add": "1"}, {"at": "125", "add": "2.25"}],
        },
    }
    if tier == "split":
        rule["split"] = [{"to": "partner", "percent": "90"}, {"to": "p0", "percent": "10"}]
    return plan_from(
        {
            "plan": tier,
            "version": version,
            "currency": "EUR",
            "valid": valid,
            "applies_to": {"tiers": [tier]},
            "rules": [rule],
        }
    )


def world() -> tuple[list[Plan], Context]:
    plans = [plan(tier, version) for tier in TIERS for version in (1, 2)]
    tiers = [TIERS[3] if n % 10 == 1 else TIERS[n % 3] for n in range(PARTNERS)]
    partners = {f"p{n}": Partner(f"p{n}", tiers=((None, tier),)) for n, tier in enumerate(tiers)}
    quotas = {
        (partner, f"2026-Q{quarter}", ""): Decimal(150_000)
        for partner in partners
        for quarter in (1, 2, 3, 4)
    }
    products = {f"sku-{n}": Product(line=f"line-{n % 4}") for n in range(PRODUCTS)}
    return plans, Context(partners=partners, products=products, quotas=quotas)


def sales(lines: int) -> Iterable[Sale]:
    draw = random.Random(7)
    for n in range(lines):
        day = n * 365 // lines
        month, within = divmod(day, 31)
        yield (
            f"L{n}",
            f"p{draw.randrange(PARTNERS)}",
            f"2026-{month + 1:02}-{min(within, 27) + 1:02}",
            f"sku-{draw.randrange(PRODUCTS)}",
            draw.randrange(1_000, 50_000_000 // max(1, lines // 1_000)),
        )


def limit(db: sqlite3.Connection) -> None:
    """Every line is read and one row written for it, as wide as the run's."""
    _write(
        db,
        (
            (ref, partner, amount, "gold", 1, "base", 0, "EUR", amount)
            for ref, partner, _, _, amount in db.execute(READ)
        ),
    )


def run(db: sqlite3.Connection) -> None:
    kernel = Kernel(*world(), kind=Kind.INVOICED, currency="EUR")
    _write(
        db,
        (
            (ref, party, minor, how.plan.plan, how.plan.version, rule, place, "EUR", before[0])
            for ref, party, minor, rule, place, how, before in kernel.run(db.execute(READ))
        ),
    )


def differences(lines: list[Sale]) -> int:
    """Lines on which the run and the explained engine disagree."""
    kernel = Kernel(*world(), kind=Kind.INVOICED, currency="EUR")
    engine = Engine(*world())
    fast = [posting[:5] for posting in kernel.run(lines)]
    explained = [line for sale in lines for line in engine.take(event_of(sale))]
    slow = [(line.event, line.partner, line.amount.minor, line.rule) for line in explained]
    return sum(a[:4] != b for a, b in zip(fast, slow, strict=True))


def event_of(sale: Sale) -> Event:
    ref, partner, day, product, amount = sale
    on = date.fromisoformat(day)
    return Event(ref, Kind.INVOICED, partner, on, "EUR", amount, product=product)


def in_memory(lines: list[Sale]) -> tuple[float, int, int]:
    kernel = Kernel(*world(), kind=Kind.INVOICED, currency="EUR")
    started = time.process_time()
    count = total = 0
    posting: Posting
    for posting in kernel.run(lines):
        count += 1
        total += posting[2]
    return time.process_time() - started, count, total


def _write(db: sqlite3.Connection, rows: Iterable[tuple[object, ...]]) -> None:
    db.execute("delete from ledger")
    db.commit()
    db.executemany(WRITE, rows)
    db.commit()


def timed(work, db: sqlite3.Connection) -> float:
    started = time.process_time()
    work(db)
    return time.process_time() - started


def main(lines: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        db = sqlite3.connect(Path(folder) / "bench.sqlite")
        db.execute("create table line (id text, partner text, day text, product text, amount int)")
        db.execute(
            "create table ledger (line text, partner text, amount int, plan text, version int, "
            "rule text, place int, currency text, total_before int)"
        )
        db.executemany("insert into line values (?, ?, ?, ?, ?)", sales(lines))
        db.commit()
        pairs = [(timed(limit, db), timed(run, db)) for _ in range(ROUNDS)]
        rows, total = db.execute("select count(*), sum(amount) from ledger").fetchone()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    ratio = statistics.median(at_limit / at_run for at_limit, at_run in pairs)
    per_line = [statistics.median(times) / lines * 1e6 for times in zip(*pairs, strict=True)]
    print(f"{lines:,} lines, {rows:,} ledger rows, {total:,} minor units")
    print(f"limit {per_line[0]:.2f} us/line, run {per_line[1]:.2f} us/line, {ratio:.2f}x of limit")
    print(f"peak memory {peak} MB")
    alone, count, _ = in_memory(list(sales(min(lines, 200_000))))
    print(f"differences to the explained engine on 5,000 lines: {differences(list(sales(5_000)))}")
    print(f"in memory {alone / min(lines, 200_000) * 1e6:.2f} us/line, {count:,} postings")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 1_000_000)
