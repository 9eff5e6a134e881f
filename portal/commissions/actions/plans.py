"""Publishing plans.  A change is a new version; what was earned under an earlier one stays."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any, cast

from portal.commissions.models import PlanVersion
from portal.commissions.queries import plans as queries
from portal.commissions.rules.documents import from_yaml
from portal.commissions.rules.events import PlanPublished
from portal.commissions.rules.plan import Plan
from portal.commissions.rules.plan_reading import plan_from, plan_to_data
from portal.db import events, locks
from portal.db.session import SystemSession, ViewerSession
from portal.kernel.errors import Forbidden, Refused
from portal.kernel.policy import May


@dataclass(frozen=True, slots=True, kw_only=True)
class Publish:
    """`text` is YAML."""

    text: str
    note: str = ""


def publish(db: ViewerSession, command: Publish, *, now: dt.datetime) -> PlanVersion:
    """Raises Forbidden, Unreadable with every problem, Refused("version"), Refused("start")."""
    if not db.viewer.may(May.PLANS_EDIT):
        raise Forbidden("Your role may not publish plans. Ask a colleague whose role may.")
    plan = plan_from(from_yaml(command.text))
    with db.as_system("publish a plan") as system:
        return record(system, plan, note=command.note, user_id=db.viewer.user_id, now=now)


def record(
    db: SystemSession, plan: Plan, *, note: str, user_id: int | None, now: dt.datetime
) -> PlanVersion:
    """Raises Refused("version"), Refused("start")."""
    locks.take(db, f"plan:{plan.plan}")
    latest = queries.find_latest(db, plan.plan)
    wanted = latest.version + 1 if latest else 1
    if plan.version != wanted:
        raise Refused(
            f"The next version of {plan.plan} is {wanted}; this one says {plan.version}.",
            code="version",
            field="text",
        )
    start = plan.valid.start
    if latest is not None and (start is None or start <= (latest.starts_on or dt.date.min)):
        since = latest.starts_on or "the beginning"
        raise Refused(
            f"Version {latest.version} holds from {since}. Let this one start on a later day.",
            code="start",
            field="text",
        )
    row = PlanVersion(
        created_at=now,
        plan=plan.plan,
        version=plan.version,
        starts_on=start,
        document=cast("dict[str, Any]", plan_to_data(plan)),
        user_id=user_id,
        note=note,
    )
    db.add(row)
    db.flush()
    published = PlanPublished(
        subject_id=row.id, partner_id=None, plan=plan.plan, version=plan.version
    )
    events.publish(db, published, now=now)
    return row
