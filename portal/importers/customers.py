"""End customers, with the company they belong to.  A parent may stand further down in the file."""

from __future__ import annotations

from portal.importers import lookups
from portal.importers.shelves import CUSTOMERS
from portal.imports.actions import Importer, Ledger, Planned, Slot
from portal.imports.rules import Column, Kind, Outcome, Record, Sheet
from portal.kernel.errors import Refused
from portal.kernel.text import fold

SECTORS = (
    "agriculture",
    "automotive",
    "construction",
    "consulting",
    "education",
    "employment",
    "energy",
    "entertainment",
    "finance",
    "government",
    "healthcare",
    "insurance",
    "logistics",
    "manufacturing",
    "marketing",
    "media",
    "medical",
    "pharmaceuticals",
    "real estate",
    "retail",
    "services",
    "software",
    "technology",
    "telecommunications",
    "transport",
    "travel",
    "utilities",
)

SHEET = Sheet(
    "customers",
    "End customers",
    (
        Column(
            "name",
            "Company",
            is_required=True,
            synonyms=("customer", "end customer", "account", "account name", "company name"),
        ),
        Column("website", "Website", synonyms=("domain", "url", "web", "e-mail", "email")),
        Column("country", "Country", Kind.COUNTRY, synonyms=("land", "office location")),
        Column("city", "City", synonyms=("town", "place", "ort")),
        Column("tax_id", "Tax number", synonyms=("vat", "vat number", "vat id", "uid"), most=60),
        Column(
            "sector",
            "Sector",
            synonyms=("industry", "branch", "vertical", "branche"),
            vocabulary=SECTORS,
        ),
        Column("parent", "Belongs to", synonyms=("parent", "parent company", "subsidiary of")),
    ),
)


def arrange(sheet: str, records: list[Record]) -> list[Record]:
    """Parents before those that belong to them; otherwise as given."""
    names = {fold(record.text("name")): fold(record.text("parent")) for record in records}

    def depth(record: Record) -> int:
        seen: set[str] = set()
        name = fold(record.text("name"))
        while names.get(name) and name not in seen:
            seen.add(name)
            name = names[name]
        return len(seen)

    return sorted(records, key=depth)


def plan(ledger: Ledger, record: Record) -> Planned:
    name = record.text("name")
    known = ledger.find(CUSTOMERS, fold(name))
    if known is not None and ledger.was_put_now(known):
        return Planned(Outcome.SKIPPED, name, remark="The same customer stands further up.")
    slot, outcome = put(ledger, record, parent=_parent(ledger, record))
    return Planned(outcome, name, ledger.differences(slot))


def put(ledger: Ledger, record: Record, *, parent: Slot | None) -> tuple[Slot, Outcome]:
    """The customer that a record with this sheet's columns describes."""
    key = fold(record.text("name"))
    if not key:
        raise Refused("The name has no letter or digit.", field="name")
    return ledger.put(
        CUSTOMERS,
        (key,),
        name=record.text("name"),
        domain=lookups.domain(record.text("website"), field="website"),
        country=record.text("country"),
        city=record.text("city"),
        tax_id=record.text("tax_id"),
        sector=record.text("sector"),
        parent_id=parent,
    )


def _parent(ledger: Ledger, record: Record) -> Slot | None:
    name = record.text("parent")
    if not name:
        return None
    if fold(name) == fold(record.text("name")):
        raise Refused("A company does not belong to itself.", field="parent")
    found = ledger.find(CUSTOMERS, fold(name))
    if found is None:
        why = f"No customer is called {name!r}, here or in the portal. Add a row for it."
        raise Refused(why, field="parent")
    return found


IMPORTER = Importer(
    name="customers",
    label="End customers",
    hint="Companies that buy, with website, country, tax number and parent company.",
    sheets=(SHEET,),
    shelves=(CUSTOMERS,),
    plan=plan,
    arrange=arrange,
)
