"""Plans as documents: what is read, what is refused and how exactly that is said."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from portal.commissions.rules import plan as plans
from portal.commissions.rules.documents import Unreadable, from_json, from_yaml, to_yaml
from portal.commissions.rules.plan_reading import plan_from, plan_to_data
from portal.commissions.rules.published import plan_schema_text

PUBLISHED = Path(plans.__file__).with_name("plan.schema.json")


def plan(**changes: Any) -> dict[str, Any]:
    rule = {"id": "base", "earned_on": "won", "percent": "5"}
    return {"plan": "p", "version": 1, "currency": "EUR", "rules": [rule], **changes}


def ruled(**rule: Any) -> dict[str, Any]:
    return plan(rules=[{"id": "base", "earned_on": "won", **rule}])


def problems(data: object) -> list[str]:
    with pytest.raises(Unreadable) as caught:
        plan_from(data)
    return [str(problem) for problem in caught.value.problems]


def bands(*steps: dict[str, str], **more: Any) -> dict[str, Any]:
    return ruled(bands={"over": "deal", "steps": list(steps), **more})


def test_the_published_schema_is_the_one_of_the_dataclasses():
    assert PUBLISHED.read_text() == plan_schema_text(), "write plan_schema_text() to the file"


def test_the_published_schema_is_a_schema_and_takes_a_plan():
    schema = json.loads(PUBLISHED.read_text())
    jsonschema.Draft202012Validator.check_schema(schema)
    validator = jsonschema.Draft202012Validator(schema)
    assert validator.is_valid(plan())
    assert not validator.is_valid(plan(versoin=2))
    assert validator.is_valid(plan_to_data(plan_from(plan())))


def test_a_plan_written_as_yaml_reads_back_the_same():
    first = plan_from(
        bands({"to": "10000", "percent": "5.50"}, {"percent": "10 %"}) | {"hold_days": 30}
    )
    assert plan_from(from_yaml(to_yaml(plan_to_data(first)))) == first


def test_a_misspelt_field_is_named_with_its_path_and_a_guess():
    assert problems(ruled(persent="5")) == ["rules[0].persent: is not a field here; 'percent' is"]


def test_every_problem_is_named_at_once():
    assert problems(plan(version="x", currency=None)) == [
        "version: 'x' is not a whole number",
        "currency: is empty",
    ]


@pytest.mark.parametrize(
    ("data", "problem"),
    [
        (
            bands({"from": "1", "to": "100", "percent": "10"}, {"from": "100", "percent": "20"}),
            "rules[0].bands.steps[0].from: nothing covers 0 up to 1; start at 0",
        ),
        (
            bands({"to": "100", "percent": "10"}, {"from": "101", "percent": "20"}),
            (
                "rules[0].bands.steps[1].from: nothing covers 100 up to 101; "
                "write `to: 101` in the band before"
            ),
        ),
        (
            bands({"to": "100", "percent": "10"}, {"from": "90", "percent": "20"}),
            "rules[0].bands.steps[1].from: 90 up to 100 is covered twice",
        ),
        (
            bands({"to": "100", "percent": "10"}),
            "rules[0].bands.above: nothing covers 100 and above; say what is paid there",
        ),
        (
            bands({"percent": "10"}, above={"percent": "5"}),
            "rules[0].bands.above: the last band has no end, so nothing lies above it",
        ),
        (
            bands({"percent": "10"}, {"percent": "20"}),
            "rules[0].bands.steps[1].from: is missing, and the band before names no `to`",
        ),
        (
            bands({"percent": "10", "amount": "5"}),
            "rules[0].bands.steps[0]: give one of percent, amount, per_unit; has 2",
        ),
        (
            ruled(percent="5", flat={"amount": "5"}),
            (
                "rules[0].percent: give one of flat, percent, bands, growth, recurring, "
                "price_support; has flat and percent"
            ),
        ),
        (
            ruled(
                percent="5",
                split=[{"to": "a", "percent": "50"}, {"to": "b", "percent": "49.99"}],
            ),
            "rules[0].split: adds up to 99.99 %, not 100 %",
        ),
        (
            ruled(percent="5", split=[{"to": "a", "parts": "1"}, {"to": "a", "parts": "1"}]),
            "rules[0].split[1].to: 'a' stands twice",
        ),
        (
            ruled(percent="5", caps=[{"amount": "10.001"}]),
            "rules[0].caps[0].amount: 10.001: EUR has 2 decimals",
        ),
        (
            ruled(percent="5", base="units"),
            "rules[0].percent: units have no percent; give flat with per: unit",
        ),
        (
            ruled(percent="5", base="commission"),
            "rules[0].base: commission is a base for rules with to: distributor only",
        ),
        (
            ruled(recurring={"steps": [{"from_month": "2", "percent": "5"}]}),
            "rules[0].recurring.steps[0].from_month: nothing covers month 1 up to 2",
        ),
        (
            ruled(percent="5", accelerator={"over": "deal", "gate": {"at": "50"}}),
            "rules[0].accelerator.over: a quota runs over a period, not a deal",
        ),
        (
            plan(currency="any", minimum_payout="5"),
            "minimum_payout: a plan in any currency has percentages only, and only by deal",
        ),
        (plan(currency="EURO"), "currency: 'EURO' is not a currency code such as EUR"),
        (
            plan(valid={"from": "2026-02-01", "to": "2026-02-01"}),
            "valid.to: 2026-02-01 is not after 2026-02-01",
        ),
        (ruled(percent="-1"), "rules[0].percent: -1 is not between 0 and 1000"),
        (
            ruled(percent="1e2"),
            "rules[0].percent: '1e2' is not a number written like 12500.00, without grouping",
        ),
        (
            plan(valid={"from": "2026-02-30"}),
            "valid.from: '2026-02-30' is not a day written like 2026-01-31",
        ),
    ],
)
def test_a_plan_that_cannot_be_meant_is_refused_and_says_where(data, problem):
    assert problems(data) == [problem]


def test_a_binary_fraction_is_refused_because_it_is_not_what_was_written():
    (problem,) = problems(ruled(percent=5.1))
    assert "binary fraction" in problem


def test_json_numbers_keep_the_digits_that_were_written():
    data = from_json(json.dumps(plan()).replace('"5"', "1.150"))
    assert str(plan_from(data).rules[0].percent) == "1.150"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("a: 1\na: 2", "'a' stands twice (line 2)"),
        ("a: [", "not YAML"),
        ("[" * 100_000, "nested too deeply"),
        ("a: !!python/object/apply:os.system [ls]", "is not a field here"),
    ],
)
def test_yaml_that_plays_tricks_is_refused(text, words):
    with pytest.raises(Unreadable) as caught:
        plan_from(from_yaml(text))
    assert words in caught.value.message


def test_yaml_whose_aliases_multiply_is_refused():
    levels = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    levels += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 8)]
    with pytest.raises(Unreadable, match="more than 1,000,000 values"):
        from_yaml("\n".join(levels))


@pytest.mark.parametrize("text", ['{"a": 1, "a": 2}', '{"a": NaN}', "[" * 100_000])
def test_json_that_plays_tricks_is_refused(text):
    with pytest.raises(Unreadable):
        from_json(text)
