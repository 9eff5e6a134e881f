"""People of partner companies and of the vendor, with one role each.  Nobody gets a mail."""

from __future__ import annotations

from portal.accounts.rules import check_roles
from portal.importers import lookups
from portal.importers.shelves import PARTNERS, ROLES, USERS
from portal.imports.actions import Importer, Ledger, Planned
from portal.imports.rules import Column, Kind, Outcome, Record, Sheet
from portal.kernel.errors import Refused
from portal.kernel.policy import Role

SHEET = Sheet(
    "people",
    "People",
    (
        Column(
            "name",
            "Name",
            is_required=True,
            synonyms=("full name", "contact", "person", "contact name", "first and last name"),
        ),
        Column(
            "email",
            "E-mail",
            Kind.EMAIL,
            is_required=True,
            synonyms=("mail", "e-mail address", "email address", "login"),
            most=320,
        ),
        Column(
            "company",
            "Company",
            synonyms=("partner", "company name", "partner name", "firma"),
            hint="Left empty for the vendor's own people.",
        ),
        Column(
            "role",
            "Role",
            Kind.CHOICE,
            synonyms=("function", "job", "permission"),
            choices={
                Role.PARTNER_SELLER: ("seller", "sales", "sales person", "rep"),
                Role.PARTNER_MANAGER: ("manager", "owner", "admin"),
                Role.PARTNER_FINANCE: ("partner accounting", "bookkeeping"),
                Role.DISTRIBUTOR_MANAGER: ("distribution manager",),
                Role.CHANNEL_MANAGER: ("cam", "channel account manager"),
                Role.MARKETING_MANAGER: ("marketing",),
                Role.FINANCE: ("accounting",),
                Role.ADMINISTRATOR: ("portal administrator",),
                Role.AUDITOR: ("audit",),
            },
            hint="Partner seller if it is left out.",
        ),
    ),
)


def plan(ledger: Ledger, record: Record) -> Planned:
    name, email = record.text("name"), record.text("email")
    key = lookups.key_of(email, field="email")
    company = record.text("company")
    partner = lookups.partner(ledger, company, field="company") if company else None
    role = Role(record.text("role") or Role.PARTNER_SELLER)
    try:
        check_roles(frozenset({role}), is_vendor=partner is None)
    except Refused as refused:
        field = "role" if "role" in record.values else "company"
        raise Refused(refused.message, code=refused.code, field=field) from refused
    known = ledger.find(USERS, key)
    if known is not None and ledger.was_put_now(known):
        return Planned(Outcome.SKIPPED, name, remark="The same person stands further up.")
    if known is not None and known.values["partner_id"] != (partner and partner.token):
        raise Refused(f"{email} has an account with another company.", field="company")
    slot, outcome = ledger.put(USERS, (key,), name=name, email=email, partner_id=partner)
    is_new_role = ledger.put(ROLES, (slot, role))[1] is Outcome.NEW
    if outcome is Outcome.UNCHANGED and is_new_role:
        outcome = Outcome.CHANGED
    return Planned(outcome, name, ledger.differences(slot))


IMPORTER = Importer(
    name="people",
    label="People",
    hint="People of partners and of the vendor. They are invited later, when you say so.",
    sheets=(SHEET,),
    shelves=(PARTNERS, USERS, ROLES),
    plan=plan,
)
