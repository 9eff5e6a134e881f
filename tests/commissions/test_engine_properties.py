"""What must hold for every plan and every order of events."""

from __future__ import annotations

import json
from datetime import date
from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from portal.commissions.rules import curves
from portal.commissions.rules.engine import Engine, run
from portal.commissions.rules.facts import Context, Event, Kind
from portal.commissions.rules.fast import Kernel
from portal.commissions.rules.plan import Mode
from portal.commissions.rules.plan_reading import plan_from
from portal.commissions.rules.replay import replay
from tests.commissions.oracle import Oracle

PARTNERS = ("alder", "birch")
percents = st.decimals(0, 40, places=2).map(str)
levels = st.lists(st.integers(1, 400), min_size=1, max_size=4, unique=True).map(sorted)
sales = st.lists(
    st.tuples(
        st.sampled_from(PARTNERS),
        st.sampled_from(["2026-01-05", "2026-03-31", "2026-04-01", "2026-12-31"]),
        st.integers(0, 30_000),
    ),
    max_size=12,
)


@st.composite
def banded(draw):
    bounds = draw(levels)
    steps = [{"to": str(bound), "percent": draw(percents)} for bound in bounds]
    steps.append({"percent": draw(percents)})
    over = draw(st.sampled_from(["deal", "quarter"]))
    return {
        "bands": {
            "over": over,
            "mode": draw(st.sampled_from(["marginal", "whole"])),
            "steps": steps,
        }
    }


@st.composite
def accelerated(draw):
    at = draw(st.lists(st.integers(10, 200), min_size=0, max_size=3, unique=True).map(sorted))
    ways = st.sampled_from(["add", "times"])
    steps = [{"at": str(each), draw(ways): str(draw(st.integers(0, 3)))} for each in at]
    found = {"over": "quarter", "target": str(draw(st.integers(1, 300))), "steps": steps}
    if not steps or draw(st.booleans()):
        found["gate"] = {"at": str(draw(st.integers(0, 120)))}
    return found


@st.composite
def plans(draw):
    rule = {"id": "base", "earned_on": ["won"]}
    rule |= draw(st.one_of(banded(), percents.map(lambda percent: {"percent": percent})))
    if rule.get("bands", {}).get("mode") != "whole" and draw(st.booleans()):
        rule["accelerator"] = draw(accelerated())
    if draw(st.booleans()):
        per = draw(st.sampled_from(["deal", "quarter"]))
        rule["caps"] = [{"amount": str(draw(st.integers(0, 60))), "per": per}]
    if draw(st.booleans()):
        parts = draw(st.lists(st.integers(1, 9), min_size=2, max_size=4))
        rule["split"] = [{"to": f"s{i}", "parts": str(part)} for i, part in enumerate(parts)]
    return {"plan": "p", "version": 1, "currency": "EUR", "rules": [rule]}


def events_of(found) -> list[Event]:
    return [
        Event(f"e{i}", Kind.WON, partner, date.fromisoformat(day), "EUR", amount)
        for i, (partner, day, amount) in enumerate(found)
    ]


@given(plans(), sales)
def test_the_engine_agrees_with_a_naive_second_computation(document, found):
    oracle = Oracle(document)
    expected = [part for sale in found for part in oracle.earn(*sale)]
    outcome = run([plan_from(document)], events_of(found), Context())
    assert outcome.refusals == ()
    assert [line.amount.minor for line in outcome.lines] == expected


@given(plans(), sales)
def test_the_fast_way_earns_what_the_explained_way_earns(document, found):
    plan = plan_from(document)
    kernel = Kernel([plan], Context(), kind=Kind.WON, currency="EUR")
    rows = [(f"e{i}", partner, day, "", amount) for i, (partner, day, amount) in enumerate(found)]
    postings = [(row, posting) for row in rows for posting in kernel.run([row])]
    lines = run([plan], events_of(found), Context()).lines
    assert [(p[0], p[1], p[2], p[3]) for _, p in postings] == [
        (line.event, line.partner, line.amount.minor, line.rule) for line in lines
    ]
    if not plan.rules[0].caps:
        assert [kernel.line(row, posting) for row, posting in postings] == list(lines)


@given(plans(), sales)
def test_every_line_is_replayed_from_plain_data_to_the_same_cent(document, found):
    plan = plan_from(document)
    for line in run([plan], events_of(found), Context()).lines:
        stored = json.loads(json.dumps(line.snapshot))
        assert replay(stored, plan, line.rule) == line.amount.minor
        assert json.loads(json.dumps(line.explanation.to_data()))


@given(plans(), sales, st.lists(st.integers(1, 20_000), max_size=5))
def test_whatever_is_refunded_in_pieces_the_whole_is_the_exact_negation(document, found, pieces):
    engine = Engine([plan_from(document)], Context())
    earned: dict[tuple[str, str], int] = {}
    for event in events_of(found):
        lines = engine.take(event)
        for i, piece in enumerate(pieces):
            if sum(pieces[: i + 1]) < event.amount:
                lines += engine.take(refund(event, i, piece))
        lines += engine.take(refund(event, 99, 0))
        for line in lines:
            key = (line.of, line.partner)
            earned[key] = earned.get(key, 0) + line.amount.minor
    assert not any(earned.values())


def refund(event: Event, number: int, amount: int) -> Event:
    ref = f"{event.id}-r{number}"
    return Event(ref, Kind.REFUND, event.partner, event.day, "EUR", amount, of=event.id)


@given(plans(), st.integers(1, 90_000), st.lists(st.integers(1, 30_000), max_size=5))
def test_payments_in_any_pieces_add_up_to_the_whole_commission(document, amount, pieces):
    document["rules"][0]["earned_on"] = ["paid"]
    plan = plan_from(document)
    whole = Event("i", Kind.PAID, "alder", date(2026, 1, 5), "EUR", amount)
    invoice = Event("i", Kind.INVOICED, "alder", date(2026, 1, 5), "EUR", amount)
    engine = Engine([plan], Context())
    lines = engine.take(invoice)
    for i, piece in enumerate([*pieces, 0]):
        if sum(pieces[: i + 1]) < amount or piece == 0:
            paid = Event(f"p{i}", Kind.PAID, "alder", date(2026, 2, 5), "EUR", piece, of="i")
            lines += engine.take(paid)
    at_once = Engine([plan], Context()).take(whole)
    for line in at_once:
        parts = [each.amount.minor for each in lines if each.partner == line.partner]
        assert sum(parts) == line.amount.minor


@given(plans(), sales)
def test_taking_everything_twice_changes_nothing(document, found):
    events = events_of(found)
    once = run([plan_from(document)], events, Context())
    twice = run([plan_from(document)], [*events, *events], Context())
    assert twice == once


rates = st.fractions(0, 1, max_denominator=1000)
totals = st.fractions(0, 1000, max_denominator=7)
bounds = st.lists(totals.filter(bool), max_size=4, unique=True).map(sorted)


@given(bounds, st.lists(rates, min_size=5, max_size=5), totals, totals)
def test_marginal_bands_rise_without_a_jump(lowers, found, one, other):
    curve = curves.banded(
        [(lower, found[i], Fraction(0)) for i, lower in enumerate([Fraction(0), *lowers])],
        Mode.MARGINAL,
    )
    low, high = sorted((one, other))
    assert 0 <= curve.value(high) - curve.value(low) <= (high - low) * max(found)
    assert not any(step.is_jump for step in curve.walk(low, high))


@given(bounds, st.lists(rates, min_size=5, max_size=5), totals, totals, st.sampled_from(Mode))
def test_the_steps_of_a_walk_add_up_to_what_is_earned(lowers, found, one, other, mode):
    curve = curves.banded(
        [(lower, found[i], found[-i]) for i, lower in enumerate([Fraction(0), *lowers])], mode
    )
    low, high = sorted((one, other))
    earned = sum(step.earned for step in curve.walk(low, high))
    assert earned == curve.value(high) - curve.value(low)
