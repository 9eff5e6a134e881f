"""A state machine is a table of moves; this module reads the table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

from portal.kernel.errors import Forbidden, Stale
from portal.kernel.policy import Role

S = TypeVar("S", bound=StrEnum)


@dataclass(frozen=True, slots=True)
class Move(Generic[S]):
    """`verb` takes a record from any of `before` to `after`, if one of `by` asks for it.

    An empty `by` is a move that only the portal itself makes (expiry, judgement).  An undoable
    move can be taken back, while it is the last one, by those who may make it.
    """

    verb: str
    before: frozenset[S]
    after: S
    by: frozenset[Role]
    is_undoable: bool = False


class Workflow(Generic[S]):
    def __init__(self, moves: Iterable[Move[S]]) -> None:
        listed = list(moves)
        self.moves = {move.verb: move for move in listed}
        if len(self.moves) != len(listed):
            raise ValueError("a verb stands in the table twice")

    def after(self, verb: str, state: S, roles: frozenset[Role] | None) -> S:
        """The state `verb` leads to.  `roles` is None when the portal itself makes the move.

        Raises Forbidden if none of `roles` may ever make the move, Stale if not from `state`.
        """
        move = self.moves[verb]
        _check_role(move, roles, verb)
        if state not in move.before:
            raise _wrong_state(verb, state)
        return move.after

    def undone(self, verb: str, came_from: S, state: S, roles: frozenset[Role] | None) -> S:
        """The state before the last move, which was `verb` and left `came_from` for `state`.

        Raises Forbidden as `after` does, Stale if that move is not the one that led here or can't
        be taken back.
        """
        move = self.moves[verb]
        _check_role(move, roles, f"undo {verb}")
        if not move.is_undoable or move.after != state or came_from not in move.before:
            raise _wrong_state(f"undo {verb}", state)
        return came_from

    def open_to(self, state: S, roles: frozenset[Role]) -> list[str]:
        """Verbs a page should offer as buttons, in the table's order."""
        return [m.verb for m in self.moves.values() if roles & m.by and state in m.before]


def _check_role(move: Move[S], roles: frozenset[Role] | None, act: str) -> None:
    if roles is not None and not roles & move.by:
        raise Forbidden(f"Your role may not {_words(act)} this. Ask a colleague whose role may.")


def _wrong_state(act: str, state: StrEnum) -> Stale:
    return Stale(
        f"This is {_words(state.value)} now, so it is too late to {_words(act)}. "
        "Reload the page to see what is open.",
        code="wrong_state",
    )


def _words(code: str) -> str:
    return code.replace("_", " ")
