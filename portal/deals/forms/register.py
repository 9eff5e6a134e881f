"""The page on which a deal is registered, and what it becomes.

A draft takes whatever can be read of it; only sending needs it whole.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from babel import Locale
from wtforms import HiddenField

from portal.deals.actions.drafts import SaveDraft
from portal.deals.actions.together import Extra, SaveTogether
from portal.deals.models import Deal
from portal.kernel import text
from portal.kernel.clock import Quarter
from portal.kernel.money import Money, format_amount
from portal.web.forms import (
    AmountField,
    BooleanField,
    DayField,
    LinesField,
    PortalForm,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextField,
)

LATER = "later"
QUARTERS = 3
NO_PLACES = {"EU", "EZ", "UN", "XA", "XB", "ZZ", "QO"}
"""Codes that the list of territories has beside those of countries."""


@lru_cache(maxsize=16)
def countries(locale: str) -> list[tuple[str, str]]:
    """(code, name) of every country, by name."""
    named = Locale.parse(locale.replace("-", "_")).territories
    found = [(code, name) for code, name in named.items() if len(code) == 2 and code.isalpha()]
    return sorted((each for each in found if each[0] not in NO_PLACES), key=lambda each: each[1])


def closing_choices(today: dt.date) -> list[tuple[str, str]]:
    """The present quarter and the next ones, each by its last day; then a day of one's own."""
    quarter, choices = Quarter.of(today), []
    for number in range(QUARTERS):
        choices.append((quarter.last_day.isoformat(), str(quarter) if number else "This quarter"))
        quarter = quarter.next
    return [*choices, (LATER, "Later")]


@dataclass(frozen=True, slots=True)
class Known:
    """What the company's own rows say of a customer, or what its web domain does."""

    name: str
    country: str


class RegisterForm(PortalForm):
    """`key` is the signed number the deal will have, so that sending twice makes one."""

    key = HiddenField()
    version = HiddenField()
    contact = TextField(
        "Contact’s work e-mail or website",
        description="The customer’s name and country are read from it.",
        most=320,
    )
    customer_name = TextField("Customer name")
    customer_country = SelectField("Country", validate_choice=False)
    line = SelectMultipleField("Product", coerce=int)
    closes = RadioField("Expected close", validate_choice=False)
    closes_on = DayField("Expected on")
    activity = TextField("What did you do to earn it?", most=500)
    contact_name = TextField("Contact’s name")
    website = TextField("Customer’s website")
    customer_city = TextField("City")
    customer_tax_id = TextField("Tax or registration number", most=60)
    distributor = SelectField("Distributor", validate_choice=False)
    reseller = SelectField("Registered for", validate_choice=False)
    note = LinesField("What do we need to know?")
    is_tender = BooleanField("It is a public tender")
    tender_published_on = DayField("Tender published on")

    value: AmountField
    locale: str
    line_names: Mapping[int, str]
    quarters: frozenset[str] = frozenset()

    @property
    def chosen(self) -> list[int]:
        """The product lines, each once."""
        return [] if self.line.process_errors else list(dict.fromkeys(self.line.data or []))

    def value_of(self, line_id: int) -> AmountField:
        field = self[f"value_{line_id}"]
        assert isinstance(field, AmountField)
        return field

    @property
    def places(self) -> set[str]:
        return {code for code, _ in countries(self.locale)}

    def validate(self, extra_validators: Any = None) -> bool:
        """With several lines, each needs a value of its own; the plain one counts for the first."""
        is_valid = super().validate(extra_validators)
        if len(self.chosen) > 1:
            for place, line_id in enumerate(self.chosen):
                field = self.value_of(line_id)
                has_value = field.money or (place == 0 and self.value.money)
                if not has_value and not field.errors:
                    field.errors = [f"Enter the value of {self.line_names[line_id]}."]
                    is_valid = False
        return is_valid

    def command(
        self, *, ref: str, is_made: bool, spare_refs: list[str], companies: Mapping[str, int]
    ) -> SaveTogether:
        """What can be read of the page.  `companies` has the ids of those that may be named."""
        lines = self.chosen
        contact = _read(self.contact)
        is_address = "@" in contact
        website = _read(self.website) or ("" if is_address else contact)
        version = self.version.data or ""
        first = SaveDraft(
            new_ref=ref,
            ref=ref if is_made else None,
            version=int(version) if is_made and version.isdecimal() else None,
            reseller_id=companies.get(self.reseller.data or ""),
            distributor_id=companies.get(self.distributor.data or ""),
            customer_name=_read(self.customer_name),
            customer_domain=website,
            customer_country=self._country(),
            customer_city=_read(self.customer_city),
            customer_tax_id=_read(self.customer_tax_id),
            contact_name=_read(self.contact_name),
            contact_email=contact if is_address else "",
            line_id=lines[0] if lines else None,
            value=self._value(lines),
            closes_on=self._closes_on(),
            activity=_read(self.activity),
            note=_read(self.note),
            is_tender=bool(self.is_tender.data),
            tender_published_on=_day(self.tender_published_on),
        )
        spare = iter(spare_refs)
        extras = [Extra(line, self.value_of(line).money, next(spare)) for line in lines[1:]]
        return SaveTogether(first, tuple(extras))

    def _country(self) -> str:
        given = self.customer_country.data or ""
        return given if given in self.places else ""

    def _value(self, lines: list[int]) -> Money | None:
        plain = self.value.money
        return (self.value_of(lines[0]).money or plain) if len(lines) > 1 else plain

    def _closes_on(self) -> dt.date | None:
        chosen = self.closes.data or ""
        return dt.date.fromisoformat(chosen) if chosen in self.quarters else _day(self.closes_on)


def completed(command: SaveTogether, known: Known | None) -> SaveTogether:
    """With the name and country filled in where they were left empty and can be told."""
    first = command.first
    domain = text.domain_of(first.customer_domain or first.contact_email)
    if domain is None or text.is_free_mail(domain):
        return command
    found = known or derived(domain)
    first = replace(
        first,
        customer_name=first.customer_name or found.name,
        customer_country=first.customer_country or found.country,
    )
    return replace(command, first=first)


def derived(domain: str) -> Known:
    return Known(text.name_from_domain(domain), text.country_of_domain(domain) or "")


def of_draft(deal: Deal, linked: list[Deal], *, today: dt.date, locale: str) -> dict[str, Any]:
    """A draft as the page shows it again."""
    closes = deal.closes_on.isoformat() if deal.closes_on else ""
    is_quarter = closes in {value for value, _ in closing_choices(today)}
    domain = text.domain_of(deal.contact_email) or ""
    has_website = deal.contact_email and deal.customer_domain not in {"", domain}
    deals = [each for each in (deal, *linked) if each.line_id]
    values = {f"value_{each.line_id}": _amount(each, locale) for each in deals}
    return {
        "contact": deal.contact_email or deal.customer_domain,
        "website": deal.customer_domain if has_website else "",
        "closes": closes if is_quarter else (LATER if closes else None),
        "closes_on": "" if is_quarter else closes,
        "line": [each.line_id for each in deals],
        "value": _amount(deal, locale),
        "tender_published_on": deal.tender_published_on.isoformat()
        if deal.tender_published_on
        else "",
        **{name: getattr(deal, name) for name in _PLAIN},
        **values,
    }


_PLAIN = (
    "version",
    "customer_name",
    "customer_country",
    "customer_city",
    "customer_tax_id",
    "contact_name",
    "activity",
    "note",
    "is_tender",
)


@lru_cache(maxsize=256)
def form_class(
    lines: tuple[tuple[int, str], ...], currency: str, locale: str
) -> type[RegisterForm]:
    """The page for a company that sells in `currency`, with a value for each line."""
    fields: dict[str, Any] = {
        "value": AmountField("Estimated value", currency=currency, locale=locale),
        "locale": locale,
        "line_names": dict(lines),
    }
    for line_id, name in lines:
        label = f"Estimated value of {name}"
        fields[f"value_{line_id}"] = AmountField(label, currency=currency, locale=locale)
    return type("RegisterForm", (RegisterForm,), fields)


def _amount(deal: Deal, locale: str) -> str:
    return format_amount(Money(deal.value_minor, deal.currency), locale) if deal.value_minor else ""


def _read(field: Any) -> str:
    """What the field holds, or nothing while it cannot be kept as it is."""
    return "" if field.process_errors else (field.data or "")


def _day(field: DayField) -> dt.date | None:
    return None if field.process_errors else field.day
