"""Forms of the content desk: uploading, editing, publishing, marking zones."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlsplit

from wtforms.fields import (
    BooleanField,
    FileField,
    MultipleFileField,
    SelectField,
    SelectMultipleField,
)
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # newer than its stubs
from wtforms.validators import ValidationError

from portal.collateral.actions.assets import AddText, EditAsset
from portal.collateral.rules import audience
from portal.collateral.rules.assets import AssetKind, Stage, Step
from portal.collateral.rules.cobrand import Zone, ZoneKind
from portal.files.zones import Align, Box, Ground, Unit, Valign
from portal.kernel.errors import Refused
from portal.web.forms import CountField, DayField, LinesField, Needed, PortalForm, TextField

LANGUAGES = {
    "de": "German",
    "en": "English",
    "es": "Spanish",
    "fr": "French",
    "it": "Italian",
    "nl": "Dutch",
    "pl": "Polish",
    "pt": "Portuguese",
    "sv": "Swedish",
}
MOST_AT_ONCE = 40


def options(pairs: Iterable[tuple[str, str]], *, empty: str = "") -> list[Any]:
    """Choices of a select; `empty` is the label of choosing nothing."""
    first = [SelectChoice("", empty)] if empty else []
    return first + [SelectChoice(value, label) for value, label in pairs]


KINDS = [(kind.value, kind.label) for kind in AssetKind]


class UploadForm(PortalForm):
    files = MultipleFileField("Files")
    kind = SelectField("Type", choices=options(KINDS), validate_choice=False)
    line = SelectField("Product line", validate_choice=False)

    def validate_files(self, field: MultipleFileField) -> None:
        given = [upload for upload in field.data or () if getattr(upload, "filename", "")]
        if not given:
            raise ValidationError("Choose one or more files.")
        if len(given) > MOST_AT_ONCE:
            raise ValidationError(f"Choose at most {MOST_AT_ONCE} files at once.")

    def validate_kind(self, field: SelectField) -> None:
        if field.data not in set(AssetKind):
            raise ValidationError("Choose a type.")


class VersionForm(PortalForm):
    file = FileField("New version")
    note = TextField("What changed")

    def validate_file(self, field: FileField) -> None:
        if not getattr(field.data, "filename", ""):
            raise ValidationError("Choose a file.")


class TextForm(PortalForm):
    """A new video link or e-mail text, or another version of one."""

    title = TextField("Title", [Needed("Enter a title")])
    video_url = TextField("Address of the video", most=500)
    subject = TextField("Subject")
    body = LinesField("Text", most=20_000)
    note = TextField("What changed")

    def validate_video_url(self, field: TextField) -> None:
        if field.data and urlsplit(field.data).scheme != "https":
            raise ValidationError("Enter an address that begins with https://.")

    def command(self, asset_id: int) -> AddText:
        return AddText(
            asset_id=asset_id,
            subject=self.subject.data or "",
            body=self.body.data or "",
            video_url=self.video_url.data or "",
            note=self.note.data or "",
        )


class StepForm(PortalForm):
    step = TextField("")

    def wanted(self) -> Step:
        """Raises Refused("no_step")."""
        if self.step.data not in set(Step):
            raise Refused("Use one of the buttons on the page.", code="no_step")
        return Step(self.step.data)


class EditForm(PortalForm):
    version = CountField("")
    title = TextField("Title", [Needed("Enter a title")])
    about = LinesField("Description", most=2_000)
    kind = SelectField("Type", choices=options(KINDS), validate_choice=False)
    lines = SelectMultipleField("Product lines", validate_choice=False)
    stage = SelectField(
        "Sales stage",
        choices=options((stage.value, stage.label) for stage in Stage),
        validate_choice=False,
    )
    industry = TextField("Industry")
    language = SelectField(
        "Language", choices=options(LANGUAGES.items(), empty="None"), validate_choice=False
    )
    region = SelectField("Region", validate_choice=False)
    campaign = TextField("Campaign")
    tags = TextField("Tags", most=500)
    usage_rights = TextField("Usage rights", most=500)
    family = TextField("Same piece in other languages", most=20)
    owner = SelectField("Owner", validate_choice=False)
    valid_from = DayField("First day")
    valid_until = DayField("Last day")
    replaced_by = TextField("Replaced by", most=20)
    is_for_all = BooleanField("Every partner")
    types = SelectMultipleField("Partner types", validate_choice=False)
    tiers = SelectMultipleField("Partner levels", validate_choice=False)
    partners = SelectMultipleField("Named partners", validate_choice=False)

    def validate_kind(self, field: SelectField) -> None:
        if field.data not in set(AssetKind):
            raise ValidationError("Choose a type.")

    def validate_stage(self, field: SelectField) -> None:
        if field.data not in set(Stage):
            raise ValidationError("Choose a stage.")

    def offer(self, **choices: list[Any]) -> None:
        """What the selects offer, by their names."""
        for name, offered in choices.items():
            getattr(self, name).choices = offered

    def command(self, *, replaced_by_id: int | None, family: str) -> EditAsset:
        """Raises Refused("nobody") for an audience of no one."""
        codes = self._chosen("lines")
        return EditAsset(
            version=self.version.count or 0,
            title=self.title.data or "",
            summary=self.about.data or "",
            kind=AssetKind(self.kind.data),
            line_codes=f" {' '.join(codes)} " if codes else "",
            stage=Stage(self.stage.data),
            industry=self.industry.data or "",
            language=self.language.data if self.language.data in LANGUAGES else "",
            region=self._chosen_one("region"),
            campaign=self.campaign.data or "",
            tags=self.tags.data or "",
            usage_rights=self.usage_rights.data or "",
            family=family,
            owner_id=self._owner(),
            valid_from=self.valid_from.day,
            valid_until=self.valid_until.day,
            replaced_by_id=replaced_by_id,
            audience=audience.tokens(
                is_for_all=self.is_for_all.data,
                types=self._chosen("types"),
                tiers=self._chosen("tiers"),
                partners=[int(number) for number in self._chosen("partners")],
            ),
        )

    def _chosen(self, name: str) -> list[str]:
        """Values that were offered."""
        field: Any = getattr(self, name)
        offered = {choice.value for choice in field.choices or ()}
        return [value for value in field.data or () if value in offered]

    def _owner(self) -> int | None:
        owner = self._chosen_one("owner")
        return int(owner) if owner else None

    def _chosen_one(self, name: str) -> str:
        """The value if it was offered, else nothing."""
        field: Any = getattr(self, name)
        offered = {choice.value for choice in field.choices or ()}
        return str(field.data) if field.data in offered else ""


class ZoneForm(PortalForm):
    """One zone in percent of the page, from its top left corner."""

    kind = SelectField(
        "What",
        choices=options((kind.value, kind.value.capitalize()) for kind in ZoneKind),
        validate_choice=False,
    )
    page = CountField("Page", [Needed("Enter the page")], low=1, high=5_000)
    x = CountField("From the left", [Needed("Enter how far from the left")], high=100)
    y = CountField("From the top", [Needed("Enter how far from the top")], high=100)
    width = CountField("Width", [Needed("Enter the width")], low=1, high=100)
    height = CountField("Height", [Needed("Enter the height")], low=1, high=100)
    align = SelectField(
        "Align",
        choices=options((a.value, a.value.capitalize()) for a in Align),
        validate_choice=False,
    )
    ground = SelectField(
        "Ground",
        choices=options((g.value, g.value.capitalize()) for g in Ground),
        validate_choice=False,
    )
    largest = CountField("Text size", low=4, high=96)

    def validate_kind(self, field: SelectField) -> None:
        if field.data not in set(ZoneKind):
            raise ValidationError("Choose what stands there.")

    def validate_width(self, field: CountField) -> None:
        if (self.x.count or 0) + (field.count or 0) > 100:
            raise ValidationError("The zone leaves the page on the right.")

    def validate_height(self, field: CountField) -> None:
        if (self.y.count or 0) + (field.count or 0) > 100:
            raise ValidationError("The zone leaves the page at the bottom.")

    def zone(self) -> Zone:
        ground = self.ground.data if self.ground.data in set(Ground) else Ground.LIGHT
        return Zone(
            kind=ZoneKind(self.kind.data),
            page=self.page.count or 1,
            box=Box(
                self.x.count or 0,
                self.y.count or 0,
                self.width.count or 1,
                self.height.count or 1,
                Unit.PERCENT,
            ),
            align=Align(self.align.data) if self.align.data in set(Align) else Align.LEFT,
            valign=Valign.MIDDLE if self.kind.data == ZoneKind.LOGO else Valign.TOP,
            ground=Ground(ground),
            largest=self.largest.count or 12,
        )


class RemoveZoneForm(PortalForm):
    number = CountField("", high=100)


class AnswerForm(PortalForm):
    answer = LinesField("Answer", most=2_000)
    asset = TextField("Piece that answers it", most=20)


class SynonymsForm(PortalForm):
    lines = LinesField("Words that mean the same", most=20_000)
