"""Partner companies: name, type, where they are, who supplies them, who looks after them."""

from __future__ import annotations

from portal.importers import lookups
from portal.importers.shelves import (
    ASSIGNMENTS,
    PARTNERS,
    REGIONS,
    SUPPLIES,
    TIERS,
    USERS,
)
from portal.imports.actions import Importer, Ledger, Planned, Slot
from portal.imports.rules import Column, Kind, Outcome, Record, Sheet
from portal.kernel.errors import Refused
from portal.kernel.text import fold
from portal.partners.rules import PartnerType

SHEET = Sheet(
    "partners",
    "Partners",
    (
        Column(
            "name",
            "Company",
            is_required=True,
            synonyms=("partner", "company name", "partner name", "firma", "account"),
        ),
        Column(
            "kind",
            "Type",
            Kind.CHOICE,
            synonyms=("partner type", "type of partner"),
            choices={
                PartnerType.DISTRIBUTOR: ("disti", "distribution"),
                PartnerType.RESELLER: ("dealer", "partner", "si", "system integrator"),
                PartnerType.VAR: ("value added reseller",),
                PartnerType.AGENT: ("referral", "referrer"),
            },
            hint="Distributor, reseller, VAR or agent; a reseller if it is left out.",
        ),
        Column("website", "Website", synonyms=("domain", "url", "web", "homepage")),
        Column("country", "Country", Kind.COUNTRY, synonyms=("land", "location")),
        Column("region", "Region", synonyms=("territory", "regional office")),
        Column("tier", "Tier", synonyms=("level", "partner level", "status level")),
        Column("currency", "Currency", Kind.CURRENCY, synonyms=("ccy",)),
        Column("distributor", "Distributor", synonyms=("supplier", "buys from")),
        Column(
            "manager",
            "Channel manager",
            Kind.EMAIL,
            synonyms=("manager", "account manager", "owner", "looked after by"),
            hint="The e-mail address of somebody on the vendor's side.",
        ),
    ),
)


def plan(ledger: Ledger, record: Record) -> Planned:
    name = record.text("name")
    key = fold(name)
    if not key:
        raise Refused("The name has no letter or digit.", field="name")
    known = ledger.find(PARTNERS, key)
    if known is not None and ledger.was_put_now(known):
        return Planned(Outcome.SKIPPED, name, remark="The same company stands further up.")
    given = {
        "name": name,
        "kind": PartnerType(record.values["kind"]) if "kind" in record.values else None,
        "domain": lookups.domain(record.text("website"), field="website"),
        "country": record.text("country"),
        "currency": record.text("currency"),
        "region_id": region(ledger, record.text("region")),
        "tier_id": _tier(ledger, record.text("tier")),
    }
    if known is None:
        given["kind"] = given["kind"] or PartnerType.RESELLER
        given["currency"] = given["currency"] or ledger.setting.currency
    slot, outcome = ledger.put(PARTNERS, (key,), **given)
    more = [_supplied(ledger, record, slot), _looked_after(ledger, record, slot)]
    if outcome is Outcome.UNCHANGED and any(each is not Outcome.UNCHANGED for each in more):
        outcome = Outcome.CHANGED
    return Planned(outcome, name, ledger.differences(slot))


def region(ledger: Ledger, name: str) -> Slot | None:
    """The region of this name, new if there is none."""
    if not name:
        return None
    found = lookups.by_name(ledger, REGIONS, name)
    return found or ledger.put(REGIONS, (lookups.code_of(name),), name=name)[0]


def _tier(ledger: Ledger, name: str) -> Slot | None:
    found = ledger.find(TIERS, lookups.code_of(name)) if name else None
    if name and found is None:
        tiers = ", ".join(str(slot.key[0]) for slot in ledger.slots(TIERS)) or "none yet"
        raise Refused(f"No tier is called {name!r}. There are: {tiers}.", field="tier")
    return found


def _supplied(ledger: Ledger, record: Record, slot: Slot) -> Outcome:
    name = record.text("distributor")
    if not name:
        return Outcome.UNCHANGED
    supplier = lookups.partner(ledger, name, field="distributor")
    if supplier is slot or supplier.values["kind"] is not PartnerType.DISTRIBUTOR:
        raise Refused(f"{name} is not another company's distributor.", field="distributor")
    return ledger.put(SUPPLIES, (slot, supplier))[1]


def _looked_after(ledger: Ledger, record: Record, slot: Slot) -> Outcome:
    if not record.text("manager"):
        return Outcome.UNCHANGED
    person = lookups.person(ledger, record.text("manager"), field="manager")
    if person.values["partner_id"] is not None:
        why = f"{record.text('manager')} is with a partner, not with the vendor."
        raise Refused(why, field="manager")
    return ledger.put(ASSIGNMENTS, (slot,), user_id=person)[1]


IMPORTER = Importer(
    name="partners",
    label="Partners",
    hint="Distributors, resellers, VARs and agents, with region, tier and channel manager.",
    sheets=(SHEET,),
    shelves=(REGIONS, TIERS, PARTNERS, SUPPLIES, USERS, ASSIGNMENTS),
    plan=plan,
)
