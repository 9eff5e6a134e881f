"""Every file of the corpus gets its answer, and so does it through the child process that does
it in production.
"""

from __future__ import annotations

import re

import pytest

from portal.files import intake, judge
from portal.files.kinds import FORMS, LIMITS, Kind, Purpose, accepted_extensions, kind_of_extension
from portal.files.names import extension_of
from portal.files.verdict import REFUSALS
from tests.files import corpus

CASES = corpus.cases()
SAMPLE = (
    "pdf-de-4",
    "pptx-fr-1",
    "png-30000x30000",
    "pdf-and-zip",
    "zip-70-MB-of-nothing",
    "pdf-locked-AES-256",
    "docx-macros",
    "eicar-in-zip",
    "pdf-garbage",
)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.label)
def test_each_file_of_the_corpus_gets_its_answer(case, tmp_path):
    path = tmp_path / "upload"
    path.write_bytes(case.build())

    verdict = judge.judge(path, case.name, case.purpose)

    assert verdict.code == case.code, verdict
    if case.code:
        assert "{" not in verdict.message
        assert verdict.media_type == "application/octet-stream"
    else:
        assert verdict.kind is kind_of_extension(extension_of(case.name))
        assert verdict.media_type == FORMS[verdict.kind].media_type


def test_the_corpus_holds_three_hundred_files_and_every_refusal():
    labels = [case.label for case in CASES]

    assert len(set(labels)) == len(labels) >= 300
    assert {case.code for case in CASES} - {""} == set(REFUSALS) - {"unreadable"}


@pytest.mark.parametrize("label", SAMPLE)
def test_the_child_process_gives_the_same_answer(label, tmp_path):
    case = next(case for case in CASES if case.label == label)
    path = tmp_path / "upload"
    path.write_bytes(case.build())

    assert intake.examine(path, case.name, case.purpose) == judge.judge(
        path, case.name, case.purpose
    )


def test_messages_say_what_to_do_and_do_not_scold():
    for message in REFUSALS.values():
        assert re.fullmatch(r"[A-Z][^.]*\..+\.", message)
        assert not re.search(r"invalid|please|sorry|oops|successfully|!", message, re.IGNORECASE)


def test_every_purpose_has_a_limit_for_every_kind_that_it_takes():
    assert set(LIMITS) == set(Purpose)
    assert all(0 < limit <= 500 * 1024 * 1024 for row in LIMITS.values() for limit in row.values())
    assert set(LIMITS[Purpose.COLLATERAL]) == set(Kind)
    assert accepted_extensions(Purpose.LOGO) == (".png", ".jpg", ".jpeg", ".webp")
