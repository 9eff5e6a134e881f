"""What people type to sign in and to look after their account."""

from __future__ import annotations

from portal.accounts.actions import SetPassword
from portal.web.forms import CountField, Needed, PortalForm, SecretField, TextField


class SignInForm(PortalForm):
    email = TextField("E-mail", [Needed("Enter your e-mail address")], most=320)
    password = SecretField("Password", [Needed("Enter your password")])
    next = TextField("")


class ForgotForm(PortalForm):
    email = TextField("E-mail", [Needed("Enter your e-mail address")], most=320)


class NewPasswordForm(PortalForm):
    password = SecretField("New password", [Needed("Enter a new password")])

    def command(self, *, salt: bytes, passes: int) -> SetPassword:
        return SetPassword(password=self.password.data or "", salt=salt, passes=passes)


class ConfirmForm(PortalForm):
    password = SecretField("Password", [Needed("Enter your password")])
    next = TextField("")


class ChangePasswordForm(NewPasswordForm):
    current = SecretField("Current password", [Needed("Enter your current password")])


class EndSessionForm(PortalForm):
    session = CountField("")


class NothingForm(PortalForm):
    """A button: nothing is sent but the token of the page."""


class JoinForm(NewPasswordForm):
    name = TextField("Your name", [Needed("Enter your name")])
