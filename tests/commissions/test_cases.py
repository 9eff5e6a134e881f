"""Every worked case in the repository comes out to the smallest unit."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from portal.commissions.rules.cases import Draft, cases_from, check
from portal.commissions.rules.explaining import SUMMED
from portal.commissions.rules.lines import major_text

FOLDER = Path(__file__).parents[1] / "cases" / "commissions"
DRAFTS = [
    (f"{file.stem}: {draft.name}", draft)
    for file in sorted(FOLDER.glob("*.yaml"))
    for draft in cases_from(file.read_text("utf-8"))
]


@pytest.mark.parametrize("draft", [pytest.param(draft, id=name) for name, draft in DRAFTS])
def test_a_worked_case_comes_out_as_its_arithmetic_says(draft: Draft):
    result = check(draft)
    assert [str(problem) for problem in result.problems] == []
    assert list(result.differences) == []


@pytest.mark.parametrize("draft", [pytest.param(draft, id=name) for name, draft in DRAFTS])
def test_the_steps_of_every_explanation_add_up_to_its_line(draft: Draft):
    for line in check(draft).lines:
        amounts = [step.amount for step in line.explanation.steps if step.kind in SUMMED]
        if amounts and not any(amount.endswith("…") for amount in amounts):
            total = sum((Decimal(amount) for amount in amounts), Decimal(0))
            assert total == line.amount.amount, line.explanation
            assert line.explanation.amount == major_text(line.amount.minor, line.amount.currency)


def test_case_names_are_told_apart():
    names = [name for name, _ in DRAFTS]
    assert len(set(names)) == len(names)
