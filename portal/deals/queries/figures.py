"""What waits for somebody, and a few figures: for the first page.  Nothing is counted far."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import ColumnElement, and_, bindparam, func, select

from portal.db.session import Prepared, ViewerSession
from portal.deals.models import Deal, Protection
from portal.deals.queries.lists import ENDING_WITHIN
from portal.deals.rules.lifecycle import UNDECIDED, DealState
from portal.deals.rules.states import ProtectionState
from portal.kernel.page import TOTAL_CAP

YEAR = dt.timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Figures:
    """Each is counted no further than the cap, so that one more means "many"."""

    waiting: int
    late: int
    to_answer: int
    protected: int
    ending: int
    won: int


def get_figures(db: ViewerSession, *, now: dt.datetime) -> Figures:
    """Of the registrations the viewer sees.  `won` within a year.  One statement."""
    soon, year_ago = now + ENDING_WITHIN, (now - YEAR).date()
    row = db.rows(_FIGURES, now=now, soon=soon, year_ago=year_ago)[0]
    return Figures(*row)


def _counted(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    found = select(Deal.id).where(*conditions).limit(TOTAL_CAP + 1).subquery()
    return select(func.count()).select_from(found).scalar_subquery()


def _live(*conditions: ColumnElement[bool]) -> ColumnElement[int]:
    found = (
        select(Deal.id)
        .join(Protection, Protection.deal_id == Deal.id)
        .where(Protection.state == ProtectionState.LIVE, *conditions)
        .limit(TOTAL_CAP + 1)
        .subquery()
    )
    return select(func.count()).select_from(found).scalar_subquery()


_DECIDABLE = Deal.state.in_(sorted(UNDECIDED - {DealState.INFORMATION_REQUESTED}))

_FIGURES = Prepared(
    select(
        _counted(_DECIDABLE),
        _counted(and_(_DECIDABLE, Deal.due_at < bindparam("now"))),
        _counted(Deal.state == DealState.INFORMATION_REQUESTED),
        _live(Protection.ends_at > bindparam("now")),
        _live(Protection.ends_at > bindparam("now"), Protection.ends_at <= bindparam("soon")),
        _counted(and_(Deal.state == DealState.WON, Deal.won_on >= bindparam("year_ago"))),
    )
)


@dataclass(frozen=True, slots=True)
class Todo:
    """A registration that waits for somebody, and until when."""

    ref: str
    customer_name: str
    state: DealState
    by: dt.datetime | None


_TO_ANSWER = Prepared(
    select(Deal.ref, Deal.customer_name, Deal.state, Deal.answer_due_at)
    .where(Deal.state == DealState.INFORMATION_REQUESTED)
    .order_by(Deal.answer_due_at, Deal.id)
    .limit(bindparam("most"))
)

_TO_DECIDE = Prepared(
    select(Deal.ref, Deal.customer_name, Deal.state, Deal.due_at)
    .where(_DECIDABLE)
    .order_by(Deal.due_at, Deal.id)
    .limit(bindparam("most"))
)

_ENDING = Prepared(
    select(Deal.ref, Deal.customer_name, Deal.state, Protection.ends_at)
    .join(Protection, Protection.deal_id == Deal.id)
    .where(
        Protection.state == ProtectionState.LIVE,
        Protection.ends_at > bindparam("now"),
        Protection.ends_at <= bindparam("soon"),
    )
    .order_by(Protection.ends_at, Deal.id)
    .limit(bindparam("most"))
)


def list_to_answer(db: ViewerSession, *, most: int) -> list[Todo]:
    """Those for which the vendor asked something, the most urgent first."""
    return [Todo(*row) for row in db.rows(_TO_ANSWER, most=most)]


def list_to_decide(db: ViewerSession, *, most: int) -> list[Todo]:
    """Those that wait for the vendor, the most urgent first."""
    return [Todo(*row) for row in db.rows(_TO_DECIDE, most=most)]


def list_ending(
    db: ViewerSession, *, now: dt.datetime, within: dt.timedelta, most: int
) -> list[Todo]:
    """Protections that end within a time, the next one first."""
    rows = db.rows(_ENDING, now=now, soon=now + within, most=most)
    return [Todo(*row) for row in rows]
