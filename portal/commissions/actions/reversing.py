"""Taking back what an event earned: exactly, while nothing of it was paid; afterwards as a debt."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction

from portal.commissions.actions import ledger
from portal.commissions.actions.accruing import ref_of
from portal.commissions.models import CommissionEvent, CommissionLine, Entry, Portion
from portal.commissions.queries import knowing
from portal.commissions.queries import ledger as ledger_queries
from portal.commissions.rules import postings, tallies
from portal.commissions.rules.events import CommissionReversed
from portal.commissions.rules.lines import Step, major_text, money_text
from portal.commissions.rules.postings import EntryKind, EventState, Posting
from portal.commissions.rules.tallies import Key
from portal.db import events
from portal.db.session import SystemSession
from portal.kernel.errors import Refused


def reverse_event(
    db: SystemSession, row: CommissionEvent, *, reason: str, now: dt.datetime
) -> CommissionEvent:
    """Take back every line of an event and what it added to running totals.  Once is enough."""
    if row.state is EventState.REVERSED:
        return row
    lines = knowing.lines_of(db, row.id)
    for partner_id in sorted({line.partner_id for line in lines}):
        ledger.hold(db, partner_id)
    for line in lines:
        if line.entry_id is not None and line.reverses_id is None:
            _reverse_line(db, line, seq=len(lines) + line.seq, reason=reason, now=now)
    _subtract(db, row)
    row.state = EventState.REVERSED
    db.flush()
    return row


def _subtract(db: SystemSession, row: CommissionEvent) -> None:
    differences = {Key(*each[:6]): Fraction(each[6]) for each in row.tallies["added"]}
    if not differences:
        return
    ids = {line.partner_id for line in knowing.lines_of(db, row.id)} | {row.partner_id}
    stored = knowing.tallies_of(db, ids, {key.scope for key in differences})
    for key, difference in differences.items():
        tally = stored[key]
        tally.value = str(tallies.plus(tally.value, -difference))


def _reverse_line(
    db: SystemSession, line: CommissionLine, *, seq: int, reason: str, now: dt.datetime
) -> None:
    portions = knowing.portions_of(db, line.id)
    entry = None
    if not any(portion.payout_id for portion in portions):
        entry = _undone(db, line, portions, now=now)
    if entry is None:
        back = _owed(db, line, seq=seq, now=now)
        written = _line(db, line, back, seq=seq, reason=reason, now=now)
        _owe(db, written, portions, now=now)
    else:
        written = _line(db, line, entry, seq=seq, reason=reason, now=now)
        for portion in portions:
            portion.is_cancelled = True
    db.flush()
    told = CommissionReversed(
        subject_id=line.id, partner_id=line.partner_id, ref=written.ref, reverses=line.ref
    )
    events.publish(db, told, now=now)


def _undone(
    db: SystemSession, line: CommissionLine, portions: list[Portion], *, now: dt.datetime
) -> Entry | None:
    """The reversal of the line's entry and of its releases, or None if the money has moved on."""
    try:
        with db.begin_nested():
            releases = [
                entry
                for portion in portions
                if (entry := ledger_queries.find_entry(db, f"release:{portion.id}")) is not None
            ]
            for release in reversed(releases):
                ledger.reverse(db, release, now=now)
            assert line.entry_id is not None
            return ledger.reverse(db, db.get_one(Entry, line.entry_id), now=now).entry
    except Refused:
        return None


def _owed(db: SystemSession, line: CommissionLine, *, seq: int, now: dt.datetime) -> Entry:
    """What was paid is owed from now on; what is payable makes up for it first."""
    balance = ledger_queries.balance(db, line.partner_id, line.currency)
    held = sum(p.amount_minor for p in knowing.portions_of(db, line.id) if not p.is_released)
    moves = (
        *postings.taken_back(line.amount_minor - held, payable=balance.payable),
        *postings.cancelled(held),
    )
    posting = Posting(
        key=f"earn:back:{line.ref}",
        kind=EntryKind.CLAW_BACK,
        partner_id=line.partner_id,
        currency=line.currency,
        moves=moves,
        effective_on=line.happened_on,
        cause=ref_of(line.event_id, seq),
        request={"line": line.ref},
    )
    return ledger.post(db, posting, now=now).entry


def _owe(
    db: SystemSession, written: CommissionLine, portions: list[Portion], *, now: dt.datetime
) -> None:
    """What was released is taken back from what is paid next; what was not is cancelled."""
    for portion in portions:
        if not portion.is_released:
            portion.is_cancelled = True
            continue
        db.add(
            Portion(
                created_at=now,
                line_id=written.id,
                partner_id=written.partner_id,
                currency=written.currency,
                amount_minor=-portion.amount_minor,
                payable_on=now.date(),
                is_released=True,
            )
        )


def _line(
    db: SystemSession,
    line: CommissionLine,
    entry: Entry,
    *,
    seq: int,
    reason: str,
    now: dt.datetime,
) -> CommissionLine:
    amount = -line.amount_minor
    total = major_text(amount, line.currency)
    steps = (
        Step("event", reason, line.ref),
        Step("share", "Everything that was earned is taken back", line.ref, total),
    )
    text = f"{money_text(amount, line.currency)}: {line.ref} is taken back"
    written = CommissionLine(
        created_at=now,
        ref=ref_of(line.event_id, seq),
        event_id=line.event_id,
        seq=seq,
        entry_id=entry.id,
        period_id=entry.period_id,
        partner_id=line.partner_id,
        person=line.person,
        deal_id=line.deal_id,
        kind="reversal",
        happened_on=line.happened_on,
        amount_minor=amount,
        currency=line.currency,
        plan_version_id=line.plan_version_id,
        rule=line.rule,
        reverses_id=line.id,
        explanation=Step("line", text, line.ref, total, steps).to_data(),
        snapshot={"kind": "adjustment", "amount": amount},
    )
    db.add(written)
    db.flush()
    return written
