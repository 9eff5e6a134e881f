"""What people type about companies.  Choices that depend on the programme are set by the view."""

from __future__ import annotations

import re
from collections.abc import Iterable

from wtforms.widgets import HiddenInput

from portal.accounts.rules import email_key
from portal.kernel.errors import Refused
from portal.kernel.policy import Role
from portal.partners.actions import CreatePartner, EditContact, EditPartner
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

MOST_INVITED = 200
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


class RolesForm(PortalForm):
    roles = SelectMultipleField("Roles", choices={})

    def offer(self, roles: Iterable[Role]) -> None:
        self.roles.choices = {role.value: role.label for role in roles}

    def chosen(self) -> frozenset[Role]:
        return frozenset(Role(role) for role in self.roles.data or ())


class InviteForm(RolesForm):
    """One address a line, with a name if wanted: `mia@alder.example Mia Frei`."""

    people = LinesField("People", [Needed("Enter at least one address")], most=20_000)

    def invited(self) -> list[tuple[str, str]]:
        """(address, name) of each line.  Raises Refused naming the first line that cannot be read.

        Commas, semicolons and angle brackets part the two, as mail programs and tables write them.
        """
        found: dict[str, str] = {}
        for number, line in enumerate((self.people.data or "").splitlines(), 1):
            if not line.strip():
                continue
            words = re.split(r"[\s,;<>\"]+", line.strip())
            address = next((word for word in words if "@" in word), "")
            try:
                key = email_key(address)
            except Refused as refused:
                message = f"Line {number}: {refused.message}"
                raise Refused(message, code=refused.code, field="people") from refused
            name = " ".join(word for word in words if word and word != address)
            found.setdefault(key, f"{address} {name}".strip())
        if len(found) > MOST_INVITED:
            raise Refused(f"Invite at most {MOST_INVITED} people at a time.", field="people")
        return [(text.partition(" ")[0], text.partition(" ")[2]) for text in found.values()]


class LeaveForm(PortalForm):
    successor = SelectField("Who takes over")

    def offer(self, colleagues: dict[int, str]) -> None:
        nobody = {"": "Nobody yet"}
        self.successor.choices = nobody | {str(k): name for k, name in colleagues.items()}


class PartnerForm(CompanyForm):
    """A new company and its first manager."""

    email = TextField("Manager’s e-mail", [Needed("Enter the first manager’s address")], most=320)
    person = TextField("Manager’s name", [Needed("Enter the first manager’s name")])

    def create(self, ref: str) -> CreatePartner:
        return CreatePartner(
            ref=ref,
            name=self.name.data or "",
            kind=PartnerType(self.kind.data),
            domain=self.domain.data or "",
            country=self.country.data or "",
            currency=self.currency.data or "",
            region_id=int(self.region.data) if self.region.data else None,
            tier_id=int(self.tier.data) if self.tier.data else None,
        )
