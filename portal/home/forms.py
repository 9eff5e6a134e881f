"""What people set on any page."""

from __future__ import annotations

from portal.web.forms import PortalForm, TextField


class ThemeForm(PortalForm):
    theme = TextField("Theme")
