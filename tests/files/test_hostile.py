"""Files damaged at random: whatever comes, there is an answer and never another error."""

from __future__ import annotations

import tempfile
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.files import extract, preview
from portal.files.judge import judge
from portal.files.kinds import FORMS, Kind, Purpose
from portal.files.verdict import REFUSALS, Unacceptable
from tests.files import corpus

wounds = st.lists(
    st.tuples(st.floats(0, 1), st.integers(0, 200), st.binary(max_size=40)), min_size=1, max_size=6
)


def wounded(content, cuts):
    """At each place, a share of the way in, some bytes are replaced by others."""
    for share, length, instead in cuts:
        at = int(share * len(content))
        content = content[:at] + instead + content[at + length :]
    return content


@pytest.mark.parametrize("kind", Kind)
@settings(max_examples=12, deadline=None)
@given(cuts=wounds)
def test_a_damaged_file_is_judged_and_read_without_an_error(kind, cuts):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "upload")
        path.write_bytes(wounded(corpus.GOOD[kind](), cuts))

        verdict = judge(path, f"a.{FORMS[kind].extensions[0]}", Purpose.COLLATERAL)

        assert verdict.code in {"", *REFUSALS}
        for act in (extract.facts, extract.texts):
            try:
                act(path, kind)
            except Unacceptable as refusal:
                assert refusal.code in REFUSALS
        try:
            preview.preview(path, kind, Path(folder))
        except Unacceptable as refusal:
            assert refusal.code in REFUSALS
