"""The export of a sales system as it comes: accounts, products, sales teams and the pipeline.

Each sales agent becomes a reseller company with one person, each manager a channel manager who
looks after the agents, each regional office a region, each account an end customer, each product a
line.  The export names no addresses: people get one at crm.example, where no mail arrives, until
somebody gives them their own.
"""

from __future__ import annotations

import datetime as dt

from portal.deals.rules.past import Asserted, Stage
from portal.importers import customers, history, lookups, partners, products
from portal.importers.shelves import (
    ASSIGNMENTS,
    CUSTOMERS,
    DEALS,
    LINES,
    LIVE,
    PARTNERS,
    PRODUCTS,
    PROTECTIONS,
    REGIONS,
    ROLES,
    USERS,
)
from portal.imports.actions import Importer, Ledger, Planned, Slot
from portal.imports.rules import Column, Kind, Outcome, Record, Sheet
from portal.kernel.errors import Refused
from portal.kernel.money import Money
from portal.kernel.policy import Role
from portal.kernel.text import fold
from portal.partners.rules import PartnerType

DOMAIN = "crm.example"
NO_ACCOUNT = "An account that the list of accounts does not have: made from its name"

ACCOUNTS = Sheet(
    "accounts",
    "Accounts",
    (
        Column("name", "Account", is_required=True, synonyms=("account", "account name")),
        Column("sector", "Sector", synonyms=("industry",), vocabulary=customers.SECTORS),
        Column("country", "Office location", Kind.COUNTRY, synonyms=("office_location", "country")),
        Column("parent", "Subsidiary of", synonyms=("subsidiary_of", "parent", "parent account")),
        Column("website", "Website", synonyms=("domain", "url")),
    ),
)
PRODUCT_LIST = Sheet(
    "products",
    "Products",
    (
        Column("product", "Product", is_required=True, synonyms=("product name",)),
        Column("family", "Series", synonyms=("series", "family")),
        Column("price", "Sales price", Kind.AMOUNT, is_required=True, synonyms=("sales_price",)),
    ),
)
TEAMS = Sheet(
    "teams",
    "Sales teams",
    (
        Column("agent", "Sales agent", is_required=True, synonyms=("sales_agent", "agent")),
        Column("manager", "Manager", is_required=True, synonyms=("sales manager",)),
        Column("region", "Regional office", synonyms=("regional_office", "region", "office")),
    ),
)
PIPELINE = Sheet(
    "pipeline",
    "Sales pipeline",
    (
        Column("number", "Opportunity", is_required=True, synonyms=("opportunity_id",), most=100),
        Column("agent", "Sales agent", is_required=True, synonyms=("sales_agent", "agent")),
        Column("product", "Product", is_required=True, synonyms=("product name",)),
        Column("account", "Account", synonyms=("account name", "customer")),
        Column(
            "stage",
            "Deal stage",
            Kind.CHOICE,
            is_required=True,
            synonyms=("deal_stage", "stage"),
            choices={
                Stage.PROSPECTING: (),
                Stage.ENGAGING: ("engaged",),
                Stage.WON: ("closed won",),
                Stage.LOST: ("closed lost",),
            },
        ),
        Column("engaged_on", "Engage date", Kind.DAY, synonyms=("engage_date",)),
        Column("closed_on", "Close date", Kind.DAY, synonyms=("close_date",)),
        Column("value", "Close value", Kind.AMOUNT, synonyms=("close_value", "value")),
    ),
)


def arrange(sheet: str, records: list[Record]) -> list[Record]:
    """Parents before subsidiaries; opportunities in the order in which they were begun, so that
    the first one holds the customer.
    """
    if sheet == ACCOUNTS.key:
        return customers.arrange(sheet, records)
    if sheet == PIPELINE.key:
        return sorted(records, key=lambda r: (r.values.get("engaged_on") or dt.date.max, r.number))
    return records


def plan(ledger: Ledger, record: Record) -> Planned:
    match record.sheet:
        case ACCOUNTS.key:
            return customers.plan(ledger, record)
        case PRODUCT_LIST.key:
            return products.plan(ledger, record)
        case TEAMS.key:
            return _team(ledger, record)
        case _:
            return _opportunity(ledger, record)


def _team(ledger: Ledger, record: Record) -> Planned:
    name = record.text("agent")
    known = ledger.find(PARTNERS, fold(name))
    if known is not None and ledger.was_put_now(known):
        return Planned(Outcome.SKIPPED, name, remark="The same agent stands further up.")
    company, outcome = ledger.put(
        PARTNERS,
        (fold(name),),
        name=name,
        kind=PartnerType.RESELLER if known is None else None,
        currency=ledger.setting.currency if known is None else "",
        region_id=partners.region(ledger, record.text("region")),
    )
    changes = ledger.differences(company)
    seller = _person(ledger, name, Role.PARTNER_MANAGER, company, field="agent")
    manager = _person(ledger, record.text("manager"), Role.CHANNEL_MANAGER, None, field="manager")
    looked_after = ledger.put(ASSIGNMENTS, (company,), user_id=manager)[1]
    if outcome is Outcome.UNCHANGED and (
        seller.is_planned or looked_after is not Outcome.UNCHANGED
    ):
        outcome = Outcome.CHANGED
    return Planned(outcome, name, changes)


def _person(ledger: Ledger, name: str, role: Role, company: Slot | None, *, field: str) -> Slot:
    """Found by the address made from the name; one person may not be on both sides."""
    email = _address(name, field=field)
    key = lookups.key_of(email, field=field)
    known = ledger.find(USERS, key)
    if known is not None and (known.values["partner_id"] is None) is not (company is None):
        raise Refused(f"{name} is both a sales agent and a manager. Rename one.", field=field)
    person = ledger.put(USERS, (key,), name=name, email=email, partner_id=company)[0]
    ledger.put(ROLES, (person, role))
    return person


def _address(name: str, *, field: str) -> str:
    local = fold(name).replace(" ", ".")[:60]
    if not local:
        raise Refused("The name has no letter or digit.", field=field)
    return f"{local}@{DOMAIN}"


def _opportunity(ledger: Ledger, record: Record) -> Planned:
    partner = lookups.partner(ledger, record.text("agent"), field="agent")
    owner = lookups.person(ledger, _address(partner.label, field="agent"), field="agent")
    line = lookups.line(ledger, record.text("product"), field="product")
    customer = _customer(ledger, record.text("account"))
    value: Money = record.values.get("value") or Money(0, ledger.setting.currency)
    told = history.Told(
        key=record.text("number"),
        said=Asserted(
            Stage(record.text("stage")),
            has_customer=customer is not None,
            engaged_on=record.values.get("engaged_on"),
            closed_on=record.values.get("closed_on"),
        ),
        partner=partner,
        owner=owner,
        line=line,
        customer=customer,
        value=value,
        won=value,
        closes_on=record.values.get("closed_on"),
        more={},
    )
    return history.plan(ledger, told)


def _customer(ledger: Ledger, name: str) -> Slot | None:
    if not name:
        return None
    known = ledger.find(CUSTOMERS, fold(name))
    if known is not None:
        return known
    ledger.remark(NO_ACCOUNT)
    return ledger.put(CUSTOMERS, (fold(name),), name=name)[0]


IMPORTER = Importer(
    name="crm",
    label="CRM export",
    hint="Accounts, products, sales teams and pipeline in one go: several files or one ZIP.",
    sheets=(ACCOUNTS, PRODUCT_LIST, TEAMS, PIPELINE),
    shelves=(
        REGIONS,
        LINES,
        PRODUCTS,
        PARTNERS,
        USERS,
        ROLES,
        ASSIGNMENTS,
        CUSTOMERS,
        DEALS,
        PROTECTIONS,
        LIVE,
    ),
    plan=plan,
    arrange=arrange,
    facts=history.rules_now,
    currency="USD",
)
