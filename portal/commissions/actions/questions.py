"""Questions on a commission, and answers, which may post a difference."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from portal.commissions.actions import accruing
from portal.commissions.actions.accruing import Take
from portal.commissions.models import Question
from portal.commissions.queries import questions as queries
from portal.commissions.queries import statements
from portal.commissions.rules.events import QuestionAnswered, QuestionAsked
from portal.commissions.rules.facts import Event, Kind
from portal.db import events
from portal.db.session import ViewerSession
from portal.kernel.errors import Forbidden, Refused, Stale
from portal.kernel.money import parse_amount
from portal.kernel.policy import May
from portal.partners import queries as partners

ANSWER_WITHIN = dt.timedelta(days=5)


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`amount` is what is added to what was earned, as it was typed; empty for nothing."""

    text: str
    amount: str = ""


def ask(db: ViewerSession, line_ref: str, text: str, *, new_ref: str, now: dt.datetime) -> Question:
    """Raises NotFound, Refused("empty")."""
    line = statements.get_line(db, line_ref)
    if not text.strip():
        raise Refused("Write your question.", code="empty", field="text")
    question = Question(
        created_at=now,
        ref=new_ref,
        line_id=line.id,
        partner_id=line.partner_id,
        asked_by_id=db.viewer.user_id,
        text=text,
        due_at=now + ANSWER_WITHIN,
    )
    db.add(question)
    db.flush()
    asked = QuestionAsked(
        subject_id=line.id, partner_id=line.partner_id, ref=line.ref, due_at=question.due_at
    )
    events.publish(db, asked, now=now)
    return question


def answer(db: ViewerSession, ref: str, command: Answer, *, now: dt.datetime) -> Question:
    """Answers once; a difference becomes a line of its own that explains itself.

    Raises NotFound, Forbidden, Stale, Refused("empty"), Refused for what is no amount.
    """
    if not db.viewer.may(May.FINANCE_RUN):
        raise Forbidden("Finance answers questions about commissions.")
    question = queries.get_question(db, ref)
    if question.answered_at is not None:
        raise Stale("This question was answered meanwhile. Reload to see the answer.")
    line = next(row for row in queries.list_questions(db, is_open=True) if row.ref == ref)
    if command.amount.strip():
        amount = parse_amount(command.amount, line.currency, "en", signed=True)
        event = Event(
            id=f"adjust:{question.ref}",
            kind=Kind.ADJUSTMENT,
            partner=partners.get_partner(db, question.partner_id).ref,
            day=now.date(),
            currency=line.currency,
            amount=amount.minor,
            reason=f"Adjustment after a question about {line.line_ref}",
        )
        with db.as_system("post the outcome of a question") as system:
            accruing.take(system, Take(event=event, partner_id=question.partner_id), now=now)
        question = queries.get_question(db, ref)
    question.answer, question.answered_at = command.text, now
    question.answered_by_id = db.viewer.user_id
    db.flush()
    answered = QuestionAnswered(
        subject_id=question.line_id, partner_id=question.partner_id, ref=line.line_ref
    )
    events.publish(db, answered, now=now)
    return question
