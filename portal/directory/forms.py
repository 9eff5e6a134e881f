"""What people type about companies.  Choices that depend on the programme are set by the view."""

from __future__ import annotations

from wtforms.widgets import HiddenInput

from portal.partners.actions import EditContact, EditPartner
from portal.partners.rules import PartnerType
from portal.web.choices import Choices
from portal.web.forms import (
    CountField,
    LinesField,
    Needed,
    PortalForm,
    SelectField,
    SelectMultipleField,
    TextField,
)

TYPES = {kind.value: kind.label for kind in PartnerType}


class CompanyForm(PortalForm):
    """A company as the vendor keeps it; `known` sets the choices."""

    name = TextField("Company name", [Needed("Enter the company's name")])
    kind = SelectField("Type", choices=TYPES)
    domain = TextField("Web domain")
    country = SelectField("Country")
    currency = SelectField("Currency")
    region = SelectField("Region")
    tier = SelectField("Tier")

    def offer(self, choices: dict[str, Choices]) -> None:
        for name, offered in choices.items():
            field = self._fields[name]
            assert isinstance(field, SelectField)
            field.choices = offered


class EditForm(CompanyForm):
    languages = SelectMultipleField("Languages", choices={})
    version = CountField("", widget=HiddenInput())

    def command(self) -> EditPartner:
        return EditPartner(
            version=self.version.count or 0,
            name=self.name.data or "",
            kind=PartnerType(self.kind.data),
            domain=self.domain.data or "",
            country=self.country.data or "",
            currency=self.currency.data or "",
            region_id=int(self.region.data) if self.region.data else None,
            tier_id=int(self.tier.data) if self.tier.data else None,
            languages=" ".join(self.languages.data or []),
        )


class ContactForm(PortalForm):
    """What a company says about itself, on co-branded files too."""

    contact_name = TextField("Contact")
    contact_email = TextField("E-mail", most=320)
    contact_phone = TextField("Phone", most=60)
    website = TextField("Website")
    address = LinesField("Address", most=500)
    languages = SelectMultipleField("Languages", choices={})
    version = CountField("", widget=HiddenInput())

    def command(self) -> EditContact:
        return EditContact(
            version=self.version.count or 0,
            contact_name=self.contact_name.data or "",
            contact_email=self.contact_email.data or "",
            contact_phone=self.contact_phone.data or "",
            website=self.website.data or "",
            address=self.address.data or "",
            languages=" ".join(self.languages.data or []),
        )


class NoteForm(PortalForm):
    text = LinesField("Note", [Needed("Write the note")])


class ReasonForm(PortalForm):
    reason = LinesField("Reason", [Needed("Say why; staff read it in the history")], most=500)


class ManagerForm(PortalForm):
    manager = SelectField("Channel manager")

    def offer(self, people: dict[int, str]) -> None:
        self.manager.choices = {str(user_id): name for user_id, name in people.items()}


class SuppliersForm(PortalForm):
    suppliers = SelectMultipleField("Distributors", choices={})

    def offer(self, distributors: dict[int, str]) -> None:
        self.suppliers.choices = {str(number): name for number, name in distributors.items()}
