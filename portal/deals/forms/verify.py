"""The public check of a registration number."""

from __future__ import annotations

from portal.web.forms import Needed, PortalForm, SelectField, TextField


class VerifyForm(PortalForm):
    number = TextField("Registration number", [Needed("Enter the number")], most=40)
    line = SelectField("Product", coerce=int, validate_choice=False)
