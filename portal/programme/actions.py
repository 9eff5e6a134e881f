"""Every change to the programme.  One function per verb; none commits."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any

from portal.db import events, locks
from portal.db.session import ViewerSession
from portal.kernel.errors import Refused, Stale
from portal.programme import queries
from portal.programme.models import DealCase, DealRulesVersion
from portal.programme.rules import changes
from portal.programme.rules.deal_rules import DealRules
from portal.programme.rules.events import CaseDropped, CaseKept, DealRulesPublished


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishDealRules:
    """`based_on` is the number of the version that was edited; `effective_at` None is at once."""

    rules: DealRules
    based_on: int
    effective_at: dt.datetime | None
    note: str


def publish_deal_rules(
    db: ViewerSession, command: PublishDealRules, *, now: dt.datetime
) -> DealRulesVersion:
    """A new version; those from before stay as they are and hold until it begins.

    Raises Stale if another version came in between, Refused("in_the_past"), Refused("no_change").
    """
    locks.take(db, "deal rules")
    last, before = queries.newest_rules(db)
    if last != command.based_on:
        raise Stale("Somebody published other rules in the meantime. Open the page again.")
    starts_at = command.effective_at or now
    if starts_at < now:
        raise Refused(
            "Rules begin today or later: what was judged stays judged.",
            code="in_the_past",
            field="effective_on",
        )
    changed = changes.between(before, command.rules)
    if not changed:
        raise Refused("Nothing differs from the newest version.", code="no_change")
    version = DealRulesVersion(
        created_at=now,
        effective_at=starts_at,
        number=last + 1,
        document=command.rules.to_dict(),
        user_id=db.viewer.user_id,
        note=command.note,
    )
    db.add(version)
    db.flush()
    published = DealRulesPublished(
        subject_id=version.id,
        partner_id=None,
        number=version.number,
        effective_at=starts_at,
        changed=tuple(change.path for change in changed),
    )
    events.publish(db, published, now=now)
    return version


def keep_case(
    db: ViewerSession, name: str, claim: dict[str, Any], expected: str, *, now: dt.datetime
) -> None:
    """A claim whose outcome every later version must keep."""
    case = DealCase(created_at=now, name=name, claim=claim, expected=expected)
    db.add(case)
    db.flush()
    kept = CaseKept(subject_id=case.id, partner_id=None, name=name, expected=expected)
    events.publish(db, kept, now=now)


def drop_case(db: ViewerSession, case_id: int, *, now: dt.datetime) -> None:
    """Raises NotFound."""
    case = queries.get_case(db, case_id)
    db.delete(case)
    db.flush()
    events.publish(db, CaseDropped(subject_id=case_id, partner_id=None, name=case.name), now=now)
