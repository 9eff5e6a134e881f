"""What a partner company is and may be."""

from __future__ import annotations

from enum import StrEnum


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
