"""Whose eyes: who is looking, what they may do, and which rows they may see."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from portal.kernel.policy import GRANTS, HIDDEN, VENDOR_ROLES, Field, May, Role


class Sight(StrEnum):
    """How far a viewer sees registrations.  Each kind is its own SQL."""

    EVERYTHING = "everything"
    PARTNERS = "partners"
    BRANCH = "branch"
    OWN = "own"
    NOTHING = "nothing"


@dataclass(frozen=True, slots=True)
class Sees:
    """Which registrations a viewer sees.

    EVERYTHING and NOTHING say it all.  PARTNERS: every registration of `partners`.  BRANCH: those,
    and the registrations on which one of `partners` is the named distributor.  OWN: the viewer's
    own registrations within `partners`.
    """

    sight: Sight
    partners: frozenset[int] = frozenset()


SEES_EVERYTHING = Sees(Sight.EVERYTHING)
SEES_NOTHING = Sees(Sight.NOTHING)


@dataclass(frozen=True, slots=True)
class Viewer:
    """One person's eyes, resolved once per request by `accounts.queries.viewer_for`.

    `partner_id` is None for vendor staff.  `sees` covers registrations; `knows` the companies whose
    profile is visible (None: all); `earns` the companies whose money is (None: all); `audience` the
    tokens by which collateral is addressed (`type:var`, `tier:gold`, `partner:17`).
    """

    user_id: int
    roles: frozenset[Role]
    partner_id: int | None
    sees: Sees
    knows: frozenset[int] | None
    earns: frozenset[int] | None
    audience: frozenset[str] = field(default_factory=frozenset)

    def may(self, permission: May) -> bool:
        return any(permission in GRANTS[role] for role in self.roles)

    def is_shown(self, hidden: Field) -> bool:
        """False only if every role the viewer holds hides the field."""
        return not all(hidden in HIDDEN.get(role, frozenset()) for role in self.roles)

    @property
    def is_vendor(self) -> bool:
        return bool(self.roles & VENDOR_ROLES)
