"""Forms of share links."""

from __future__ import annotations

from wtforms.fields import BooleanField

from portal.collateral.actions.sharing import LONGEST, MakeShare
from portal.web.forms import CountField, Needed, PortalForm, SecretField, TextField


class ShareForm(PortalForm):
    recipient = TextField("For whom", [Needed("Say for whom the link is")])
    days = CountField("Days until it ends", [Needed("Enter a number of days")], low=1, high=LONGEST)
    password = SecretField("Password")
    is_pinned = BooleanField("Stay with this version when a newer one comes")

    def command(
        self, *, new_ref: str, token_hash: str, asset_ref: str, password_hash: str, deal_ref: str
    ) -> MakeShare:
        return MakeShare(
            new_ref=new_ref,
            token_hash=token_hash,
            asset_ref=asset_ref,
            recipient=self.recipient.data or "",
            days=self.days.count or 30,
            password_hash=password_hash,
            is_pinned=self.is_pinned.data,
            deal_ref=deal_ref,
        )


class UnlockForm(PortalForm):
    password = SecretField("Password", [Needed("Enter the password you were given")])
