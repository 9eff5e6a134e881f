"""Questions that partners ask about their commissions."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from sqlalchemy import func, select

from portal.commissions.models import CommissionLine, Question
from portal.db.session import ViewerSession
from portal.kernel.errors import NotFound
from portal.partners.models import Partner


@dataclass(frozen=True, slots=True)
class QuestionRow:
    ref: str
    line_ref: str
    partner: str
    amount_minor: int
    currency: str
    text: str
    asked_at: dt.datetime
    due_at: dt.datetime
    answer: str
    answered_at: dt.datetime | None


_ROWS = (
    select(
        Question.ref,
        CommissionLine.ref,
        func.coalesce(Partner.name, ""),
        CommissionLine.amount_minor,
        CommissionLine.currency,
        Question.text,
        Question.created_at,
        Question.due_at,
        Question.answer,
        Question.answered_at,
    )
    .select_from(Question)
    .join(CommissionLine, CommissionLine.id == Question.line_id)
    .outerjoin(Partner, Partner.id == Question.partner_id)
)


def questions_on(db: ViewerSession, line_id: int) -> list[QuestionRow]:
    """Oldest first."""
    query = _ROWS.where(Question.line_id == line_id).order_by(Question.id)
    return [QuestionRow(*row[:10]) for row in db.execute(query)]


def list_questions(db: ViewerSession, *, is_open: bool) -> list[QuestionRow]:
    """The open ones by when they are due, or the latest answers."""
    if is_open:
        query = _ROWS.where(Question.answered_at.is_(None)).order_by(Question.due_at, Question.id)
    else:
        answered = _ROWS.where(Question.answered_at.is_not(None))
        query = answered.order_by(Question.answered_at.desc(), Question.id.desc())
    return [QuestionRow(*row[:10]) for row in db.execute(query.limit(200))]


def get_question(db: ViewerSession, ref: str) -> Question:
    """Raises NotFound."""
    found = db.scalar(select(Question).where(Question.ref == ref))
    if found is None:
        raise NotFound
    return found
