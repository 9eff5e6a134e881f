"""One customer, several lines: linked registrations, kept and sent together, decided one by one."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from sqlalchemy import select

from portal.db import locks
from portal.db.session import ViewerSession
from portal.deals.actions import drafts, intake
from portal.deals.actions.drafts import SaveDraft
from portal.deals.models import Deal
from portal.deals.rules.lifecycle import DealState
from portal.kernel.money import Money


@dataclass(frozen=True, slots=True)
class Extra:
    """A further line of the same registration, and the reference it gets if it is new."""

    line_id: int
    value: Money | None
    new_ref: str


@dataclass(frozen=True, slots=True)
class SaveTogether:
    """`first` with its own line; the extras share everything else with it."""

    first: SaveDraft
    extras: tuple[Extra, ...] = ()


def save(db: ViewerSession, command: SaveTogether, *, now: dt.datetime) -> list[Deal]:
    """Keep the draft, one for each line; drafts of lines that are no longer chosen go.

    Raises what `drafts.save` does.
    """
    first = drafts.save(db, command.first, now=now)
    left = {deal.line_id: deal for deal in linked_drafts(db, first)}
    first.bundle = first.ref if command.extras else ""
    deals = [first]
    for extra in command.extras:
        kept = left.pop(extra.line_id, None)
        draft = replace(
            command.first,
            new_ref=extra.new_ref,
            ref=kept.ref if kept else None,
            version=None,
            bundle=first.ref,
            line_id=extra.line_id,
            value=extra.value,
        )
        deals.append(drafts.save(db, draft, now=now))
    for deal in left.values():
        drafts.discard(db, deal.ref, now=now)
    db.flush()
    return deals


def register(db: ViewerSession, command: SaveTogether, *, now: dt.datetime) -> list[Deal]:
    """Keep and send all of them; if one cannot be sent, none is.

    Raises what `drafts.save` and `intake.submit` do.
    """
    deals = save(db, command, now=now)
    for deal in deals:
        intake.submit(db, deal.ref, version=None, now=now)
    return deals


def discard(db: ViewerSession, ref: str, *, now: dt.datetime) -> None:
    """Raises what `drafts.discard` does."""
    deal = db.scalar(select(Deal).where(Deal.ref == ref))
    for linked in linked_drafts(db, deal) if deal else []:
        drafts.discard(db, linked.ref, now=now)
    drafts.discard(db, ref, now=now)


def linked_drafts(db: ViewerSession, first: Deal) -> list[Deal]:
    """The drafts of further lines behind `first`, by age."""
    query = select(Deal).where(
        Deal.bundle == first.ref, Deal.id != first.id, Deal.state == DealState.DRAFT
    )
    return list(db.scalars(query.order_by(Deal.id)))


def take_turns(db: ViewerSession, ref: str) -> None:
    """Let two sendings of one page follow each other, so that the second finds the first's."""
    locks.take(db, f"draft:{ref}")
