"""`flask commissions check`: what it prints, and how it ends."""

from __future__ import annotations

from click.testing import CliRunner

from portal.commissions.cli import commissions_cli

GOOD = """
name: a tenth
plan: {plan: p, version: 1, currency: EUR, rules: {id: base, earned_on: won, percent: 10}}
events: {kind: won, date: 2026-01-05, partner: alder, amount: 1000}
expect: {lines: {event: e1, partner: alder, amount: 100.00}}
"""


def run(tmp_path, text: str, name: str = "case.yaml"):
    file = tmp_path / name
    file.write_text(text)
    return CliRunner().invoke(commissions_cli, ["check", str(file)])


def test_cases_that_come_out_end_well(tmp_path):
    result = run(tmp_path, GOOD)
    assert result.exit_code == 0
    assert "ok         a tenth" in result.output
    assert "1 cases, 0 not as expected." in result.output


def test_a_difference_of_a_cent_is_printed_and_fails(tmp_path):
    result = run(tmp_path, GOOD.replace("100.00", "100.01"))
    assert result.exit_code == 1
    assert "e1, alder: expected 100.01, got 100.00 EUR (off by -0.01)." in result.output


def test_an_unreadable_plan_names_file_case_and_path(tmp_path):
    result = run(tmp_path, GOOD.replace("percent: 10", "percent: ten"))
    assert result.exit_code == 1
    assert "case.yaml" in result.output
    assert "UNREADABLE a tenth" in result.output
    assert "plans[0].rules.percent: 'ten' is not a number" in result.output


def test_one_unreadable_case_does_not_hide_the_others(tmp_path):
    cases = "cases:\n" + "".join(
        "- " + text.strip().replace("\n", "\n  ") + "\n"
        for text in (GOOD.replace("kind: won", "kind: lost"), GOOD)
    )
    result = run(tmp_path, cases)
    assert result.exit_code == 1
    assert "cases[0].events.kind: 'lost' is not one of won" in result.output
    assert "ok         a tenth" in result.output


def test_a_missing_file_fails_and_is_named(tmp_path):
    result = CliRunner().invoke(commissions_cli, ["check", str(tmp_path / "none.yaml")])
    assert result.exit_code == 1
    assert "UNREADABLE cannot be read" in result.output


def test_what_is_no_yaml_fails(tmp_path):
    result = run(tmp_path, "cases: [")
    assert result.exit_code == 1
    assert "UNREADABLE not YAML" in result.output


def test_json_is_read_without_losing_a_digit(tmp_path):
    text = (
        '{"plan": {"plan": "p", "version": 1, "currency": "EUR", "rules": '
        '[{"id": "base", "earned_on": ["won"], "percent": 1.15}]}, '
        '"events": [{"kind": "won", "date": "2026-01-05", "partner": "alder", "amount": 70.00}], '
        '"expect": {"lines": [{"event": "e1", "partner": "alder", "amount": 0.81}]}}'
    )
    assert run(tmp_path, text, "case.json").exit_code == 0
