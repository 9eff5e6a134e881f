"""Matching of end customers: quality on the labelled pairs, and a check against many customers.

    python -m bench.matching [CUSTOMERS] [--mistakes]

The check is the whole of it: taking the name apart, exact and blocking keys, candidates from the
table of keys, and the score of each.  Its peer compares the name with every other by rapidfuzz.
"""

from __future__ import annotations

import random
import sqlite3
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from rapidfuzz import fuzz, process

from bench.companies import CHANGES, Company, company
from bench.matching_quality import print_quality
from portal.deals.rules.matching import (
    COMMON,
    EndCustomer,
    Profile,
    Verdict,
    compare,
    exact_keys,
    keys,
    likeliest,
    profile_of,
)

SEED = 1
QUERIES_OF_EACH_KIND = 200
NEW_COMPANIES = 440
BRUTE_QUERIES = 100
FREQUENT = 300
CANDIDATES = 60
COMPARED = 12
SHOWN = 10
BATCH = 10_000
TABLES = """
create table customer (id integer primary key, profile text not null);
create table staged (k integer, customer_id integer);
create table customer_key (
    k bigint, customer_id bigint, primary key (k, customer_id)
) without rowid;
"""


@dataclass(frozen=True, slots=True)
class Market:
    """The customers on record and the words too frequent among them to find one by."""

    db: sqlite3.Connection
    common: frozenset[str]
    companies: list[Company]
    compacts: list[str]


class Took(NamedTuple):
    """Milliseconds on the clock, and of work; the clock also counts the work of neighbours."""

    wall: float
    cpu: float


def build(path: Path, count: int) -> Market:
    rng = random.Random(SEED)
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript("pragma journal_mode = off; pragma synchronous = off;" + TABLES)
    db.execute("pragma cache_size = -400000")
    companies = list(dict.fromkeys(company(rng) for _ in range(count)))
    words = Counter(word for one in companies for word in profile_of(one.customer()).name.words)
    common = COMMON | {word for word, uses in words.items() if uses > FREQUENT}
    compacts: list[str] = []
    db.execute("begin")
    for start in range(0, len(companies), BATCH):
        profiles = [profile_of(one.customer()) for one in companies[start : start + BATCH]]
        compacts += [profile.name.compact for profile in profiles]
        numbered = list(enumerate(profiles, start))
        rows = ((number, profile.pack()) for number, profile in numbered)
        db.executemany("insert into customer values (?, ?)", rows)
        db.executemany("insert into staged values (?, ?)", _key_rows(numbered, common))
    db.execute("insert into customer_key select k, customer_id from staged order by 1, 2")
    db.execute("drop table staged")
    db.execute("commit")
    db.execute("analyze")
    return Market(db, common, companies, compacts)


def _key_rows(
    numbered: list[tuple[int, Profile]], common: frozenset[str]
) -> Iterator[tuple[int, int]]:
    for number, profile in numbered:
        for key in {*keys(profile, common=common), *exact_keys(profile)}:
            yield key, number


def check(market: Market, customer: EndCustomer) -> list[int]:
    """The customers on record that it may be, likeliest first."""
    profile = profile_of(customer)
    wanted = [*keys(profile, common=market.common), *exact_keys(profile)]
    marks = ",".join("?" * len(wanted))
    candidates = market.db.execute(
        f"select customer_id from customer_key where k in ({marks}) "
        f"group by customer_id order by count(*) desc, customer_id limit {CANDIDATES}",
        wanted,
    ).fetchall()
    marks = ",".join("?" * len(candidates))
    found = market.db.execute(
        f"select id, profile from customer where id in ({marks})", [row[0] for row in candidates]
    )
    numbers, profiles = [], []
    for number, packed in found:
        numbers.append(number)
        profiles.append(Profile.unpack(packed))
    places = likeliest(profile, profiles, most=COMPARED)
    matches = [(compare(profile, profiles[place]), numbers[place]) for place in places]
    alerts = [(-m.score, number) for m, number in matches if m.verdict is not Verdict.DIFFERENT]
    return [number for _, number in sorted(alerts)[:SHOWN]]


def timed_check(market: Market, customer: EndCustomer) -> tuple[list[int], Took]:
    wall, cpu = time.perf_counter(), time.process_time()
    found = check(market, customer)
    return found, Took((time.perf_counter() - wall) * 1000, (time.process_time() - cpu) * 1000)


def print_recall(market: Market, rng: random.Random) -> list[Took]:
    """A hit is the altered company itself, or one whose name without legal form is the same."""
    times, rates = [], []
    alerts = 0
    for kind, change in CHANGES.items():
        hits = 0
        for _ in range(QUERIES_OF_EACH_KIND):
            number = rng.randrange(len(market.companies))
            while kind == "domain only" and not market.companies[number].domain:
                number = rng.randrange(len(market.companies))
            altered = change(rng, market.companies[number]).customer()
            found, took = timed_check(market, altered)
            names = {market.compacts[other] for other in found}
            hits += number in found or market.compacts[number] in names
            alerts += len(found)
            times.append(took)
        rates.append(hits / QUERIES_OF_EACH_KIND)
        print(f"  recall, {kind:<22} {rates[-1]:.3f}")
    print(f"  recall of all kinds            {statistics.mean(rates):.3f}")
    print(f"  alerts per altered company     {alerts / len(times):.2f}")
    return times


def new_companies(market: Market, rng: random.Random) -> Iterator[Company]:
    names = set(market.compacts)
    made = 0
    while made < NEW_COMPANIES:
        one = company(rng)
        if profile_of(one.customer()).name.compact not in names:
            made += 1
            yield one


def print_speed(unit: str, times: list[float]) -> None:
    ordered = sorted(times)
    late = ordered[int(len(ordered) * 0.99)]
    print(f"  check, {unit}: p50 {statistics.median(times):.2f} ms, p99 {late:.2f} ms")


def brute_force(market: Market, rng: random.Random) -> list[float]:
    """Milliseconds of work to compare one compact name with all by rapidfuzz alone."""
    times = []
    for _ in range(BRUTE_QUERIES):
        wanted = profile_of(company(rng).customer()).name.compact
        started = time.process_time()
        process.extract(wanted, market.compacts, scorer=fuzz.ratio, processor=None, limit=SHOWN)
        times.append((time.process_time() - started) * 1000)
    return times


def main(count: int, *, mistakes: bool) -> None:
    print_quality(mistakes=mistakes)
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "customers.sqlite"
        started = time.perf_counter()
        market = build(path, count)
        rows = market.db.execute("select count(*) from customer_key").fetchone()[0]
        print(f"{len(market.companies):,} customers, {rows:,} keys, {path.stat().st_size >> 20} MB")
        print(f"  built in {time.perf_counter() - started:.0f} s")
        rng = random.Random(SEED + 1)
        times = print_recall(market, rng)
        alerts = 0
        for one in new_companies(market, rng):
            found, took = timed_check(market, one.customer())
            alerts += len(found)
            times.append(took)
        print(f"  alerts per new company         {alerts / NEW_COMPANIES:.2f}")
        print_speed("wall", [took.wall for took in times])
        print_speed("work", [took.cpu for took in times])
        brute = statistics.median(brute_force(market, rng))
        ratio = brute / statistics.median(took.cpu for took in times)
        print(f"  rapidfuzz over all names: {brute:.1f} ms of work, {ratio:.0f} times the check")


if __name__ == "__main__":
    numbers = [int(word) for word in sys.argv[1:] if word.isdigit()]
    main(numbers[0] if numbers else 1_000_000, mistakes="--mistakes" in sys.argv)
