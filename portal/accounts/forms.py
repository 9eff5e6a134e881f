"""What people type to sign in and to look after their account."""

from __future__ import annotations

from portal.accounts.actions import SetPassword
from portal.accounts.actions.views import SaveView
from portal.web.forms import BooleanField, CountField, Needed, PortalForm, SecretField, TextField


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


class SaveViewForm(PortalForm):
    """The filters in force, under a name."""

    name = TextField(
        "Name", [Needed("Enter a name")], most=60, description="The list shows it by this name."
    )
    shared = BooleanField("Share with my colleagues")
    query = TextField("", most=2_000)

    def command(self, page: str) -> SaveView:
        return SaveView(
            page=page,
            query=self.query.data or "",
            name=self.name.data or "",
            is_shared=bool(self.shared.data),
        )


class RemoveViewForm(PortalForm):
    name = TextField("", most=60)


class CodeForm(PortalForm):
    code = TextField("Code", [Needed("Enter the code of your app, or a recovery code")], most=60)


class ConfirmCodeForm(CodeForm):
    next = TextField("")
