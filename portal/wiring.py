"""Who listens to which event, who does which job, and which models there are: all in one place."""

from __future__ import annotations

import datetime as dt

import portal.accounts.models
import portal.catalogue.models
import portal.collateral.models
import portal.commissions.models
import portal.db.buckets
import portal.db.events
import portal.db.jobs
import portal.db.outbox
import portal.deals.models
import portal.imports.models
import portal.partners.models
import portal.programme.models  # noqa: F401
from portal.accounts import actions as accounts
from portal.accounts import jobs as accounts_jobs
from portal.accounts.rules.events import PersonLeft
from portal.collateral import jobs as collateral_jobs
from portal.collateral.actions import alerts as collateral_alerts
from portal.collateral.actions.assets import CHECK
from portal.collateral.rules.events import AssetPublished, RequestAnswered
from portal.commissions import jobs as commissions_jobs
from portal.commissions.actions import deals as commission_deals
from portal.db.events import Wiring
from portal.deals import jobs as deals_jobs
from portal.deals.actions import handover, tell
from portal.deals.rules import events as deal_events
from portal.importers import IMPORTERS
from portal.imports import jobs as imports_jobs
from portal.notices import jobs as notices_jobs
from portal.partners.rules.events import PartnerEnded, PartnerSuspended
from portal.runner import Recurring
from portal.web.services import GivenUp, JobHandler


def import_models() -> None:
    """Importing this module has imported every table; the call says so where it matters."""


EVENTS: Wiring = {
    AssetPublished: (collateral_alerts.newer_version,),
    RequestAnswered: (collateral_alerts.answered,),
    deal_events.DealSubmitted: (tell.registered,),
    deal_events.DealJudged: (tell.to_decide,),
    deal_events.DealApproved: (tell.approved,),
    deal_events.DealRejected: (tell.rejected,),
    deal_events.InformationRequested: (tell.asked,),
    deal_events.DealWon: (commission_deals.won,),
    deal_events.DecisionUndone: (commission_deals.undone,),
    deal_events.DealExpired: (tell.expired,),
    deal_events.ProtectionOverridden: (tell.overridden,),
    deal_events.DealTransferred: (tell.transferred,),
    deal_events.ProtectionEnding: (tell.ending,),
    PartnerSuspended: (accounts.end_company_sessions,),
    PartnerEnded: (accounts.end_company_sessions,),
    PersonLeft: (handover.take_over,),
}

JOBS: dict[str, JobHandler] = {
    **imports_jobs.handlers(IMPORTERS),
    CHECK: collateral_jobs.check_version,
}

GIVEN_UP: dict[str, GivenUp] = dict.fromkeys(imports_jobs.KINDS, imports_jobs.give_up)

RECURRING: tuple[Recurring, ...] = (
    Recurring("notices.send", dt.timedelta(seconds=2), notices_jobs.send_due),
    Recurring("deals.judge", dt.timedelta(seconds=5), deals_jobs.judge_due),
    Recurring("deals.expire", dt.timedelta(seconds=30), deals_jobs.expire_due),
    Recurring("deals.remind", dt.timedelta(hours=1), deals_jobs.remind_due),
    Recurring("commissions.release", dt.timedelta(hours=1), commissions_jobs.release_due),
    Recurring("collateral.tend", dt.timedelta(minutes=2), collateral_jobs.tend),
    Recurring("collateral.day", dt.timedelta(minutes=10), collateral_jobs.turn_day),
    Recurring("files.sweep", dt.timedelta(hours=6), collateral_jobs.sweep_files),
    Recurring("accounts.sweep", dt.timedelta(hours=1), accounts_jobs.sweep),
)
