"""To whom a piece is addressed: tokens such as "all", "type:var", "tier:gold" and "partner:17".

A partner finds what carries at least one token that its people have.
"""

from __future__ import annotations

from collections.abc import Iterable

from portal.kernel.errors import Refused

EVERYBODY = "all"


def tokens(
    *, is_for_all: bool, types: Iterable[str], tiers: Iterable[str], partners: Iterable[int]
) -> frozenset[str]:
    """Raises Refused("nobody") when the piece would be addressed to no one."""
    if is_for_all:
        return frozenset({EVERYBODY})
    found = {
        *(f"type:{code}" for code in types),
        *(f"tier:{code}" for code in tiers),
        *(f"partner:{number}" for number in partners),
    }
    if not found:
        raise Refused(
            "Choose every partner, or at least one type, level or company.",
            code="nobody",
            field="audience",
        )
    return frozenset(found)
