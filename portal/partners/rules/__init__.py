"""What a partner company is and may be: its types, its states, and how it moves between them."""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from portal.kernel.errors import Refused
from portal.kernel.policy import Role
from portal.kernel.text import domain_of, is_free_mail
from portal.kernel.workflow import Move, Workflow


class PartnerType(StrEnum):
    DISTRIBUTOR = "distributor"
    RESELLER = "reseller"
    VAR = "var"
    AGENT = "agent"

    @property
    def label(self) -> str:
        return "VAR" if self is PartnerType.VAR else self.value.capitalize()


class PartnerState(StrEnum):
    APPLIED = "applied"
    ACTIVE = "active"
    SUSPENDED = "suspended"
    ENDED = "ended"

    @property
    def label(self) -> str:
        return self.value.capitalize()


_BY = frozenset({Role.ADMINISTRATOR})
_OPEN = frozenset({PartnerState.ACTIVE, PartnerState.SUSPENDED})

LIFE = Workflow[PartnerState](
    (
        Move(
            "admit",
            frozenset({PartnerState.APPLIED}),
            PartnerState.ACTIVE,
            _BY | {Role.CHANNEL_MANAGER},
        ),
        Move("suspend", frozenset({PartnerState.ACTIVE}), PartnerState.SUSPENDED, _BY),
        Move("resume", frozenset({PartnerState.SUSPENDED}), PartnerState.ACTIVE, _BY),
        Move("end", _OPEN, PartnerState.ENDED, _BY),
    )
)


def company_domain(text: str) -> str:
    """The registrable domain that names a company; "" for nothing typed.

    Raises Refused("domain_format"), Refused("free_mail").
    """
    if not text:
        return ""
    domain = domain_of(text)
    if domain is None:
        raise Refused(
            "Enter a web address such as company.com.", code="domain_format", field="domain"
        )
    if is_free_mail(domain):
        raise Refused(
            f"Anyone can have an address at {domain}, so it names no company. Leave it empty.",
            code="free_mail",
            field="domain",
        )
    return domain


def check_suppliers(kind: PartnerType, supplier_kinds: Iterable[PartnerType]) -> None:
    """Only distributors supply, and they buy from the vendor.  Raises Refused("not_a_supplier")."""
    kinds = set(supplier_kinds)
    if kinds - {PartnerType.DISTRIBUTOR}:
        raise Refused(
            "Only a distributor supplies other partners.", code="not_a_supplier", field="suppliers"
        )
    if kinds and kind is PartnerType.DISTRIBUTOR:
        raise Refused(
            "A distributor buys from the vendor.", code="not_a_supplier", field="suppliers"
        )
