"""docs/commission-cases.md names every field and value that a document may have, and is true."""

from __future__ import annotations

import dataclasses
import re
from pathlib import Path

import pytest

from portal.commissions.rules import case_documents, plan
from portal.commissions.rules.cases import cases_from, check
from portal.commissions.rules.documents import key_of
from portal.commissions.rules.facts import Kind
from portal.commissions.rules.plan import StrEnum

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "commission-cases.md").read_text("utf-8")
DOCUMENTS = [
    kind
    for module in (plan, case_documents)
    for kind in vars(module).values()
    if dataclasses.is_dataclass(kind)
    and kind.__module__ == module.__name__
    and kind is not case_documents.Converter
]
CHOICES = [
    kind
    for kind in vars(plan).values()
    if isinstance(kind, type) and issubclass(kind, StrEnum) and kind is not StrEnum
]


@pytest.mark.parametrize("kind", DOCUMENTS, ids=lambda kind: kind.__name__)
def test_every_field_is_documented(kind):
    missing = [
        key_of(field)
        for field in dataclasses.fields(kind)
        if not re.search(rf"\b{key_of(field)}\b", TEXT)
    ]
    assert missing == []


@pytest.mark.parametrize("kind", [*CHOICES, Kind], ids=lambda kind: kind.__name__)
def test_every_value_is_documented(kind):
    assert [each.value for each in kind if not re.search(rf"\b{each.value}\b", TEXT)] == []


LEDGER = {"accrual", "bank_file", "book", "payment", "postings", "setting", "showing"}
"""Modules about what is posted and paid, which a worked case never meets."""


def test_every_refusal_of_an_event_is_documented():
    source = "".join(
        file.read_text("utf-8")
        for file in (ROOT / "portal/commissions/rules").glob("*.py")
        if file.stem not in LEDGER
    )
    codes = set(re.findall(r'code="([a-z_]+)"', source))
    assert codes
    assert {code for code in codes if f"`{code}`" not in TEXT} == set()


def test_the_first_case_of_the_documentation_comes_out():
    (text,) = re.findall(r"```yaml\n(name: .*?)```", TEXT, re.DOTALL)
    (draft,) = cases_from(text)
    assert check(draft).passes
