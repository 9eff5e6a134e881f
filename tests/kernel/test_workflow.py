"""A table of moves: who may go where, and back."""

from __future__ import annotations

from enum import StrEnum

import pytest

from portal.kernel.errors import Forbidden, Stale
from portal.kernel.policy import Role
from portal.kernel.workflow import Move, Workflow


class Door(StrEnum):
    OPEN = "open"
    SHUT = "shut"
    BRICKED_UP = "bricked_up"


KEEPER, GUEST = frozenset({Role.ADMINISTRATOR}), frozenset({Role.PARTNER_SELLER})
DOOR = Workflow(
    [
        Move("shut", frozenset({Door.OPEN}), Door.SHUT, KEEPER | GUEST, is_undoable=True),
        Move("open", frozenset({Door.SHUT}), Door.OPEN, KEEPER),
        Move("brick_up", frozenset({Door.SHUT}), Door.BRICKED_UP, frozenset()),
    ]
)


def test_a_move_leads_on() -> None:
    assert DOOR.after("shut", Door.OPEN, GUEST) is Door.SHUT
    assert DOOR.after("brick_up", Door.SHUT, None) is Door.BRICKED_UP


def test_a_role_that_may_never_make_the_move_is_forbidden_in_every_state() -> None:
    for door in Door:
        with pytest.raises(Forbidden, match="may not brick up this"):
            DOOR.after("brick_up", door, KEEPER)


def test_a_move_from_another_state_says_what_the_state_is() -> None:
    with pytest.raises(Stale, match="bricked up now, so it is too late to open") as stale:
        DOOR.after("open", Door.BRICKED_UP, KEEPER)
    assert stale.value.code == "wrong_state"


def test_the_last_move_is_undone_by_those_who_may_make_it() -> None:
    assert DOOR.undone("shut", Door.OPEN, Door.SHUT, GUEST) is Door.OPEN
    with pytest.raises(Forbidden):
        DOOR.undone("shut", Door.OPEN, Door.SHUT, frozenset({Role.AUDITOR}))


@pytest.mark.parametrize(
    ("verb", "came_from", "state"),
    [
        ("open", Door.SHUT, Door.OPEN),  # not undoable
        ("shut", Door.OPEN, Door.BRICKED_UP),  # something happened since
        ("shut", Door.BRICKED_UP, Door.SHUT),  # never came from there
    ],
)
def test_what_is_not_the_last_undoable_move_stays(verb: str, came_from: Door, state: Door) -> None:
    with pytest.raises(Stale, match="too late to undo"):
        DOOR.undone(verb, came_from, state, KEEPER)


def test_buttons_are_the_moves_open_to_a_role() -> None:
    assert DOOR.open_to(Door.SHUT, KEEPER) == ["open"]
    assert DOOR.open_to(Door.SHUT, GUEST) == []


def test_a_verb_stands_in_the_table_once() -> None:
    move = Move("shut", frozenset({Door.OPEN}), Door.SHUT, KEEPER)
    with pytest.raises(ValueError, match="twice"):
        Workflow([move, move])
