"""Registrations of the past, naming partner, person, end customer and line."""

from __future__ import annotations

from portal.deals.rules.past import Asserted, Stage
from portal.importers import customers, history, lookups
from portal.importers.shelves import (
    CUSTOMERS,
    DEALS,
    LINES,
    LIVE,
    PARTNERS,
    PROTECTIONS,
    USERS,
)
from portal.imports.actions import Importer, Ledger, Planned, Slot
from portal.imports.rules import Column, Kind, Record, Sheet
from portal.kernel.errors import Refused
from portal.kernel.money import Money
from portal.kernel.text import fold

STAGES: dict[str, tuple[str, ...]] = {
    Stage.PROSPECTING: ("draft", "new", "lead", "open", "prospect"),
    Stage.ENGAGING: ("approved", "registered", "in progress", "engaged", "active", "qualified"),
    Stage.WON: ("closed won", "gewonnen"),
    Stage.LOST: ("closed lost", "verloren"),
}

SHEET = Sheet(
    "registrations",
    "Registrations",
    (
        Column(
            "number",
            "Number",
            is_required=True,
            synonyms=("reference", "id", "opportunity id", "deal id", "registration number"),
            hint="Your own number for it; a second import knows it again by that.",
            most=100,
        ),
        Column(
            "partner",
            "Partner",
            is_required=True,
            synonyms=("reseller", "partner name", "company"),
        ),
        Column(
            "person",
            "Person",
            Kind.EMAIL,
            synonyms=("owner", "seller", "registered by", "contact e-mail"),
            hint="The e-mail address of the partner's seller; its first person if left out.",
        ),
        Column(
            "customer",
            "End customer",
            synonyms=("customer", "account", "end user", "customer name"),
        ),
        Column("website", "Website", synonyms=("domain", "customer website", "url")),
        Column("country", "Country", Kind.COUNTRY, synonyms=("customer country",)),
        Column("city", "City", synonyms=("customer city",)),
        Column("line", "Product line", is_required=True, synonyms=("line", "product")),
        Column("stage", "Stage", Kind.CHOICE, synonyms=("state", "status"), choices=STAGES),
        Column(
            "engaged_on",
            "Registered on",
            Kind.DAY,
            synonyms=("registered", "engage date", "submitted on", "start date", "created"),
        ),
        Column(
            "closed_on",
            "Closed on",
            Kind.DAY,
            synonyms=("close date", "closed", "won on", "lost on"),
        ),
        Column("value", "Value", Kind.AMOUNT, synonyms=("amount", "deal value", "close value")),
        Column("currency", "Currency", Kind.CURRENCY),
        Column("order", "Order number", synonyms=("order", "po number"), most=60),
        Column("note", "Note", synonyms=("comment", "notes", "description"), most=5_000),
    ),
)


def plan(ledger: Ledger, record: Record) -> Planned:
    partner = lookups.partner(ledger, record.text("partner"), field="partner")
    owner = _owner(ledger, record, partner)
    line = lookups.line(ledger, record.text("line"), field="line")
    customer = _customer(ledger, record)
    stage = Stage(record.text("stage") or Stage.PROSPECTING)
    value: Money = record.values.get("value") or Money(0, _currency(ledger, record))
    told = history.Told(
        key=record.text("number"),
        said=Asserted(
            stage,
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
        more={"order_number": record.text("order"), "note": record.text("note")},
    )
    return history.plan(ledger, told)


def _currency(ledger: Ledger, record: Record) -> str:
    return record.text("currency") or ledger.setting.currency


def _owner(ledger: Ledger, record: Record, partner: Slot) -> Slot:
    email = record.text("person")
    if email:
        person = lookups.person(ledger, email, field="person")
        if person.values["partner_id"] != partner.token:
            raise Refused(f"{email} is not with {partner.label}.", field="person")
        return person
    people = (s for s in ledger.slots(USERS) if s.values["partner_id"] == partner.token)
    first = min(people, key=lambda slot: slot.id or 0, default=None)
    if first is None:
        raise Refused(f"{partner.label} has nobody yet. Import people first.", field="person")
    return first


def _customer(ledger: Ledger, record: Record) -> Slot | None:
    """Known by its name, or new with what the row says of it."""
    name = record.text("customer")
    if not name:
        return None
    known = ledger.find(CUSTOMERS, fold(name))
    if known is not None:
        return known
    described = {**record.values, "name": name}
    return customers.put(ledger, Record(record.sheet, record.number, described), parent=None)[0]


IMPORTER = Importer(
    name="registrations",
    label="Registrations",
    hint="Deals of the past with their dates. They take no place in the queue and send no mail.",
    sheets=(SHEET,),
    shelves=(PARTNERS, USERS, LINES, CUSTOMERS, DEALS, PROTECTIONS, LIVE),
    plan=plan,
    facts=history.rules_now,
)
