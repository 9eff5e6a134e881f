"""The states of a registration and the one table of moves between them."""

from __future__ import annotations

from enum import StrEnum

from portal.kernel.policy import GRANTS, May, Role
from portal.kernel.workflow import Move, Workflow


class DealState(StrEnum):
    DRAFT = "draft"
    SUBMITTED = "submitted"
    INFORMATION_REQUESTED = "information_requested"
    APPROVED = "approved"
    REJECTED = "rejected"
    APPEALED = "appealed"
    WITHDRAWN = "withdrawn"
    WON = "won"
    LOST = "lost"
    EXPIRED = "expired"
    RELEASED = "released"
    TRANSFERRED = "transferred"


UNDECIDED = frozenset({DealState.SUBMITTED, DealState.INFORMATION_REQUESTED, DealState.APPEALED})
"""States that hold a place in the queue: a younger claim on the same key waits for them."""

PROTECTED = frozenset({DealState.APPROVED})
"""States in which a live protection stands behind the registration."""

ENDED = frozenset(DealState) - UNDECIDED - PROTECTED - {DealState.DRAFT, DealState.REJECTED}
"""States that no move leaves, undo aside."""

_SELLING = frozenset(role for role, may in GRANTS.items() if May.DEALS_REGISTER in may)
_DECIDING = frozenset(role for role, may in GRANTS.items() if May.DEALS_DECIDE in may)


def _selling(verb: str, before: DealState, after: DealState) -> Move[DealState]:
    return Move(verb, frozenset({before}), after, _SELLING)


def _decision(verb: str, before: DealState, after: DealState) -> Move[DealState]:
    return Move(verb, frozenset({before}), after, _DECIDING, is_undoable=True)


def _outcome(verb: str, after: DealState, by: frozenset[Role]) -> Move[DealState]:
    return Move(verb, PROTECTED, after, by, is_undoable=True)


LIFECYCLE: Workflow[DealState] = Workflow(
    [
        _selling("submit", DealState.DRAFT, DealState.SUBMITTED),
        _decision("approve", DealState.SUBMITTED, DealState.APPROVED),
        _decision("reject", DealState.SUBMITTED, DealState.REJECTED),
        _decision("request_information", DealState.SUBMITTED, DealState.INFORMATION_REQUESTED),
        _selling("answer", DealState.INFORMATION_REQUESTED, DealState.SUBMITTED),
        _selling("appeal", DealState.REJECTED, DealState.APPEALED),
        _decision("grant_appeal", DealState.APPEALED, DealState.APPROVED),
        _decision("dismiss_appeal", DealState.APPEALED, DealState.REJECTED),
        Move("withdraw", UNDECIDED, DealState.WITHDRAWN, _SELLING, is_undoable=True),
        _outcome("win", DealState.WON, _SELLING | _DECIDING),
        _outcome("lose", DealState.LOST, _SELLING | _DECIDING),
        _outcome("release", DealState.RELEASED, _SELLING | _DECIDING),
        _outcome("transfer", DealState.TRANSFERRED, _DECIDING),
        Move("expire", PROTECTED, DealState.EXPIRED, by=frozenset()),
    ]
)
