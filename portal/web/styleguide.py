"""What the style guide shows: a form in its states, charts, and the instants they speak of."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass

from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    EmailField,
    FileField,
    Form,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import InputRequired

from portal.web import charts

LINES = [
    SelectChoice("observe", "Observe Team"),
    SelectChoice("enterprise", "Observe Enterprise"),
    SelectChoice("vault", "Vault"),
]
COUNTRIES = [
    SelectChoice("CH", "Switzerland"),
    SelectChoice("DE", "Germany"),
    SelectChoice("AT", "Austria"),
]
OUTCOMES = [
    SelectChoice("ask", "Ask Nordlicht for an update"),
    SelectChoice("replace", "Approve this, end DR-7K3Q9ABCX"),
    SelectChoice("keep", "Keep DR-7K3Q9ABCX, reject this"),
    SelectChoice("both", "Approve both, no exclusivity"),
]
CLOSINGS = [SelectChoice("2027-03-31", "Q1 2027"), SelectChoice("later", "Later")]
MONTHS = ["Jun", "Jul", "Aug", "Sep", "Oct", "Nov"]


class SampleForm(Form):
    """One field of every kind; some refuse to be empty, so that their errors show."""

    email = EmailField(
        "Contact’s work e-mail",
        [InputRequired("Enter the contact’s work e-mail")],
        description="The company and its domain are read from it.",
    )
    customer = StringField("Customer name", [InputRequired("Enter the customer name")])
    country = SelectField("Country", choices=COUNTRIES)
    line = RadioField(
        "Product line",
        [InputRequired("Choose a product line")],
        choices=LINES,
        validate_choice=False,
    )
    value = StringField("Estimated value")
    closes = RadioField("Expected close", choices=CLOSINGS, validate_choice=False)
    closes_on = StringField("Expected on")
    share = StringField("Share")
    reasons = SelectMultipleField("Lines", choices=LINES)
    outcome = RadioField("Resolve", choices=OUTCOMES, validate_choice=False)
    note = TextAreaField("Note to Jonas Weber")
    agreed = BooleanField("I have read the programme rules")
    proof = FileField("Proof of the meeting")


@dataclass(frozen=True, slots=True)
class Charts:
    tiers: charts.Bars
    earned: charts.Plot
    pipeline: charts.Plot
    funnel: charts.Bars
    spark: charts.Sparkline


@dataclass(frozen=True, slots=True)
class Instants:
    past: dt.datetime
    soon: dt.datetime
    later: dt.datetime


def filled_form() -> SampleForm:
    answers = [
        ("email", "reto.frei@helvetia-logistics.example"),
        ("customer", "Helvetia Logistics"),
        ("country", "CH"),
        ("line", "enterprise"),
        ("value", "248,000"),
        ("share", "12"),
        ("reasons", "observe"),
        ("outcome", "ask"),
        ("agreed", "1"),
    ]
    return SampleForm(MultiDict(answers))


def refused_form() -> SampleForm:
    form = SampleForm(MultiDict({"refused-country": "CH"}), prefix="refused-")
    form.validate()
    return form


def sample_charts() -> Charts:
    point = charts.Point
    return Charts(
        tiers=charts.bars(
            "tiers",
            "Progress to Platinum in three criteria",
            [
                point("Revenue", 412, "€412,000 of €500,000", goal=500),
                point("Certified people", 4, "4 of 4", tone="done"),
                point("Deals won", 9, "9 of 12", goal=12),
            ],
            own_scales=True,
        ),
        earned=charts.columns(
            "earned",
            "Commission by month: paid, on hold, earned",
            MONTHS,
            [[12, 18, 15, 21, 19, 8], [0, 0, 2, 4, 9, 6], [3, 2, 4, 5, 7, 14]],
            tick_texts={0: "€0", 10: "€10k", 20: "€20k", 30: "€30k", 40: "€40k"},
        ),
        pipeline=charts.lines(
            "pipeline",
            "Open pipeline of three regions over six months",
            MONTHS,
            [
                ("DACH", [210, 240, 232, 265, 290, 318]),
                ("Nordics", [120, 128, 140, 138, 152, 171]),
                ("Iberia", [90, 104, 99, 121, 140, 158]),
            ],
        ),
        funnel=charts.funnel(
            "funnel",
            "Registrations from sent to won",
            [
                point("Registered", 312, "312"),
                point("Approved", 241, "241"),
                point("Won", 88, "88"),
            ],
            steps=["77 % are approved", "37 % of those are won"],
        ),
        spark=charts.sparkline("Median decision, last eight weeks, falling", [14, 13, 12, 13, 11]),
    )


def instants(now: dt.datetime) -> Instants:
    return Instants(
        past=now - dt.timedelta(hours=4, minutes=3),
        soon=now + dt.timedelta(hours=2, minutes=3),
        later=now + dt.timedelta(hours=26, minutes=3),
    )
