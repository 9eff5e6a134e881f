"""Who listens to which event, who does which job, and which models there are: all in one place."""

from __future__ import annotations

import datetime as dt

import portal.accounts.models
import portal.catalogue.models
import portal.db.buckets
import portal.db.events
import portal.db.jobs
import portal.db.outbox
import portal.deals.models
import portal.partners.models
import portal.programme.models  # noqa: F401
from portal.accounts import jobs as accounts_jobs
from portal.db.events import Wiring
from portal.deals import jobs as deals_jobs
from portal.notices import jobs as notices_jobs
from portal.runner import Recurring
from portal.web.services import JobHandler


def import_models() -> None:
    """Importing this module has imported every table; the call says so where it matters."""


EVENTS: Wiring = {}

JOBS: dict[str, JobHandler] = {}

RECURRING: tuple[Recurring, ...] = (
    Recurring("notices.send", dt.timedelta(seconds=2), notices_jobs.send_due),
    Recurring("deals.judge", dt.timedelta(seconds=5), deals_jobs.judge_due),
    Recurring("deals.expire", dt.timedelta(seconds=30), deals_jobs.expire_due),
    Recurring("deals.remind", dt.timedelta(hours=1), deals_jobs.remind_due),
    Recurring("accounts.sweep", dt.timedelta(hours=1), accounts_jobs.sweep),
)
