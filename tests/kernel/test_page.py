"""Pages are cut by key; a cursor that was tampered with is refused."""

from __future__ import annotations

import base64
import hashlib
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from portal.kernel.errors import Refused
from portal.kernel.page import Cursor, Page, PageRequest

VALUES = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-(2**63), 2**63 - 1),
    st.text(max_size=60),
    st.dates(),
    st.datetimes(timezones=st.just(UTC)),
)
CURSORS = st.builds(
    Cursor,
    sort=st.sampled_from(["", "name", "-value"]),
    values=st.lists(VALUES, max_size=3).map(tuple),
    id=st.integers(1, 2**63 - 1),
)


@given(CURSORS)
def test_a_cursor_survives_the_url(cursor: Cursor) -> None:
    decoded = Cursor.decode(cursor.encode())
    assert decoded == cursor
    assert [type(v) for v in decoded.values] == [type(v) for v in cursor.values]


@given(CURSORS, st.data())
def test_a_cursor_with_one_character_changed_is_refused(cursor: Cursor, data) -> None:
    text = cursor.encode()
    place = data.draw(st.integers(0, len(text) - 1))
    other = data.draw(st.sampled_from("ABCxyz019-_!=é ").filter(lambda c: c != text[place]))
    with pytest.raises(Refused) as refused:
        Cursor.decode(text[:place] + other + text[place + 1 :])
    assert refused.value.code == "bad_cursor"


@given(st.text(max_size=80))
def test_any_other_text_is_refused(text: str) -> None:
    with pytest.raises(Refused):
        Cursor.decode(text)


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"\xff" * 20,
        b"[1,2,3]",
        b'["a",[["x",1]],3]',
        b'["a",[["v",1.5]],3]',
        b'["a",[["v",99999999999999999999]],3]',
        b'["a",[["d","yesterday"]],3]',
        b'["a",[],"3"]',
        b'["a",[],99999999999999999999]',
        b'["a", [], 3]',
        b"[" * 1400,
    ],
)
def test_a_cursor_made_by_hand_is_refused_even_with_its_digest(body: bytes) -> None:
    forged = hashlib.sha256(body).digest()[:6] + body
    with pytest.raises(Refused):
        Cursor.decode(base64.urlsafe_b64encode(forged).decode().rstrip("="))


def test_a_cursor_longer_than_any_real_one_is_refused() -> None:
    with pytest.raises(Refused):
        Cursor.decode("A" * 3000)


def test_a_page_request_names_what_is_wrong() -> None:
    here = Cursor("name", ("x",), 1)
    with pytest.raises(Refused, match="25, 50, 100"):
        PageRequest(size=1000)
    with pytest.raises(Refused):
        PageRequest(after=here, before=here, sort="name")
    with pytest.raises(Refused, match="first page"):
        PageRequest(after=here, sort="-name")


def test_a_sort_is_a_column_and_a_direction() -> None:
    assert (PageRequest(sort="-value").column, PageRequest(sort="-value").is_descending) == (
        "value",
        True,
    )
    assert not PageRequest(sort="value").is_descending


def rows_for(request: PageRequest, rows: list[int]) -> list[int]:
    """What a query answers: from the cursor on, in the direction wanted, one row more."""
    if request.before:
        edge = request.before.id
        return sorted((r for r in rows if r < edge), reverse=True)[: request.limit]
    edge = request.after.id if request.after else -1
    return sorted(r for r in rows if r > edge)[: request.limit]


def page_of(request: PageRequest, rows: list[int]) -> Page[int]:
    return Page.cut(rows_for(request, rows), request, lambda r: Cursor("", (), r), total=len(rows))


@given(st.integers(0, 130))
def test_walking_forward_and_back_shows_every_row_once(count: int) -> None:
    rows = list(range(count))
    page = page_of(PageRequest(), rows)
    forward = [page]
    while page.next:
        page = page_of(PageRequest(after=page.next), rows)
        forward.append(page)
    assert [row for p in forward for row in p.rows] == rows
    assert forward[0].previous is None
    while page.previous:
        page = page_of(PageRequest(before=page.previous), rows)
        assert page.rows == forward[[p.rows for p in forward].index(page.rows)].rows
    assert page.rows == forward[0].rows
    assert page.previous is None


def test_totals_stop_at_a_thousand() -> None:
    assert Page((), None, None, 1000).total_text == "1,000"
    assert Page((), None, None, 1001).total_text == "1,000+"
    assert Page((), None, None, 7).total_text == "7"


def test_dates_and_instants_keep_their_kind() -> None:
    cursor = Cursor("", (date(2026, 1, 1), datetime(2026, 1, 1, tzinfo=UTC)), 3)
    assert Cursor.decode(cursor.encode()) == cursor
