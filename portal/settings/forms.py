"""The deal rules as a form, made from the layout of their settings; and a claim to try them on."""

from __future__ import annotations

import datetime as dt
from typing import Any
from zoneinfo import ZoneInfo

from wtforms.widgets import HiddenInput

from portal.kernel.clock import start_of_day
from portal.kernel.errors import Refused
from portal.programme.rules.deal_rules import DealRules
from portal.programme.rules.documents import NotADocument
from portal.settings.rules import layout
from portal.settings.rules.layout import SECTIONS, SETTINGS, Asks, Setting
from portal.settings.rules.trial import OUTCOMES
from portal.web.choices import Choices
from portal.web.forms import (
    BooleanField,
    CountField,
    DayField,
    LinesField,
    Needed,
    PortalForm,
    SelectField,
    TextField,
)


def _field(setting: Setting) -> Any:
    match setting.asks:
        case Asks.CHECK:
            return BooleanField(setting.label, description=setting.hint)
        case Asks.CHOICE:
            return SelectField(setting.label, choices=setting.options, description=setting.hint)
        case Asks.LINES:
            return LinesField(setting.label, description=setting.hint)
        case _:
            return TextField(setting.label, description=setting.hint, most=2_000)


class _Rules(PortalForm):
    based_on = CountField("", widget=HiddenInput())
    effective_on = DayField("In force from", description="Empty: at once.")
    note = TextField("What changes and why", description="Kept with the version.")
    act = TextField("", widget=HiddenInput())

    line = TextField("Line")
    value = TextField("Value")
    currency = SelectField("Currency")
    region = TextField("Region")
    partner_type = TextField("Partner type")
    tier = TextField("Tier")
    certificates = TextField("Certificates")
    activity = TextField("What was done to earn it")
    is_tender = BooleanField("It is a tender")
    case_name = TextField("Name of the case")
    expected = SelectField("Expected", choices=OUTCOMES, validate_choice=False)


class RulesForm(type("_Settings", (_Rules,), {n: _field(s) for n, s in SETTINGS.items()})):  # type: ignore[misc]
    """Every setting, the claim to try, and when the version begins."""

    def offer(self, currencies: Choices) -> None:
        self.currency.choices = currencies

    def sections(self) -> list[tuple[str, list[tuple[str, Any]]]]:
        """(title, (what it asks, field)s) in the layout's order."""
        return [
            (section.title, [(s.asks.value, self[s.name]) for s in section.settings])
            for section in SECTIONS
        ]

    def rules(self) -> DealRules:
        """Raises Refused with the field; of a document's problems each stands on its field."""
        answers = {name: self[name].data for name in SETTINGS}
        try:
            return layout.rules_of(answers)
        except NotADocument as found:
            first, *others = found.problems
            for problem in others:
                field = layout.name_of(problem.path) or None
                self.refuse(Refused(problem.message, field=field))
            raise Refused(first.message, field=layout.name_of(first.path) or None) from found

    def claim(self) -> dict[str, Any]:
        """As kept cases hold it."""
        return {
            "line": self.line.data or "",
            "value": (self.value.data or "0").replace(",", ""),
            "currency": self.currency.data or "EUR",
            "region": self.region.data or "",
            "partner_type": self.partner_type.data or "",
            "tier": self.tier.data or "",
            "certificates": (self.certificates.data or "").replace(",", " ").split(),
            "activity": self.activity.data or "",
            "is_tender": bool(self.is_tender.data),
        }

    def outcome(self) -> str:
        """What the case is kept with; the page offers it only once a claim was tried."""
        if self.expected.data not in OUTCOMES:
            raise Refused("Choose what is expected.", field="expected")
        return str(self.expected.data)

    def begins_at(self, zone: ZoneInfo) -> dt.datetime | None:
        """The first instant of the day in the programme's zone."""
        return start_of_day(self.effective_on.day, zone) if self.effective_on.day else None


class DropForm(PortalForm):
    case = CountField("", [Needed("Choose a case")])
