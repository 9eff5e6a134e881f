"""The menu of the whole portal, and the figures beside its entries."""

from __future__ import annotations

from portal.deals.queries import queue
from portal.kernel.policy import May
from portal.web.nav import Entry, Menu
from portal.web.services import services
from portal.web.signin import Person


def counts(person: Person) -> dict[str, int | None]:
    """Figures shown in the menu, by the name an entry gives."""
    if not person.viewer.may(May.DEALS_DECIDE):
        return {}
    with services().viewer_session(person.viewer, writes=False) as db:
        return {"approvals": queue.count_to_decide(db)}


MENU = Menu(
    entries=(
        Entry("Home", "home", "home.show", May.PROFILE_USE),
        Entry(
            "Approvals",
            "inbox",
            "approvals.show",
            May.DEALS_DECIDE,
            count="approvals",
            side="vendor",
        ),
        Entry("My deals", "deal", "deals.show_deals", May.DEALS_READ, side="partner"),
        Entry("Drafts", "edit", "deals.show_drafts", May.DEALS_REGISTER, side="partner"),
        Entry("Deals", "deal", "deals.show_deals", May.DEALS_READ, side="vendor"),
        Entry("Collateral", "book", "collateral.show", May.COLLATERAL_READ),
        Entry("Content", "layers", "content.show", May.COLLATERAL_EDIT, side="vendor"),
        Entry("Content use", "chart", "content.show_usage", May.COLLATERAL_MEASURE, side="vendor"),
        Entry("Partners", "building", "directory.show_list", May.PARTNERS_READ, side="vendor"),
        Entry(
            "Commissions", "coins", "commissions.show_list", May.COMMISSIONS_READ, side="partner"
        ),
        Entry("Commissions", "coins", "commissions.show_all", May.FINANCE_READ, side="vendor"),
        Entry("Payout runs", "bank", "commissions.show_runs", May.FINANCE_READ, side="vendor"),
        Entry("Plans", "book", "commissions.show_plans", May.FINANCE_READ, side="vendor"),
        Entry("Months", "lock", "commissions.show_periods", May.FINANCE_READ, side="vendor"),
        Entry("Questions", "help", "commissions.show_questions", May.FINANCE_READ, side="vendor"),
        Entry("Team", "users", "people.show_team", May.TEAM_MANAGE, side="partner"),
        Entry("Company", "building", "directory.show_own", May.COMPANY_READ, side="partner"),
        Entry("Data", "database", "imports.show_list", May.IMPORTS_RUN, side="vendor"),
        Entry("Process", "chart", "reports.show", May.REPORTS_READ, group="Reports"),
        Entry("Programme", "sliders", "settings.show", May.PROGRAMME_EDIT, group="Settings"),
        Entry("People", "users", "people.show_staff", May.USERS_MANAGE, group="Settings"),
        Entry("Log", "history", "audit.show", May.EVENTS_READ, group="Settings"),
    ),
    buttons=(Entry("Register a deal", "plus", "deals.show_register", May.DEALS_REGISTER),),
    counts=counts,
)
