"""Products and the lines they stand in; a product without a line is a line of its own."""

from __future__ import annotations

from portal.importers import lookups
from portal.importers.shelves import LINES, PRODUCTS
from portal.imports.actions import Importer, Ledger, Planned, Slot
from portal.imports.rules import Column, Kind, Outcome, Record, Sheet
from portal.kernel.errors import Refused
from portal.kernel.money import Money

SHEET = Sheet(
    "products",
    "Products",
    (
        Column(
            "product",
            "Product",
            is_required=True,
            synonyms=("name", "product name", "item", "article", "description"),
        ),
        Column(
            "line",
            "Product line",
            synonyms=("line", "category"),
            hint="What a registration protects; the product itself if it is left out.",
        ),
        Column("family", "Family", synonyms=("series", "group", "product family")),
        Column("code", "Code", synonyms=("sku", "item number", "part number"), most=60),
        Column(
            "price",
            "List price",
            Kind.AMOUNT,
            synonyms=("sales price", "price", "retail price", "unit price", "msrp"),
        ),
        Column("currency", "Currency", Kind.CURRENCY),
    ),
)


def plan(ledger: Ledger, record: Record) -> Planned:
    name = record.text("product")
    code = lookups.code_of(record.text("code") or name)
    if not code:
        raise Refused("The name has no letter or digit.", field="product")
    known = ledger.find(PRODUCTS, code)
    if known is not None and ledger.was_put_now(known):
        return Planned(Outcome.SKIPPED, name, remark="The same product stands further up.")
    price: Money | None = record.values.get("price")
    if price is None and known is None:
        price = Money(0, record.text("currency") or ledger.setting.currency)
    in_line, is_new_line = line(ledger, record.text("line") or name, record.text("family"))
    slot, outcome = ledger.put(
        PRODUCTS,
        (code,),
        name=name,
        line_id=in_line,
        list_price_minor=price.minor if price else None,
        currency=price.currency if price else None,
    )
    if outcome is Outcome.UNCHANGED and is_new_line:
        outcome = Outcome.CHANGED
    return Planned(outcome, name, ledger.differences(slot))


def line(ledger: Ledger, name: str, family: str) -> tuple[Slot, bool]:
    """The line of this name, new if there is none; and whether anything about it is new."""
    found = lookups.by_name(ledger, LINES, name)
    key = found.key if found else (lookups.code_of(name),)
    given = found.values["name"] if found else name
    slot, outcome = ledger.put(LINES, key, name=given, family=family)
    return slot, outcome is not Outcome.UNCHANGED


IMPORTER = Importer(
    name="products",
    label="Products and lines",
    hint="What you sell: products with list prices, in the lines that registrations protect.",
    sheets=(SHEET,),
    shelves=(LINES, PRODUCTS),
    plan=plan,
)
