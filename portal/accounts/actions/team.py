"""People come, change and go: invitations, roles, leaving, coming back."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import delete, update

from portal.accounts import actions, queries, rules
from portal.accounts.actions import NO_HOLD, CreateUser, SetPassword
from portal.accounts.models import Assignment, OneTimeLink, User, UserRole
from portal.accounts.rules import Purpose, email_key
from portal.accounts.rules.events import (
    InvitationAccepted,
    PersonLeft,
    PersonReturned,
    RolesChanged,
    UserInvited,
)
from portal.db import events, outbox
from portal.db.outbox import Post
from portal.db.session import SystemSession
from portal.kernel.errors import Refused, Stale
from portal.kernel.policy import Role


@dataclass(frozen=True, slots=True, kw_only=True)
class Invite:
    """Somebody to be let in.  `ref`, `token` and its hash come from outside."""

    ref: str
    email: str
    name: str
    roles: frozenset[Role]
    partner_id: int | None
    token: str
    token_hash: str
    inviter: str
    locale: str = "en"
    time_zone: str = "Europe/Zurich"


def invite(db: SystemSession, command: Invite, *, now: dt.datetime) -> None:
    """Make an account that waits for its owner, and mail the link.

    An address that has an account already gets a mail that says so, and the inviter the same
    answer as ever: who has an account elsewhere is nobody's business.  Somebody of the same side
    who never joined gets a new link.  Raises Refused("no_role"), Refused("wrong_side"),
    Refused("email_format").
    """
    _check_roles(command.roles, is_vendor=command.partner_id is None)
    user = queries.find_by_email(db, email_key(command.email))
    if user is not None and (user.partner_id != command.partner_id or user.password_hash):
        _mail(db, user, "accounts/has_account", now=now, inviter=command.inviter)
        return
    if user is None:
        person = CreateUser(
            ref=command.ref,
            email=command.email,
            name=command.name or command.email.split("@", maxsplit=1)[0],
            roles=command.roles,
            partner_id=command.partner_id,
            locale=command.locale,
            time_zone=command.time_zone,
        )
        user = actions.create(db, person, now=now)
    else:
        user.is_active, user.left_at = True, None
        _void_links(db, user.id, now=now)
        _set_roles(db, user.id, command.roles, now=now)
    actions.make_link(db, user, Purpose.INVITATION, token_hash=command.token_hash, now=now)
    invited = UserInvited(
        subject_id=user.id, partner_id=user.partner_id, roles=tuple(sorted(command.roles))
    )
    events.publish(db, invited, now=now)
    company = queries.describe(db, user).company
    _mail(
        db,
        user,
        "accounts/invitation",
        now=now,
        inviter=command.inviter,
        company=company,
        token=command.token,
    )


def accept(
    db: SystemSession, name: str, command: SetPassword, *, token_hash: str, now: dt.datetime
) -> User:
    """Join by the link of an invitation.  Raises Refused("link_over"), Refused("weak_password")."""
    user = actions.use_link(db, Purpose.INVITATION, command, token_hash=token_hash, now=now)
    user.name = name
    db.flush()
    joined = InvitationAccepted(subject_id=user.id, partner_id=user.partner_id)
    events.publish(db, joined, now=now)
    return user


def change_roles(
    db: SystemSession, user: User, roles: frozenset[Role], *, now: dt.datetime
) -> None:
    """Also ends the person's sessions: what they may do has changed.

    Raises Refused("no_role"), Refused("wrong_side"), Refused("last_manager").
    """
    _check_roles(roles, is_vendor=user.partner_id is None)
    before = queries.roles_of(db, user.id)
    if before == roles:
        return
    keepers = rules.keepers(is_vendor=user.partner_id is None)
    if before & keepers and not roles & keepers:
        _check_not_last(db, user)
    _set_roles(db, user.id, roles, now=now)
    changed = RolesChanged(
        subject_id=user.id,
        partner_id=user.partner_id,
        before=tuple(sorted(before)),
        after=tuple(sorted(roles)),
    )
    events.publish(db, changed, now=now)
    actions.end_sessions(db, user.id, keep=None, now=now)
    labels = [role.label for role in sorted(roles)]
    _mail(db, user, "accounts/roles_changed", now=now, roles=", ".join(labels))


def leave(db: SystemSession, user: User, *, successor_id: int | None, now: dt.datetime) -> None:
    """Close a person's account at once and hand what is open to a colleague.

    What features hold for the person moves by those wired to PersonLeft.
    Raises Stale, Refused("last_manager"), Refused("not_a_colleague").
    """
    if not user.is_active:
        raise Stale(f"{user.name} has left already.")
    if queries.roles_of(db, user.id) & rules.keepers(is_vendor=user.partner_id is None):
        _check_not_last(db, user)
    if successor_id is not None and successor_id not in queries.colleagues(db, user):
        raise Refused("Choose a colleague.", code="not_a_colleague", field="successor")
    user.is_active, user.left_at = False, now
    db.flush()
    _void_links(db, user.id, now=now)
    actions.end_sessions(db, user.id, keep=None, now=now)
    if successor_id is not None:
        looked_after = Assignment.user_id == user.id
        db.execute(update(Assignment).where(looked_after).values(user_id=successor_id))
    left = PersonLeft(subject_id=user.id, partner_id=user.partner_id, successor_id=successor_id)
    events.publish(db, left, now=now)


def come_back(db: SystemSession, user: User, *, now: dt.datetime) -> None:
    """Open an account again, with the roles and the password it had."""
    if user.is_active:
        raise Stale(f"{user.name} is here already.")
    user.is_active, user.left_at = True, None
    db.flush()
    returned = PersonReturned(subject_id=user.id, partner_id=user.partner_id)
    events.publish(db, returned, now=now)


def _check_roles(roles: frozenset[Role], *, is_vendor: bool) -> None:
    if not roles:
        raise Refused("Choose at least one role.", code="no_role", field="roles")
    rules.check_roles(roles, is_vendor=is_vendor)


def _check_not_last(db: SystemSession, user: User) -> None:
    keepers = rules.keepers(is_vendor=user.partner_id is None)
    if not queries.count_others(db, user, keepers):
        raise Refused(
            f"{user.name} is the last who can let people in. Give that role to a colleague first.",
            code="last_manager",
        )


def _set_roles(
    db: SystemSession, user_id: int, roles: frozenset[Role], *, now: dt.datetime
) -> None:
    db.execute(delete(UserRole).where(UserRole.user_id == user_id))
    db.add_all(UserRole(created_at=now, user_id=user_id, role=role) for role in sorted(roles))
    db.flush()


def _void_links(db: SystemSession, user_id: int, *, now: dt.datetime) -> None:
    unused = (OneTimeLink.user_id == user_id) & OneTimeLink.used_at.is_(None)
    db.execute(update(OneTimeLink).where(unused).values(used_at=now))


def _mail(db: SystemSession, user: User, template: str, *, now: dt.datetime, **facts: str) -> None:
    letter = Post(
        template=template,
        address=user.email,
        user_id=user.id,
        partner_id=user.partner_id,
        facts={"name": user.name, **facts},
    )
    outbox.post(db, letter, now=now, hold=NO_HOLD)
