"""From something that happened to lines in the ledger: earned, taken back, or exactly reversed."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
from dataclasses import dataclass
from fractions import Fraction

from portal.commissions.actions import ledger
from portal.commissions.models import CommissionEvent, CommissionLine, Portion, Tally
from portal.commissions.queries import knowing
from portal.commissions.queries import ledger as ledger_queries
from portal.commissions.queries.knowing import Known
from portal.commissions.rules import tallies
from portal.commissions.rules.book import Book
from portal.commissions.rules.engine import Engine
from portal.commissions.rules.event_documents import event_from, event_to_data
from portal.commissions.rules.events import CommissionEarned, EventWaits
from portal.commissions.rules.facts import Event
from portal.commissions.rules.lines import Line
from portal.commissions.rules.postings import EventState, Posting, of_line
from portal.commissions.rules.tallies import Key
from portal.db import events
from portal.db.session import SystemSession
from portal.kernel import refs
from portal.kernel.errors import Refused

LINES_OF_ONE_EVENT = 64
SCRAMBLE = 0x9E3779B97F
"""Odd, so that multiplying by it permutes the numbers of a reference."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Take:
    """An event of a company; `deal_id` is the registration it comes from."""

    event: Event
    partner_id: int
    distributor_id: int | None = None
    deal_id: int | None = None

    @property
    def partner_ids(self) -> list[int]:
        found = [self.partner_id, self.distributor_id]
        return [partner_id for partner_id in found if partner_id is not None]


def take(db: SystemSession, command: Take, *, now: dt.datetime) -> CommissionEvent:
    """Take an event once.  What lacks a fact waits, with the reason, and changes nothing else.

    Raises Refused("key_reused") for another event with the same id.
    """
    for partner_id in sorted(command.partner_ids):
        ledger.hold(db, partner_id)
    document = event_to_data(command.event)
    fingerprint = hashlib.sha256(json.dumps(document, sort_keys=True).encode()).hexdigest()
    known = knowing.find_event(db, command.event.id)
    if known is not None:
        if known.fingerprint != fingerprint:
            raise Refused(
                f"Another event was taken as {command.event.id}. Give this one an id of its own.",
                code="key_reused",
            )
        return known
    row = CommissionEvent(
        created_at=now,
        key=command.event.id,
        fingerprint=fingerprint,
        kind=command.event.kind.value,
        partner_id=command.partner_id,
        deal_id=command.deal_id,
        happened_on=command.event.day,
        state=EventState.TAKEN,
        document={"event": document, "distributor": command.distributor_id},
        tallies={"added": []},
    )
    db.add(row)
    db.flush()
    _earn(db, row, command, now=now)
    return row


def retry(db: SystemSession, row: CommissionEvent, *, now: dt.datetime) -> CommissionEvent:
    """Take an event that waited, now that its fact was entered; it waits on if one still lacks."""
    if row.state is not EventState.WAITING:
        return row
    command = Take(
        event=event_from(row.document["event"]),
        partner_id=row.partner_id,
        distributor_id=row.document["distributor"],
        deal_id=row.deal_id,
    )
    for partner_id in sorted(command.partner_ids):
        ledger.hold(db, partner_id)
    row.state, row.code, row.reason = EventState.TAKEN, "", ""
    _earn(db, row, command, now=now)
    return row


def _earn(db: SystemSession, row: CommissionEvent, command: Take, *, now: dt.datetime) -> None:
    known = knowing.known_for(db, command.partner_ids, command.event.day)
    scopes = tallies.scopes_of(command.event, known.plans.values())
    stored = knowing.tallies_of(db, command.partner_ids, scopes)
    before = knowing.values_of(stored)
    book = Book(known.context)
    tallies.fill(book, before.items())
    engine = Engine(list(known.plans.values()), known.context, book)
    try:
        lines = engine.take(command.event)
        _companies_known(lines, known)
    except Refused as refused:
        row.state, row.code, row.reason = EventState.WAITING, refused.code, refused.message
        waits = EventWaits(
            subject_id=row.id, partner_id=row.partner_id, key=row.key, code=refused.code
        )
        events.publish(db, waits, now=now)
        return
    added = tallies.added(before, tallies.held_by(book))
    row.tallies = {"added": [[*key.to_list(), str(value)] for key, value in added.items()]}
    _add(db, added, stored, known.companies, now=now)
    for seq, line in enumerate(lines):
        write_line(db, row, line, known, seq=seq, now=now)


def _companies_known(lines: list[Line], known: Known) -> None:
    unknown = sorted({line.partner for line in lines} - known.companies.keys())
    if unknown:
        raise Refused(f"No partner has the code {unknown[0]!r}.", code="unknown_partner")


def _add(
    db: SystemSession,
    added: dict[Key, Fraction],
    stored: dict[Key, Tally],
    companies: dict[str, int],
    *,
    now: dt.datetime,
) -> None:
    for key, difference in added.items():
        tally = stored.get(key)
        if tally is not None:
            tally.value = str(tallies.plus(tally.value, difference))
            continue
        kind, plan, rule, payee, scope, counts = key.to_list()
        db.add(
            Tally(
                created_at=now,
                partner_id=companies[key.partner],
                kind=kind,
                plan=plan,
                rule=rule,
                payee=payee,
                scope=scope,
                counts=counts,
                value=str(difference),
            )
        )
    db.flush()


def write_line(
    db: SystemSession,
    row: CommissionEvent,
    line: Line,
    known: Known,
    *,
    seq: int,
    now: dt.datetime,
) -> CommissionLine:
    """One line of the engine: its entry in the ledger, itself, and when it may be paid out."""
    partner_id = known.companies[line.partner]
    ref = ref_of(row.id, seq)
    today = now.date()
    entry_id = None
    if line.amount.minor:
        balance = ledger_queries.balance(db, partner_id, line.amount.currency)
        kind, moves = of_line(line.portions, balance, today)
        posting = Posting(
            key=f"earn:{row.key}:{seq}",
            kind=kind,
            partner_id=partner_id,
            currency=line.amount.currency,
            moves=moves,
            effective_on=row.happened_on,
            cause=ref,
            request={"event": row.fingerprint, "rule": line.rule, "minor": line.amount.minor},
        )
        entry_id = ledger.post(db, posting, now=now).entry.id
    written = CommissionLine(
        created_at=now,
        ref=ref,
        event_id=row.id,
        seq=seq,
        entry_id=entry_id,
        period_id=ledger.open_period(db, now).id,
        partner_id=partner_id,
        person=line.person,
        deal_id=row.deal_id,
        kind=row.kind,
        happened_on=row.happened_on,
        amount_minor=line.amount.minor,
        currency=line.amount.currency,
        plan_version_id=known.version_of(line.plan, line.version),
        rule=line.rule,
        explanation=line.explanation.to_data(),
        snapshot=dict(line.snapshot),
    )
    db.add(written)
    db.flush()
    for portion in line.portions:
        db.add(
            Portion(
                created_at=now,
                line_id=written.id,
                partner_id=partner_id,
                currency=line.amount.currency,
                amount_minor=portion.minor,
                payable_on=portion.payable_on,
                is_released=portion.payable_on <= today,
            )
        )
    _tell(db, written, now=now)
    return written


def _tell(db: SystemSession, line: CommissionLine, *, now: dt.datetime) -> None:
    db.flush()
    if line.amount_minor:
        earned = CommissionEarned(
            subject_id=line.id,
            partner_id=line.partner_id,
            ref=line.ref,
            amount_minor=line.amount_minor,
            currency=line.currency,
        )
        events.publish(db, earned, now=now)


def ref_of(event_id: int, seq: int) -> str:
    """The public reference of a line: unique without a look into the table, and no counter."""
    assert seq < LINES_OF_ONE_EVENT
    number = event_id * LINES_OF_ONE_EVENT + seq
    return refs.make("CM", number * SCRAMBLE % 2**refs.RANDOM_BITS)
