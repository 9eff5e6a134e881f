"""What people type about commissions."""

from __future__ import annotations

from portal.commissions.actions.plans import Publish
from portal.commissions.actions.questions import Answer
from portal.web.forms import (
    DayField,
    LinesField,
    Needed,
    PortalForm,
    SelectField,
    TextField,
)

PLAN_LENGTH = 100_000


class QuestionForm(PortalForm):
    text = LinesField("Your question", [Needed("Write your question")], most=2_000)


class AnswerForm(PortalForm):
    """`amount` posts a difference with the answer; it may be below zero."""

    text = LinesField("Answer", [Needed("Write the answer")], most=2_000)
    amount = TextField("Adjust by", most=40)

    def command(self) -> Answer:
        return Answer(text=self.text.data or "", amount=self.amount.data or "")


class RunForm(PortalForm):
    currency = SelectField("Currency", choices={})
    pays_on = DayField("Paid on", [Needed("Choose the day the bank pays")])


class ReasonForm(PortalForm):
    reason = TextField("Reason", [Needed("Say why it came back")], most=200)


class PlanForm(PortalForm):
    text = LinesField("Plan", [Needed("Write the plan")], most=PLAN_LENGTH)
    note = TextField("What changes", most=200)

    def command(self) -> Publish:
        return Publish(text=self.text.data or "", note=self.note.data or "")


class SandboxForm(PortalForm):
    text = LinesField("Cases", [Needed("Write a case")], most=PLAN_LENGTH)


class BankForm(PortalForm):
    holder = TextField("Account holder", [Needed("Enter the account holder")], most=70)
    iban = TextField("IBAN", [Needed("Enter the IBAN")], most=42)
    bic = TextField("BIC", most=11)
