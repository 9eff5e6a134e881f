"""Ranges, conditions and headers, as RFC 9110 has them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.files import serve
from portal.files.names import content_disposition
from portal.files.serve import Asked, Shown
from portal.files.store import FileStore

SHOWN = Shown("Größe.pdf", "application/pdf", 1000, "v1")
KEY = "ab" * 32


@pytest.mark.parametrize(
    ("header", "span"),
    [
        ("", (0, 1000)),
        ("bytes=0-99", (0, 100)),
        ("bytes=900-", (900, 100)),
        ("bytes=-100", (900, 100)),
        ("bytes=-5000", (0, 1000)),
        ("bytes=999-5000", (999, 1)),
        ("Bytes = 5-5", (5, 1)),
        ("bytes=1000-", None),
        ("bytes=-0", None),
        (f"bytes={'9' * 5000}-", None),
        ("bytes=5-4", (0, 1000)),
        ("bytes=0-1,5-9", (0, 1000)),
        ("bytes=-", (0, 1000)),
        ("lines=0-9", (0, 1000)),
        ("bytes=a-b", (0, 1000)),
        ("bytes=٣-٤", (0, 1000)),
    ],
)
def test_one_range_is_understood_and_everything_else_is_the_whole(header, span):
    assert serve.parse_range(header, 1000) == span


@given(st.text(alphabet="bytes=-, 0123456789", max_size=20), st.integers(0, 50))
def test_a_range_never_leaves_the_file(header, size):
    span = serve.parse_range(header, size)

    assert span is None or (0 <= span[0] and 0 <= span[1] and sum(span) <= size)


def test_the_whole_file_is_an_attachment_that_cannot_run():
    given_answer = serve.answer(SHOWN, Asked())

    assert (given_answer.status, given_answer.start, given_answer.length) == (200, 0, 1000)
    assert given_answer.headers == {
        "ETag": '"v1"',
        "Cache-Control": "private, no-cache",
        "Vary": "Cookie",
        "Accept-Ranges": "bytes",
        "Content-Type": "application/pdf",
        "Content-Disposition": content_disposition("Größe.pdf"),
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Length": "1000",
    }


def test_a_part_says_which_it_is():
    given_answer = serve.answer(SHOWN, Asked(range="bytes=-10"))

    assert given_answer.status == 206
    assert given_answer.headers["Content-Range"] == "bytes 990-999/1000"
    assert given_answer.headers["Content-Length"] == "10"


def test_a_part_behind_the_end_is_refused_with_the_size():
    given_answer = serve.answer(SHOWN, Asked(range="bytes=1000-"))

    assert (given_answer.status, given_answer.length) == (416, 0)
    assert given_answer.headers["Content-Range"] == "bytes */1000"


@pytest.mark.parametrize("condition", ['"v1"', 'W/"v1"', '"v0", "v1"', "*"])
def test_who_has_it_already_is_told_so(condition):
    given_answer = serve.answer(SHOWN, Asked(if_none_match=condition, range="bytes=0-1"))

    assert (given_answer.status, given_answer.length) == (304, 0)
    assert "Content-Length" not in given_answer.headers


@pytest.mark.parametrize(
    ("condition", "status"),
    [('"v1"', 206), ('"v0"', 200), ('W/"v1"', 200), ("Sun, 22 Nov 2026 10:00:00 GMT", 200)],
)
def test_a_download_goes_on_only_when_the_bytes_are_the_same(condition, status):
    assert serve.answer(SHOWN, Asked(if_range=condition, range="bytes=5-")).status == status


def test_another_version_is_sent_in_full():
    assert serve.answer(SHOWN, Asked(if_none_match='"v0"')).status == 200


def test_head_has_the_headers_of_get_and_no_body():
    given_answer = serve.answer(SHOWN, Asked(is_head=True))

    assert (given_answer.headers["Content-Length"], given_answer.length) == ("1000", 0)


def test_an_empty_file_is_served():
    empty = Shown("a.txt", "text/plain", 0, "v")

    assert serve.answer(empty, Asked()).status == 200
    assert serve.answer(empty, Asked(range="bytes=0-")).status == 416


def test_the_body_is_the_part_that_was_asked_for():
    store = FileStore.memory()
    store.put(KEY, [bytes(range(256)) * 4])
    given_answer = serve.answer(Shown("a", "b", 1024, "t"), Asked(range="bytes=250-259"))

    assert b"".join(serve.body(store, KEY, given_answer)) == bytes([*range(250, 256), 0, 1, 2, 3])
    assert list(serve.body(store, KEY, serve.Answer(304, {}))) == []
