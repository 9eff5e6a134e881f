"""Questions: asked on a commission's page by a partner, answered by finance."""

from __future__ import annotations

from flask.typing import ResponseReturnValue

from portal.commissions.actions import questions as actions
from portal.commissions.forms import AnswerForm, QuestionForm
from portal.commissions.queries import questions as queries
from portal.commissions.queries import statements
from portal.commissions.views.mine import page_of
from portal.commissions.views.pages import area
from portal.kernel.policy import May
from portal.web.area import Visit


@area.act("/commissions/<ref>/question", needs=May.COMMISSIONS_READ)
def ask(visit: Visit, ref: str) -> ResponseReturnValue:
    statements.get_line(visit.db, ref)
    form = visit.form(QuestionForm)
    new_ref = visit.services.new_ref("QN")

    def send() -> object:
        return actions.ask(visit.db, ref, form.text.data or "", new_ref=new_ref, now=visit.now)

    if visit.attempt(form, send):
        visit.say("Your question is sent. Finance answers within five days.")
        return visit.go("commissions.show", ref=ref)
    return page_of(visit, ref, form, 422)


@area.page("/finance/disputes", needs=May.FINANCE_READ)
def show_questions(visit: Visit) -> ResponseReturnValue:
    return visit.render(
        "finance/questions.html",
        waiting=queries.list_questions(visit.db, is_open=True),
        answered=queries.list_questions(visit.db, is_open=False),
    )


@area.page("/finance/disputes/<ref>", needs=May.FINANCE_READ)
def show_question(visit: Visit, ref: str) -> ResponseReturnValue:
    return _page(visit, ref, AnswerForm())


def _page(visit: Visit, ref: str, form: AnswerForm, status: int = 200) -> ResponseReturnValue:
    question = queries.get_question(visit.db, ref)
    found = [
        row for row in queries.questions_on(visit.db, question.line_id) if row.ref == question.ref
    ]
    return visit.render(
        "finance/question.html",
        status,
        question=found[0],
        form=form,
        may_answer=visit.viewer.may(May.FINANCE_RUN),
    )


@area.act("/finance/disputes/<ref>", needs=May.FINANCE_RUN)
def answer(visit: Visit, ref: str) -> ResponseReturnValue:
    form = visit.form(AnswerForm)
    if visit.attempt(form, lambda: actions.answer(visit.db, ref, form.command(), now=visit.now)):
        visit.say("The answer is sent.")
        return visit.go("commissions.show_questions")
    return _page(visit, ref, form, 422)
