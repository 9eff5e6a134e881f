"""States of what stands beside a registration."""

from __future__ import annotations

from enum import StrEnum


class ProtectionState(StrEnum):
    LIVE = "live"
    ENDED = "ended"


class Visibility(StrEnum):
    """Who reads a message: both sides, or only the vendor's staff."""

    BOTH = "both"
    STAFF = "staff"
