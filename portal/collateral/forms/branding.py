"""Forms of a company's branding."""

from __future__ import annotations

from wtforms.fields import BooleanField, FileField
from wtforms.validators import ValidationError

from portal.collateral.actions.branding import SaveBranding
from portal.kernel import colour
from portal.kernel.errors import Refused
from portal.web.forms import LinesField, Needed, PortalForm, TextField


class LogoForm(PortalForm):
    logo = FileField("Your logo")
    is_for_dark = BooleanField("This one is for dark grounds")

    def validate_logo(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError("Choose your logo.")


class BrandingForm(PortalForm):
    company = TextField("Company", [Needed("Enter your company's name")])
    contact = TextField("Contact")
    email = TextField("E-mail", most=320)
    phone = TextField("Phone")
    website = TextField("Website")
    address = LinesField("Address", most=500)
    colour = TextField("Colour of the level badge", most=7)

    def validate_colour(self, field: TextField) -> None:
        try:
            colour.parse(field.data or "#1b1f24")
        except Refused as refused:
            raise ValidationError(refused.message) from refused

    def command(self, partner_id: int) -> SaveBranding:
        return SaveBranding(
            partner_id=partner_id,
            company=self.company.data or "",
            contact=self.contact.data or "",
            email=self.email.data or "",
            phone=self.phone.data or "",
            website=self.website.data or "",
            address=self.address.data or "",
            colour=self.colour.data or "#1b1f24",
        )
