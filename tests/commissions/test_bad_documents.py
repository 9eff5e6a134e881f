"""Whatever stands in a document, it is read or refused; nothing breaks."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from portal.commissions.rules.cases import Draft, cases_from, check

FOLDER = Path(__file__).parents[1] / "cases" / "commissions"
DRAFTS = [
    draft for file in sorted(FOLDER.glob("*.yaml")) for draft in cases_from(file.read_text("utf-8"))
]
ODD: list[Any] = [
    *("", "x", "0", "-1", "-0", "1e5", "NaN", "99999999999999999999", "0.0000001", "100", "1"),
    *("partner", "any", "deal", "whole", "paid", "2026-02-30", "2199-12-31", "1970-01-01"),
    *(None, True, 1.5, 7, [], {}, [[]], [{}], {"": ""}, {"from": "0"}, ["x", "x"]),
]


def leaves(data: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    items = data.items() if isinstance(data, dict) else enumerate(data)
    found = []
    for key, item in items:
        found.append((*path, key))
        if isinstance(item, dict | list):
            found += leaves(item, (*path, key))
    return found


@given(st.data(), st.sampled_from(DRAFTS), st.lists(st.sampled_from(ODD), min_size=1, max_size=3))
def test_a_spoilt_case_is_read_or_refused_and_never_breaks(data, draft, odd):
    spoilt = copy.deepcopy({"data": draft.data, "plans": list(draft.plans)})
    for value in odd:
        path = data.draw(st.sampled_from(leaves(spoilt)).filter(lambda path: len(path) > 1))
        *way, last = path
        holder = spoilt
        for key in way:
            holder = holder[key]
        holder[last] = copy.deepcopy(value)
    plans = tuple(spoilt["plans"])
    result = check(Draft(draft.name, draft.path, spoilt["data"], plans, draft.context))
    assert all(problem.message for problem in result.problems)
