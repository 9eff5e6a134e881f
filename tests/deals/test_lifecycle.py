"""The whole table of moves, and registrations driven through it against a plain model."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from portal.deals.rules.lifecycle import ENDED, LIFECYCLE, PROTECTED, UNDECIDED, DealState
from portal.kernel.errors import Forbidden, Stale
from portal.kernel.policy import PARTNER_ROLES, VENDOR_ROLES, Role

TABLE = Path(__file__).with_name("lifecycle.txt")


def allowed(state: DealState, verb: str, role: Role) -> str:
    """The state that follows, or ""."""
    try:
        return LIFECYCLE.after(verb, state, frozenset({role})).value
    except (Forbidden, Stale):
        return ""


def printed() -> str:
    """Every state x verb x role that works, and what can be undone."""
    lines = []
    for state in DealState:
        for verb, move in LIFECYCLE.moves.items():
            roles = [role.value for role in Role if allowed(state, verb, role)]
            if state in move.before:
                by = ", ".join(roles) or "the portal"
                undo = " (can be undone)" if move.is_undoable else ""
                lines.append(f"{state} --{verb}--> {move.after}: {by}{undo}")
    return "\n".join(lines) + "\n"


def test_the_table_of_moves_is_the_one_on_file() -> None:
    assert printed() == TABLE.read_text(encoding="utf-8"), printed()


def test_every_state_but_draft_is_reached_and_only_ended_ones_are_not_left() -> None:
    reached = {move.after for move in LIFECYCLE.moves.values()}
    left = {state for move in LIFECYCLE.moves.values() for state in move.before}
    assert reached == set(DealState) - {DealState.DRAFT}
    assert left == set(DealState) - ENDED


@pytest.mark.parametrize("role", [Role.AUDITOR, Role.MARKETING_MANAGER, Role.FINANCE])
def test_who_only_reads_makes_no_move(role: Role) -> None:
    assert not any(LIFECYCLE.open_to(state, frozenset({role})) for state in DealState)


def test_partners_never_decide_and_the_vendor_never_submits() -> None:
    decisions = {"approve", "reject", "request_information", "grant_appeal", "dismiss_appeal"}
    for verb in decisions:
        assert LIFECYCLE.moves[verb].by <= VENDOR_ROLES
    for verb in ("submit", "answer", "appeal", "withdraw"):
        assert LIFECYCLE.moves[verb].by <= PARTNER_ROLES


def test_a_place_is_held_while_someone_still_decides() -> None:
    assert DealState.DRAFT not in UNDECIDED
    assert not UNDECIDED & (PROTECTED | ENDED)


class Registration(RuleBasedStateMachine):
    """The table against a model written as plain conditions, undo included.

    The model knows a registration by four questions: was it sent, is the vendor's last word yes,
    no or none, is the partner asked for something, and how did it end.
    """

    def __init__(self) -> None:
        super().__init__()
        self.state = DealState.DRAFT
        self.history: list[tuple[str, DealState]] = []
        self.model = {"sent": False, "word": "", "asked": False, "appeal": False, "end": ""}
        self.models = [dict(self.model)]

    def model_allows(self, verb: str) -> bool:
        m = self.model
        if m["end"]:
            return False
        is_waiting = m["sent"] and not m["word"] and not m["asked"]
        return {
            "submit": not m["sent"],
            "approve": is_waiting,
            "reject": is_waiting,
            "request_information": is_waiting,
            "answer": m["asked"],
            "appeal": m["word"] == "no" and not m["appeal"],
            "grant_appeal": m["appeal"],
            "dismiss_appeal": m["appeal"],
            "withdraw": is_waiting or m["asked"] or m["appeal"],
        }.get(verb, m["word"] == "yes")

    def model_does(self, verb: str) -> None:
        changes = {
            "submit": {"sent": True},
            "approve": {"word": "yes"},
            "reject": {"word": "no"},
            "request_information": {"asked": True},
            "answer": {"asked": False},
            "appeal": {"appeal": True},
            "grant_appeal": {"appeal": False, "word": "yes"},
            "dismiss_appeal": {"appeal": False},
        }
        self.models.append(dict(self.model))
        self.model.update(changes.get(verb, {"end": verb}))

    @rule(verb=st.sampled_from(sorted(LIFECYCLE.moves)))
    def move(self, verb: str) -> None:
        if not self.model_allows(verb):
            with pytest.raises(Stale):
                LIFECYCLE.after(verb, self.state, None)
            return
        self.history.append((verb, self.state))
        self.model_does(verb)
        self.state = LIFECYCLE.after(verb, self.state, None)

    @rule(verb=st.sampled_from(sorted(LIFECYCLE.moves)), role=st.sampled_from(list(Role)))
    def a_button_is_shown_exactly_where_it_works(self, verb: str, role: Role) -> None:
        is_shown = verb in LIFECYCLE.open_to(self.state, frozenset({role}))
        assert is_shown == bool(allowed(self.state, verb, role))
        assert not is_shown or self.model_allows(verb)

    @precondition(lambda self: self.history)
    @rule()
    def undo(self) -> None:
        verb, came_from = self.history[-1]
        if verb in {"submit", "answer", "appeal", "expire"}:
            with pytest.raises(Stale):
                LIFECYCLE.undone(verb, came_from, self.state, None)
            return
        self.state = LIFECYCLE.undone(verb, came_from, self.state, None)
        self.history.pop()
        self.model = self.models.pop()

    @invariant()
    def state_and_model_say_the_same(self) -> None:
        m = self.model
        assert (self.state in PROTECTED) == (m["word"] == "yes" and not m["end"])
        assert (self.state in ENDED) == bool(m["end"])
        assert (self.state is DealState.DRAFT) == (not m["sent"])
        assert (self.state is DealState.INFORMATION_REQUESTED) == (m["asked"] and not m["end"])
        assert (self.state is DealState.APPEALED) == (m["appeal"] and not m["end"])


TestRegistration = Registration.TestCase
TestRegistration.settings = settings(max_examples=60, stateful_step_count=30, deadline=None)
