"""What judgement found, in the words of the vendor's staff.  No partner reads any of them."""

from __future__ import annotations

from collections.abc import Mapping

from portal.deals.rules.lifecycle import DealState
from portal.deals.rules.verdict import Reason
from portal.deals.rules.words import Badge

CLEAR = Badge("Clear", "quiet", "check")
NOT_JUDGED = Badge("Being checked", "info", "clock")
WAITS = Badge("Waits for an older one", "warn", "pause")
APPEAL = Badge("Appeal", "info", "scale")

FINDINGS: Mapping[str, Badge] = {
    Reason.RIVAL_PROTECTION: Badge("Conflict", "bad", "conflict"),
    Reason.SECOND_REGISTRANT: Badge("Second registrant", "warn", "copy"),
    Reason.OLDER_CLAIM: WAITS,
    Reason.VENDOR_OPPORTUNITY: Badge("Own opportunity", "bad", "building"),
    Reason.NAMED_ACCOUNT: Badge("Named account", "bad", "building"),
    Reason.RECENT_PURCHASE: Badge("Existing customer", "bad", "building"),
    Reason.VENDOR_CONTACT: Badge("Known customer", "warn", "building"),
    Reason.POSSIBLE_MATCH: Badge("Possible match", "warn", "copy"),
    Reason.SIZE_NOT_COMPARABLE: Badge("Size to compare", "warn", "scale"),
    Reason.BELOW_MINIMUM: Badge("Below the minimum", "warn", "scale"),
    Reason.TENDER: Badge("Tender", "warn", "flag"),
    Reason.OWN_PROTECTION: Badge("Protected already", "warn", "shield"),
    Reason.OWN_CLAIM: Badge("Registered already", "warn", "copy"),
}


def badge(state: DealState, finding: str, *, is_judged: bool, is_waiting: bool) -> Badge:
    """The one word a claim gets in the queue."""
    if state is DealState.APPEALED:
        return APPEAL
    if is_waiting:
        return WAITS
    if not is_judged:
        return NOT_JUDGED
    if not finding:
        return CLEAR
    return FINDINGS.get(finding) or Badge(finding.replace("_", " ").capitalize(), "warn", "alert")
