"""What is asked when something is done to a registration that was sent."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from wtforms import HiddenField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.deals.actions.intake import ASKABLE, Answer
from portal.deals.actions.outcomes import Extend, Update, Win
from portal.deals.forms.register import countries
from portal.deals.models import Deal
from portal.deals.rules.states import Visibility
from portal.deals.rules.words import LOST_REASONS, STAGES
from portal.kernel.money import Money, format_amount
from portal.web.forms import (
    SHORT,
    AmountField,
    BooleanField,
    DayField,
    LinesField,
    Needed,
    PortalForm,
    RadioField,
    SelectField,
    TextField,
)

LENGTHS = {"activity": 500, "customer_tax_id": 60, "contact_email": 320}


def _choices(labels: Mapping[str, str]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in labels.items()]


class NothingForm(PortalForm):
    """A button: nothing is sent but the token of the page."""


class MessageForm(PortalForm):
    body = LinesField("Message", [Needed("Write something first")])
    is_staff_only = BooleanField("Only for the vendor’s staff")

    def visibility_for(self, *, is_vendor: bool) -> Visibility:
        return Visibility.STAFF if is_vendor and self.is_staff_only.data else Visibility.BOTH


class ActivityForm(PortalForm):
    text = TextField("What was done", [Needed("Say what you did")], most=500)


class AppealForm(PortalForm):
    text = LinesField("Why should it be looked at again?", [Needed("Say why")])


class LoseForm(PortalForm):
    reason = RadioField(
        "Why was it lost?",
        [Needed("Choose why it was lost")],
        choices=_choices(LOST_REASONS),
        validate_choice=False,
    )


class ExtendForm(PortalForm):
    reason = TextField("Why does it need more time?", [Needed("Say why")], most=500)
    has_evidence = BooleanField("The evidence stands in the messages of this deal")

    def command(self) -> Extend:
        return Extend(reason=self.reason.data or "", has_evidence=bool(self.has_evidence.data))


class WinForm(PortalForm):
    value: AmountField
    order_number = TextField("Order number", most=60)
    won_on = DayField("Won on", [Needed("Choose the day it was won")])

    def command(self) -> Win:
        assert self.value.money is not None
        assert self.won_on.day is not None
        return Win(
            order_number=self.order_number.data or "",
            value=self.value.money,
            won_on=self.won_on.day,
        )


class UpdateForm(PortalForm):
    """`as_of` is when the deal had changed last as the page was opened."""

    value: AmountField
    as_of = HiddenField()
    stage = SelectField("Stage", choices=_choices(STAGES))
    closes_on = DayField("Expected close", [Needed("Choose a day")])

    def command(self) -> Update:
        assert self.value.money is not None
        assert self.closes_on.day is not None
        return Update(
            version=None,
            stage=self.stage.data or "",
            value=self.value.money,
            closes_on=self.closes_on.day,
        )


@lru_cache(maxsize=128)
def win_form(currency: str, locale: str) -> type[WinForm]:
    return type("WinForm", (WinForm,), {"value": _value(currency, locale)})


@lru_cache(maxsize=128)
def update_form(currency: str, locale: str) -> type[UpdateForm]:
    return type("UpdateForm", (UpdateForm,), {"value": _value(currency, locale)})


class AnswerForm(PortalForm):
    """The fields that were asked for, and a text."""

    text = LinesField("Your answer")

    def command(self) -> Answer:
        values: dict[str, Any] = {
            field.short_name: _given(field) for field in self if field.short_name in ASKABLE
        }
        text = self.text.data or ""
        return Answer(text=text, values={k: v for k, v in values.items() if v is not None})


@lru_cache(maxsize=256)
def answer_form(asked: tuple[str, ...], currency: str, locale: str) -> type[AnswerForm]:
    """Only what was asked for opens again."""
    fields = {name: _askable(name, currency, locale) for name in asked if name in ASKABLE}
    return type("AnswerForm", (AnswerForm,), fields)


def known_of(deal: Deal, locale: str) -> Mapping[str, Any]:
    """The deal's values as its forms show them."""
    days = {"closes_on": deal.closes_on, "tender_published_on": deal.tender_published_on}
    return {
        **{name: getattr(deal, name) for name in ASKABLE if name not in {"value", *days}},
        **{name: day.isoformat() if day else "" for name, day in days.items()},
        "value": format_amount(Money(deal.value_minor, deal.currency), locale),
        "stage": deal.stage,
        "as_of": deal.updated_at.isoformat(),
    }


def _value(currency: str, locale: str) -> AmountField:
    needed = Needed("Enter the value")
    return AmountField("Value", [needed], currency=currency, locale=locale)


def _askable(name: str, currency: str, locale: str) -> Any:
    label, needed = ASKABLE[name], [Needed(f"{ASKABLE[name]}: fill this in")]
    match name:
        case "value":
            return AmountField(label, needed, currency=currency, locale=locale)
        case "closes_on" | "tender_published_on":
            return DayField(label, needed)
        case "customer_country":
            return SelectField(
                label, needed, choices=_choices({"": "Choose"} | dict(countries(locale)))
            )
        case "note":
            return LinesField(label, needed)
        case _:
            return TextField(label, needed, most=LENGTHS.get(name, SHORT))


def _given(field: Any) -> Any:
    match field:
        case AmountField():
            return field.money
        case DayField():
            return field.day
        case _:
            return field.data
