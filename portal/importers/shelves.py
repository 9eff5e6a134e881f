"""The tables that importers write to, each with the natural key that makes importing repeatable."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

from portal.accounts.models import Assignment, User, UserRole
from portal.accounts.rules.events import UserCreated
from portal.catalogue.models import Line, Product
from portal.db.base import Base
from portal.deals.models import Customer, CustomerKey, Deal, Protection, Sighting
from portal.deals.rules.matching.keys import keys
from portal.deals.rules.matching.profile import EndCustomer, profile_of
from portal.deals.rules.past import DealImported
from portal.deals.rules.states import ProtectionState
from portal.imports.actions import Shelf
from portal.kernel.event import Event
from portal.partners.models import Partner, Supply
from portal.programme.models import Region, Tier


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerImported(Event):
    """A company came with a file, not by invitation."""

    kind: ClassVar[str] = "partner.imported"
    subject: ClassVar[str] = "partner"


def _partner_made(row_id: int, values: Mapping[str, Any]) -> Event:
    return PartnerImported(subject_id=row_id, partner_id=row_id)


def _user_made(row_id: int, values: Mapping[str, Any]) -> Event:
    return UserCreated(subject_id=row_id, partner_id=values.get("partner_id"), roles=())


def _deal_made(row_id: int, values: Mapping[str, Any]) -> Event:
    return DealImported(subject_id=row_id, partner_id=values["partner_id"], state=values["state"])


def _customer_keys(
    row_id: int, values: Mapping[str, Any]
) -> tuple[type[Base], list[dict[str, Any]]]:
    """What matching finds the customer by."""
    profile = profile_of(
        EndCustomer(
            name=values["name"],
            country=values.get("country") or "",
            city=values.get("city") or "",
            domain=values.get("domain") or "",
            tax_id=values.get("tax_id") or "",
        )
    )
    return CustomerKey, [{"k": key, "customer_id": row_id} for key in keys(profile)]


def _customer_lock(values: Mapping[str, Any]) -> str:
    """The lock that judging a claim on the customer takes too."""
    return f"customer:{values['customer_id']}"


REGIONS = Shelf("region", Region, key=("code",), kept=("name",))
TIERS = Shelf("tier", Tier, key=("code",))
LINES = Shelf("line", Line, key=("code",), kept=("name", "family"))
PRODUCTS = Shelf(
    "product", Product, key=("code",), kept=("name", "line_id", "list_price_minor", "currency")
)
PARTNERS = Shelf(
    "partner",
    Partner,
    key=("name_key",),
    kept=("name", "kind", "domain", "country", "currency", "region_id", "tier_id"),
    made=_partner_made,
    ref_prefix="PA",
)
SUPPLIES = Shelf("supply", Supply, key=("reseller_id", "distributor_id"), only={"line_id": None})
USERS = Shelf(
    "person",
    User,
    key=("email_key",),
    kept=("name", "email", "partner_id"),
    made=_user_made,
    ref_prefix="PE",
)
ROLES = Shelf("role", UserRole, key=("user_id", "role"))
ASSIGNMENTS = Shelf("assignment", Assignment, key=("partner_id",), kept=("user_id",))
CUSTOMERS = Shelf(
    "customer",
    Customer,
    key=("name_key",),
    kept=("name", "domain", "country", "city", "tax_id", "sector", "parent_id"),
    trails=((CustomerKey, "customer_id"),),
    derived=_customer_keys,
    ref_prefix="CS",
)
DEALS = Shelf(
    "registration",
    Deal,
    kept=(
        "owner_id",
        "line_id",
        "customer_id",
        "customer_name",
        "value_minor",
        "currency",
        "closes_on",
        "state",
        "reason",
        "submitted_at",
        "decided_at",
        "closed_at",
        "won_on",
        "won_minor",
        "lost_reason",
        "order_number",
        "note",
    ),
    trails=((Sighting, "deal_id"),),
    made=_deal_made,
    ref_prefix="DR",
)
PROTECTIONS = Shelf(
    "protection",
    Protection,
    key=("deal_id",),
    kept=("starts_at", "ends_at", "state", "ended_at", "cause"),
    lock=_customer_lock,
)
LIVE = Shelf(
    "live protection",
    Protection,
    key=("customer_id", "line_id"),
    kept=("deal_id",),
    only={"state": ProtectionState.LIVE, "is_shared": False},
    is_looked_at_only=True,
)
"""Who holds what now."""
