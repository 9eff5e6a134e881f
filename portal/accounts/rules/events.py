"""What happens to people, as the log records it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from portal.kernel.event import Event


@dataclass(frozen=True, slots=True, kw_only=True)
class UserEvent(Event):
    kind: ClassVar[str] = "user"
    subject: ClassVar[str] = "user"


@dataclass(frozen=True, slots=True, kw_only=True)
class SignedIn(UserEvent):
    """`device` tells browsers apart without naming them."""

    kind: ClassVar[str] = "user.signed_in"
    address: str
    device: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class SignInFailed(UserEvent):
    kind: ClassVar[str] = "user.sign_in_failed"
    is_shown: ClassVar[bool] = False
    address: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PasswordChanged(UserEvent):
    kind: ClassVar[str] = "user.password_changed"


@dataclass(frozen=True, slots=True, kw_only=True)
class ResetAsked(UserEvent):
    kind: ClassVar[str] = "user.reset_asked"


@dataclass(frozen=True, slots=True, kw_only=True)
class UserCreated(UserEvent):
    kind: ClassVar[str] = "user.created"
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class SessionsEnded(UserEvent):
    kind: ClassVar[str] = "user.sessions_ended"
    count: int


@dataclass(frozen=True, slots=True, kw_only=True)
class UserInvited(UserEvent):
    kind: ClassVar[str] = "user.invited"
    roles: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class InvitationAccepted(UserEvent):
    kind: ClassVar[str] = "user.invitation_accepted"


@dataclass(frozen=True, slots=True, kw_only=True)
class RolesChanged(UserEvent):
    kind: ClassVar[str] = "user.roles_changed"
    before: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonLeft(UserEvent):
    """`successor_id` takes over what was open; None leaves it to the company's managers."""

    kind: ClassVar[str] = "user.left"
    successor_id: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonReturned(UserEvent):
    kind: ClassVar[str] = "user.returned"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorAdded(UserEvent):
    kind: ClassVar[str] = "user.second_factor_added"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecondFactorRemoved(UserEvent):
    kind: ClassVar[str] = "user.second_factor_removed"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodeUsed(UserEvent):
    kind: ClassVar[str] = "user.recovery_code_used"
    left: int


@dataclass(frozen=True, slots=True, kw_only=True)
class RecoveryCodesMade(UserEvent):
    kind: ClassVar[str] = "user.recovery_codes_made"
