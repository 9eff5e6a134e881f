"""What happens to a registration, as the log and everything that reads it know it.

Facts never name another company: what is shown to a partner is about its own registration.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import ClassVar

from portal.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class DealEvent(Event):
    kind: ClassVar[str] = "deal"
    subject: ClassVar[str] = "deal"
    ref: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealSubmitted(DealEvent):
    kind: ClassVar[str] = "deal.submitted"
    due_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DealJudged(DealEvent):
    """What the rules found; for the vendor's eyes only."""

    kind: ClassVar[str] = "deal.judged"
    is_shown: ClassVar[bool] = False
    outcome: str
    reasons: tuple[str, ...]
    rules_number: int


@dataclass(frozen=True, slots=True, kw_only=True)
class DealApproved(DealEvent):
    """`by_rule`: no person decided.  `ends_at` is when the protection ends.

    `is_shared`: it keeps nobody out.
    """

    kind: ClassVar[str] = "deal.approved"
    by_rule: bool
    starts_at: dt.datetime
    ends_at: dt.datetime
    cause: str
    is_shared: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class ApprovalGiven(DealEvent):
    """One of several approvers agreed; the next one is asked."""

    kind: ClassVar[str] = "deal.approval_given"
    next_role: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealRejected(DealEvent):
    kind: ClassVar[str] = "deal.rejected"
    by_rule: bool
    reason: str
    text: str
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationRequested(DealEvent):
    kind: ClassVar[str] = "deal.information_requested"
    fields: tuple[str, ...]
    text: str
    answer_due_at: dt.datetime
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class InformationAnswered(DealEvent):
    """`keeps_place`: the answer came in time."""

    kind: ClassVar[str] = "deal.answered"
    keeps_place: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class DealWithdrawn(DealEvent):
    kind: ClassVar[str] = "deal.withdrawn"


@dataclass(frozen=True, slots=True, kw_only=True)
class DealAppealed(DealEvent):
    kind: ClassVar[str] = "deal.appealed"
    due_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionUndone(DealEvent):
    kind: ClassVar[str] = "deal.undone"
    verb: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OverrideAsked(DealEvent):
    """A person wants to decide against the rules; another one has to confirm it."""

    kind: ClassVar[str] = "deal.override_asked"
    is_shown: ClassVar[bool] = False
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealExpired(DealEvent):
    kind: ClassVar[str] = "deal.expired"
    ended_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionEnding(DealEvent):
    """The reminder `days` before the last day."""

    kind: ClassVar[str] = "deal.protection_ending"
    days: int
    ends_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionOverridden(DealEvent):
    """The vendor ended it early, by two persons and with a reason that stays with the vendor."""

    kind: ClassVar[str] = "deal.overridden"
    ended_at: dt.datetime
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class DealTransferred(DealEvent):
    """The customer chose another partner; its name is not told."""

    kind: ClassVar[str] = "deal.transferred"
    ended_at: dt.datetime
    cause: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChoiceRecorded(DealEvent):
    """Somebody recorded a customer's letter; a colleague has to confirm it."""

    kind: ClassVar[str] = "deal.choice_recorded"
    is_shown: ClassVar[bool] = False
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DecisionPostponed(DealEvent):
    """The vendor needs longer; why is not told."""

    kind: ClassVar[str] = "deal.postponed"
    due_at: dt.datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class ProtectionExtended(DealEvent):
    kind: ClassVar[str] = "deal.extended"
    ends_at: dt.datetime
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealUpdated(DealEvent):
    """`changed` names the fields; `reopens` says that the new value needs a decision again."""

    kind: ClassVar[str] = "deal.updated"
    changed: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class ActivityNoted(DealEvent):
    kind: ClassVar[str] = "deal.activity"
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealWon(DealEvent):
    """Opens commission.  The amount is in minor units of `currency`."""

    kind: ClassVar[str] = "deal.won"
    order_number: str
    amount_minor: int
    currency: str
    won_on: dt.date


@dataclass(frozen=True, slots=True, kw_only=True)
class DealLost(DealEvent):
    kind: ClassVar[str] = "deal.lost"
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DealReleased(DealEvent):
    kind: ClassVar[str] = "deal.released"


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageWritten(DealEvent):
    """The text stands in the message; the log says that there is one."""

    kind: ClassVar[str] = "deal.message"
    message_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class StaffNoteWritten(MessageWritten):
    kind: ClassVar[str] = "deal.staff_note"
    is_shown: ClassVar[bool] = False


@dataclass(frozen=True, slots=True, kw_only=True)
class DealHandedOver(DealEvent):
    """Its owner left; `before` and `after` are people of the same company."""

    kind: ClassVar[str] = "deal.handed_over"
    before: int
    after: int
