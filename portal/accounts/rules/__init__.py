"""Passwords, roles and one-time links: what is allowed, without storing anything."""

from __future__ import annotations

import datetime as dt
import hashlib
from enum import StrEnum

from email_validator import EmailNotValidError, validate_email
from zxcvbn import zxcvbn
from zxcvbn.frequency_lists import FREQUENCY_LISTS

from portal.kernel.errors import Refused
from portal.kernel.policy import PARTNER_ROLES, VENDOR_ROLES, Role

SHORTEST, LONGEST = 12, 1024
IDLE_STAFF, ABSOLUTE_STAFF = dt.timedelta(minutes=30), dt.timedelta(hours=12)
IDLE_PARTNER, ABSOLUTE_PARTNER = dt.timedelta(hours=2), dt.timedelta(days=7)
COMMON = frozenset(FREQUENCY_LISTS["passwords"])
MIN_GUESSES = 10**8


class Purpose(StrEnum):
    """What a one-time link is for."""

    ADMINISTRATOR = "administrator"
    INVITATION = "invitation"
    RESET = "reset"


LIFETIME = {
    Purpose.ADMINISTRATOR: dt.timedelta(hours=24),
    Purpose.INVITATION: dt.timedelta(days=7),
    Purpose.RESET: dt.timedelta(hours=1),
}


def check_password(password: str, *, context: list[str]) -> None:
    """Raises Refused("weak_password") saying what to change.

    `context` are words an attacker would try first: names of the person, company and product.
    Length and guessability count, composition does not.
    """
    if len(password) < SHORTEST:
        raise Refused(
            f"Use at least {SHORTEST} characters. Four random words make a good password.",
            code="weak_password",
            field="password",
        )
    if len(password) > LONGEST:
        raise Refused(f"Use at most {LONGEST} characters.", code="weak_password", field="password")
    found = zxcvbn(password[:72], user_inputs=context, max_length=72)
    if password.casefold() in COMMON or found["guesses"] < MIN_GUESSES:
        raise Refused(
            "This password is on the lists that are tried first. Use four random words.",
            code="weak_password",
            field="password",
        )


def check_roles(roles: frozenset[Role], *, is_vendor: bool) -> None:
    """A person is on one side.  Raises Refused("wrong_side")."""
    if not roles <= (VENDOR_ROLES if is_vendor else PARTNER_ROLES):
        raise Refused("A person is with the vendor or with one partner.", code="wrong_side")


MANAGERS = frozenset({Role.PARTNER_MANAGER, Role.DISTRIBUTOR_MANAGER})


def roles_open_to(*, is_vendor: bool, is_distributor: bool) -> tuple[Role, ...]:
    """The roles a person of this side can hold, in the policy's order."""
    side = VENDOR_ROLES if is_vendor else PARTNER_ROLES
    closed = frozenset() if is_distributor else frozenset({Role.DISTRIBUTOR_MANAGER})
    return tuple(role for role in Role if role in side - closed)


def keepers(*, is_vendor: bool) -> frozenset[Role]:
    """Of these roles somebody active must remain, or nobody could let anyone in."""
    return frozenset({Role.ADMINISTRATOR}) if is_vendor else MANAGERS


def must_have_factor(roles: frozenset[Role]) -> bool:
    """Who sees or manages much needs a second factor where the portal requires it."""
    return bool(roles & (VENDOR_ROLES | MANAGERS))


def session_limits(*, is_vendor: bool) -> tuple[dt.timedelta, dt.timedelta]:
    """(idle, absolute) lifetime of a session: shorter for those who see every company."""
    return (IDLE_STAFF, ABSOLUTE_STAFF) if is_vendor else (IDLE_PARTNER, ABSOLUTE_PARTNER)


def binding(email_key: str, password_hash: str) -> str:
    """What a one-time link is bound to: it dies when the address or the password changes."""
    return hashlib.sha256(f"{email_key}|{password_hash}".encode()).hexdigest()


def email_key(email: str) -> str:
    """The address as accounts are found by: case and the spelling of the domain do not matter.

    Raises Refused("email_format").
    """
    try:
        found = validate_email(email, check_deliverability=False, test_environment=True)
    except EmailNotValidError as error:
        raise Refused(
            "Enter an e-mail address such as name@company.com.", code="email_format", field="email"
        ) from error
    return f"{found.local_part.casefold()}@{found.ascii_domain or found.domain}".casefold()
