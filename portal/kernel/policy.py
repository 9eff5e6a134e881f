"""Who may do what: the one table that routes, buttons, documentation and tests all read.

A permission is `thing.verb`.  Adding one means adding it to the roles that hold it; a route names
the permission it needs when it is registered.
"""

from __future__ import annotations

from enum import StrEnum


class Role(StrEnum):
    """PRODUCT's nine roles.  A person may hold several of one side, never of both."""

    PARTNER_SELLER = "partner_seller"
    PARTNER_MANAGER = "partner_manager"
    PARTNER_FINANCE = "partner_finance"
    DISTRIBUTOR_MANAGER = "distributor_manager"
    CHANNEL_MANAGER = "channel_manager"
    MARKETING_MANAGER = "marketing_manager"
    FINANCE = "finance"
    ADMINISTRATOR = "administrator"
    AUDITOR = "auditor"

    @property
    def label(self) -> str:
        return self.value.replace("_", " ").capitalize()


VENDOR_ROLES = frozenset(
    {
        Role.CHANNEL_MANAGER,
        Role.MARKETING_MANAGER,
        Role.FINANCE,
        Role.ADMINISTRATOR,
        Role.AUDITOR,
    }
)
PARTNER_ROLES = frozenset(Role) - VENDOR_ROLES


class May(StrEnum):
    """What a route can demand.  Kept sorted."""

    BANK_PROPOSE = "bank.propose"
    COLLATERAL_BRAND = "collateral.brand"
    COLLATERAL_EDIT = "collateral.edit"
    COLLATERAL_MEASURE = "collateral.measure"
    COLLATERAL_READ = "collateral.read"
    COLLATERAL_SHARE = "collateral.share"
    COMMISSIONS_READ = "commissions.read"
    COMPANY_EDIT = "company.edit"
    COMPANY_READ = "company.read"
    DEALS_DECIDE = "deals.decide"
    DEALS_READ = "deals.read"
    DEALS_REGISTER = "deals.register"
    EVENTS_READ = "events.read"
    FINANCE_READ = "finance.read"
    FINANCE_RUN = "finance.run"
    IMPORTS_RUN = "imports.run"
    PARTNERS_CLOSE = "partners.close"
    PARTNERS_EDIT = "partners.edit"
    PARTNERS_READ = "partners.read"
    PLANS_EDIT = "plans.edit"
    PROFILE_USE = "profile.use"
    PROGRAMME_EDIT = "programme.edit"
    REPORTS_READ = "reports.read"
    TEAM_MANAGE = "team.manage"
    USERS_MANAGE = "users.manage"


_EVERYONE = frozenset({May.COLLATERAL_READ, May.PROFILE_USE})
_SELLING = _EVERYONE | {
    May.COLLATERAL_BRAND,
    May.COLLATERAL_SHARE,
    May.COMPANY_READ,
    May.DEALS_READ,
    May.DEALS_REGISTER,
}
_EARNING = frozenset({May.BANK_PROPOSE, May.COMMISSIONS_READ})
_MANAGING = _SELLING | _EARNING | {May.COMPANY_EDIT, May.TEAM_MANAGE}
_PAYING = frozenset({May.FINANCE_READ, May.FINANCE_RUN, May.PLANS_EDIT})

GRANTS: dict[Role, frozenset[May]] = {
    Role.PARTNER_SELLER: _SELLING,
    Role.PARTNER_MANAGER: _MANAGING,
    Role.PARTNER_FINANCE: _EVERYONE | _EARNING | {May.COMPANY_READ, May.DEALS_READ},
    Role.DISTRIBUTOR_MANAGER: _MANAGING,
    Role.CHANNEL_MANAGER: _EVERYONE
    | {May.DEALS_READ, May.DEALS_DECIDE, May.PARTNERS_EDIT, May.PARTNERS_READ, May.REPORTS_READ},
    Role.MARKETING_MANAGER: _EVERYONE
    | {May.COLLATERAL_EDIT, May.COLLATERAL_MEASURE, May.PARTNERS_READ},
    Role.FINANCE: _EVERYONE | _PAYING | {May.DEALS_READ, May.PARTNERS_READ, May.REPORTS_READ},
    Role.ADMINISTRATOR: _EVERYONE
    | _PAYING
    | {
        May.COLLATERAL_EDIT,
        May.COLLATERAL_MEASURE,
        May.DEALS_DECIDE,
        May.DEALS_READ,
        May.EVENTS_READ,
        May.IMPORTS_RUN,
        May.PARTNERS_CLOSE,
        May.PARTNERS_EDIT,
        May.PARTNERS_READ,
        May.PROGRAMME_EDIT,
        May.REPORTS_READ,
        May.USERS_MANAGE,
    },
    Role.AUDITOR: _EVERYONE
    | {
        May.COLLATERAL_MEASURE,
        May.DEALS_READ,
        May.EVENTS_READ,
        May.FINANCE_READ,
        May.PARTNERS_READ,
        May.REPORTS_READ,
    },
}


class Field(StrEnum):
    """Fields that some roles of a company do not see although they see the row."""

    CUSTOMER_CONTACT = "customer contact"


HIDDEN: dict[Role, frozenset[Field]] = {
    Role.PARTNER_FINANCE: frozenset({Field.CUSTOMER_CONTACT}),
}
