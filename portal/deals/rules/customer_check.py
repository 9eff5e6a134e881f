"""What a partner is told who asks whether a customer is open: one answer for every cause of no."""

from __future__ import annotations

from enum import StrEnum

from portal.deals.rules.verdict import POOLED, Decision, Reason
from portal.programme.rules.deal_rules import CustomerCheck


class CheckAnswer(StrEnum):
    AFTER_REGISTERING = "after_registering"
    OPEN = "open"
    OWN = "own"
    LOOK_FIRST = "look_first"


_OWN = frozenset({Reason.OWN_PROTECTION, Reason.OWN_CLAIM})


def answer(setting: CustomerCheck, decision: Decision, *, is_submitted: bool) -> CheckAnswer:
    """`decision` judges the claim as it would stand if it were submitted now.

    What the partner itself registered is told whatever the setting.
    """
    if _OWN & set(decision.reasons):
        return CheckAnswer.OWN
    is_shown = setting is CustomerCheck.INSTANT or (
        setting is CustomerCheck.AFTER_SUBMISSION and is_submitted
    )
    if not is_shown:
        return CheckAnswer.AFTER_REGISTERING
    return CheckAnswer.LOOK_FIRST if POOLED & set(decision.reasons) else CheckAnswer.OPEN
