"""Who is told of what by mail: functions that the wiring runs when something happened.

A partner's letter holds facts of its own registration only.  Letters about decisions wait for the
time in which the decision can be taken back.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from portal.accounts import queries as people
from portal.accounts.queries import Addressee
from portal.db import outbox
from portal.db.outbox import Post
from portal.db.session import SystemSession
from portal.deals.actions.decisions import REASONS, UNDO_FOR
from portal.deals.models import Deal
from portal.deals.queries import judging as queries
from portal.deals.rules.events import (
    DealApproved,
    DealEvent,
    DealExpired,
    DealJudged,
    DealRejected,
    DealSubmitted,
    DealTransferred,
    InformationRequested,
    ProtectionEnding,
    ProtectionOverridden,
)
from portal.deals.rules.protection import countdown
from portal.deals.rules.ruling import day_words, instant_words
from portal.deals.rules.verdict import Outcome
from portal.kernel.event import Event
from portal.programme import queries as programme

AT_ONCE = dt.timedelta(0)


@dataclass(frozen=True, slots=True)
class _About:
    """A registration, whom to write to about it, and the decision the letter belongs to."""

    deal: Deal
    to: Addressee | None
    cause: str = ""


def registered(db: SystemSession, event: Event, now: dt.datetime) -> None:
    assert isinstance(event, DealSubmitted)
    due = instant_words(event.due_at, _zone(db, now))
    _post(db, "registered", _about(db, event), now=now, due=due)


def to_decide(db: SystemSession, event: Event, now: dt.datetime) -> None:
    """A claim that the rules leave to a person is announced to its channel manager."""
    assert isinstance(event, DealJudged)
    deal = queries.get_claim(db, event.subject_id)
    if event.outcome != Outcome.QUEUE or deal.due_at is None:
        return
    manager = people.manager_of(db, deal.partner_id)
    due = instant_words(deal.due_at, _zone(db, now))
    _post(db, "to_decide", _About(deal, manager), now=now, due=due)


def approved(db: SystemSession, event: Event, now: dt.datetime) -> None:
    assert isinstance(event, DealApproved)
    last_day = countdown(event.ends_at, event.starts_at, _zone(db, now)).last_day
    about, until = _about(db, event, event.cause), day_words(last_day)
    _post(db, "approved", about, now=now, until=until, is_shared=event.is_shared)


def rejected(db: SystemSession, event: Event, now: dt.datetime) -> None:
    assert isinstance(event, DealRejected)
    reason = REASONS.get(event.reason, event.reason.replace("_", " ").capitalize())
    about = _about(db, event, event.cause)
    _post(db, "rejected", about, now=now, reason=reason, text=event.text)


def asked(db: SystemSession, event: Event, now: dt.datetime) -> None:
    assert isinstance(event, InformationRequested)
    about, due = _about(db, event, event.cause), instant_words(event.answer_due_at, _zone(db, now))
    fields = list(event.fields)
    _post(db, "information_requested", about, now=now, fields=fields, text=event.text, due=due)


def expired(db: SystemSession, event: Event, now: dt.datetime) -> None:
    assert isinstance(event, DealExpired)
    _post(db, "expired", _about(db, event), now=now)


def overridden(db: SystemSession, event: Event, now: dt.datetime) -> None:
    assert isinstance(event, ProtectionOverridden)
    _post(db, "overridden", _about(db, event, event.cause), now=now)


def transferred(db: SystemSession, event: Event, now: dt.datetime) -> None:
    assert isinstance(event, DealTransferred)
    _post(db, "transferred", _about(db, event, event.cause), now=now)


def ending(db: SystemSession, event: Event, now: dt.datetime) -> None:
    assert isinstance(event, ProtectionEnding)
    until = day_words(countdown(event.ends_at, now, _zone(db, now)).last_day)
    _post(db, "protection_ending", _about(db, event), now=now, days=event.days, until=until)


def _about(db: SystemSession, event: DealEvent, cause: str = "") -> _About:
    deal = queries.get_claim(db, event.subject_id)
    return _About(deal, people.addressee(db, deal.owner_id), cause)


def _zone(db: SystemSession, now: dt.datetime) -> ZoneInfo:
    return programme.rules_at(db, now)[1].calendar.tzinfo


def _post(
    db: SystemSession, template: str, about: _About, *, now: dt.datetime, **facts: Any
) -> None:
    deal, to = about.deal, about.to
    if to is None or deal.is_history:
        return
    letter = Post(
        template=f"deals/{template}",
        address=to.email,
        user_id=to.user_id,
        partner_id=to.partner_id,
        cause=about.cause,
        facts={"name": to.name, "ref": deal.ref, "customer": deal.customer_name, **facts},
    )
    outbox.post(db, letter, now=now, hold=UNDO_FOR if about.cause else AT_ONCE)
