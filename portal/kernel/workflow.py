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

    An empty `by` is a move that only the portal itself makes (expiry, judgement).
    """

    verb: str
    before: frozenset[S]
    after: S
    by: frozenset[Role]


class Workflow(Generic[S]):
    def __init__(self, moves: Iterable[Move[S]]) -> None:
        self.moves = {move.verb: move for move in moves}

    def after(self, verb: str, state: S, roles: frozenset[Role] | None) -> S:
        """The state `verb` leads to.  `roles` is None when the portal itself makes the move.

        Raises Forbidden if none of `roles` may ever make the move, Stale if not from `state`.
        """
        move = self.moves[verb]
        if roles is not None and not roles & move.by:
            raise Forbidden(f"Your role may not {verb.replace('_', ' ')} this.")
        if state not in move.before:
            raise Stale(
                f"It is {state.value.replace('_', ' ')} now, so it can't be {verb}ed.",
                code="wrong_state",
            )
        return move.after

    def open_to(self, state: S, roles: frozenset[Role]) -> list[str]:
        """Verbs a page should offer as buttons, in the table's order."""
        return [m.verb for m in self.moves.values() if roles & m.by and state in m.before]
