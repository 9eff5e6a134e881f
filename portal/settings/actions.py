"""Publishing rules that the kept cases agree with."""

from __future__ import annotations

import datetime as dt

from portal.db.session import ViewerSession
from portal.kernel.errors import Refused
from portal.programme import actions as programme
from portal.programme import queries
from portal.programme.actions import PublishDealRules
from portal.programme.models import DealRulesVersion
from portal.programme.rules.deal_rules import DealRules
from portal.settings.rules import trial
from portal.settings.rules.trial import Ran


def run_cases(db: ViewerSession, rules: DealRules, *, now: dt.datetime) -> list[Ran]:
    """Every kept case, judged by `rules` as if submitted now."""
    return [
        trial.run(rules, case.name, case.claim, case.expected, now=now)
        for case in queries.list_cases(db)
    ]


def publish(db: ViewerSession, command: PublishDealRules, *, now: dt.datetime) -> DealRulesVersion:
    """Raises Refused("case_fails") unless every kept case keeps its outcome."""
    failing = [ran for ran in run_cases(db, command.rules, now=now) if not ran.holds]
    if failing:
        names = ", ".join(f"“{ran.name}”" for ran in failing)
        raise Refused(
            f"Decided otherwise: {names}. Change the rules, or drop the cases first.",
            code="case_fails",
        )
    return programme.publish_deal_rules(db, command, now=now)
