"""What staff fill in to decide registrations: shape only."""

from __future__ import annotations

from collections.abc import Iterable

from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs

from portal.deals.actions.conflicts import ApproveSecond, AskHolder, CustomersChoice
from portal.deals.actions.decisions import REASONS, Approve, Ask, Reject
from portal.deals.actions.intake import ASKABLE
from portal.deals.queries.queue import Size
from portal.web.forms import (
    CountField,
    LinesField,
    PortalForm,
    RadioField,
    SelectField,
    SelectMultipleField,
    TextField,
)

SIZE_WORDS = {
    Size.SMALL: "Under 50,000",
    Size.MEDIUM: "50,000 to 250,000",
    Size.LARGE: "250,000 and more",
}


def choices(pairs: Iterable[tuple[str, str]]) -> list[SelectChoice]:
    return [SelectChoice(value, label) for value, label in pairs]


class FilterForm(PortalForm):
    """The sheet beside the list: what is chosen stands in the address, the choices come with it."""

    region = SelectField("Region")
    line = SelectField("Product line")
    partner = SelectField("Partner")
    tier = SelectField("Tier")
    size = SelectField(
        "Size",
        choices=choices([("", "Any"), *((size.value, text) for size, text in SIZE_WORDS.items())]),
    )


class DecideForm(PortalForm):
    """Approving what is clear, or an outcome of a conflict.  `why` stays with the vendor."""

    version = CountField("")
    outcome = RadioField("Resolve", validate_choice=False)
    why = LinesField("Reason", description="Kept with the decision; no partner reads it.")

    def approve(self) -> Approve:
        return Approve(version=self.version.count, override_reason=self.why.data or "")

    def ask_holder(self) -> AskHolder:
        return AskHolder(version=self.version.count)

    def approve_second(self) -> ApproveSecond:
        return ApproveSecond(version=self.version.count)

    def follow_customer(self) -> CustomersChoice:
        return CustomersChoice(version=self.version.count, text=self.why.data or "")

    def keep_other(self) -> Reject:
        return Reject(version=self.version.count, reason="not_open", text="")


class RejectForm(PortalForm):
    version = CountField("")
    reason = RadioField("Reason", choices=choices(REASONS.items()), validate_choice=False)
    text = LinesField("What the partner reads", description="Say what would change the decision.")

    def command(self) -> Reject:
        return Reject(
            version=self.version.count, reason=self.reason.data or "", text=self.text.data or ""
        )


class AskForm(PortalForm):
    version = CountField("")
    fields = SelectMultipleField("Fields to open again", choices=choices(ASKABLE.items()))
    text = LinesField("Question", description="The partner reads this.")

    def command(self) -> Ask:
        return Ask(
            version=self.version.count,
            fields=tuple(self.fields.data or ()),
            text=self.text.data or "",
        )


class BulkForm(PortalForm):
    """`refs` are the rows chosen; only those that are clear are approved."""

    refs = SelectMultipleField("Registrations", validate_choice=False)
    act = TextField("")


class NoteForm(PortalForm):
    """A comment: for both sides, or for staff alone."""

    body = LinesField("Note")
    visibility = SelectField(
        "Who reads it", choices=choices([("staff", "Our staff"), ("both", "The partner too")])
    )
