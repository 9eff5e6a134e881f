"""Second factors: setting one up, using it, replacing its recovery codes, taking it away."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete

from portal.accounts import queries
from portal.accounts.actions import NO_HOLD
from portal.accounts.models import Authenticator, RecoveryCode, User
from portal.accounts.rules import codes, sealing
from portal.accounts.rules.events import (
    RecoveryCodesMade,
    RecoveryCodeUsed,
    SecondFactorAdded,
    SecondFactorRemoved,
)
from portal.db import events, outbox
from portal.db.outbox import Post
from portal.db.session import SystemSession
from portal.kernel.errors import Refused, Stale

WRONG = "That code is wrong or was used. Wait for the next one."


@dataclass(frozen=True, slots=True, kw_only=True)
class StartEnrolment:
    """`secret` and `nonce` are random bytes from outside; `keys` as `sealing` takes them."""

    secret: bytes
    nonce: bytes
    keys: Sequence[str]


def start(db: SystemSession, user: User, command: StartEnrolment, *, now: dt.datetime) -> bytes:
    """The secret to be shown: the one that waits for its first code, or a new one.

    Raises Stale if there is a confirmed authenticator.
    """
    found = queries.find_authenticator(db, user.id, is_to_be_used=True)
    if found is not None and found.confirmed_at is not None:
        raise Stale("You have an authenticator. Remove it before you set up another.")
    if found is not None:
        return sealing.unseal(found.secret, secrets=command.keys, about=about(user.id))
    sealed = sealing.seal(
        command.secret, secrets=command.keys, about=about(user.id), nonce=command.nonce
    )
    db.add(Authenticator(created_at=now, user_id=user.id, secret=sealed))
    db.flush()
    return command.secret


def confirm(
    db: SystemSession, user: User, code: str, *, keys: Sequence[str], now: dt.datetime
) -> None:
    """The first code makes the authenticator count.  Raises Refused("wrong_code")."""
    found = queries.find_authenticator(db, user.id, is_to_be_used=True)
    if found is None or found.confirmed_at is not None:
        raise Stale("This was set up already, or not begun. Open the page again.")
    _use(found, code, keys=keys, now=now)
    found.confirmed_at = now
    db.flush()
    added = SecondFactorAdded(subject_id=user.id, partner_id=user.partner_id)
    events.publish(db, added, now=now)
    _mail(db, user, "accounts/factor_added", now=now)


def use(db: SystemSession, user: User, code: str, *, keys: Sequence[str], now: dt.datetime) -> None:
    """Accept a code of the app, or one from paper.  Raises Refused("wrong_code")."""
    found = queries.find_authenticator(db, user.id, is_to_be_used=True)
    if found is None or found.confirmed_at is None:
        raise Refused(WRONG, code="wrong_code", field="code")
    on_paper = queries.find_recovery_code(db, user.id, codes.recovery_hash(code))
    if on_paper is None:
        _use(found, code, keys=keys, now=now)
        db.flush()
        return
    on_paper.used_at = now
    db.flush()
    left = queries.count_recovery_codes(db, user.id)
    used = RecoveryCodeUsed(subject_id=user.id, partner_id=user.partner_id, left=left)
    events.publish(db, used, now=now)
    _mail(db, user, "accounts/recovery_used", now=now, left=str(left))


def make_recovery_codes(
    db: SystemSession, user: User, fresh: Sequence[str], *, now: dt.datetime
) -> None:
    """Keep the hashes of `fresh`; those from before no longer count."""
    db.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.add_all(
        RecoveryCode(created_at=now, user_id=user.id, code_hash=codes.recovery_hash(code))
        for code in fresh
    )
    db.flush()
    made = RecoveryCodesMade(subject_id=user.id, partner_id=user.partner_id)
    events.publish(db, made, now=now)


def remove(db: SystemSession, user: User, *, now: dt.datetime) -> None:
    """Take the authenticator and its recovery codes away.  Raises Stale if there is none."""
    found = queries.find_authenticator(db, user.id, is_to_be_used=True)
    if found is None:
        raise Stale("There is no authenticator any more.")
    db.delete(found)
    db.execute(delete(RecoveryCode).where(RecoveryCode.user_id == user.id))
    db.flush()
    removed = SecondFactorRemoved(subject_id=user.id, partner_id=user.partner_id)
    events.publish(db, removed, now=now)
    _mail(db, user, "accounts/factor_removed", now=now)


def _use(found: Authenticator, code: str, *, keys: Sequence[str], now: dt.datetime) -> None:
    secret = sealing.unseal(found.secret, secrets=keys, about=about(found.user_id))
    step = codes.step_of(code, secret, now=now, last_step=found.last_step)
    if step is None:
        raise Refused(WRONG, code="wrong_code", field="code")
    found.last_step = step


def about(user_id: int) -> str:
    return f"authenticator of user {user_id}"


def _mail(db: SystemSession, user: User, template: str, *, now: dt.datetime, **facts: str) -> None:
    letter = Post(
        template=template,
        address=user.email,
        user_id=user.id,
        partner_id=user.partner_id,
        facts={"name": user.name, **facts},
    )
    outbox.post(db, letter, now=now, hold=NO_HOLD)
